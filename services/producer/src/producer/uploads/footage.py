"""Footage that somebody brought, in the place of a clip: laid under the shot's words as a vendor's would be."""

from __future__ import annotations

import tempfile
from pathlib import Path

from common.bus.step import Step
from common.compute import ComputePool
from common.contracts.production import Clip, Shot
from common.contracts.uploads import Brought
from common.contracts.values import ArtifactType, Origin
from media.ffmpeg import FfmpegFailed
from media.probe import probe

from producer.errors import UploadUnusable
from producer.stills import keep_still
from producer.storyboard.footage import lay_over
from producer.uploads.originals import MADE_BY, fetch_original, terms_of


async def film_brought(shot: Shot, brought: Brought, step: Step, *, compute: ComputePool, scratch: Path) -> Clip:
    """The shot over somebody's own footage. The same shot and footage give the same bytes.

    A picture stands for as long as the shot, and is drawn nearer, slowly. Raises `UploadUnknown`, `UploadUnusable`.
    """
    named = f"shot-{shot.index + 1:02}"
    with tempfile.TemporaryDirectory(dir=scratch, prefix="clip-") as folder:
        work = Path(folder)
        original = await fetch_original(
            brought, step, type=ArtifactType.VIDEO_CLIP, name=f"{named}-original", into=work
        )
        target = work / "clip.mp4"
        try:
            await lay_over(
                shot,
                original,
                footage_seconds=brought.duration_ms / 1000,
                to=target,
                work=work,
                compute=compute,
                progress=step.progress,
            )
        except FfmpegFailed as error:
            raise UploadUnusable(f"The footage of shot {shot.index + 1} cannot be decoded.") from error
        if (frames := probe(target).frames) != shot.frames:
            raise UploadUnusable(f"The footage of shot {shot.index + 1} gave {frames} frames, not {shot.frames}.")
        video = await step.keep(
            target,
            type=ArtifactType.VIDEO_CLIP,
            name=f"{named}.mp4",
            media_type="video/mp4",
            made_by=MADE_BY,
            origin=Origin.UPLOAD,
            licence=terms_of(brought),
        )
        still = await keep_still(target, shot, step, made_by=MADE_BY, origin=Origin.UPLOAD)
    step.origin = Origin.UPLOAD
    return Clip(
        index=shot.index, video=video, frames=shot.frames, provider="upload", still=still, credit=brought.credit
    )
