"""What a brief brings along, found among the tenant's uploads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.bus.step import Step
from common.contracts.production import ProductionInput, Shot
from common.contracts.uploads import Brought, UploadKind
from common.contracts.values import Downgrade

from producer.uploads import records


@dataclass(frozen=True)
class BroughtAlong:
    """The uploads of one film: its music, and the footage of some of its scenes."""

    music: Brought | None
    footage: Mapping[int, Brought]

    @property
    def credits(self) -> tuple[str, ...]:
        """Who has to be named for the music. Whoever made footage is named with its clip."""
        return (self.music.credit,) if self.music and self.music.credit else ()

    def laid_into(self, shots: Sequence[Shot], step: Step) -> tuple[Shot, ...]:
        """The shots, some of them over that footage. Footage for a scene that there is not is admitted."""
        for scene in sorted(set(self.footage) - {shot.index for shot in shots}):
            said = f"Footage was brought for scene {scene + 1}; the film has {len(shots)} scenes."
            step.degrade(Downgrade(code="footage_unused", detail=said, stage="production"))
        return tuple(
            shot.model_copy(update={"footage": self.footage[shot.index]}) if shot.index in self.footage else shot
            for shot in shots
        )


async def find_brought(input: ProductionInput, step: Step) -> BroughtAlong:
    """What the brief names. Raises `UploadUnknown` for what the tenant did not upload."""
    if input.music is None and not input.footage:
        return BroughtAlong(None, {})
    async with step.work.transaction(step.tenant) as tx:
        music = await records.require(tx, input.music, UploadKind.MUSIC) if input.music else None
        footage = {
            choice.scene: (await records.require(tx, choice.upload, UploadKind.FOOTAGE)).brought
            for choice in input.footage
        }
    return BroughtAlong(music.brought if music else None, footage)
