"""What the producer asks of its own records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from common.db.table import RuntimeTables
from common.db.work import Transaction
from sqlalchemy import select


@dataclass(frozen=True)
class Order:
    """An order with a vendor that was begun: when, and which jobs of this vendor other steps have already."""

    begun_at: datetime
    taken: frozenset[str]


async def read_order(
    tx: Transaction, tables: RuntimeTables, *, step_id: UUID, vendor: str, key: str, jobs: Iterable[str]
) -> Order | None:
    """The order under `key` of a step; of `jobs`, those that belong to other steps. None if it was never begun."""
    calls = tables.calls.c
    begun = await tx.session.execute(select(calls.started_at).where(calls.step_id == step_id, calls.key == key))
    row = begun.first()
    if row is None:
        return None
    job = calls.result["job"]["id"].astext
    taken = await tx.session.execute(
        select(job).where(calls.name == vendor, calls.step_id != step_id, job.in_(list(jobs)))
    )
    return Order(row.started_at, frozenset(taken.scalars()))
