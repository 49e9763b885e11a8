"""A shot filmed by a vendor: ordered once, waited for without holding anything, fetched, and laid under the words."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from common import testing_points
from common.bus.step import Pending, Save, Step
from common.bus.waiting import Patience
from common.compute import ComputePool
from common.contracts.production import Clip, ClipVersion, Format, Shot
from common.contracts.safety import Side
from common.contracts.values import ArtifactRecord, ArtifactRef, ArtifactType, Downgrade, Value
from common.errors import (
    GreenlightError,
    OutcomeUnknown,
    Permanent,
    Transient,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from common.observability.logging import get_logger
from media.ffmpeg import FfmpegFailed
from media.probe import MediaInfo, UnreadableMedia, probe
from vendors.clips.port import (
    ClipBlocked,
    ClipFailed,
    ClipJob,
    ClipMaker,
    ClipProgress,
    ClipRequest,
    ClipStage,
)
from vendors.wire import VendorOff

from producer.errors import ClipOutcomeUnknown, ClipTimedOut, ClipUnusable
from producer.ordering import Ordered, order_once
from producer.policy import PolicyDoor
from producer.prompts import clip_request
from producer.repository import read_order
from producer.shapes import further_shapes, version_name
from producer.shelf import Shelf, are_there, key_of
from producer.stills import keep_still
from producer.storyboard.footage import lay_over

log = get_logger(__name__)
TRIES = 3
"""After so many attempts at an order that the vendor is too busy for, a film may go on without it."""
_SHORTEST = 0.75
"""How much of the ordered length there has to be."""


@dataclass(frozen=True, kw_only=True)
class Crew:
    """The vendor that films, and how we deal with it."""

    maker: ClipMaker
    policy: PolicyDoor
    webhook: str
    """Under which name its calls come to `/v1/webhooks/…`; a handle begins with it."""
    patience: Patience
    may_fall_back: bool = False
    endpoint: str = ""
    """Where the vendor is: elsewhere the same order is another film."""
    forgets: bool = False
    """Whether the vendor's copy is deleted once we have ours."""

    def facts(self, request: ClipRequest) -> list[object]:
        """What shapes its film of a request, as plain data."""
        quote = self.maker.quote(request).model_dump(mode="json", exclude={"usd_micros"})
        return [self.maker.name, self.maker.origin.value, self.endpoint, quote, request.model_dump(mode="json")]

    def goes_on_without(self, error: GreenlightError, step: Step) -> bool:
        """Whether the storyboard may stand in after this error. Never when an order may have been taken."""
        if not self.may_fall_back or isinstance(error, OutcomeUnknown):
            return False
        final = isinstance(error, VendorRefused | VendorAuthFailed | VendorOff | ClipUnusable | ClipTimedOut)
        busy = isinstance(error, VendorUnavailable | VendorRateLimited) and step.attempt >= TRIES
        return final or busy


class Submission(Ordered[ClipJob]):
    """How an order for a clip ended."""


class Fetched(Value):
    """The vendor's own file, as it is kept, and what it is."""

    original: ArtifactRef
    seconds: float


