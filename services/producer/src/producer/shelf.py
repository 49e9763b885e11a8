"""What a tenant's films were made of before, by all that shaped it: found there, nobody is asked and nothing is paid.

A key is looked up before a vendor is asked or a picture drawn; the result is written in the transaction that records
it. Whoever finds nothing has it to make, and others who want the same at once wait for as long as they live.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TypeVar

import media
from common import phrases
from common.bus.step import Save, Step
from common.contracts.values import ArtifactRef, Value
from common.db.work import Transaction
from common.errors import NotFound
from media.code import code_version
from media.ffmpeg import ffmpeg_build
from media.fonts import fonts_digest
from pydantic import ValidationError
from vendors import speech

from producer import repository

Kept = TypeVar("Kept", bound=Value)
_LOOK_SECONDS = 0.2
_PARTED = Path(phrases.__file__)
_PICTURES = (Path(__file__).parent, Path(media.__file__).parent, _PARTED)
_VOICES = (Path(speech.__file__).parent, Path(media.__file__).parent, _PARTED)


def key_of(step: Step, kind: str, *facts: object) -> str:
    """The SHA-256 of plain data that shapes a thing of that kind. What a private run makes is for that run alone."""
    spelt = json.dumps([kind, str(step.private_of), *facts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(spelt.encode()).hexdigest()


def drawn_by() -> list[str]:
    """What shapes every picture besides its order: our code, the libraries it draws with, the ffmpeg build, fonts."""
    return [code_version(*_PICTURES), ffmpeg_build(), fonts_digest()]


def spoken_by() -> str:
    """What shapes every voice besides its order: our code."""
    return code_version(*_VOICES)


async def are_there(step: Step, refs: Iterable[ArtifactRef]) -> bool:
    """Whether the tenant still has the bytes of all of these."""
    return all([await _is_there(step, ref) for ref in refs])


class Shelf:
    """The shelf of each tenant. What somebody's run left on it goes when the run is forgotten."""

    async def find(
        self, step: Step, key: str, *, returns: type[Kept], usable: Callable[[Kept], Awaitable[bool]]
    ) -> Kept | None:
        """What another step made under the key and is `usable` still; None once it is this step's to make, or was.

        Waits while another step that is alive makes it.
        """
        while True:
            async with step.work.transaction(step.tenant) as tx:
                seen = await repository.claim_made(tx, key, step)
            if seen.state == "ours":
                return None
            if seen.state == "done":
                found = _read(returns, seen.result)
                if found is not None and await usable(found):
                    return found
                await self.drop(step, key)
                continue
            await asyncio.sleep(_LOOK_SECONDS)

    async def peek(self, step: Step, key: str, *, returns: type[Kept]) -> Kept | None:
        """What was made under the key, without claiming it."""
        async with step.work.transaction(step.tenant) as tx:
            result = await repository.read_made(tx, key)
        return _read(returns, result)

    def keep(self, step: Step, key: str, made: Value) -> Save:
        """Puts what was made there, in the transaction that records it."""

        async def save(tx: Transaction) -> None:
            await repository.keep_made(tx, key, step, made.model_dump(mode="json"))

        return save

    async def drop(self, step: Step, key: str) -> None:
        """Take it away: it cannot be used, by nobody."""
        async with step.work.transaction(step.tenant) as tx:
            await repository.drop_made(tx, key)


class EmptyShelf(Shelf):
    """Keeps nothing: for films that are made outside of a service."""

    async def find(
        self, step: Step, key: str, *, returns: type[Kept], usable: Callable[[Kept], Awaitable[bool]]
    ) -> Kept | None:
        """Nothing."""
        return None

    def keep(self, step: Step, key: str, made: Value) -> Save:
        """Keeps nothing."""

        async def save(tx: Transaction) -> None:
            pass

        return save

    async def drop(self, step: Step, key: str) -> None:
        """There is nothing to take away."""


def _read(kind: type[Kept], result: object) -> Kept | None:
    try:
        return kind.model_validate(result)
    except ValidationError:
        # Another version wrote it.
        return None


async def _is_there(step: Step, ref: ArtifactRef) -> bool:
    try:
        async for _ in step.artifacts.stream(step.tenant, ref.sha256, start=0, end=1):
            return True
    except NotFound:
        return False
    return ref.size == 0
