"""A film's picture by Remotion: ordered once, waited for without holding anything, fetched, and looked at."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from common import testing_points
from common.bus.step import Pending, Step
from common.bus.waiting import Patience
from common.contracts.editing import Timeline
from common.contracts.values import Downgrade, Value
from common.errors import GreenlightError, Permanent, Transient
from common.observability.logging import get_logger
from media.probe import UnreadableMedia, probe

from editor.cache import SegmentCache, link_or_copy
from editor.errors import CannotAssemble
from editor.keys import digest
from editor.remotion.client import Progress, RemotionClient, Stage, render_id
from editor.remotion.errors import (
    RemotionCrashed,
    RemotionFailed,
    RemotionLost,
    RemotionTimedOut,
    RemotionUnusable,
)
from editor.remotion.installed import worker_version
from editor.remotion.mapping import Order, order_of
from editor.remotion.worker import Worker
from editor.workroom import Files

log = get_logger(__name__)
NAME = "remotion"
"""How it is called in what a film says of itself, and in the handles of steps that wait for it."""
TRIES = 3
"""After so many attempts at an order that the worker is away for, our own engine may go on."""
_TURNS = 6
"""How often the same order is given to a new worker because the last one was lost over it."""
_SHARE = 0.8
"""How much of the progress bar belongs to the worker; sound and checks have the rest."""


@dataclass(frozen=True, kw_only=True)
class Studio:
    """The worker, and how we deal with it."""

    worker: Worker
    root: Path
    """The folder that we share with it: one folder below for each render."""
    patience: Patience
    may_fall_back: bool = False

    @property
    def client(self) -> RemotionClient:
        """Who asks it."""
        return RemotionClient(self.worker)

    def goes_on_without(self, error: GreenlightError, step: Step) -> bool:
        """Whether our own engine may stand in after this error. Not for a film that it would refuse as well."""
        if not self.may_fall_back or isinstance(error, CannotAssemble):
            return False
        return isinstance(error, Permanent) or (isinstance(error, Transient) and step.attempt >= TRIES)

    def prune(self) -> int:
        """Drop the folders of renders that nobody waits for any more; return how many."""
        oldest = time.time() - 2 * self.patience.longest.total_seconds()
        old = [folder for folder in self.root.glob("*") if folder.is_dir() and folder.stat().st_mtime < oldest]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return len(old)


class Submission(Value):
    """An order that the worker has taken."""

    id: str
    submitted_at: datetime


class _Asked(Value):
    """What is ordered, as it is written down: the same for all turns of an order."""

    timeline_sha256: str
    turn: int


async def pictures_by_remotion(
    timelines: Sequence[Timeline], step: Step, *, studio: Studio, cache: SegmentCache, files: Files, work: Path
) -> tuple[Path, ...] | Pending:
    """Return the picture of each timeline, or what is waited for. Each attempt goes on where the one before was.

    A picture that was drawn before is not ordered. Raises what the worker's refusal means.
    """
    pictures: list[Path] = []
    waiting: list[Pending] = []
    for number, timeline in enumerate(timelines):
        one = _One(timeline, number, step, studio, cache, files, work)
        result = await one.picture()
        if isinstance(result, Pending):
            waiting.append(result)
        else:
            pictures.append(result)
    return waiting[0] if waiting else tuple(pictures)


def fall_back(error: GreenlightError, step: Step) -> None:
    """Admit that our own engine renders what Remotion should have."""
    log.warning("remotion.fell_back", code=error.code)
    said = f"The film is rendered by ffmpeg, not by Remotion: {error.detail}"
    step.degrade(Downgrade(code="cut_by_ffmpeg", detail=said[:500], stage="editing"))


@dataclass(frozen=True)
class _One:
    """One picture: a timeline in one shape."""

    timeline: Timeline
    number: int
    step: Step
    studio: Studio
    cache: SegmentCache
    files: Files
    work: Path

    async def picture(self) -> Path | Pending:
        order = await asyncio.to_thread(order_of, self.timeline)
        key = await asyncio.to_thread(_picture_key, order)
        target = self.work / f"remotion-{self.number}.mp4"
        if (kept := await asyncio.to_thread(self.cache.find, key)) is not None:
            await asyncio.to_thread(link_or_copy, kept, target)
            if await asyncio.to_thread(_fault_of, target, order) is None:
                return target
        job, progress = await self._ordered(order)
        match progress.stage:
            case Stage.QUEUED | Stage.RENDERING:
                return self._wait(job, progress)
            case Stage.FAILED:
                raise await self._failure(job, progress)
            case Stage.DONE | Stage.GONE:
                return await self._fetch(job, order, key, target)

    async def _ordered(self, order: Order) -> tuple[Submission, Progress]:
        """The order and where it is. One that its worker was lost over is given to the next, under the same key."""
        read = hashlib.sha256(self.timeline.model_dump_json().encode()).hexdigest()
        first: Submission | None = None
        for turn in range(1, _TURNS + 1):
            job = await self.step.call(
                NAME,
                f"render:{self.number}:{turn}",
                lambda: self._begin(order),
                returns=Submission,
                kind="vendor",
                request=_Asked(timeline_sha256=read, turn=turn),
            )
            first = first or job
            progress = await self._look(first)
            if progress.stage is not Stage.GONE:
                return first, progress
            log.info("remotion.lost", render=job.id, turn=turn)
        raise RemotionLost(f"The Remotion worker ended {_TURNS} times over the same film.")

    async def _begin(self, order: Order) -> Submission:
        key = f"{self.step.idempotency_key}.{self.number}"
        render = render_id(key)
        await self._furnish(self.studio.root / render, order)
        await self.studio.client.begin(order.drawing, key=key, run_id=self.step.run_id)
        testing_points.reached("remotion.ordered")
        return Submission(id=render, submitted_at=self.studio.patience.clock())

    async def _furnish(self, folder: Path, order: Order) -> None:
        """Lay the files of an order where the worker reads them, under names that say nothing but what they hold."""
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        for name, ref in order.files.items():
            await asyncio.to_thread(link_or_copy, await self.files(ref), folder / name)

    async def _look(self, job: Submission) -> Progress:
        """What the worker says now. Not being told is no failure while there is time; a render goes on without us."""
        try:
            progress = await self.studio.client.check(job.id)
        except Transient as error:
            progress = Progress(stage=Stage.RENDERING, detail=error.detail)
        unfinished = progress.stage in {Stage.QUEUED, Stage.RENDERING}
        if unfinished and self.studio.patience.is_over(job.submitted_at):
            said = progress.detail or f"it is {progress.stage} at {100 * progress.share:.0f} %"
            minutes = f"{self.studio.patience.minutes:g} minutes"
            raise RemotionTimedOut(f"Remotion was not done with the film after {minutes}: {said}.")
        return progress

    def _wait(self, job: Submission, progress: Progress) -> Pending:
        self.step.progress(_SHARE * progress.share, "rendering")
        return self.studio.patience.wait(f"{NAME}:{job.id}", ordered_at=job.submitted_at)

    async def _failure(self, job: Submission, progress: Progress) -> GreenlightError:
        """Why there is no film. One that a browser died over is forgotten, so that the next attempt begins it anew."""
        if not progress.crashed:
            return RemotionFailed(f"Remotion could not draw the film: {progress.detail}")
        await self.studio.client.forget(job.id)
        return RemotionCrashed(f"Remotion's browser failed: {progress.detail}")

    async def _fetch(self, job: Submission, order: Order, key: str, target: Path) -> Path:
        await self.studio.client.fetch(job.id, to=target)
        if (fault := await asyncio.to_thread(_fault_of, target, order)) is not None:
            raise RemotionUnusable(f"Remotion delivered {fault}.")
        await asyncio.to_thread(self.cache.keep, key, target)
        try:
            await self.studio.client.forget(job.id)
        except GreenlightError as error:
            # Ours is kept by now; what is left there is pruned.
            log.warning("remotion.not_forgotten", render=job.id, code=error.code)
        await asyncio.to_thread(shutil.rmtree, self.studio.root / job.id, ignore_errors=True)
        return target


def _picture_key(order: Order) -> str:
    files = {name: ref.sha256 for name, ref in order.files.items()}
    return digest({"drawing": order.drawing.model_dump(mode="json"), "files": files, "worker": worker_version()})


def _fault_of(path: Path, order: Order) -> str | None:
    """Return what is wrong with a picture, if it is not what was ordered."""
    wanted = order.drawing
    try:
        info = probe(path)
    except UnreadableMedia:
        return "no film"
    if (info.frames, info.width, info.height) == (wanted.frames, wanted.width, wanted.height):
        return None
    return (
        f"{info.frames} frames of {info.width}x{info.height}; {wanted.frames} of {wanted.width}x{wanted.height} "
        "were ordered"
    )
