"""The editor's knobs."""

from __future__ import annotations

from typing import Literal, Self

from common.service.settings import ServiceSettings
from pydantic import Field, SecretStr, model_validator


class Settings(ServiceSettings):
    """What the editor is told besides what every service is."""

    renderer: Literal["ffmpeg", "remotion"] = "ffmpeg"
    """Who draws the picture. `remotion` needs Node, a Chromium and, from four employees on, a licence of its makers."""
    remotion_fallback: Literal["none", "ffmpeg"] = "none"
    """What is done when Remotion is not there or fails: an error, or our own engine and a downgrade."""
    remotion_url: str = ""
    """Where a worker runs that is not ours. Empty: the editor starts one for itself when a film wants it."""
    remotion_token: SecretStr = SecretStr("")
    """What that worker wants to be told."""
    remotion_folder: str = ""
    """Where renders' files lie, for us and for the worker. Empty: in the data folder."""
    remotion_browser: str = ""
    """The Chromium of a worker of our own, if it is not where Debian puts it."""
    remotion_callback_url: str = ""
    """Whom a worker of our own calls when a render ends: the orchestrator's `/v1/webhooks/remotion`. Empty: nobody."""
    remotion_webhook_secret: SecretStr = SecretStr("")
    """By which it signs; the orchestrator's `webhook_secrets` has it too."""
    remotion_poll_seconds: float = Field(default=5, gt=0)
    """How often it is asked."""
    remotion_patience_seconds: float = Field(default=3600, gt=0)
    """After how long a film that is not done has failed."""
    renders_at_once: int = Field(default=1, ge=1)
    """How many films one process renders at once; one already uses every core."""
    segment_cache_bytes: int = Field(default=2 << 30, ge=0)
    """How much rendered pieces may fill of the local disk; what was wanted longest ago goes first."""

    @model_validator(mode="after")
    def _knows_the_worker(self) -> Self:
        if self.remotion_url and not self.remotion_token.get_secret_value():
            raise ValueError("GREENLIGHT_REMOTION_URL needs GREENLIGHT_REMOTION_TOKEN")
        if bool(self.remotion_callback_url) != bool(self.remotion_webhook_secret.get_secret_value()):
            raise ValueError("GREENLIGHT_REMOTION_CALLBACK_URL and GREENLIGHT_REMOTION_WEBHOOK_SECRET need each other")
        return self
