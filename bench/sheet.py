"""Lay frames of finished films side by side: the pictures of README.md and docs/film.md."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import av
from PIL import Image, ImageDraw

_SHEET_WIDTH = 1600
_GROUND = "#0b0e14"
_GAP, _RADIUS = 20, 18
_QUALITIES = range(92, 40, -2)


def frames_at(film: Path, seconds: Sequence[float]) -> list[Image.Image]:
    """Return the frames seen at these times, in order of time. A time past the end has none."""
    wanted, found = sorted(seconds), []
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            while len(found) < len(wanted) and (frame.time or 0.0) + 1e-6 >= wanted[len(found)]:
                found.append(frame.to_image())
    return found


def lay_out(pictures: Sequence[Image.Image], *, columns: int) -> Image.Image:
    """Return the pictures in rows on a dark ground, with round corners."""
    width = (_SHEET_WIDTH - _GAP * (columns + 1)) // columns
    height = round(width * pictures[0].height / pictures[0].width)
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (_SHEET_WIDTH, rows * (height + _GAP) + _GAP), _GROUND)
    # Drawn four times as large and scaled down, since Pillow's own corners have steps.
    mask = Image.new("L", (4 * width, 4 * height), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, 4 * width - 1, 4 * height - 1), 4 * _RADIUS, fill=255)
    mask = mask.resize((width, height), Image.Resampling.LANCZOS)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        corner = (_GAP + column * (width + _GAP), _GAP + row * (height + _GAP))
        sheet.paste(picture.resize((width, height), Image.Resampling.LANCZOS), corner, mask)
    return sheet


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
    parser.add_argument("--columns", type=int, default=9)
    parser.add_argument("--kilobytes", type=int, default=340, help="how large the file may be (default 340)")
    asked = parser.parse_args()
    pictures = []
    for one in asked.films:
        path, _, times = one.rpartition(":")
        pictures += frames_at(Path(path), [float(time) for time in times.split(",")])
    save(lay_out(pictures, columns=asked.columns), asked.to, most_bytes=1000 * asked.kilobytes)


if __name__ == "__main__":
    main()
