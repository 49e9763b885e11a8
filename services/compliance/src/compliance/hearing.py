"""What a held film sounds like, measured on its bytes, once for each file."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

from common.artifacts import Artifacts
from common.contracts.values import ArtifactRef
from common.db.work import Work
from common.errors import NotFound, Unavailable
from media.envelope import Envelope, measure_envelope
from media.ffmpeg import FfmpegFailed
from media.probe import UnreadableMedia

from compliance.repository.looks import Looks

_TIMEOUT_SECONDS = 60.0
LARGEST_BYTES = 1 << 30


@dataclass(frozen=True)
class Heard:
    """A file's sound, or the sentence that says why it is not known."""

    sound: Envelope | None
    problem: str = ""


class Ear:
    """Measures files of all tenants, one at a time: it is a convenience, and must not take the machine."""

    def __init__(self, work: Work, *, artifacts: Artifacts, scratch: Path) -> None:
        self._work = work
        self._artifacts = artifacts
        self._scratch = scratch
        self._turn = asyncio.Semaphore(1)

    async def hear(self, tenant: str, ref: ArtifactRef) -> Heard:
        """The sound of a file. One that is missing, too large or no media is a `problem`, never an error."""
        known = await self._known(tenant, ref)
        if known is not None:
            return Heard(known)
        async with self._turn:
            # Who waited for its turn may have waited for the same file.
            known = await self._known(tenant, ref)
            return Heard(known) if known is not None else await self._measure(tenant, ref)

    async def _measure(self, tenant: str, ref: ArtifactRef) -> Heard:
        problem = "The film is too large to be measured here."
        if ref.size <= LARGEST_BYTES:
            try:
                with tempfile.TemporaryDirectory(dir=self._scratch, prefix="sound-") as folder:
                    path = await self._artifacts.fetch(tenant, ref, into=Path(folder))
                    sound = await measure_envelope(path, timeout_s=_TIMEOUT_SECONDS)
                async with self._work.transaction(tenant) as tx:
                    await Looks(tx).keep_sound(ref.sha256, sound)
                return Heard(sound)
            except NotFound:
                problem = "The film's bytes are not kept any more."
            except Unavailable as error:
                problem = error.detail
            except (FfmpegFailed, UnreadableMedia):
                problem = "The film has no sound that could be measured."
        return Heard(None, problem)

    async def _known(self, tenant: str, ref: ArtifactRef) -> Envelope | None:
        async with self._work.transaction(tenant) as tx:
            return await Looks(tx).find_sound(ref.sha256)
