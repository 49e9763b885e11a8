"""A shot over footage: somebody else's film, made to fit, under the shot's own words.

The footage covers the picture, plays within a tenth of its own speed, and where it is shorter than the shot its last
frame is held and drawn nearer, slowly. Where words lie it is darkened so far that they can be read even over white.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from common.contracts.production import Format, Shot
from media.ass import Document
from media.design import Box
from media.ffmpeg import BITEXACT, run_ffmpeg
from media.fonts import link_fonts
from media.palette import luminance
from numpy.typing import NDArray
from PIL import Image

from producer.storyboard.canvas import Canvas, sheet_for
from producer.storyboard.layouts import layout_for
from producer.storyboard.render import FONTS
from producer.storyboard.stage import Picture, Stage

Compute = Callable[..., Awaitable[Any]]
SPEEDS = (0.9, 1.1)
"""How much slower and faster than it was made footage may play: nobody sees a tenth."""
_CONTRAST = 6.8
"""Aimed at behind words over white footage; scaling and the codec may take some and leave more than 4.5."""
_EVERYWHERE = 0.10
"""How dark the veil is where no word lies."""
_COLUMNS = 90
_NEARER = 0.08
"""How much nearer a held frame comes."""
_WHITE = "#ffffff"
_COLOUR = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
_OPEN = {"card": "above", "arch": "above", "frame": "quote", "seal": "finale"}
"""Layouts that would hide the footage behind a field of colour → what is laid over footage instead."""


@dataclass(frozen=True)
class Fit:
    """How footage is made as long as its shot. Lengths are in frames of the shot."""

    speed: float
    played: int
    held: int


def fit(*, footage_seconds: float, frames: int, fps: int) -> Fit:
    """How footage of that length fills `frames`: whole where a tenth of speed is enough; else cut, or held."""
    wanted = frames / fps
    slowest, fastest = SPEEDS
    speed = min(fastest, max(slowest, footage_seconds / wanted))
    if footage_seconds > wanted * fastest:
        # It is cut anyway, so that it may as well play as it was made.
        speed = 1.0
    played = min(frames, max(1, int(footage_seconds / speed * fps + 1e-6)))
    return Fit(speed=speed, played=played, held=frames - played)


async def lay_over(
    shot: Shot,
    footage: Path,
    *,
    footage_seconds: float,
    to: Path,
    work: Path,
    compute: Compute,
    progress: Callable[[float], None],
) -> None:
    """Write the shot over the footage as a silent H.264 file of exactly its frames at its size to `to`.

    The same shot and footage give the same bytes. Raises `FfmpegFailed` if the footage cannot be decoded.
    """
    drawing, veil = work / f"shot-{shot.index}.ass", work / f"veil-{shot.index}.png"
    await compute(prepare_veil, shot, drawing, veil)
    fitted = fit(footage_seconds=footage_seconds, frames=shot.frames, fps=shot.format.fps)
    await run_ffmpeg(
        footage_args(shot, footage=footage, fitted=fitted, veil=veil.name, drawing=drawing.name, to=to),
        total_frames=shot.frames,
        progress=progress,
        timeout_s=60 + shot.frames * 0.8,
        cwd=work,
    )


def prepare_veil(shot: Shot, drawing: Path, veil: Path, *, texts: bool = True) -> None:
    """Write the shot's drawing (ASS) and its veil (PNG), and put the fonts beside them. `texts` off leaves type out."""
    document, picture = draw_over(shot, texts=texts)
    link_fonts(drawing.parent / FONTS, document.text())
    document.write(drawing)
    write_veil(shot.format, picture, veil)


def draw_over(shot: Shot, *, texts: bool = True) -> tuple[Document, Picture]:
    """Return the shot's words and lines, without its ground and illustration, and what its layout asks of the veil."""
    name, _, pictured = shot.layout.partition(":")
    shown = shot.model_copy(update={"layout": f"{_OPEN.get(name, name)}:{pictured}"})
    canvas = Canvas(shot.format, texts=texts, language=shot.language)
    stage = Stage(shown, canvas, over_footage=True)
    picture = layout_for(shown.layout, shown.beat)(stage)
    for frame in range(shown.frames):
        picture.paint(stage.head_start + frame / shown.format.fps)
        canvas.end_frame()
    return canvas.document(), picture


