"""A vendor's file, written down whole or not at all."""

from __future__ import annotations

from pathlib import Path

import httpx
from common.errors import GreenlightError

from vendors.clips.port import FILM_LIMIT, ClipCutOff, ClipTooLarge
from vendors.links import file_at

_PIECE = 1 << 20


async def download(
    client: httpx.AsyncClient,
    link: str,
    *,
    vendor: str,
    to: Path,
    limit: int = FILM_LIMIT,
    keyed: bool = False,
) -> None:
    """Write what is at `link` to `to`. Raises `ClipTooLarge`, `ClipCutOff`, or what the vendor's refusal means.

    Vendors redirect to where they store; the key goes only to the vendor itself, and only if `keyed`.
    """
    part = to.with_name(f"{to.name}.part")
    try:
        await _write(client, link, vendor=vendor, to=part, limit=limit, keyed=keyed)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


async def _write(client: httpx.AsyncClient, link: str, *, vendor: str, to: Path, limit: int, keyed: bool) -> None:
    size = 0

    def broke(name: str) -> GreenlightError:
        return ClipCutOff(f"{vendor}'s file broke off after {size} bytes: {name}.")

    async with file_at(client, link, vendor=vendor, broke=broke, keyed=keyed) as answer:
        # A megabyte at a time to a local disk: less than a frame's work for the event loop.
        with to.open("wb") as file:
            async for piece in answer.aiter_bytes(_PIECE):
                size += len(piece)
                if size > limit:
                    raise ClipTooLarge(f"{vendor}'s file has more than {limit} bytes.")
                file.write(piece)
    if size == 0:
        raise ClipCutOff(f"{vendor}'s file is empty.")
