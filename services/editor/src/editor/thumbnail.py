"""The still that stands for the film: the sharpest of some frames of its opening, after everything has moved in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

_CANDIDATES = (0.5, 0.57, 0.64)
"""Shares of the scene at which to look: titles have arrived by half of it, and leave near its end."""
_QUALITY = 90


@dataclass(frozen=True, kw_only=True)
class Still:
    """A decoded frame and how much detail it holds."""

    image: Image.Image
    sharpness: float


def make_thumbnail(clip: Path, *, frames: range, fps: int, width: int, height: int, target: Path) -> Path:
    """Write a JPEG of the film's size to `target`, from a clip's own picture, without captions.

    It is CPU work: use a thread. `frames` are those of the clip that the film shows unmixed. The same clip gives the
    same bytes.
    """
    wanted = [frames.start + int(len(frames) * share) for share in _CANDIDATES]
    best = max((_still(frame) for frame in _frames_at(clip, wanted, fps=fps)), key=lambda still: still.sharpness)
    image = best.image
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    image.save(target, "JPEG", quality=_QUALITY)
    return target


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
