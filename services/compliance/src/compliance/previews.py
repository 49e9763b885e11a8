"""Marked copies of films: small, with the name of who looks on every picture, made when somebody asks and kept a while.

A process makes one at a time, others wait their turn by asking again; a row says who makes what, so that each copy is
made once, and a process that dies leaves a lease that runs out.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from common.artifacts import Artifacts
from common.clock import Clock
from common.contracts.values import ArtifactRef
from common.db.work import Work
from common.ending import end_tasks
from common.observability.logging import get_logger
from media.watermark import LAYOUT, write_watermarked

from compliance.guests import PreviewState
from compliance.repository.previews import Preview, Previews

log = get_logger(__name__)
MEDIA_TYPE = "video/mp4"
KEPT = timedelta(days=30)
SPARE_SECONDS = 15.0
"""How much longer a lease is than a copy may take: fetching the film and storing the copy."""


class PreviewRoom:
    """Makes and keeps the copies of all tenants; each call is for one."""

    def __init__(self, work: Work, artifacts: Artifacts, *, clock: Clock, folder: Path, timeout_seconds: float) -> None:
        self._work = work
        self._artifacts = artifacts
        self._clock = clock
        self._folder = folder
        self._timeout_seconds = timeout_seconds
        self._making: dict[str, asyncio.Task[None]] = {}

    async def find(self, tenant: str, film: ArtifactRef, *, person: str) -> Preview | None:
        """The person's copy of the film, if it is there. Nothing is begun."""
        async with self._work.transaction(tenant) as tx:
            return await Previews(tx).find(key_of(film, person))

    async def look(self, tenant: str, film: ArtifactRef, *, person: str, again: bool = False) -> Preview:
        """How far the person's copy of the film is; what nobody makes yet is begun, and what failed if `again`."""
        key, now = key_of(film, person), self._clock()
        async with self._work.transaction(tenant) as tx:
            previews = Previews(tx)
            found = await previews.find(key)
            if found is not None and not _is_free(found, now, again=again):
                await previews.touch(key, at=now)
                return found
            if self._making:
                return Preview(key, PreviewState.WAITING)
            lease_until = now + timedelta(seconds=self._timeout_seconds + SPARE_SECONDS)
            mine = await previews.claim(key, source_sha256=film.sha256, at=now, lease_until=lease_until, again=again)
            dropped = await previews.drop(asked_before=now - KEPT) if mine else ()
        if mine:
            self._making[key] = asyncio.create_task(self._make(tenant, key, film, person, lease_until))
            for sha256 in dropped:
                await self._artifacts.discard(tenant, sha256)
        return Preview(key, PreviewState.MAKING)

    async def lost(self, tenant: str, film: ArtifactRef, *, person: str) -> None:
        """The bytes of a copy are gone: the next who asks has it made again."""
        async with self._work.transaction(tenant) as tx:
            await Previews(tx).forget(key_of(film, person))

    async def stop(self) -> None:
        """Give up what is being made; whoever asks next has it made."""
        await end_tasks(list(self._making.values()))

    async def _make(self, tenant: str, key: str, film: ArtifactRef, person: str, lease_until: datetime) -> None:
        made: ArtifactRef | None = None
        try:
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    made = await self._made(tenant, film, person)
            except Exception as error:
                # Whatever it was, the page must say that there is no copy, and not wait for ever.
                log.exception("preview.failed", tenant=tenant, film=film.sha256, error=repr(error))
            await self._finish(tenant, key, made, lease_until)
        except asyncio.CancelledError:
            with suppress(Exception):
                await self.lost(tenant, film, person=person)
            raise
        finally:
            self._making.pop(key, None)

    async def _finish(self, tenant: str, key: str, made: ArtifactRef | None, lease_until: datetime) -> None:
        state = PreviewState.READY if made else PreviewState.FAILED
        size, sha256 = (made.size, made.sha256) if made else (None, None)
        try:
            async with self._work.transaction(tenant, in_loop=True) as tx:
                await Previews(tx).finish(key, lease_until=lease_until, state=state, sha256=sha256, size=size)
        except Exception as error:
            # The lease runs out, and whoever asks then has it made again.
            log.warning("preview.unrecorded", tenant=tenant, error=repr(error))

    async def _made(self, tenant: str, film: ArtifactRef, person: str) -> ArtifactRef:
        folder = Path(tempfile.mkdtemp(dir=self._folder, prefix="preview-"))
        try:
            source = await self._artifacts.fetch(tenant, film, into=folder)
            target = folder / "preview.mp4"
            lines = (person, day_of(self._clock()))
            await write_watermarked(source, target=target, lines=lines, timeout_s=self._timeout_seconds)
            return await self._artifacts.put_file(tenant, target, media_type=MEDIA_TYPE)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def key_of(film: ArtifactRef, person: str) -> str:
    """What makes a copy another one: the film's bytes, whose name is on it, and how the mark looks."""
    return hashlib.sha256(f"{film.sha256}\0{person}\0{LAYOUT}".encode()).hexdigest()


def day_of(instant: datetime) -> str:
    """`21 November 2026`."""
    return f"{instant.day} {instant:%B %Y}"


def _is_free(preview: Preview, now: datetime, *, again: bool) -> bool:
    if preview.state is PreviewState.MAKING:
        return preview.lease_until is not None and preview.lease_until <= now
    return preview.state is PreviewState.FAILED and again
