"""The moving ground: soft colour clouds, computed tiny with numpy and scaled up by ffmpeg, where they stay smooth.

Brightness is a promise here, not taste: behind text the ground never gets brighter than the text's contrast allows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from common.contracts.production import Format, Palette
from media.design import Box
from media.palette import luminance
from numpy.typing import NDArray

from producer.storyboard.canvas import TALL, sheet_for

Pixels = NDArray[np.float32]

_TEXT_CONTRAST = 6.0
"""Aimed at behind text; grain, scaling and the codec may take some of it and still leave more than 4.5."""
_BRIGHTEST = 0.30
_COLUMNS = 72
_WHITE = "#ffffff"


@dataclass(frozen=True)
class Ground:
    """A moving ground: its colours, where text will lie, and where it glows (in design pixels)."""

    format: Format
    palette: Palette
    seed: int
    frames: int
    scrims: tuple[Box, ...] = ()
    glow: tuple[float, float] | None = None
    text_inks: tuple[str, ...] = (_WHITE,)
    captions: Box | None = None
    """Where white captions will be laid over the finished picture."""


def mesh_size(picture: Format) -> tuple[int, int]:
    """Return the mesh's columns and rows for a picture: even numbers, in the picture's shape."""
    rows = max(2, round(_COLUMNS * picture.height / picture.width / 2) * 2)
    return _COLUMNS, min(rows, 512)


def write_mesh(ground: Ground, to: Path) -> Path:
    """Write every frame of the ground as raw RGB, 8 bits a channel. The same ground makes the same bytes."""
    columns, rows = mesh_size(ground.format)
    ys, xs = np.mgrid[0:rows, 0:columns].astype(np.float32)
    # Design coordinates: x from 0 to 1 across the design's width, y in the same unit.
    sheet = sheet_for(ground.format)
    high = sheet.height / sheet.width
    scale = min(ground.format.width / sheet.width, ground.format.height / sheet.height) * columns / ground.format.width
    x = (xs + 0.5 - columns / 2) / scale / sheet.width + 0.5
    y = (ys + 0.5 - rows / 2) / scale / sheet.width + high / 2
    limit = _limits(ground, x, y)
    # Down the sheet, whatever its shape, the light falls off as it does on a tall one.
    down = y if sheet is TALL else y * (TALL.height / TALL.width / high)
    vignette = np.clip(1.06 - 0.42 * (((x - 0.5) * 1.35) ** 2 + ((down - 0.86) * 0.82) ** 2), 0.3, 1.0)[..., None]
    clouds = _clouds(ground)
    with to.open("wb") as file:
        for frame in range(ground.frames):
            picture = _paint(ground, clouds, x, y, frame / ground.format.fps) * vignette
            file.write((_within(picture, limit) * 255 + 0.5).astype(np.uint8).tobytes())
    return to


@dataclass(frozen=True)
class _Cloud:
    x: float
    y: float
    radius: float
    colour: Pixels
    strength: float
    phase: float
    pace: float


def _clouds(ground: Ground) -> list[_Cloud]:
    chance = np.random.default_rng(ground.seed % 2**32)
    first, second, accent = (_rgb(ground.palette.first), _rgb(ground.palette.second), _rgb(ground.palette.accent))
    colours = [first, second, first, second, first * 0.6 + second * 0.4]
    sheet = sheet_for(ground.format)
    high = 1.78 if sheet is TALL else sheet.height / sheet.width
    clouds = [
        _Cloud(
            x=float(chance.uniform(-0.05, 1.05)),
            y=float((i + chance.uniform(0.1, 0.9)) * high / len(colours)),
            radius=float(chance.uniform(0.36, 0.62)),
            colour=colour,
            strength=float(chance.uniform(0.62, 0.9)),
            phase=float(chance.uniform(0, math.tau)),
            pace=float(chance.uniform(0.55, 0.95)),
        )
        for i, colour in enumerate(colours)
    ]
    if ground.glow:
        x, y = (value / sheet.width for value in ground.glow)
        clouds.append(_Cloud(x, y, 0.42, second * 0.75 + accent * 0.25, 0.6, 0.0, 0.4))
    return clouds


def _paint(ground: Ground, clouds: Sequence[_Cloud], x: Pixels, y: Pixels, t: float) -> Pixels:
    picture: Pixels = np.broadcast_to(_rgb(ground.palette.ground), (*x.shape, 3)).astype(np.float32)
    bend_x = x + 0.05 * np.sin(y * 4.2 + t * 0.55 + clouds[0].phase)
    bend_y = y + 0.05 * np.cos(x * 4.8 - t * 0.5 + clouds[1].phase)
    for cloud in clouds:
        cx = cloud.x + 0.20 * math.sin(cloud.phase + t * cloud.pace)
        cy = cloud.y + 0.22 * math.cos(cloud.phase * 1.7 + t * cloud.pace * 0.8)
        reach = ((bend_x - cx) ** 2 + (bend_y - cy) ** 2) / cloud.radius**2
        share = (np.exp(-2.1 * reach) * cloud.strength)[..., None]
        picture = picture * (1 - share) + cloud.colour * share
    return picture.astype(np.float32)


def _limits(ground: Ground, x: Pixels, y: Pixels) -> Pixels:
    """Return the highest luminance allowed at each point: soft-edged wells where text lies."""
    wells = [(box, ground.text_inks) for box in ground.scrims]
    if ground.captions:
        wells.append((ground.captions, (_WHITE,)))
    limit = np.full(x.shape, _BRIGHTEST, np.float32)
    width = sheet_for(ground.format).width
    for box, inks in wells:
        quiet = max(0.012, (min(luminance(ink) for ink in inks) + 0.05) / _TEXT_CONTRAST - 0.05)
        dx = np.maximum(np.maximum(box.left / width - x, x - box.right / width), 0)
        dy = np.maximum(np.maximum(box.top / width - y, y - box.bottom / width), 0)
        away = np.clip((np.hypot(dx, dy) - 0.02) / 0.42, 0, 1)
        limit = np.minimum(limit, quiet + (_BRIGHTEST - quiet) * away * away * (3 - 2 * away))
    return limit[..., None].astype(np.float32)


def _within(picture: Pixels, limit: Pixels) -> Pixels:
    """Return the picture with each point's light held below its limit, its hue kept.

    The light is bent, not cut off: a cut would leave flat patches with an edge one can see.
    """
    light = np.clip(picture, 0, 1) ** np.float32(2.2)
    bright = np.maximum((light @ np.array([0.2126, 0.7152, 0.0722], np.float32))[..., None], 1e-6)
    factor = limit * (1 - np.exp(-bright / limit)) / bright
    kept: Pixels = (np.clip(picture, 0, 1) * factor ** np.float32(1 / 2.2)).astype(np.float32)
    return kept


def _rgb(value: str) -> Pixels:
    channels = np.frombuffer(bytes.fromhex(value.removeprefix("#")), np.uint8)
    return (channels / 255).astype(np.float32)
