"""MoviePy's turn, in its own environment: the same clips, pushes, captions and sounds, the way its documents do it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from moviepy import AudioFileClip, ColorClip, CompositeAudioClip, CompositeVideoClip, TextClip, VideoFileClip

WORDS_PER_PAGE = 4


def eased(share: float) -> float:
    """Slow at both ends."""
    return 4 * share**3 if share < 0.5 else 1 - (2 - 2 * share) ** 3 / 2


def pushed(clip: Any, *, cut: dict[str, Any], first: bool, last: bool) -> Any:
    """Let a clip come from below and leave upwards, in the frames it shares with its neighbours."""
    overlap, height = cut["overlap"] / cut["fps"], cut["height"]
    ends = clip.duration - overlap

    def position(at: float) -> tuple[int, float]:
        if not first and at < overlap:
            return 0, height * (1 - eased(at / overlap))
        if not last and at > ends:
            return 0, -height * eased(min(1.0, (at - ends) / overlap))
        return 0, 0

    return clip.with_position(position)


def captions(cut: dict[str, Any], font: str) -> list[Any]:
    """Four words at a time, the spoken one on a box."""
    layers: list[Any] = []
    unit, words = cut["width"] / 1080, cut["words"]
    for start in range(0, len(words), WORDS_PER_PAGE):
        page = words[start : start + WORDS_PER_PAGE]
        drawn = [
            TextClip(
                font=font, text=word["text"], font_size=round(80 * unit), color="white", stroke_color="#0b0d2a",
                stroke_width=max(1, round(3 * unit)), margin=(8, 12),
            )
            for word in page
        ]  # fmt: skip
        gap, y = 16 * unit, cut["height"] * 1330 / 1920
        x = (cut["width"] - sum(text.w for text in drawn) - gap * (len(drawn) - 1)) / 2
        begins, ends = page[0]["start_ms"] / 1000, page[-1]["end_ms"] / 1000
        for text, word in zip(drawn, page, strict=True):
            box = ColorClip(size=(text.w, text.h), color=(255, 210, 63))
            layers += [
                box.with_start(word["start_ms"] / 1000)
                .with_end(word["end_ms"] / 1000)
                .with_position((x, y - text.h / 2)),
                text.with_start(begins).with_end(ends).with_position((x, y - text.h / 2)),
            ]
            x += text.w + gap
    return layers


def main(folder: Path, to: Path) -> None:
    """Render the cut of a folder."""
    cut = json.loads((folder / "cut.json").read_text(encoding="utf-8"))
    step = (cut["scene_frames"] - cut["overlap"]) / cut["fps"]
    clips = [VideoFileClip(str(folder / name)) for name in cut["clips"]]
    scenes = [
        pushed(clip, cut=cut, first=place == 0, last=place == len(clips) - 1).with_start(place * step)
        for place, clip in enumerate(clips)
    ]
    frames = len(clips) * cut["scene_frames"] - (len(clips) - 1) * cut["overlap"]
    film = CompositeVideoClip(
        [*scenes, *captions(cut, str(folder / cut["font"]))], size=(cut["width"], cut["height"])
    ).with_duration(frames / cut["fps"])
    voice = AudioFileClip(str(folder / cut["voice"]))
    music = AudioFileClip(str(folder / cut["music"])).with_volume_scaled(0.25)
    film = film.with_audio(CompositeAudioClip([voice, music]).with_duration(frames / cut["fps"]))
    film.write_videofile(
        str(to), fps=cut["fps"], codec="libx264", preset="veryfast", audio_codec="aac", threads=os.cpu_count(),
        ffmpeg_params=["-crf", "20", "-pix_fmt", "yuv420p"], logger=None,
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute())
