"""Shots over somebody else's film: made to fit, and readable whatever that film shows."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from common.contracts.production import Shot
from media.ffmpeg import ffmpeg_path
from producer.storyboard.footage import SPEEDS, draw_over, fit, footage_args, prepare_veil
from producer.storyboard.layouts import LAYOUTS

MakeShot = Callable[..., Shot]
WHITE = "color=white:s=180x320:r=24"


def footage(folder: Path, *, seconds: float, source: str = WHITE) -> Path:
    """Somebody else's film; white is the hardest to write on."""
    target = folder / "footage.mp4"
    command = [ffmpeg_path(), "-v", "error", "-y", "-f", "lavfi", "-i", f"{source}:d={seconds}"]
    subprocess.run([*command, "-pix_fmt", "yuv420p", str(target)], check=True)
    return target


def laid_over(shot: Shot, film: Path, folder: Path, *, seconds: float, texts: bool = True) -> Path:
    """The shot over the film."""
    to = folder / "clip.mp4"
    prepare_veil(shot, folder / "drawing.ass", folder / "veil.png", texts=texts)
    fitted = fit(footage_seconds=seconds, frames=shot.frames, fps=shot.format.fps)
    args = footage_args(shot, footage=film, fitted=fitted, veil="veil.png", drawing="drawing.ass", to=to)
    subprocess.run([ffmpeg_path(), "-hide_banner", "-nostdin", "-y", *args], cwd=folder, check=True)
    return to


@pytest.mark.parametrize("layout", LAYOUTS)
def test_words_can_be_read_over_white(layout: str, a_shot: MakeShot, screening: Any, tmp_path: Path) -> None:
    shot = a_shot(layout=f"{layout}:tide")
    last = shot.frames - 1
    words = screening.type_of(shot, tmp_path, frame=last, draw=draw_over)
    film = footage(tmp_path, seconds=2)
    behind = screening.luminance(screening.decode(laid_over(shot, film, tmp_path, seconds=2, texts=False))[last])
    solid = words.cover > 0.9
    assert solid.sum() > 200, "there is hardly any type to look at"
    ink, ground = screening.luminance(words.ink)[solid], behind[solid]
    ratio = (np.maximum(ink, ground) + 0.05) / (np.minimum(ink, ground) + 0.05)
    assert np.percentile(ratio, 2) >= 4.5
    # White captions come later, at this height; and where no word is, the film is hardly darker than it was.
    foot = behind[round(1262 / 4) : round(1398 / 4)]
    assert 1.05 / (foot.max() + 0.05) >= 4.5
    assert behind.max() > 0.7


@pytest.mark.parametrize(
    ("seconds", "frames", "speed", "held"),
    [
        (4.0, 120, 1.0, 0),
        (4.0, 112, 4 / (112 / 30), 0),
        (4.0, 130, 4 / (130 / 30), 0),
        (8.0, 120, 1.0, 0),
        (4.0, 200, SPEEDS[0], 67),
    ],
)
def test_a_tenth_of_speed_is_used_before_it_is_cut_or_held(
    seconds: float, frames: int, speed: float, held: int
) -> None:
    found = fit(footage_seconds=seconds, frames=frames, fps=30)
    assert found.speed == pytest.approx(speed)
    assert (found.held, found.played + found.held) == (held, frames)
    assert SPEEDS[0] <= found.speed <= SPEEDS[1]


@pytest.mark.parametrize("seconds", [0.5, 1.5, 1.6, 4.0])
def test_a_shot_has_its_frames_whatever_the_footage_has(
    seconds: float, a_shot: MakeShot, screening: Any, tmp_path: Path
) -> None:
    shot = a_shot(seconds=1.6, fps=30)
    film = footage(tmp_path, seconds=seconds, source="testsrc2=s=320x180:r=24")
    frames = screening.decode(laid_over(shot, film, tmp_path, seconds=seconds))
    assert frames.shape == (48, 480, 270, 3)
    again = tmp_path / "again"
    again.mkdir()
    assert laid_over(shot, film, again, seconds=seconds).read_bytes() == (tmp_path / "clip.mp4").read_bytes()


def test_a_held_frame_comes_nearer(a_shot: MakeShot, screening: Any, tmp_path: Path) -> None:
    shot = a_shot(seconds=3, fps=10)
    film = footage(tmp_path, seconds=1, source="testsrc2=s=180x320:r=24")
    frames = screening.decode(laid_over(shot, film, tmp_path, seconds=1, texts=False)).astype(int)
    moved = [np.abs(frames[i + 5] - frames[i]).mean() for i in (12, 18, 24)]
    assert min(moved) > 0.5, "it stands still"
