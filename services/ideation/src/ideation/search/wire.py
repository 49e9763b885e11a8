"""Fetching from a search or a feed: whatever is not the promised answer is an error that says who must act."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import orjson
from common.contracts.values import JsonObject
from common.errors import VendorAuthFailed, VendorRateLimited, VendorRefused, VendorUnavailable

Params = Mapping[str, str | int]
ANSWER_LIMIT = 4 << 20


async def fetch(
    client: httpx.AsyncClient, path: str, *, name: str, params: Mapping[str, str | int] | None = None
) -> bytes:
    """The body of a success."""
    try:
        async with client.stream("GET", path, params=params) as response:
            data = bytearray()
            async for piece in response.aiter_bytes():
                data += piece
                if len(data) > ANSWER_LIMIT:
                    raise VendorRefused(f"{name} answers more than {ANSWER_LIMIT} bytes.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise VendorUnavailable(f"{name} did not answer: {type(error).__name__}.") from error
    status = response.status_code
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise VendorAuthFailed(f"{name} does not let us in ({status}).")
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise VendorRateLimited(f"{name} wants us to slow down.")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise VendorUnavailable(f"{name} is in trouble ({status}).")
    if status != httpx.codes.OK:
        where = f"; it has moved to {response.headers['location']}" if "location" in response.headers else ""
        raise VendorRefused(f"{name} answered {status}{where}.")
    return bytes(data)


def document_of(body: bytes, *, name: str) -> JsonObject:
    """The JSON object of an answer. Raises `VendorUnavailable` for anything else."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise VendorUnavailable(f"{name} answered what is no JSON.") from error
    if not isinstance(found, dict):
        raise VendorUnavailable(f"{name} answered what is no JSON object.")
    return found