async def film_by_vendor(
    shot: Shot,
    step: Step,
    *,
    crew: Crew,
    compute: ComputePool,
    scratch: Path,
    shelf: Shelf,
    formats: Sequence[Format] = (),
) -> Clip | Pending:
    """The shot over the vendor's footage, or what is waited for. Each attempt goes on where the one before was.

    A job that another step of the tenant has of the same order is shared, as long as it is any good. In a further shape
    of `formats` the shot's words are laid anew over the same footage.

    Raises `ContentBlocked` when the shield or the tenant's policy refuses the prompt, before anything is ordered; what
    the vendor's refusal means; `ClipOutcomeUnknown` when an order was lost and could not be found.
    """
    request = clip_request(shot, formats)
    await step.shield({"prompt": request.prompt}, side=Side.OUTPUT)
    await _keep_order(shot, request, step, crew)
    shelved = key_of(step, "order", *crew.facts(request))
    known = await _known_job(shelved, step, crew, shelf)
    job = known or await _ordered(request, step, crew, save=lambda made: shelf.keep(step, shelved, made))
    try:
        progress = await _look(job, crew)
        match progress.stage:
            case ClipStage.QUEUED | ClipStage.WORKING:
                return _wait(job, progress, step, crew)
            case ClipStage.FAILED:
                said = f"{crew.maker.name} could not make shot {shot.index + 1}: {progress.detail}"
                raise ClipBlocked(said) if progress.blocked else ClipFailed(said)
            case ClipStage.READY | ClipStage.GONE:
                fetched = await _fetched(
                    job, step, crew, shelf=shelf, scratch=scratch, told_usd_micros=progress.cost_usd_micros or 0
                )
                takes = (shot, *further_shapes(shot, formats))
                clip = await _finish(takes, job, fetched, step, crew=crew, compute=compute, scratch=scratch)
                return clip.model_copy(update={"reused": known is not None})
    except Permanent:
        # Nobody else is given a job that came to nothing.
        await shelf.drop(step, shelved)
        raise


def fall_back(shot: Shot, error: GreenlightError, step: Step, crew: Crew) -> None:
    """Admit that the storyboard draws what the vendor should have filmed."""
    log.warning("clip.fell_back", vendor=crew.maker.name, shot=shot.index, code=error.code)
    said = f"Shot {shot.index + 1} is drawn by the storyboard, not filmed by {crew.maker.name}: {error.detail}"
    step.degrade(Downgrade(code="clip_drawn", detail=said[:500], stage="production"))


async def _keep_order(shot: Shot, request: ClipRequest, step: Step, crew: Crew) -> None:
    """Keep what will be ordered, before it is. The same order has the same bytes, so a repeat keeps nothing new."""
    await step.keep(
        request.model_dump_json(indent=2).encode(),
        type=ArtifactType.CLIP_MANIFEST,
        name=f"shot-{shot.index + 1:02}-order.json",
        media_type="application/json",
        made_by=f"producer/{crew.maker.name}",
        origin=crew.maker.origin,
    )


async def _known_job(shelved: str, step: Step, crew: Crew, shelf: Shelf) -> ClipJob | None:
    """The job that another step has of the same order, as long as it goes on or its film is kept."""

    async def usable(ordered: Submission) -> bool:
        job = ordered.taken
        fetched = await shelf.peek(step, _fetch_key(job, step, crew), returns=Fetched)
        return await _is_kept(fetched, step) if fetched else not crew.patience.is_over(job.submitted_at)

    known = await shelf.find(step, shelved, returns=Submission, usable=usable)
    return known.taken if known else None


async def _ordered(
    request: ClipRequest, step: Step, crew: Crew, *, save: Callable[[Submission], Save | None]
) -> ClipJob:
    """The job for this step. An order that nobody knows the end of is looked for, never made again."""
    maker = crew.maker

    async def begin(turn: int) -> Submission:
        job = await maker.begin(request, key=f"{step.idempotency_key}.{turn}")
        testing_points.reached("clip.ordered")
        return Submission(job=job)

    ordered = await order_once(
        maker.name,
        begin,
        step,
        returns=Submission,
        refused=lambda said: Submission(refusal=said),
        request=request,
        usd_micros=maker.quote(request).usd_micros,
        ask_leave=lambda: crew.policy.pass_through(request.prompt, step),
        repeatable=maker.repeatable,
        save=lambda made: save(made) if made.job else None,
        find=lambda turn, error: _find(request, step, crew, turn=turn, error=error, save=save),
    )
    return ordered.taken