def write_veil(size: Format, picture: Picture, to: Path) -> None:
    """Write black of the darkness each place needs, small: it is scaled up, and stays smooth."""
    rows = max(2, round(_COLUMNS * size.height / size.width))
    ys, _ = np.mgrid[0:rows, 0:_COLUMNS].astype(np.float64)
    sheet = sheet_for(size)
    scale = min(size.width / sheet.width, size.height / sheet.height) * _COLUMNS / size.width
    y = (ys + 0.5 - rows / 2) / scale + sheet.height / 2
    dark = np.full(y.shape, _EVERYWHERE)
    for box, inks in [*((scrim, picture.text_inks) for scrim in picture.scrims), (sheet.captions, (_WHITE,))]:
        dark = np.maximum(dark, _band(y, box, darkness_for(inks)))
    pixels = np.zeros((rows, _COLUMNS, 4), np.uint8)
    pixels[..., 3] = np.rint(dark * 255)
    Image.fromarray(pixels, "RGBA").save(to, "PNG")


def darkness_for(inks: tuple[str, ...]) -> float:
    """How opaque black has to be for all these inks to be read over white."""
    quiet = max(0.004, (min(luminance(ink) for ink in inks) + 0.05) / _CONTRAST - 0.05)
    return float(1 - quiet ** (1 / 2.2))


def _band(y: NDArray[np.float64], box: Box, dark: float) -> NDArray[np.float64]:
    """Darkness across the picture at the height of a box, that fades out softly above and below: no edge shows."""
    apart = np.maximum(np.maximum(box.top - y, y - box.bottom), 0)
    away = np.clip((apart - 30) / 330, 0, 1)
    return dark + (_EVERYWHERE - dark) * away * away * (3 - 2 * away)


def footage_args(shot: Shot, *, footage: Path, fitted: Fit, veil: str, drawing: str, to: Path) -> list[str]:
    """Return ffmpeg's arguments, for the folder that holds `veil`, `drawing` (plain names) and the fonts.

    One thread a clip, as for all clips: the bytes stay the same.
    """
    look = shot.format
    covered = (
        f"[0:v]setpts=(PTS-STARTPTS)/{fitted.speed:.6f},fps={look.fps},"
        f"scale={look.width}:{look.height}:force_original_aspect_ratio=increase:flags=bicubic+accurate_rnd+bitexact"
        f":out_color_matrix=bt709:out_range=tv,crop={look.width}:{look.height},setsar=1,"
        # One more frame is always there to hold: footage often ends a frame before it says.
        f"tpad=stop_mode=clone:stop={fitted.held + look.fps},trim=end_frame={shot.frames}"
    )
    veiled = f"[1:v]scale={look.width}:{look.height}:flags=bicubic,format=yuva420p[veil]"
    laid = f"[ground][veil]overlay=format=yuv420:eof_action=repeat,ass={drawing}:fontsdir={FONTS},format=yuv420p[out]"
    chain = f"{covered}{_draw_nearer(shot, fitted)}[ground];{veiled};{laid}"
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "17", "-g", str(look.fps * 2), "-threads", "1"]
    closed = ["-x264-params", "open-gop=0", "-pix_fmt", "yuv420p", "-frames:v", str(shot.frames), "-an"]
    inputs = ["-threads", "1", "-i", str(footage), "-i", veil]
    ends = ["-map", "[out]", *codec, *closed, "-movflags", "+faststart", *_COLOUR, *BITEXACT, str(to)]
    return ["-v", "error", "-filter_complex_threads", "1", *inputs, "-filter_complex", chain, *ends]


def _draw_nearer(shot: Shot, fitted: Fit) -> str:
    """Held frames come nearer with an ease at both ends; at twice the size, so that no step of a pixel shows."""
    if fitted.held < shot.format.fps // 5:
        return ""
    look = shot.format
    share = f"min(1\\,max(0\\,(on-{fitted.played})/{fitted.held}))"
    zoom = f"1+{_NEARER}*(1-cos(PI*{share}))/2"
    where = "x='iw/2-(iw/zoom/2)':y='ih/2-(ih/zoom/2)'"
    return (
        f",scale={2 * look.width}:{2 * look.height}:flags=bilinear,"
        f"zoompan=z='{zoom}':{where}:d=1:s={look.width}x{look.height}:fps={look.fps}"
    )
