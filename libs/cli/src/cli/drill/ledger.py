"""What the database says, read as its owner and never written: progress several times a second, and proof at the end.

No service of ours may read another's tables. This is an operator's tool on the operator's own stack: it asks the APIs
where they can tell, and the tables where they cannot (permits, calls, decisions), or where the API is what was killed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from common.contracts.values import TERMINAL_STATUSES

_LOOK: LiteralString = """
    select r.id, r.status, r.shown_status, coalesce(e.seq, 0), i.id
    from orchestrator.runs r
    left join lateral (select max(seq) as seq from orchestrator.run_events where run_id = r.id) e on true
    left join compliance.airlock_items i on i.run_id = r.id and i.tenant_id = r.tenant_id and i.status = 'open'
    where r.tenant_id = %s
"""


@dataclass(frozen=True)
class RunSight:
    """Where a run stands at one moment."""

    status: str
    shown: str
    seq: int
    open_item: UUID | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in TERMINAL_STATUSES

    @property
    def is_ours(self) -> bool:
        """Whether it waits for the drill's reviewer, so that nothing else can make it move."""
        return self.open_item is not None

    @property
    def should_move(self) -> bool:
        """Whether the stack owes it progress."""
        return not self.is_over and not self.is_ours


class Ledger:
    """A read-only connection that is made again whenever it broke."""

    def __init__(self, address: Callable[[], str], *, tenant: str) -> None:
        self._address = address
        self._connection: psycopg.AsyncConnection[Any] | None = None
        # Whoever looks and whoever strikes ask side by side; the connection is made anew by one of them.
        self._one_at_a_time = asyncio.Lock()
        self.tenant = tenant

    async def look(self) -> dict[UUID, RunSight] | None:
        """Every run of the tenant; None when the database does not answer just now."""
        try:
            rows = await self.rows(_LOOK, self.tenant)
        except (psycopg.Error, OSError):
            return None
        return {row[0]: RunSight(row[1], row[2], row[3], row[4]) for row in rows}

    async def rows(self, query: LiteralString, *values: Any) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises `psycopg.Error` or `OSError` when the database is away."""
        async with self._one_at_a_time:
            try:
                return await self._rows(query, values)
            except (psycopg.Error, OSError):
                await self.close()
                raise

    async def _rows(self, query: LiteralString, values: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                self._address(),
                autocommit=True,
                connect_timeout=2,
                options="-c default_transaction_read_only=on -c statement_timeout=5000",
            )
        return await (await self._connection.execute(query, values)).fetchall()

    async def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error, OSError):
                await connection.close()
