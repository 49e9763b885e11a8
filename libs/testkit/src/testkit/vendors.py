"""The sandbox of vendors on a real port, in this process, so that a test may look inside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from pydantic import SecretStr
from sandbox.app import app
from sandbox.kit.callbacks import Listener
from sandbox.kit.faults import Fault, FaultKind
from sandbox.kit.site import Site
from sandbox.settings import Settings

from testkit.listening import listening

KEY = "a-key-of-the-sandbox"


@dataclass
class Sandbox:
    """The running sandbox."""

    url: str
    site: Site
    key: str = KEY

    def plant(self, kind: FaultKind, **about: Any) -> None:
        """Plant a fault; see `Fault`."""
        self.site.faults.plant(Fault(kind=kind, **about))

    def call(self, vendor: str, url: str, secret: str) -> None:
        """Have `vendor` call `url` when a job ends."""
        self.site.listeners[vendor] = Listener(url=url, secret=SecretStr(secret))

    def consent(self) -> SecretStr:
        """A first refresh token, as a person gets it who lets us in."""
        return SecretStr(f"{self.key}-{uuid4().hex}")

    def effects(self, kind: str) -> list[dict[str, Any]]:
        """The effects of one kind, oldest first."""
        return [one.detail for one in self.site.ledger.effects if one.kind == kind]

    def asked(self, method: str, path: str) -> int:
        """How often `path` was asked for."""
        return sum(one.method == method and one.path == path for one in self.site.ledger.requests)


@asynccontextmanager
async def sandbox(*, job_seconds: float = 0.2) -> AsyncIterator[Sandbox]:
    """`async with sandbox() as vendors:` → a sandbox of one's own."""
    built = app(Settings(key=SecretStr(KEY), job_seconds=job_seconds))
    async with listening(built) as url:
        yield Sandbox(url, built.state.site)
