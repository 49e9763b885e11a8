"""Asking a safety endpoint over HTTP: whatever is not the promised answer is `ShieldUnavailable`."""

from __future__ import annotations

import time
from typing import Any, TypeVar

import httpx
from common.errors import ShieldUnavailable
from pydantic import BaseModel, ValidationError

Answer = TypeVar("Answer", bound=BaseModel)
ANSWER_LIMIT = 1 << 20


async def ask(
    client: httpx.AsyncClient, method: str, path: str, *, name: str, returns: type[Answer], json: Any = None
) -> tuple[Answer, float]:
    """The validated answer, and how many milliseconds it took."""
    began = time.perf_counter()
    try:
        # Pieces are counted as they come: an answer without an end must not fill the memory.
        async with client.stream(method, path, json=json) as answer:
            data = bytearray()
            async for piece in answer.aiter_bytes():
                data += piece
                if len(data) > ANSWER_LIMIT:
                    raise ShieldUnavailable(f"Shield {name} does not stop answering.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ShieldUnavailable(f"Shield {name} does not answer: {type(error).__name__}.") from error
    if answer.status_code != httpx.codes.OK:
        raise ShieldUnavailable(f"Shield {name} answered {answer.status_code}.")
    try:
        return returns.model_validate_json(bytes(data)), (time.perf_counter() - began) * 1000
    except ValidationError as error:
        raise ShieldUnavailable(f"Shield {name} answered what is not understood.") from error
