"""From a timeline to a film: checked as a plan, rendered in pieces, joined untouched, checked as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from common.contracts.editing import Timeline
from common.contracts.production import Format
from media.ffmpeg import ffmpeg_build

from editor.cache import SegmentCache
from editor.checks.faults import Fault
from editor.checks.film import Measured, examine_film
from editor.checks.plan import plan_faults
from editor.errors import CutFailedChecks
from editor.finished import FinishedFilm, film_key, find_film, keep_film
from editor.onlookers import NOBODY, Onlooker
from editor.segments import Segment, given_picture, plan_segments
from editor.subtitles import to_srt, to_vtt
from editor.timeline import conform, film_words
from editor.workroom import Files, Tally, Workroom, fetched_once

RENDERER = "ffmpeg"
_ENCODE_SHARE = 0.85
"""How much of the progress bar belongs to encoding; the check has the rest."""

Report = Callable[[float, str], None]


@dataclass(frozen=True, kw_only=True)
class RenderedCut:
    """A finished film that passed its checks, what was measured on it, and how much of it had to be rendered."""

    video: Path
    thumbnail: Path
    vtt: Path
    srt: Path
    duration_ms: int
    width: int
    height: int
    fps: int
    loudness_lufs: float
    true_peak_dbtp: float
    size_bytes: int
    segments: int
    segments_rendered: int
    repaired: tuple[str, ...] = ()


async def render_formats(
    timeline: Timeline,
    formats: Sequence[Format],
    *,
    files: Files,
    cache: SegmentCache,
    work: Path,
    progress: Report,
    onlooker: Onlooker = NOBODY,
    pictures: Sequence[Path] = (),
) -> tuple[RenderedCut, ...]:
    """Render one film in several sizes, the main one first, each into a folder of its own below `work`.

    Without formats it is rendered in the timeline's own. They share their sound. The `onlooker` sees the main one. All
    are planned and checked as plans before the first is rendered. `pictures` are those of the same versions, where
    another engine has made them. Raises as `render` does, and `MixedFormats`.
    """
    versions = await planned_versions(timeline, formats)
    bring, made = fetched_once(files), []
    for number, version in enumerate(versions):
        folder = work / f"{version.format.width}x{version.format.height}"
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)

        def report(share: float, doing: str, number: int = number) -> None:
            progress((number + share) / len(versions), doing)

        looks = NOBODY if number else onlooker
        picture = pictures[number] if pictures else None
        made.append(
            await render(
                version, files=bring, cache=cache, work=folder, progress=report, onlooker=looks, picture=picture
            )
        )
    return tuple(made)


async def planned_versions(timeline: Timeline, formats: Sequence[Format]) -> tuple[Timeline, ...]:
    """Return the timeline in each of the sizes, all of them fit to be rendered. Raises as `render_formats` does."""
    wanted = tuple(dict.fromkeys(formats)) or (timeline.format,)
    versions = tuple(conform(timeline, size) for size in wanted)
    for version in versions:
        await asyncio.to_thread(_plan, version)
    return versions


async def render(
    timeline: Timeline,
    *,
    files: Files,
    cache: SegmentCache,
    work: Path,
    progress: Report,
    onlooker: Onlooker = NOBODY,
    picture: Path | None = None,
) -> RenderedCut:
    """Render a timeline into `work`, a folder of its own, as `film.mp4`, `thumbnail.jpg`, `captions.vtt` and `.srt`.

    `files` brings an artifact's bytes to a local path; each is asked for once. What is found in `cache` is not made
    again, and a film that is found there whole costs no ffmpeg at all; what is new is kept there. `progress` is told a
    share from 0 to 1 and what is being done. The `onlooker` sees the pieces as they are made, and the film before it is
    checked. With a `picture`, which another engine has made, only the sound and the still are made here, and what is
    wrong with that picture cannot be mended. The same timeline gives the same
    bytes. Raises `CannotAssemble` for a timeline that makes no sense, `FfmpegFailed` for a source that cannot be read,
    and `CutFailedChecks` when the result is not what was asked for and making it once more did not help. Cancelled, it
    leaves no process behind.
    """
    pieces = await asyncio.to_thread(_plan, timeline)
    if picture is not None:
        pieces = (await asyncio.to_thread(given_picture, timeline, picture),)
    key = await asyncio.to_thread(film_key, timeline, pieces)
    tally = Tally(lambda share: progress(_ENCODE_SHARE * share, "rendering"), pieces)
    film = await asyncio.to_thread(find_film, cache, key, work=work)
    if film is None:
        room = Workroom(
            timeline=timeline,
            pieces=pieces,
            files=fetched_once(files),
            cache=cache,
            work=work,
            tally=tally,
            made=onlooker.made,
        )
        film = await _make(room, progress=progress, onlooker=onlooker)
        await asyncio.to_thread(keep_film, cache, key, film, work=work)
    else:
        await onlooker.joined(film.video, ())
    vtt, srt = await asyncio.to_thread(_write_subtitles, timeline, work=work)
    progress(1.0, "done")
    return _finished(film, vtt, srt, segments=len(pieces), rendered=tally.rendered)


def _plan(timeline: Timeline) -> tuple[Segment, ...]:
    """Return the pieces of a timeline that is fit to be rendered. Raises `CannotAssemble` and `CutFailedChecks`."""
    # The first question about the build runs ffmpeg, which is why this is not done on the loop.
    ffmpeg_build()
    pieces = plan_segments(timeline)
    if faults := plan_faults(timeline):
        raise CutFailedChecks(tuple(fault.said for fault in faults))
    return pieces


async def _make(room: Workroom, *, progress: Report, onlooker: Onlooker) -> FinishedFilm:
    """Make a film and look at it; what is wrong with it is made again, once."""
    film = await room.make()
    measured, faults = await _examine(room, film, progress=progress, onlooker=onlooker)
    said = tuple(fault.said for fault in faults)
    if faults:
        if not await room.mend(faults):
            raise CutFailedChecks(said)
        film = await room.join()
        measured, still_wrong = await _examine(room, film, progress=progress, onlooker=onlooker)
        if still_wrong:
            raise CutFailedChecks(tuple(fault.said for fault in still_wrong))
    return FinishedFilm(video=film, thumbnail=room.work / "thumbnail.jpg", measured=measured, repaired=said)


async def _examine(
    room: Workroom, film: Path, *, progress: Report, onlooker: Onlooker
) -> tuple[Measured, tuple[Fault, ...]]:
    await onlooker.joined(film, room.places)
    progress(_ENCODE_SHARE, "checking")
    return await examine_film(film, room.timeline, await room.sources())


def _write_subtitles(timeline: Timeline, *, work: Path) -> tuple[Path, Path]:
    words = film_words(timeline)
    vtt, srt = work / "captions.vtt", work / "captions.srt"
    vtt.write_text(to_vtt(words, duration_ms=timeline.duration_ms, language=timeline.language), encoding="utf-8")
    srt.write_text(to_srt(words, duration_ms=timeline.duration_ms), encoding="utf-8")
    return vtt, srt


def _finished(film: FinishedFilm, vtt: Path, srt: Path, *, segments: int, rendered: int) -> RenderedCut:
    info, heard = film.measured.info, film.measured.loudness
    return RenderedCut(
        video=film.video,
        thumbnail=film.thumbnail,
        vtt=vtt,
        srt=srt,
        duration_ms=info.video_ms,
        width=info.width,
        height=info.height,
        fps=round(info.fps),
        loudness_lufs=heard.integrated_lufs,
        true_peak_dbtp=heard.true_peak_dbtp,
        size_bytes=film.measured.size_bytes,
        segments=segments,
        segments_rendered=rendered,
        repaired=film.repaired,
    )
