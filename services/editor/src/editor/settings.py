"""The editor's knobs."""

from __future__ import annotations

from typing import Literal

from common.service.settings import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """What the editor is told besides what every service is."""

    renderer: Literal["ffmpeg"] = "ffmpeg"
    """Who renders."""
    renders_at_once: int = Field(default=1, ge=1)
    """How many films one process renders at once; one already uses every core."""
    segment_cache_bytes: int = Field(default=2 << 30, ge=0)
    """How much rendered pieces may fill of the local disk; what was wanted longest ago goes first."""
