"""Where things are on the local feed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

VIDEO, THUMBNAIL, CAPTIONS, ATOM = "video.mp4", "thumbnail.jpg", "captions.vtt", "atom.xml"


@dataclass(frozen=True)
class Addresses:
    """Addresses below `origin`, such as `https://films.example`; an empty origin gives paths."""

    origin: str

    def feed(self, tenant: str) -> str:
        """The tenant's page."""
        return f"{self.origin.rstrip('/')}/feed/{quote(tenant, safe='')}/"

    def atom(self, tenant: str) -> str:
        """The tenant's Atom feed."""
        return f"{self.feed(tenant)}{ATOM}"

    def post(self, tenant: str, post_id: UUID) -> str:
        """One film's page."""
        return f"{self.feed(tenant)}{post_id}/"

    def video(self, tenant: str, post_id: UUID) -> str:
        """One film's file."""
        return f"{self.post(tenant, post_id)}{VIDEO}"

    def thumbnail(self, tenant: str, post_id: UUID) -> str:
        """One film's still."""
        return f"{self.post(tenant, post_id)}{THUMBNAIL}"

    def captions(self, tenant: str, post_id: UUID) -> str:
        """One film's captions."""
        return f"{self.post(tenant, post_id)}{CAPTIONS}"
