"""Asking a safety endpoint over HTTP: whatever is not the promised answer is `ShieldUnavailable`."""

from __future__ import annotations

import time
from typing import Any, TypeVar

import httpx
from common.errors import GreenlightError, ShieldUnavailable
from pydantic import BaseModel

from vendors.wire import exchange, understood

Answer = TypeVar("Answer", bound=BaseModel)


async def ask(
    client: httpx.AsyncClient, method: str, path: str, *, name: str, returns: type[Answer], json: Any = None
) -> tuple[Answer, float]:
    """The validated answer, and how many milliseconds it took."""
    began, shield = time.perf_counter(), f"Shield {name}"
    try:
        answer = await exchange(client, method, path, vendor=shield, json=json)
        if answer.status_code != httpx.codes.OK:
            # What it says with it may repeat the text that nobody has looked at, so it is not passed on.
            raise ShieldUnavailable(f"{shield} answered {answer.status_code}.")
        verdict = understood(answer, vendor=shield, returns=returns)
    except ShieldUnavailable:
        raise
    except GreenlightError as error:
        raise ShieldUnavailable(error.detail) from error
    return verdict, (time.perf_counter() - began) * 1000
