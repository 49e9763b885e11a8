"""From a shot to a clip: the ground and the drawing are computed in the pool, ffmpeg lays one over the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from common.contracts.production import Format, Shot
from media.ass import Document
from media.ffmpeg import BITEXACT, run_ffmpeg
from media.fonts import link_fonts

from producer.storyboard.canvas import Canvas, sheet_for
from producer.storyboard.floor import paint_floor
from producer.storyboard.layouts import layout_for
from producer.storyboard.mesh import Ground, mesh_size, write_mesh
from producer.storyboard.stage import Picture, Stage

Compute = Callable[..., Awaitable[Any]]
"""Runs a picklable function off the event loop: `await compute(fn, *args)`."""

FONTS = "fonts"
"""The name under which a shot's folder holds the fonts."""

_COLOUR = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")

_X264 = "open-gop=0:subme=1:me=dia:weightp=0:no-psy=1"
"""Soft clouds and flat shapes gain nothing from a longer search; this saves a third of the encoder's time."""


async def film_shot(shot: Shot, *, to: Path, work: Path, compute: Compute, progress: Callable[[float], None]) -> None:
    """Write the shot as a silent H.264 file of exactly its frames at its size to `to`.

    The same shot, fonts and ffmpeg give the same bytes. `to` is absolute; `work` is a folder for what is needed on the
    way, which is left there. `progress` is told the share done. Raises `FfmpegFailed` if ffmpeg cannot do it.
    """
    drawing, ground = work / f"shot-{shot.index}.ass", work / f"shot-{shot.index}.rgb"
    await compute(prepare_shot, shot, drawing, ground)
    progress(0.05)
    await run_ffmpeg(
        encode_args(shot, ground=ground.name, drawing=drawing.name, to=to),
        total_frames=shot.frames,
        progress=lambda share: progress(0.05 + 0.95 * share),
        timeout_s=60 + shot.frames * 0.6,
        cwd=work,
    )


def prepare_shot(shot: Shot, drawing: Path, ground: Path, *, texts: bool = True) -> None:
    """Write the shot's drawing (ASS) and its ground (raw RGB frames), and put the fonts beside the drawing.

    `texts` off leaves all type out.
    """
    document, picture = draw_shot(shot, texts=texts)
    # A folder with a plain name, because ffmpeg would need the characters of a path escaped three times over.
    link_fonts(drawing.parent / FONTS, document.text())
    document.write(drawing)
    write_mesh(
        Ground(
            format=shot.format,
            palette=shot.palette,
            seed=shot.seed,
            frames=shot.frames,
            scrims=picture.scrims,
            captions=sheet_for(shot.format).captions,
            glow=picture.glow,
            text_inks=picture.text_inks,
        ),
        ground,
    )


def draw_shot(shot: Shot, *, texts: bool = True) -> tuple[Document, Picture]:
    """Return the shot painted frame by frame as one document, and what its layout asks of the ground."""
    canvas = Canvas(shot.format, texts=texts, language=shot.language)
    stage = Stage(shot, canvas)
    picture = layout_for(shot.layout, shot.beat)(stage)
    for frame in range(shot.frames):
        t = stage.head_start + frame / shot.format.fps
        paint_floor(canvas, shot.palette, t, phase=0.31 * shot.index)
        picture.paint(t)
        canvas.end_frame()
    return canvas.document(), picture


def encode_args(shot: Shot, *, ground: str, drawing: str, to: Path) -> list[str]:
    """Return ffmpeg's arguments, for the folder that holds `ground`, `drawing` (both plain names) and the fonts.

    One thread a clip: clips are made side by side, and the bytes stay the same.
    """
    picture: Format = shot.format
    columns, rows = mesh_size(picture)
    chain = (
        f"scale={picture.width}:{picture.height}:flags=bicubic+accurate_rnd+bitexact:out_color_matrix=bt709:out_range=tv,"
        f"format=yuv420p,noise=c0s=4:c0f=t+u:c0_seed={shot.seed % 65_521 + 1},"
        f"ass={drawing}:fontsdir={FONTS}"
    )
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{columns}x{rows}", "-r", str(picture.fps), "-i", ground]
    gop = str(picture.fps * 2)
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "17", "-g", gop, "-threads", "1", "-pix_fmt", "yuv420p"]
    closed = ["-x264-params", _X264, "-frames:v", str(shot.frames), "-an", "-movflags", "+faststart"]
    threads = ["-filter_threads", "1", "-threads", "1"]
    return ["-v", "error", *threads, *source, "-vf", chain, *codec, *closed, *_COLOUR, *BITEXACT, str(to)]
