"""A copy with a name across every picture."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from media.ffmpeg import FfmpegFailed, run_ffmpeg
from media.probe import UnreadableMedia, probe
from media.watermark import mark, write_watermarked

LINES = ("Anna Müller", "21 November 2026")


async def grey(folder: Path, *, size: str = "270x480", seconds: float = 0.5) -> Path:
    """A film that is grey everywhere, with sound."""
    path = folder / "grey.mp4"
    sources = ["-f", "lavfi", "-i", f"color=c=gray:s={size}:r=30:d={seconds}", "-f", "lavfi", "-i", f"sine=d={seconds}"]
    await run_ffmpeg([*sources, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)], timeout_s=60)
    return path


async def test_the_mark_is_on_every_picture_and_all_over_it(tmp_path: Path) -> None:
    target = tmp_path / "copy.mp4"
    await write_watermarked(await grey(tmp_path), target=target, lines=LINES, timeout_s=60)
    with av.open(str(target)) as film:
        pictures = [frame.to_ndarray(format="gray") for frame in film.decode(video=0)]
    assert len(pictures) == 15
    for picture in pictures:
        marked = np.abs(picture.astype(int) - int(np.median(picture))) > 25
        quarters = [marked[:240, :135], marked[:240, 135:], marked[240:, :135], marked[240:, 135:]]
        assert all(quarter.mean() > 0.005 for quarter in quarters)
    info = probe(target)
    assert (info.width, info.height, info.audio_codec, info.faststart) == (270, 480, "aac", True)


async def test_the_same_again_is_the_same_bytes_and_another_name_is_not(tmp_path: Path) -> None:
    source = await grey(tmp_path, seconds=0.2)
    copies = []
    for number, lines in enumerate((LINES, LINES, ("Bo", LINES[1]))):
        target = tmp_path / f"{number}.mp4"
        await write_watermarked(source, target=target, lines=lines, timeout_s=60)
        copies.append(target.read_bytes())
    assert copies[0] == copies[1] != copies[2]


@pytest.mark.parametrize(
    ("size", "expected"), [("1080x1920", (540, 960)), ("1920x1080", (1706, 960)), ("101x99", (100, 98))]
)
async def test_a_copy_is_small_and_has_the_films_shape(tmp_path: Path, size: str, expected: tuple[int, int]) -> None:
    target = tmp_path / "copy.mp4"
    source = tmp_path / "source.mp4"
    picture = f"color=c=gray:s={size}:r=30:d=0.1"
    await run_ffmpeg(
        ["-f", "lavfi", "-i", picture, "-c:v", "libx264", "-pix_fmt", "yuv444p", str(source)], timeout_s=60
    )
    await write_watermarked(source, target=target, lines=LINES, timeout_s=60)
    assert (probe(target).width, probe(target).height) == expected


@pytest.mark.parametrize("name", ["{\\an8}" * 9, "a\nb", "\u202eevil", "😀", "", "x" * 500, "אבג", "'; rm -rf"])
async def test_any_name_makes_a_copy(tmp_path: Path, name: str) -> None:
    target = tmp_path / "copy.mp4"
    source = await grey(tmp_path, seconds=0.1)
    await write_watermarked(source, target=target, lines=(name, LINES[1]), timeout_s=60)
    assert probe(target).frames == 3
    assert any("November" in event.body for event in mark((name, LINES[1]), width=540, height=960).events)


async def test_what_is_no_film_or_takes_too_long_makes_none(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.mp4"
    nothing.write_bytes(b"no film")
    with pytest.raises(UnreadableMedia):
        await write_watermarked(nothing, target=tmp_path / "copy.mp4", lines=LINES, timeout_s=60)
    with pytest.raises(FfmpegFailed, match="not done"):
        await write_watermarked(
            await grey(tmp_path, size="1080x1920", seconds=4), target=tmp_path / "copy.mp4", lines=LINES, timeout_s=0.05
        )
