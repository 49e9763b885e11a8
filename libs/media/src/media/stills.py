"""One frame of a clip as a small picture."""

from __future__ import annotations

from pathlib import Path

import av
from av.video.frame import VideoFrame
from PIL import Image

_HEIGHT = 480
_QUALITY = 82


class NoPicture(Exception):
    """The file has no frame that could be shown."""


def write_still(clip: Path, *, frame: int, fps: int, target: Path) -> Path:
    """Write a JPEG of 480 lines at most: that frame, or the last one of a clip that is shorter.

    It is CPU work: use a thread. The same clip gives the same bytes. Raises `NoPicture`.
    """
    image = _decode(clip, frame=frame, fps=fps)
    if image.height > _HEIGHT:
        width = max(1, round(image.width * _HEIGHT / image.height))
        image = image.resize((width, _HEIGHT), Image.Resampling.LANCZOS)
    image.save(target, "JPEG", quality=_QUALITY)
    return target


def _decode(clip: Path, *, frame: int, fps: int) -> Image.Image:
    found: VideoFrame | None = None
    try:
        with av.open(str(clip)) as container:
            stream = container.streams.video[0]
            if stream.time_base:
                container.seek(int(frame / fps / stream.time_base), stream=stream)
            for found in container.decode(stream):
                if round((found.time or 0.0) * fps) >= frame:
                    break
    except (av.FFmpegError, IndexError) as error:
        raise NoPicture(f"{clip.name!r} has no picture to show: {error}") from error
    if found is None:
        raise NoPicture(f"{clip.name!r} has no picture to show.")
    return Image.fromarray(found.to_ndarray(format="rgb24"))
