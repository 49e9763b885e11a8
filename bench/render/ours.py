"""Our turn: the cut as a timeline, rendered with an empty cache and checked, as the editor does it."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import tempfile
from pathlib import Path

from common.contracts.editing import Scene, Timeline, VoiceOver
from common.contracts.production import Clip, Format, Palette, Word
from common.contracts.values import ArtifactRef
from editor.cache import FolderCache
from editor.render import render
from editor.timeline import frames_ms

from bench.render.cut import BenchCut, read_cut

_PALETTE = Palette(name="bench", ground="#0b0d2a", first="#3b1d8f", second="#d4367c", accent="#ffd23f", ink="#140f2e")


def as_timeline(cut: BenchCut, folder: Path) -> tuple[Timeline, dict[str, Path]]:
    """The cut in our words, and its files by their hash."""
    files: dict[str, Path] = {}

    def ref(name: str) -> ArtifactRef:
        data = (folder / name).read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        files[sha256] = folder / name
        return ArtifactRef(sha256=sha256, size=len(data), media_type="application/octet-stream")

    scenes, voice = [], []
    for place, name in enumerate(cut.clips):
        first = place * (cut.scene_frames - cut.overlap)
        start, stop = (frames_ms(at, fps=cut.fps) for at in (first, first + cut.scene_frames - cut.overlap))
        words = tuple(
            Word(text=word.text, start_ms=word.start_ms - start, end_ms=word.end_ms - start)
            for word in cut.words
            if start <= word.start_ms < stop
        )
        clip = Clip(index=place, video=ref(name), frames=cut.scene_frames, provider="bench")
        scenes.append(Scene(index=place, clip=clip, frames=cut.scene_frames, words=words))
        voice.append(VoiceOver(audio=ref(cut.voices[place]), start_ms=start))
    timeline = Timeline(
        format=Format(width=cut.width, height=cut.height, fps=cut.fps),
        palette=_PALETTE,
        title="Bench",
        scenes=tuple(scenes),
        transitions=("push_up",) * (len(scenes) - 1),
        transition_frames=cut.overlap,
        voice=tuple(voice),
        music=ref(cut.music),
        duration_ms=frames_ms(cut.frames, fps=cut.fps),
    )
    return timeline, files


async def _render(folder: Path, to: Path) -> None:
    timeline, paths = as_timeline(read_cut(folder), folder)

    async def files(ref: ArtifactRef) -> Path:
        return paths[ref.sha256]

    with tempfile.TemporaryDirectory(dir=to.parent) as scratch:
        work = Path(scratch)
        cache = FolderCache(work / "cache")
        made = await render(timeline, files=files, cache=cache, work=work, progress=lambda _share, _doing: None)
        made.video.replace(to)


def main() -> None:
    """Render the cut of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("to", type=Path)
    asked = parser.parse_args()
    asyncio.run(_render(asked.folder.absolute(), asked.to.absolute()))


if __name__ == "__main__":
    main()
