"""The still that stands for the film: the sharpest of some frames of its opening, after everything has moved in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from common.contracts.editing import Scene
from common.contracts.production import Format
from common.contracts.scenes import Fit
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

_CANDIDATES = (0.5, 0.57, 0.64)
"""Shares of the scene at which to look: titles have arrived by half of it, and leave near its end."""
_QUALITY = 90


@dataclass(frozen=True, kw_only=True)
class Still:
    """A decoded frame and how much detail it holds."""

    image: Image.Image
    sharpness: float


def make_thumbnail(clip: Path, scene: Scene, *, frames: range, size: Format, target: Path) -> Path:
    """Write a JPEG of the film's size to `target`, from the clip of a scene, without captions, framed as in the film.

    It is CPU work: use a thread. `frames` are those of the scene that the film shows unmixed. The same clip gives the
    same bytes.
    """
    first = scene.trim_ms * size.fps / 1000
    wanted = [int(first + (frames.start + int(len(frames) * share)) * scene.speed) for share in _CANDIDATES]
    best = max((_still(frame) for frame in _frames_at(clip, wanted, fps=size.fps)), key=lambda still: still.sharpness)
    _framed(best.image, scene, (size.width, size.height)).save(target, "JPEG", quality=_QUALITY)
    return target


def _framed(image: Image.Image, scene: Scene, size: tuple[int, int]) -> Image.Image:
    """Give a picture the film's size as its scene asks for: filling it, or whole over its own blurred self."""
    if image.size == size:
        return image
    filled = ImageOps.fit(image, size, Image.Resampling.LANCZOS, centering=(scene.focus.x, scene.focus.y))
    if scene.fit is Fit.COVER:
        return filled
    whole = ImageOps.contain(image, size, Image.Resampling.LANCZOS)
    ground = ImageEnhance.Brightness(filled.filter(ImageFilter.GaussianBlur(size[0] / 18))).enhance(0.75)
    ground.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return ground


def _frames_at(clip: Path, wanted: list[int], *, fps: int) -> list[VideoFrame]:
    """Decode the wanted frames: one pass from the key frame before the first, which beats seeking to each."""
    found: dict[int, VideoFrame] = {}
    last: VideoFrame | None = None
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        if stream.time_base:
            container.seek(int(wanted[0] / fps / stream.time_base), stream=stream)
        for frame in container.decode(stream):
            last = frame
            number = round((frame.time or 0.0) * fps)
            if number in wanted:
                found[number] = frame
            if number >= wanted[-1]:
                break
    return list(found.values()) or ([last] if last else [])


def _still(frame: VideoFrame) -> Still:
    """Measure detail as the mean difference between neighbouring pixels, on a small grey copy where grain is gone."""
    grey = frame.reformat(width=270, height=max(2, 270 * frame.height // frame.width), format="gray").to_ndarray()
    values = grey.astype(np.float32)
    detail = np.abs(np.diff(values, axis=0)).mean() + np.abs(np.diff(values, axis=1)).mean()
    return Still(image=Image.fromarray(frame.to_ndarray(format="rgb24")), sharpness=float(detail))
