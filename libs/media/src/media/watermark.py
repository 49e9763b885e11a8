"""A small copy of a film with somebody's name across every picture: what people see who may look, and may not keep."""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

from media.ass import Document, Event, Style, alpha, escape
from media.ffmpeg import BITEXACT, run_ffmpeg
from media.fonts import FONTS_DIR, INTER_SEMIBOLD, text_width, writable
from media.probe import MediaInfo, UnreadableMedia, probe

LAYOUT = "2"
"""Names how the mark looks, for keys of copies that are kept: another look is another name."""
ANGLE = 30.0
OPACITY = 0.34
_LONGEST = 42
_FONTS = "fonts"
_ALWAYS = ("0:00:00.00", "9:59:59.99")


async def write_watermarked(
    source: Path, *, target: Path, lines: Sequence[str], height: int = 960, timeout_s: float
) -> None:
    """Write a copy of `source` as MP4, `height` pixels high at most, with `lines` repeated diagonally on every frame.

    Width follows the film's own shape; a film that is smaller stays as small. Equal inputs give equal bytes. Raises
    `UnreadableMedia`, or `FfmpegFailed`, also when it is not done after `timeout_s` seconds.
    """
    width, height = _fitted(await asyncio.to_thread(probe, source), height)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        document = mark(lines, width=width, height=height).write(Path(folder) / "mark.ass")
        (Path(folder) / _FONTS).symlink_to(FONTS_DIR)
        picture = f"scale={width}:{height}:flags=bicubic,setsar=1,ass={document.name}:fontsdir={_FONTS},format=yuv420p"
        await run_ffmpeg(
            [
                *("-i", str(source), "-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn"),
                *("-vf", picture, "-c:v", "libx264", "-preset", "veryfast", "-crf", "27", "-threads", "2"),
                *("-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart", *BITEXACT, "-f", "mp4", str(target)),
            ],
            timeout_s=timeout_s,
            cwd=Path(folder),
        )


def _fitted(film: MediaInfo, height: int) -> tuple[int, int]:
    """The film's size, made smaller where it is higher than `height`; both numbers even, as the encoder wants them."""
    if not film.width or not film.height:
        raise UnreadableMedia("There is no picture to mark.")
    share = min(1.0, height / film.height)
    return max(2, int(film.width * share / 2) * 2), max(2, int(film.height * share / 2) * 2)


def mark(lines: Sequence[str], *, width: int, height: int) -> Document:
    """The mark as a document: one line of text after the other, in rows that rise across the picture."""
    document = Document(width, height)
    em = min(width, height) / 21
    row_gap, angle = em * 4.6, math.radians(ANGLE)
    reach = math.hypot(width, height)
    rows = max(1, math.ceil(reach / row_gap))
    for index in range(-rows, rows + 1):
        words = lines[index % len(lines)] if lines else ""
        font, text = writable(_cut(words), font=INTER_SEMIBOLD)
        if not text:
            continue
        style = f"mark{index % len(lines)}"
        if style not in {known.name for known in document.styles}:
            document.styles.append(Style(style, font, em, alignment=5, outline=em / 18, outline_colour="#000000"))
        gap = text_width(font, em, text) + em * 2.6
        across = math.ceil(reach / gap)
        for step in range(-across, across + 1):
            # Every other row is moved by half, so that no column of a picture stays free.
            along, down = (step + (index % 2) / 2) * gap, index * row_gap
            x = width / 2 + along * math.cos(angle) + down * math.sin(angle)
            y = height / 2 - along * math.sin(angle) + down * math.cos(angle)
            if -gap < x < width + gap and -gap < y < height + gap:
                tags = rf"\an5\pos({x:.1f},{y:.1f})\frz{ANGLE:g}\1a{alpha(OPACITY)}\3a{alpha(OPACITY / 2)}"
                document.events.append(Event(*_ALWAYS, style, tags, escape(text)))
    return document


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
