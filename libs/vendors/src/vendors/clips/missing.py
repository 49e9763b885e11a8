"""A vendor that is switched off, or has no key: every order is refused at once, and nobody is asked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from common.contracts.values import Origin
from common.errors import Permanent

from vendors.clips.port import ClipJob, ClipProgress, ClipRequest, Quote


class NoClips:
    """Stands where a vendor would, and says why there is none."""

    origin = Origin.REAL
    licence = ""
    repeatable = True

    def __init__(self, name: str, *, reason: Permanent) -> None:
        self.name = name
        self._reason = reason

    def quote(self, request: ClipRequest) -> Quote:
        """Nothing costs nothing."""
        return Quote(model="", seconds=0, width=request.width, height=request.height, usd_micros=0)

    async def begin(self, request: ClipRequest, *, key: str) -> ClipJob:
        """Raises the reason."""
        raise self._reason

    async def find(self, request: ClipRequest, *, since: datetime) -> tuple[ClipJob, ...]:
        """There is nothing to be found."""
        return ()

    async def check(self, job: ClipJob) -> ClipProgress:
        """Raises the reason: the job was ordered when there was a vendor."""
        raise self._reason

    async def fetch(self, job: ClipJob, *, to: Path) -> None:
        """Raises the reason."""
        raise self._reason

    async def forget(self, job: ClipJob) -> None:
        """Raises the reason."""
        raise self._reason

    async def close(self) -> None:
        """There is nothing to close."""
