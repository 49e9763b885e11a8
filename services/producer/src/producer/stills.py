"""The small picture of a clip, which reviewers see side by side."""

from __future__ import annotations

import asyncio
from pathlib import Path

from common.bus.step import Step
from common.contracts.production import Shot
from common.contracts.values import ArtifactRef, ArtifactType, Origin
from media.stills import write_still

_STILL_AT = 0.6
"""Where in a shot its small picture is taken: everything has moved in by then, and nothing has left."""


async def keep_still(clip: Path, shot: Shot, step: Step, *, made_by: str, origin: Origin) -> ArtifactRef:
    """Keep a small picture of the clip. It costs one seek."""
    target = clip.with_name("still.jpg")
    await asyncio.to_thread(write_still, clip, frame=int(shot.frames * _STILL_AT), fps=shot.format.fps, target=target)
    return await step.keep(
        target,
        type=ArtifactType.THUMBNAIL,
        name=f"shot-{shot.index + 1:02}.jpg",
        media_type="image/jpeg",
        made_by=made_by,
        origin=origin,
    )
