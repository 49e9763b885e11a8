"""One sandbox: what its vendors share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from fastapi import Request

from sandbox.kit.callbacks import Callbacks, Listener
from sandbox.kit.clock import Clock
from sandbox.kit.faults import Fault, Faults
from sandbox.kit.films import Films
from sandbox.kit.ledger import Ledger


@dataclass
class Site:
    """The clock, faults, ledger, films and callbacks of a sandbox, and the key that its vendors want."""

    clock: Clock
    faults: Faults
    ledger: Ledger
    films: Films
    callbacks: Callbacks
    key: str
    job_seconds: float
    listeners: dict[str, Listener] = field(default_factory=dict)
    """Vendor → who wants to be called."""
    closes: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """What vendors have opened, to be closed at the end."""

    @classmethod
    def open(cls, folder: Path, *, key: str, speed: float, job_seconds: float) -> Site:
        """A new one that keeps its films in `folder`."""
        clock, ledger = Clock(speed=speed), Ledger()
        return cls(clock, Faults(), ledger, Films(folder), Callbacks(clock, ledger), key, job_seconds)

    def note(self, kind: str, **detail: object) -> None:
        """Write down an effect."""
        self.ledger.note(self.clock.now(), kind, **detail)

    def is_bearer(self, request: Request) -> bool:
        """Whether a request carries the key as a bearer token."""
        return request.headers.get("authorization") == f"Bearer {self.key}"


def planted(request: Request) -> list[Fault]:
    """The faults this request met that its vendor has to do."""
    faults: list[Fault] = getattr(request.state, "faults", [])
    return faults


def origin_of(request: Request) -> str:
    """How the asker reached us: addresses that a vendor hands out begin with it."""
    return f"{request.url.scheme}://{request.headers['host']}"


async def object_in(request: Request) -> dict[str, Any]:
    """The JSON object that a request sends; an empty one when it sends none."""
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}
