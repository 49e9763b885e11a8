"""What can be set about the publisher."""

from __future__ import annotations

from typing import Literal

from common.service.settings import ServiceSettings
from pydantic import Field

PlatformName = Literal["local_feed"]
_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 — recognised, not bound


class Settings(ServiceSettings):
    """The shared settings, and where we publish to."""

    platforms: tuple[PlatformName, ...] = ("local_feed",)
    """Platforms that are on. A post that names another is refused before anything happens."""
    feed_page_size: int = Field(default=24, ge=1, le=100)
    """Films on one page of the local feed, and entries in its Atom feed."""
    settle_after_seconds: int = Field(default=600, ge=1)
    """When a release that nobody works on any more is looked at and settled. More than `Publish.timeout_ms`,
    so that a slow attempt is never settled under its own hands."""

    @property
    def own_address(self) -> str:
        """Where this very process answers; only used to look at the feed as a stranger would."""
        host = "127.0.0.1" if self.host in _EVERYWHERE else self.host
        return f"http://{host}:{self.port}"
