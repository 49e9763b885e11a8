"""Small pictures of clips."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from media.ffmpeg import ffmpeg_path
from media.stills import NoPicture, write_still
from PIL import Image


def grey(path: Path) -> object:
    with Image.open(path) as image:
        return image.convert("L").resize((1, 1)).getpixel((0, 0))


def test_a_still_is_the_wanted_frame_and_always_the_same(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    # Black for a second, white after.
    source = r"color=black:s=320x640:r=30:d=2,geq=lum='if(gte(N\,30)\,235\,16)':cb=128:cr=128"
    subprocess.run(
        [ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", str(clip)], check=True
    )
    early, late, beyond = (
        write_still(clip, frame=frame, fps=30, target=tmp_path / f"{frame}.jpg") for frame in (29, 30, 900)
    )
    assert [grey(path) for path in (early, late, beyond)] == [0, 255, 255]
    with Image.open(late) as image:
        assert image.size == (240, 480)
    again = write_still(clip, frame=30, fps=30, target=tmp_path / "again.jpg")
    assert again.read_bytes() == late.read_bytes()


def test_a_file_without_picture_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "words.mp4").write_text("no film")
    with pytest.raises(NoPicture):
        write_still(tmp_path / "words.mp4", frame=0, fps=30, target=tmp_path / "x.jpg")
