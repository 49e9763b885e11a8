"""Fetching from a search or a feed, by the table that all vendors share."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import orjson
from common.contracts.values import JsonObject
from common.errors import VendorAuthFailed, VendorUnavailable
from vendors.wire import send


async def fetch(
    client: httpx.AsyncClient, path: str, *, name: str, params: Mapping[str, str | int] | None = None
) -> bytes:
    """The body of a success. Who is not let in has no key, or none that is good."""
    answer = await send(client, "GET", path, vendor=name, params=params, means={403: VendorAuthFailed})
    return answer.content


def document_of(body: bytes, *, name: str) -> JsonObject:
    """The JSON object of an answer. Raises `VendorUnavailable` for anything else."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise VendorUnavailable(f"{name} answered what is no JSON.") from error
    if not isinstance(found, dict):
        raise VendorUnavailable(f"{name} answered what is no JSON object.")
    return found
