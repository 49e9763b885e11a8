"""What one sees: every layout readable, inside the safe box, always moving, and the same every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from common.compute import ComputePool
from common.contracts.production import Format, Shot
from producer.storyboard.canvas import sheet_for
from producer.storyboard.layouts import LAYOUTS
from producer.storyboard.render import film_shot

MakeShot = Callable[..., Shot]
BRIEFS = ("How tides work", "Sourdough bread at home", "Xylophones", "Compound interest", "Computer chip", "Fire")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_type_is_readable_and_inside_the_safe_box(
    layout: str, a_shot: MakeShot, screening: Any, tmp_path: Path
) -> None:
    brief = BRIEFS[sorted(LAYOUTS).index(layout) % len(BRIEFS)]
    shot = a_shot(layout=layout, brief=brief)
    last = shot.frames - 1
    words = screening.type_of(shot, tmp_path, frame=last)
    behind = screening.luminance(screening.decode(screening.film(shot, tmp_path, texts=False))[last])
    solid = words.cover > 0.9
    assert solid.sum() > 200, "there is hardly any type to look at"
    ink = screening.luminance(words.ink)[solid]
    ground = behind[solid]
    ratio = (np.maximum(ink, ground) + 0.05) / (np.minimum(ink, ground) + 0.05)
    assert np.percentile(ratio, 2) >= 4.5

    rows, columns = np.nonzero(words.cover > 0.15)
    unit = 1080 / shot.format.width
    assert columns.min() * unit >= 64 - unit
    assert columns.max() * unit <= 920 + unit
    assert rows.min() * unit >= 220 - unit
    assert rows.max() * unit <= 1200 + unit


@pytest.mark.parametrize("size", [(360, 360), (480, 270)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_readable_and_inside_the_safe_box_of_other_shapes(
    layout: str, size: tuple[int, int], a_shot: MakeShot, screening: Any, tmp_path: Path
) -> None:
    width, height = size
    brief = BRIEFS[sorted(LAYOUTS).index(layout) % len(BRIEFS)]
    shot = a_shot(layout=layout, brief=brief, width=width, height=height)
    last = shot.frames - 1
    words = screening.type_of(shot, tmp_path, frame=last)
    behind = screening.luminance(screening.decode(screening.film(shot, tmp_path, texts=False))[last])
    solid = words.cover > 0.9
    assert solid.sum() > 150, "there is hardly any type to look at"
    ink, ground = screening.luminance(words.ink)[solid], behind[solid]
    ratio = (np.maximum(ink, ground) + 0.05) / (np.minimum(ink, ground) + 0.05)
    assert np.percentile(ratio, 2) >= 4.5

    rows, columns = np.nonzero(words.cover > 0.15)
    sheet = sheet_for(shot.format)
    unit = sheet.width / width
    # The editor lays captions out on a short side of 1080, and keeps these margins for the platforms' controls.
    canvas = 1080 / min(width, height) / unit
    left, top, right = (64, 64, 64) if width == height else (96, 76, 96)
    assert columns.min() * unit * canvas >= left - unit
    assert (sheet.width - columns.max() * unit) * canvas >= right - unit
    assert rows.min() * unit * canvas >= top - unit
    assert rows.max() * unit <= sheet.captions.top


def test_the_captions_have_their_place_in_every_shape() -> None:
    for size in (Format(), Format(width=1080, height=1080), Format(width=1920, height=1080)):
        sheet = sheet_for(size)
        assert sheet.safe.bottom < sheet.captions.top < sheet.captions.bottom < sheet.strip + 60
        assert sheet.foot < sheet.captions.top
        # Where the editor's captions have their middle in that shape, as a share of the picture's height.
        middle = {1080 / 1920: 1330 / 1920, 1.0: 0.83, 1920 / 1080: 0.82}[size.width / size.height]
        assert sheet.captions.centre[1] / sheet.height == pytest.approx(middle, abs=0.006)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_something_always_moves(layout: str, a_shot: MakeShot, screening: Any, tmp_path: Path) -> None:
    shot = a_shot(layout=layout, seconds=4)
    frames = screening.decode(screening.film(shot, tmp_path), pixels="gray").astype(int)
    window = round(1.5 * shot.format.fps)
    for start in range(len(frames) - window + 1):
        moved = np.abs(frames[start : start + window] - frames[start]).max(axis=0) > 20
        assert moved.mean() > 0.004, f"hardly anything moves from frame {start} on"


async def test_a_clip_has_exactly_its_frames_and_size_and_the_same_bytes_every_time(
    a_shot: MakeShot, screening: Any, tmp_path: Path
) -> None:
    shot = a_shot(layout="dial", seconds=0.77, fps=30, width=270, height=480)
    told: list[float] = []
    compute = ComputePool(1)
    hashes = set()
    for take in ("first", "second"):
        work = tmp_path / take
        work.mkdir()
        await film_shot(shot, to=work / "clip.mp4", work=work, compute=compute, progress=told.append)
        hashes.add(hashlib.sha256((work / "clip.mp4").read_bytes()).hexdigest())
    compute.close()
    assert len(hashes) == 1
    assert screening.decode(tmp_path / "first" / "clip.mp4").shape == (23, 480, 270, 3)
    assert told[-1] == pytest.approx(1.0)


@pytest.mark.parametrize(("width", "height"), [(540, 960), (360, 360), (480, 270)])
def test_other_sizes_and_shapes_work(width: int, height: int, a_shot: MakeShot, screening: Any, tmp_path: Path) -> None:
    clip = screening.decode(screening.film(a_shot(layout="card", seconds=0.3, width=width, height=height), tmp_path))
    assert clip.shape == (3, height, width, 3)
