"""Who sees a film in the making: whoever checks films can look at its pieces while others are still rendered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from common.bus.step import Step
from common.contracts.editing import FilmJoined, PieceMade, RenderInput
from common.contracts.message import Event
from common.contracts.values import ArtifactRef
from common.db.work import Transaction

from editor.timeline import total_frames

LEAST_PIXELS = 150_000_000
"""Of all pictures of a film, from which on its pieces are shown: smaller ones are looked at sooner than handed over."""


class Onlooker(Protocol):
    """Who wants to see a film in the making."""

    async def made(self, piece: Path) -> None:
        """See a piece of its picture, while others are still made."""

    async def joined(self, film: Path, pieces: Sequence[Path]) -> None:
        """See the film as soon as its bytes are final, and the pieces it was joined from.

        Without pieces if it was found whole. It is called once more for a film that was repaired.
        """


class Nobody:
    """Nobody wants to see it."""

    async def made(self, piece: Path) -> None:
        """See nothing."""

    async def joined(self, film: Path, pieces: Sequence[Path]) -> None:
        """See nothing."""


NOBODY = Nobody()


class Airlock:
    """Tells whoever looks at films, who finds the film in the store, and its pieces as long as it is in the making."""

    def __init__(self, step: Step, order: RenderInput) -> None:
        self._step = step
        size = order.formats[0] if order.formats else order.timeline.format
        self._shows_pieces = total_frames(order.timeline) * size.width * size.height >= LEAST_PIXELS
        self._lent: set[str] = set()

    async def made(self, piece: Path) -> None:
        """Lend the piece to the store and say so."""
        if self._shows_pieces:
            await self._tell(PieceMade(piece=await self._lend(piece)))

    async def joined(self, film: Path, pieces: Sequence[Path]) -> None:
        """Store the film and say what it was joined from, while this service checks its own work."""
        video = await self._step.artifacts.put_file(self._step.tenant, film, media_type="video/mp4")
        # Their bytes as they are now: one that was repaired is another than what was told before.
        lent = [await self._lend(piece) for piece in pieces] if self._shows_pieces else []
        await self._tell(FilmJoined(video=video, pieces=tuple(lent)))

    async def take_back(self) -> None:
        """Take the pieces out of the store. Who has not looked at them by now looks at the film itself."""
        for sha256 in self._lent:
            await self._step.artifacts.discard(self._step.tenant, sha256)

    async def _lend(self, piece: Path) -> ArtifactRef:
        ref = await self._step.artifacts.put_file(self._step.tenant, piece, media_type="video/mp4")
        self._lent.add(ref.sha256)
        return ref

    async def _tell(self, event: Event) -> None:
        step = self._step

        async def tell(tx: Transaction) -> None:
            tx.tell(event, run=step.run_id, cause=step.header.id)

        await step.note(tell)
