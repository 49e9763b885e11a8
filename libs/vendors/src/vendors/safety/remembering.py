"""Judgements that were given before, so that a replay of the same text asks nobody."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from dataclasses import replace

from vendors.safety.port import Judgement, SafetyModel, SaidBy

KEPT = 20_000
KEPT_SECONDS = 3600.0


class Remembering:
    """A safety model that is asked once about a text of a tenant; a failure is never remembered.

    Kept in this process alone: whoever can write to a shared cache could make anything pass.
    """

    def __init__(self, model: SafetyModel) -> None:
        self._model = model
        self._known: OrderedDict[bytes, tuple[float, Judgement]] = OrderedDict()

    @property
    def name(self) -> str:
        """That of the model behind."""
        return self._model.name

    async def check(self, text: str, *, tenant: str, said_by: SaidBy) -> Judgement:
        """What the model says, or said within the last hour."""
        key = hashlib.sha256("\0".join((tenant, self.name, said_by, text)).encode("utf-8", "replace")).digest()
        known = self._known.get(key)
        if known and known[0] > time.monotonic():
            return replace(known[1], cached=True, latency_ms=0.0)
        judged = await self._model.check(text, tenant=tenant, said_by=said_by)
        self._known[key] = (time.monotonic() + KEPT_SECONDS, judged)
        self._known.move_to_end(key)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return judged

    async def verify(self) -> None:
        """Ask the model itself."""
        await self._model.verify()

    async def close(self) -> None:
        """Close the model's connections."""
        await self._model.close()
