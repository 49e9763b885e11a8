"""When keys were last used: remembered in memory, written in batches, so that no request waits for it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from identity.domain import ApiKey
from identity.registry import USED_AGAIN_AFTER, Registry

_PAUSE_SECONDS = 5.0


class KeyUses:
    """Collects uses. A crash loses those of the last seconds, which nobody decides on."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._pending: dict[UUID, datetime] = {}
        self._filled = asyncio.Event()

    def note(self, key: ApiKey, at: datetime) -> None:
        """Remember that the key was used, unless a use of the last minute is written already."""
        if key.last_used_at is None or at - key.last_used_at >= USED_AGAIN_AFTER:
            self._pending[key.id] = at
            self._filled.set()

    async def run(self) -> None:
        """Write what was remembered, for ever, at once and then every few seconds."""
        while True:
            await self._filled.wait()
            await self.flush()
            await asyncio.sleep(_PAUSE_SECONDS)

    async def flush(self) -> None:
        """Write what was remembered; what cannot be written now is remembered still."""
        if uses := dict(self._pending):
            await self._registry.note_uses(uses)
            self._pending = {key: at for key, at in self._pending.items() if uses.get(key) != at}
        if not self._pending:
            self._filled.clear()
