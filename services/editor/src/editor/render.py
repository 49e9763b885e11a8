"""From a timeline to a film: pieces rendered side by side, joined untouched, checked before it is handed on."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from common.contracts.editing import Timeline
from common.contracts.values import ArtifactRef
from media.ffmpeg import BITEXACT, ffmpeg_build, run_ffmpeg
from media.probe import UnreadableMedia

from editor.cache import SegmentCache, link_or_copy
from editor.checks import Measured, check_film
from editor.segments import Segment, encode_segment, is_whole, plan_segments
from editor.sound import SAMPLE_RATE, Take, mix_sound, sound_key
from editor.subtitles import to_srt, to_vtt
from editor.thumbnail import make_thumbnail
from editor.timeline import body, film_words, total_frames

RENDERER = "ffmpeg"
_ENCODE_SHARE = 0.85
"""How much of the progress bar belongs to encoding; the check has the rest."""

Files = Callable[[ArtifactRef], Awaitable[Path]]
Report = Callable[[float, str], None]
T = TypeVar("T")


async def _nobody(_film: Path) -> None:
    """Nobody wants to know."""


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


async def render(
    timeline: Timeline,
    *,
    files: Files,
    cache: SegmentCache,
    work: Path,
    progress: Report,
    language: str | None = None,
    joined: Callable[[Path], Awaitable[None]] = _nobody,
) -> RenderedCut:
    """Render a timeline into `work`, a folder of its own, as `film.mp4`, `thumbnail.jpg`, `captions.vtt` and `.srt`.

    `files` brings an artifact's bytes to a local path; each is asked for once. Pieces found in `cache` are not rendered
    again; new ones are kept there. `progress` is told a share from 0 to 1 and what is being done. `language` is that of
    the subtitles where it is not the timeline's. `joined` is given the film as soon as its bytes are final, before they
    are checked. The same timeline gives the same bytes. Raises `CannotAssemble` for a timeline that makes no sense,
    `FfmpegFailed` for a source that cannot be read, and `CutFailedChecks` when the result is not what was asked for.
    Cancelled, it leaves no process behind.
    """
    # The first question about the build runs ffmpeg; answered here, off the loop, it is remembered.
    await asyncio.to_thread(ffmpeg_build)
    pieces = await asyncio.to_thread(plan_segments, timeline)
    room = _Room(
        files=_fetched_once(files), cache=cache, work=work, slots=asyncio.Semaphore(_cores()), tally=_Tally(progress)
    )
    room.tally.expect({piece.name: piece.frames for piece in pieces})
    # The longest first, so that no long one is left to run alone at the end. The sound is one of the long ones.
    longest = sorted(pieces, key=lambda piece: (-piece.frames, piece.name))
    sound, still, *made = await _together(
        room.sound(timeline), room.thumbnail(timeline), *(room.segment(piece) for piece in longest)
    )
    film = await _join(pieces, sound=sound, work=work)
    await joined(film)
    progress(_ENCODE_SHARE, "checking")
    measured = await check_film(
        film, timeline, progress=lambda share: progress(_ENCODE_SHARE + share * (1 - _ENCODE_SHARE), "checking")
    )
    vtt, srt = await asyncio.to_thread(_write_subtitles, timeline, work=work, language=language or timeline.language)
    progress(1.0, "done")
    return _finished(film, still, vtt, srt, measured, segments=len(made), rendered=room.tally.rendered)


class _Tally:
    """Adds up what the pieces report."""

    def __init__(self, progress: Report) -> None:
        self._progress = progress
        self._frames: dict[str, int] = {}
        self._done: dict[str, float] = {}
        self.rendered = 0

    def expect(self, frames: dict[str, int]) -> None:
        self._frames = frames

    def at(self, name: str, share: float) -> None:
        self._done[name] = share
        done = sum(self._frames[piece] * share for piece, share in self._done.items())
        self._progress(_ENCODE_SHARE * done / sum(self._frames.values()), "rendering")


@dataclass(frozen=True, kw_only=True)
class _Room:
    """Where one render happens: its folder, its cache, and as many slots as there are cores."""

    files: Files
    cache: SegmentCache
    work: Path
    slots: asyncio.Semaphore
    tally: _Tally

    async def segment(self, piece: Segment) -> Path:
        """Find or render one piece; either way it lies in the work folder, where nobody prunes it."""
        target = _piece_path(piece, work=self.work)
        if not await asyncio.to_thread(self._borrow, piece, target):
            async with self.slots:
                clips = [await self.files(source.clip) for source in piece.sources]
                made = await encode_segment(
                    piece,
                    clips=clips,
                    folder=self.work / piece.name,
                    progress=lambda share: self.tally.at(piece.name, share),
                )
            self.tally.rendered += 1
            await asyncio.to_thread(self._put_by, piece.key, made, target)
        self.tally.at(piece.name, 1.0)
        return target

    async def sound(self, timeline: Timeline) -> Path:
        """Find or mix the film's sound."""
        samples = round(total_frames(timeline) * SAMPLE_RATE / timeline.format.fps)
        voice = [(piece.audio.sha256, piece.start_ms) for piece in timeline.voice]
        key = sound_key(voice=voice, music=timeline.music.sha256, samples=samples)
        target = self.work / "film.m4a"
        if await asyncio.to_thread(self._find, key, target):
            return target
        async with self.slots:
            takes = [Take(path=await self.files(piece.audio), start_ms=piece.start_ms) for piece in timeline.voice]
            folder = self.work / "sound"
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            made = await mix_sound(takes, music=await self.files(timeline.music), samples=samples, folder=folder)
        await asyncio.to_thread(self._put_by, key, made, target)
        return target

    async def thumbnail(self, timeline: Timeline) -> Path:
        """Take the still that stands for the film from its first scene."""
        clip = await self.files(timeline.scenes[0].clip.video)
        size = timeline.format
        target = self.work / "thumbnail.jpg"
        frames = body(timeline, 0)
        async with self.slots:
            return await asyncio.to_thread(
                make_thumbnail, clip, frames=frames, fps=size.fps, width=size.width, height=size.height, target=target
            )

    def _find(self, key: str, target: Path) -> bool:
        target.parent.mkdir(parents=True, exist_ok=True)
        kept = self.cache.find(key)
        if kept is None:
            return False
        try:
            link_or_copy(kept, target)
        except FileNotFoundError:
            return False
        return True

    def _borrow(self, piece: Segment, target: Path) -> bool:
        """Take a piece from the cache, unless what is kept there is damaged."""
        try:
            return self._find(piece.key, target) and is_whole(target, piece)
        except UnreadableMedia:
            return False

    def _put_by(self, key: str, made: Path, target: Path) -> None:
        link_or_copy(made, target)
        self.cache.keep(key, made)


