"""A shot in the further shapes that its film is wanted in."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from common.bus.step import Step
from common.compute import ComputePool
from common.contracts.production import Clip, ClipVersion, Format, Shot
from common.contracts.values import ArtifactType, Origin

from producer.storyboard.render import film_shot


def further_shapes(shot: Shot, formats: Sequence[Format]) -> tuple[Shot, ...]:
    """The shot in each shape of `formats` that is not its own, each shape once, at the shot's own frame rate."""
    sizes: list[Format] = []
    for size in formats:
        if not any(size.has_shape_of(known) for known in (shot.format, *sizes)):
            sizes.append(size.model_copy(update={"fps": shot.format.fps}))
    return tuple(shot.model_copy(update={"format": size, "filmed": None}) for size in sizes)


def version_name(shot: Shot) -> str:
    """What the file of a shot in a further shape is called."""
    return f"shot-{shot.index + 1:02}-{shot.format.width}x{shot.format.height}.mp4"


async def draw_further(
    clip: Clip, shot: Shot, formats: Sequence[Format], step: Step, *, compute: ComputePool, scratch: Path
) -> Clip:
    """A drawn clip, with the shot drawn anew in each further shape that it does not have yet.

    The storyboard gives the same bytes for the same shot and shape.
    """
    versions = list(clip.versions)
    for other in further_shapes(shot, formats):
        if any(version.format.has_shape_of(other.format) for version in versions):
            continue
        with tempfile.TemporaryDirectory(dir=scratch, prefix="clip-") as folder:
            target = Path(folder) / "clip.mp4"
            await film_shot(other, to=target, work=Path(folder), compute=compute, progress=lambda _: None)
            video = await step.keep(
                target,
                type=ArtifactType.VIDEO_CLIP,
                name=version_name(other),
                media_type="video/mp4",
                made_by=f"producer/{clip.provider}",
                origin=Origin.OFFLINE,
            )
        versions.append(ClipVersion(format=other.format, video=video))
    return clip.model_copy(update={"versions": tuple(versions)})