async def _find(
    request: ClipRequest,
    step: Step,
    crew: Crew,
    *,
    turn: int,
    error: OutcomeUnknown,
    save: Callable[[Submission], Save | None],
) -> Submission:
    """The job of an order whose answer was lost: the one there is for exactly this request, and that nobody has."""
    maker = crew.maker

    async def find() -> Submission:
        async def read(jobs: tuple[str, ...]) -> tuple[datetime, frozenset[str]]:
            async with step.work.transaction(step.tenant) as tx:
                order = await read_order(
                    tx, step.work.tables, step_id=step.id, vendor=maker.name, key=f"order:{turn}", jobs=jobs
                )
            return (order.begun_at, order.taken) if order else (crew.patience.clock(), frozenset())

        begun_at, _ = await read(())
        jobs = await maker.find(request, since=begun_at)
        _, taken = await read(tuple(job.id for job in jobs))
        free = [job for job in jobs if job.id not in taken]
        if len(free) != 1:
            found = "no job of it" if not free else f"{len(free)} jobs that could be it"
            raise ClipOutcomeUnknown(f"{error.detail} {maker.name} lists {found}; somebody has to look.")
        log.info("clip.order_found", vendor=maker.name, job=free[0].id)
        return Submission(job=free[0])

    return await step.call(
        maker.name, f"find:{turn}", find, returns=Submission, kind="vendor", request=request, save=save
    )


async def _look(job: ClipJob, crew: Crew) -> ClipProgress:
    """What the vendor says now. Not being told is no failure while there is time; a job goes on without us."""
    try:
        progress = await crew.maker.check(job)
    except Transient as error:
        progress = ClipProgress(stage=ClipStage.WORKING, detail=error.detail)
    unfinished = progress.stage in {ClipStage.QUEUED, ClipStage.WORKING}
    if unfinished and crew.patience.is_over(job.submitted_at):
        said = progress.detail or f"it is {progress.stage} at {100 * progress.share:.0f} %"
        minutes = f"{crew.patience.minutes:g} minutes"
        raise ClipTimedOut(f"{crew.maker.name} was not done with job {job.id} after {minutes}: {said}.")
    return progress


def _wait(job: ClipJob, progress: ClipProgress, step: Step, crew: Crew) -> Pending:
    step.progress(0.8 * progress.share, f"{crew.maker.name}: {progress.stage}")
    step.origin = crew.maker.origin
    return crew.patience.wait(f"{crew.webhook}:{job.id}", ordered_at=job.submitted_at)


async def _fetched(
    job: ClipJob, step: Step, crew: Crew, *, shelf: Shelf, scratch: Path, told_usd_micros: int
) -> Fetched:
    """The vendor's own file, by this step or another that has the same job. The vendor's copy is deleted after it."""
    shelved = _fetch_key(job, step, crew)
    known = await shelf.find(step, shelved, returns=Fetched, usable=lambda one: _is_kept(one, step))
    if known is not None:
        return known
    with tempfile.TemporaryDirectory(dir=scratch, prefix="fetch-") as folder:
        fetched = await step.call(
            crew.maker.name,
            "fetch",
            lambda: _fetch(job, step, crew, Path(folder)),
            returns=Fetched,
            kind="vendor",
            request=job,
            # What was quoted is counted since the order; only what the vendor says it took beyond that is new.
            cost_usd_micros=lambda _: max(0, told_usd_micros - job.quote.usd_micros),
            save=lambda made: shelf.keep(step, shelved, made),
        )
    if crew.forgets:
        await _forget(job, crew)
    return fetched


def _fetch_key(job: ClipJob, step: Step, crew: Crew) -> str:
    # A library has a film in several sizes, each at a place of its own.
    return key_of(step, "fetch", crew.maker.name, crew.endpoint, job.id, job.link)


async def _is_kept(fetched: Fetched, step: Step) -> bool:
    return await are_there(step, [fetched.original])


