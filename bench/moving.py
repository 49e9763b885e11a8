"""Write some seconds of a finished film as an animated WebP: the moving picture of README.md."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from bench.sheet import frames_at

_QUALITIES = range(80, 20, -10)


def save_moving(pictures: Sequence[Image.Image], to: Path, *, fps: float, most_bytes: int) -> None:
    """Write the pictures as one that moves for ever, at the best quality that keeps within so many bytes.

    Raises `ValueError` if none does.
    """
    first, *rest = pictures
    for quality in _QUALITIES:
        first.save(
            to, "WEBP", save_all=True, append_images=rest, duration=round(1000 / fps), loop=0, quality=quality, method=4
        )
        if to.stat().st_size <= most_bytes:
            return
    raise ValueError(f"{to.name} does not fit into {most_bytes} bytes")


def main() -> None:
    """Read the command line and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("film", type=Path)
    parser.add_argument("--to", type=Path, required=True, help="the WebP to write")
    parser.add_argument("--start", type=float, default=0.0, help="where in the film it begins (default 0)")
    parser.add_argument("--seconds", type=float, default=10.0, help="how much of it (default 10)")
    parser.add_argument("--width", type=int, default=270, help="in pixels (default 270)")
    parser.add_argument("--fps", type=float, default=12.0, help="pictures a second (default 12)")
    parser.add_argument("--kilobytes", type=int, default=3000, help="how large the file may be (default 3000)")
    asked = parser.parse_args()
    times = [asked.start + number / asked.fps for number in range(round(asked.seconds * asked.fps))]
    size = None
    pictures = []
    for picture in frames_at(asked.film, times):
        size = size or (asked.width, round(asked.width * picture.height / picture.width))
        pictures.append(picture.resize(size, Image.Resampling.LANCZOS))
    save_moving(pictures, asked.to, fps=asked.fps, most_bytes=1000 * asked.kilobytes)


if __name__ == "__main__":
    main()