async def _join(pieces: Sequence[Segment], *, sound: Path, work: Path) -> Path:
    """Put the pieces behind each other and the sound beside them, copying packets only."""
    listing, film = work / "pieces.txt", work / "film.mp4"
    lines = ["ffconcat version 1.0"]
    for piece in pieces:
        lines += [
            f"file {_piece_path(piece, work=work).name}",
            f"duration {piece.frames / piece.size.fps:.6f}",
        ]
    await asyncio.to_thread(listing.write_text, "\n".join(lines) + "\n", encoding="utf-8")
    await run_ffmpeg(
        [
            *("-f", "concat", "-i", listing.name, "-i", sound.name, "-map", "0:v", "-map", "1:a", "-c", "copy"),
            *("-video_track_timescale", str(pieces[0].size.fps * 512), "-movflags", "+faststart", *BITEXACT, film.name),
        ],
        timeout_s=300,
        cwd=work,
    )
    return film


def _piece_path(piece: Segment, *, work: Path) -> Path:
    return work / f"{piece.name}.mp4"


def _write_subtitles(timeline: Timeline, *, work: Path, language: str) -> tuple[Path, Path]:
    words = film_words(timeline)
    vtt, srt = work / "captions.vtt", work / "captions.srt"
    vtt.write_text(to_vtt(words, duration_ms=timeline.duration_ms, language=language), encoding="utf-8")
    srt.write_text(to_srt(words, duration_ms=timeline.duration_ms), encoding="utf-8")
    return vtt, srt


def _finished(
    film: Path, still: Path, vtt: Path, srt: Path, measured: Measured, *, segments: int, rendered: int
) -> RenderedCut:
    return RenderedCut(
        video=film,
        thumbnail=still,
        vtt=vtt,
        srt=srt,
        duration_ms=measured.info.video_ms,
        width=measured.info.width,
        height=measured.info.height,
        fps=round(measured.info.fps),
        loudness_lufs=measured.loudness.integrated_lufs,
        true_peak_dbtp=measured.loudness.true_peak_dbtp,
        size_bytes=measured.size_bytes,
        segments=segments,
        segments_rendered=rendered,
    )


def _fetched_once(files: Files) -> Files:
    """Fetch each artifact once, however many pieces ask for it, and also when they ask at the same time."""
    fetched: dict[str, Path] = {}
    locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def fetch(ref: ArtifactRef) -> Path:
        async with locks[ref.sha256]:
            if ref.sha256 not in fetched:
                fetched[ref.sha256] = await files(ref)
        return fetched[ref.sha256]

    return fetch


def _cores() -> int:
    return len(os.sched_getaffinity(0))


async def _together(*work: Awaitable[T]) -> list[T]:
    """Return all results in order; the first failure cancels the others and is raised once they have ended."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
