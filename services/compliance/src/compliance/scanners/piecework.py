"""What was seen of a film's pieces while others were still rendered, kept until the film itself is looked at."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from common.artifacts import Artifacts
from common.contracts.values import ArtifactRef
from common.errors import ArtifactDamaged, NotFound
from common.observability.logging import get_logger
from common.observability.metrics import MEDIA_SCAN_SECONDS, MEDIA_SCANS

from compliance.scanners.facts import PIECE
from compliance.scanners.once import Once
from compliance.scanners.running import Runner, ScanFailed

log = get_logger(__name__)
SERVICE = "compliance"
KEPT_BYTES = 512 << 20
"""Of disk for pieces and what was seen of them: of about ten minutes of film."""
_SEEN = "seen"


class Piecework:
    """Looks at pieces, each in a process of its own, and keeps each with what was seen of it, under its own hash.

    What is lost here, or did not come to be, costs the film's scan time and nothing else: it looks itself.
    """

    def __init__(self, artifacts: Artifacts, *, runner: Runner, slots: asyncio.Semaphore, scratch: Path) -> None:
        self._artifacts = artifacts
        self._runner = runner
        self._slots = slots
        self._scratch = scratch
        self._kept: dict[tuple[str, str], tuple[Path, int]] = {}
        self._once: Once[None] = Once()

    async def see(self, tenant: str, piece: ArtifactRef) -> None:
        """Look at a piece, unless that was done. A piece that cannot be looked at is one that nothing is known of."""
        key = (tenant, piece.sha256)
        if key in self._kept:
            MEDIA_SCANS.labels(SERVICE, PIECE, "kept").inc()
            return
        await self._once(key, self._look(key, piece))

    def files(self, tenant: str, pieces: Sequence[ArtifactRef]) -> list[str]:
        """For who scans the film of these pieces: each piece's file, and what was seen of it. None if one lacks."""
        keys = [(tenant, piece.sha256) for piece in pieces]
        if not self._kept.keys() >= set(keys):
            return []
        return [str(self._kept[key][0] / name) for key in keys for name in (key[1], _SEEN)]

    async def close(self) -> None:
        """End the looks that are under way, and keep nothing."""
        await self._once.close()
        for folder, _ in self._kept.values():
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        self._kept.clear()

    async def _look(self, key: tuple[str, str], piece: ArtifactRef) -> None:
        folder = Path(tempfile.mkdtemp(dir=self._scratch, prefix="piece-"))
        try:
            # Whoever lent it takes it back when the film is done: it is fetched before there is time to look at it.
            path = await self._artifacts.fetch(key[0], piece, into=folder)
            async with self._slots:
                began = time.perf_counter()
                seen = await self._runner.remember(path)
            await asyncio.to_thread((folder / _SEEN).write_bytes, seen)
        except (ScanFailed, NotFound, ArtifactDamaged) as failure:
            MEDIA_SCANS.labels(SERVICE, PIECE, "failed").inc()
            log.warning("scan.failed", scanner=PIECE, sha256=piece.sha256, reason=str(failure))
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            return
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        MEDIA_SCANS.labels(SERVICE, PIECE, "scanned").inc()
        MEDIA_SCAN_SECONDS.labels(SERVICE, PIECE).observe(time.perf_counter() - began)
        self._kept[key] = (folder, piece.size + len(seen))
        await self._make_room()

    async def _make_room(self) -> None:
        """Let go of the oldest. A scan that was given such files looks at the film whole."""
        while sum(size for _, size in self._kept.values()) > KEPT_BYTES:
            folder, _ = self._kept.pop(next(iter(self._kept)))
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
