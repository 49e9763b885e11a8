"""The producer's knobs."""

from __future__ import annotations

from typing import Literal

from common.contracts.production import Format
from pydantic import Field
from vendors.text_model.settings import TextModelSettings


class Settings(TextModelSettings):
    """What the producer is told besides what every service is."""

    clips: Literal["storyboard"] = "storyboard"
    """Who films. `storyboard` is the animated storyboard renderer."""
    speech: Literal["espeak"] = "espeak"
    """Who speaks. `espeak` is a draft voice that needs no network."""
    render_scale: float = Field(default=1.0, ge=0.1, le=2.0)
    """1 is 1080×1920; 0.25 makes 270×480 previews of the same film."""
    clips_at_once: int = Field(default=2, ge=1)
    """How many clips one process films at once; each uses one core."""

    @property
    def picture(self) -> Format:
        """The size of what is filmed, in even numbers of pixels as H.264 wants them."""
        return Format(width=_even(1080 * self.render_scale), height=_even(1920 * self.render_scale))


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
