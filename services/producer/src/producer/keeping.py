"""What a plan keeps for good besides its voices: the script as a document, and the music."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from common.bus.step import Step
from common.compute import ComputePool
from common.contracts.production import Script
from common.contracts.uploads import Brought
from common.contracts.values import ArtifactRef, ArtifactType, Origin

from producer import music
from producer.uploads.music import bed_of_brought
from producer.uploads.originals import MADE_BY, terms_of


async def keep_script(script: Script, step: Step, *, model: str, origin: Origin) -> ArtifactRef:
    """The script as a JSON artifact, by whoever wrote it."""
    return await step.keep(
        script.model_dump_json(indent=2).encode(),
        type=ArtifactType.SCRIPT,
        name="script.json",
        media_type="application/json",
        made_by=f"producer/{model}",
        origin=origin,
    )


@dataclass(frozen=True)
class Band:
    """Who plays a film's music: our own synthesiser, or what somebody brought."""

    step: Step
    compute: ComputePool
    scratch: Path

    async def play(self, brought: Brought | None, *, about: str, total_ms: int, seed: int) -> ArtifactRef:
        """A bed as long as the film: what was brought, else our own in the mood of what the film is `about`.

        The same facts give the same bytes.
        """
        if brought is not None:
            wav = await bed_of_brought(
                brought, total_ms=total_ms, step=self.step, compute=self.compute, scratch=self.scratch
            )
            return await self._keep(wav, made_by=MADE_BY, origin=Origin.UPLOAD, licence=terms_of(brought))
        wav = await self.compute(music.compose_wav, total_ms / 1000, music.choose_mood(about), seed)
        ours = "Made by Greenlight's own synthesiser; free to use."
        return await self._keep(wav, made_by="producer/synth", origin=Origin.OFFLINE, licence=ours)

    async def _keep(self, wav: bytes, *, made_by: str, origin: Origin, licence: str) -> ArtifactRef:
        return await self.step.keep(
            wav,
            type=ArtifactType.MUSIC,
            name="music.wav",
            media_type="audio/wav",
            made_by=made_by,
            origin=origin,
            licence=licence,
        )