async def _finish(
    takes: tuple[Shot, ...],
    job: ClipJob,
    fetched: Fetched,
    step: Step,
    *,
    crew: Crew,
    compute: ComputePool,
    scratch: Path,
) -> Clip:
    """The clip of the first take, with those of the others, which are the same shot in further shapes."""
    maker, shot = crew.maker, takes[0]
    with tempfile.TemporaryDirectory(dir=scratch, prefix="clip-") as folder:
        work = Path(folder)
        named = f"shot-{shot.index + 1:02}"
        made_by = f"producer/{maker.name}"
        licence = f"{maker.licence} {job.credit}".strip()
        step.announce(
            ArtifactRecord(
                ref=fetched.original,
                type=ArtifactType.VIDEO_CLIP,
                name=f"{named}-original.mp4",
                made_by=made_by,
                origin=maker.origin,
                licence=licence,
            )
        )
        original = await step.artifacts.fetch(step.tenant, fetched.original, into=work)
        videos: list[ArtifactRef] = []
        for number, take in enumerate(takes):
            target = work / f"clip-{number}.mp4"

            def report(share: float, number: int = number) -> None:
                step.progress(0.8 + 0.2 * (number + share) / len(takes))

            try:
                await lay_over(
                    take,
                    original,
                    footage_seconds=fetched.seconds,
                    to=target,
                    work=work,
                    compute=compute,
                    progress=report,
                )
            except FfmpegFailed as error:
                raise ClipUnusable(f"{maker.name}'s file for job {job.id} cannot be decoded.") from error
            _require_frames(target, take, crew)
            video = await step.keep(
                target,
                type=ArtifactType.VIDEO_CLIP,
                name=version_name(take) if number else f"{named}.mp4",
                media_type="video/mp4",
                made_by=made_by,
                origin=maker.origin,
                licence=licence,
            )
            videos.append(video)
        still = await keep_still(work / "clip-0.mp4", shot, step, made_by=made_by, origin=maker.origin)
    step.origin = maker.origin
    further = zip(takes[1:], videos[1:], strict=True)
    return Clip(
        index=shot.index,
        video=videos[0],
        frames=shot.frames,
        provider=maker.name,
        still=still,
        credit=job.credit or None,
        versions=tuple(ClipVersion(format=take.format, video=video) for take, video in further),
    )


async def _fetch(job: ClipJob, step: Step, crew: Crew, work: Path) -> Fetched:
    """The vendor's file, kept once it is known to be the film that was ordered."""
    target = work / "fetched.mp4"
    await crew.maker.fetch(job, to=target)
    found = _measure(target, job, crew)
    original = await step.artifacts.put_file(step.tenant, target, media_type="video/mp4")
    return Fetched(original=original, seconds=(found.video_ms or found.duration_ms) / 1000)


def _measure(path: Path, job: ClipJob, crew: Crew) -> MediaInfo:
    try:
        found = probe(path)
    except UnreadableMedia as error:
        raise ClipUnusable(f"{crew.maker.name}'s file for job {job.id} is no film.") from error
    seconds = (found.video_ms or found.duration_ms) / 1000
    if found.video_codec is None or not found.frames:
        raise ClipUnusable(f"{crew.maker.name}'s file for job {job.id} has no picture.")
    if seconds < _SHORTEST * job.quote.seconds:
        raise ClipUnusable(
            f"{crew.maker.name}'s film for job {job.id} has {seconds:.1f} s; {job.quote.seconds} were ordered."
        )
    return found


def _require_frames(path: Path, shot: Shot, crew: Crew) -> None:
    found = probe(path)
    if found.frames != shot.frames:
        raise ClipUnusable(f"{crew.maker.name}'s footage gave {found.frames} frames; the shot has {shot.frames}.")


async def _forget(job: ClipJob, crew: Crew) -> None:
    """Our copy is recorded by now. What could not be deleted costs nothing but a line in the vendor's list."""
    try:
        await crew.maker.forget(job)
    except GreenlightError as error:
        log.warning("clip.not_forgotten", vendor=crew.maker.name, job=job.id, code=error.code)
