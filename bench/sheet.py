"""Lay frames of finished films side by side: the pictures of README.md and docs/film.md."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import av
from PIL import Image, ImageDraw

_SHEET_WIDTH = 1600
_GROUND = "#0b0e14"
_GAP = 20
_QUALITIES = range(92, 40, -2)


def frames_at(film: Path, seconds: Sequence[float]) -> list[Image.Image]:
    """Return the frames seen at these times, in order of time. A time past the end has none."""
    wanted = sorted(seconds)
    found: list[Image.Image] = []
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            while len(found) < len(wanted) and (frame.time or 0.0) + 1e-6 >= wanted[len(found)]:
                found.append(Image.fromarray(frame.to_ndarray(format="rgb24")))
    return found


def lay_out(pictures: Sequence[Image.Image], *, columns: int) -> Image.Image:
    """Return the pictures in rows on a dark ground, with round corners."""
    width = (_SHEET_WIDTH - _GAP * (columns + 1)) // columns
    height = round(width * pictures[0].height / pictures[0].width)
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (_SHEET_WIDTH, rows * (height + _GAP) + _GAP), _GROUND)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        _paste(sheet, picture, at=(_GAP + column * (width + _GAP), _GAP + row * (height + _GAP)), size=(width, height))
    return sheet


def lay_out_with_first_large(pictures: Sequence[Image.Image]) -> Image.Image:
    """Return the first picture at the left, the rest in two rows beside it that are as high together."""
    columns = -(-(len(pictures) - 1) // 2)
    shape = pictures[0].width / pictures[0].height
    room = _SHEET_WIDTH - _GAP * (columns + 2) - _GAP * shape
    height = int(room / shape / (columns + 2))
    width, tall = round(height * shape), 2 * height + _GAP
    sheet = Image.new("RGB", (_SHEET_WIDTH, tall + 2 * _GAP), _GROUND)
    first = _SHEET_WIDTH - 2 * _GAP - columns * (width + _GAP)
    _paste(sheet, pictures[0], at=(_GAP, _GAP), size=(first, tall))
    for place, picture in enumerate(pictures[1:]):
        row, column = divmod(place, columns)
        at = (first + 2 * _GAP + column * (width + _GAP), _GAP + row * (height + _GAP))
        _paste(sheet, picture, at=at, size=(width, height))
    return sheet


def _paste(sheet: Image.Image, picture: Image.Image, *, at: tuple[int, int], size: tuple[int, int]) -> None:
    # The mask is drawn four times as large and scaled down, since Pillow's own corners have steps.
    wide, high = 4 * size[0], 4 * size[1]
    mask = Image.new("L", (wide, high), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, wide - 1, high - 1), 0.045 * wide, fill=255)
    mask = mask.resize(size, Image.Resampling.LANCZOS)
    sheet.paste(picture.resize(size, Image.Resampling.LANCZOS), at, mask)


def save(sheet: Image.Image, to: Path, *, most_bytes: int) -> None:
    """Write a JPEG of the best quality that keeps within so many bytes. Raises `ValueError` if none does."""
    for quality in _QUALITIES:
        sheet.save(to, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=0)
        if to.stat().st_size <= most_bytes:
            return
    raise ValueError(f"{to.name} does not fit into {most_bytes} bytes")


def main() -> None:
    """Read the command line and lay out the sheet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("films", nargs="+", help="a film and the seconds to show of it, such as film.mp4:0.5,3.2")
    parser.add_argument("--to", type=Path, required=True, help="the JPEG to write")
    parser.add_argument(
        "--columns", type=int, help="pictures in a row (default: the first is large, the rest beside it)"
    )
    parser.add_argument("--kilobytes", type=int, default=340, help="how large the file may be (default 340)")
    asked = parser.parse_args()
    pictures = []
    for one in asked.films:
        path, _, times = one.rpartition(":")
        pictures += frames_at(Path(path), [float(time) for time in times.split(",")])
    sheet = lay_out(pictures, columns=asked.columns) if asked.columns else lay_out_with_first_large(pictures)
    save(sheet, asked.to, most_bytes=1000 * asked.kilobytes)


if __name__ == "__main__":
    main()
