"""Where one film is made: its parts found in the cache or made anew, joined untouched, and made again when wrong."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from common.contracts.editing import Scene, Timeline
from common.contracts.values import ArtifactRef
from media.ffmpeg import BITEXACT, run_ffmpeg
from media.probe import UnreadableMedia, probe

from editor.cache import SegmentCache, link_or_copy
from editor.checks.faults import Fault, Part
from editor.checks.film import Joined, Sources
from editor.checks.look import Look, find_look, keep_look, look_at
from editor.errors import ClipHasNoSound, CutFailedChecks
from editor.keys import digest, hash_file
from editor.segments import Segment, encode_segment, is_whole
from editor.sound import SAMPLE_RATE, Ambience, Music, Take, mix_sound, sound_key
from editor.thumbnail import make_thumbnail
from editor.timeline import body, frames_ms, scene_start, total_frames

Files = Callable[[ArtifactRef], Awaitable[Path]]
Made = Callable[[Path], Awaitable[None]]
T = TypeVar("T")


class Tally:
    """Adds up what the pieces report, as a share of all their frames."""

    def __init__(self, tell: Callable[[float], None], pieces: Sequence[Segment]) -> None:
        self._tell = tell
        self._frames = {piece.name: piece.frames for piece in pieces}
        self._done: dict[str, float] = {}
        self.rendered = 0

    def at(self, name: str, share: float) -> None:
        """One piece has come so far."""
        self._done[name] = share
        done = sum(self._frames[piece] * share for piece, share in self._done.items())
        self._tell(done / sum(self._frames.values()))


@dataclass(frozen=True, kw_only=True)
class Workroom:
    """One film in the making: its folder, its cache, and as many slots as there are cores."""

    timeline: Timeline
    pieces: Sequence[Segment]
    files: Files
    cache: SegmentCache
    work: Path
    tally: Tally
    made: Made
    """Is given each piece as soon as it lies in its place."""
    looks: dict[str, Look] = field(default_factory=dict)
    """What is seen of each piece that is there, by its name."""
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(len(os.sched_getaffinity(0))))

    @property
    def sound(self) -> Path:
        """Where the mixed sound lies."""
        return self.work / "film.m4a"

    async def make(self) -> Path:
        """Make every part and return the joined film. The still lies beside it, as `thumbnail.jpg`."""
        # The longest first, so that no long one is left to run alone at the end. The sound is one of the long ones.
        longest = sorted(self.pieces, key=lambda piece: (-piece.frames, piece.name))
        await together(self._sound(), self._thumbnail(), *(self._segment(piece) for piece in longest))
        return await self.join()

    async def join(self) -> Path:
        """Put the pieces behind each other and the sound beside them, copying packets only."""
        listing, film = self.work / "pieces.txt", self.work / "film.mp4"
        lines = ["ffconcat version 1.0"]
        for piece in self.pieces:
            lines += [f"file {self._place(piece).name}", f"duration {piece.frames / piece.size.fps:.6f}"]
        await asyncio.to_thread(listing.write_text, "\n".join(lines) + "\n", encoding="utf-8")
        await run_ffmpeg(
            [
                *("-f", "concat", "-i", listing.name, "-i", self.sound.name, "-map", "0:v", "-map", "1:a"),
                *("-c", "copy", "-video_track_timescale", str(self.timeline.format.fps * 512)),
                *("-movflags", "+faststart", *BITEXACT, film.name),
            ],
            timeout_s=300,
            cwd=self.work,
        )
        return film

    @property
    def places(self) -> list[Path]:
        """Where the pieces lie, in order."""
        return [self._place(piece) for piece in self.pieces]

    async def sources(self) -> Sources:
        """What the film was joined from."""
        pieces = [
            Joined(name=piece.name, path=self._place(piece), look=self.looks[piece.name]) for piece in self.pieces
        ]
        return Sources(pieces=pieces, takes=await self._takes())

    async def mend(self, faults: Sequence[Fault]) -> bool:
        """Make what shows these faults again, past the cache, and say whether anything came out differently.

        A part that comes out the same is as it was ordered: what is wrong with it is in what it was made of.
        """
        wrong = {piece.name for fault in faults if fault.part is Part.PICTURE for piece in self._showing(fault)}
        changed = [fault.part is Part.JOIN for fault in faults]
        changed += await together(*(self._again(piece) for piece in self.pieces if piece.name in wrong))
        if any(fault.part is Part.SOUND for fault in faults):
            before = await asyncio.to_thread(hash_file, self.sound)
            await asyncio.to_thread(self._put_by, self._sound_key(), await self._mix(), self.sound)
            changed.append(await asyncio.to_thread(hash_file, self.sound) != before)
        return any(changed)

    def _showing(self, fault: Fault) -> list[Segment]:
        """Return the pieces that have any of a fault's frames."""
        found, at = [], 0
        for piece in self.pieces:
            if fault.frames is None or (fault.frames.start < at + piece.frames and at < fault.frames.stop):
                found.append(piece)
            at += piece.frames
        return found

    async def _segment(self, piece: Segment) -> None:
        """Find or render one piece; either way it lies in the work folder, where nobody prunes it."""
        target = self._place(piece)
        if piece.given is not None:
            await asyncio.to_thread(link_or_copy, piece.given, target)
        elif not await self._kept(piece):
            made = await self._render(piece)
            await asyncio.to_thread(self._put_by, piece.key, made, target)
        self.tally.at(piece.name, 1.0)
        await self.made(target)
        if piece.name not in self.looks:
            await self._look(piece)

    async def _kept(self, piece: Segment) -> bool:
        """Take a piece from the cache, unless what is kept there is damaged."""
        if not await asyncio.to_thread(self._borrow, piece, self._place(piece)):
            return False
        try:
            await self._look(piece)
        except CutFailedChecks:
            return False
        return True

    async def _again(self, piece: Segment) -> bool:
        if piece.given is not None:
            return False
        target = self._place(piece)
        before = await asyncio.to_thread(hash_file, target)
        made = await self._render(piece)
        await asyncio.to_thread(self._put_by, piece.key, made, target)
        await self._look(piece)
        return await asyncio.to_thread(hash_file, target) != before

    async def _look(self, piece: Segment) -> None:
        """Look at a piece, unless somebody has looked at the same bytes before."""
        path = self._place(piece)
        look = await asyncio.to_thread(find_look, self.cache, path)
        if look is None:
            async with self.slots:
                try:
                    look = await asyncio.to_thread(look_at, path)
                except UnreadableMedia as exc:
                    raise CutFailedChecks((f"The film cannot be played to its end: {exc}",)) from exc
            await asyncio.to_thread(keep_look, self.cache, path, look)
        self.looks[piece.name] = look

    async def _render(self, piece: Segment) -> Path:
        async with self.slots:
            files = [await self.files(source.file) for source in piece.sources]
            folder = self.work / piece.name
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            made = await encode_segment(
                piece, files=files, folder=folder, progress=lambda share: self.tally.at(piece.name, share)
            )
        self.tally.rendered += 1
        return made

    async def _sound(self) -> None:
        """Find or mix the film's sound."""
        key = self._sound_key()
        if not await asyncio.to_thread(self._find, key, self.sound):
            await asyncio.to_thread(self._put_by, key, await self._mix(), self.sound)

    async def _mix(self) -> Path:
        timeline = self.timeline
        async with self.slots:
            mix = timeline.music_mix
            music = Music(path=await self.files(timeline.music), mix=mix) if mix else None
            folder = self.work / "sound"
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            await asyncio.to_thread(folder.mkdir, parents=True)
            return await mix_sound(
                await self._takes(),
                music=music,
                ambience=[await self._ambience(at, scene) for at, scene in enumerate(timeline.scenes) if scene.sound],
                samples=film_samples(timeline),
                folder=folder,
            )

    async def _takes(self) -> list[Take]:
        return [Take(path=await self.files(piece.audio), start_ms=piece.start_ms) for piece in self.timeline.voice]

    async def _ambience(self, place: int, scene: Scene) -> Ambience:
        path = await self.files(scene.clip.video)
        if scene.sound is None or (await asyncio.to_thread(probe, path)).audio_codec is None:
            raise ClipHasNoSound(f"The clip of scene {scene.index} has no sound of its own to be heard.")
        fps = self.timeline.format.fps
        return Ambience(
            path=path,
            start_ms=frames_ms(scene_start(self.timeline, place), fps=fps),
            duration_ms=frames_ms(scene.frames, fps=fps),
            trim_ms=scene.trim_ms,
            speed=scene.speed,
            gain_db=scene.sound.gain_db,
        )

    async def _thumbnail(self) -> None:
        """Find the still that stands for the film, or take it from the first scene."""
        key, still = still_key_of(self.timeline), self.work / "thumbnail.jpg"
        if await asyncio.to_thread(self._find, key, still):
            return
        scene = self.timeline.scenes[0]
        clip = await self.files(scene.clip.video)
        async with self.slots:
            taken = await asyncio.to_thread(
                make_thumbnail,
                clip,
                scene,
                frames=body(self.timeline, 0),
                size=self.timeline.format,
                target=self.work / "taken.jpg",
            )
        await asyncio.to_thread(self._put_by, key, taken, still)

    def _sound_key(self) -> str:
        return sound_key_of(self.timeline)

    def _place(self, piece: Segment) -> Path:
        return self.work / f"{piece.name}.mp4"

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
        """Take a piece from the cache, unless it is not as long or as large as it should be."""
        try:
            return self._find(piece.key, target) and is_whole(target, piece)
        except UnreadableMedia:
            return False

    def _put_by(self, key: str, made: Path, target: Path) -> None:
        link_or_copy(made, target)
        self.cache.keep(key, made)


def sound_key_of(timeline: Timeline) -> str:
    """Return the key of a timeline's sound: everything that is heard, and when."""
    heard = {
        "voice": [[piece.audio.sha256, piece.start_ms] for piece in timeline.voice],
        "music": timeline.music_mix and [timeline.music.sha256, timeline.music_mix.model_dump()],
        "clips": [
            [
                scene.clip.video.sha256,
                scene_start(timeline, place),
                scene.frames,
                scene.trim_ms,
                scene.speed,
                scene.sound.gain_db,
            ]
            for place, scene in enumerate(timeline.scenes)
            if scene.sound
        ],
    }
    return sound_key(heard, samples=film_samples(timeline))


def still_key_of(timeline: Timeline) -> str:
    """Return the key of the still that stands for a film, which is taken from the clip of its first scene."""
    first, size = timeline.scenes[0], timeline.format
    frames = body(timeline, 0)
    framed = [first.trim_ms, first.speed, first.fit, first.focus.model_dump()]
    return digest(
        {
            "still": first.clip.video.sha256,
            "framed": framed,
            "of": [frames.start, frames.stop],
            "size": size.model_dump(),
        }
    )


def film_samples(timeline: Timeline) -> int:
    """Count the samples of sound a film has on each channel."""
    return round(total_frames(timeline) * SAMPLE_RATE / timeline.format.fps)


def fetched_once(files: Files) -> Files:
    """Fetch each artifact once, however many pieces ask for it, and also when they ask at the same time."""
    fetched: dict[str, Path] = {}
    locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def fetch(ref: ArtifactRef) -> Path:
        async with locks[ref.sha256]:
            if ref.sha256 not in fetched:
                fetched[ref.sha256] = await files(ref)
        return fetched[ref.sha256]

    return fetch


async def together(*work: Awaitable[T]) -> list[T]:
    """Return all results in order; the first failure cancels the others and is raised once they have ended."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
