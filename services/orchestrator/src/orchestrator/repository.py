"""Reads of runs, their history and their artifacts. All of it is scoped by the transaction's tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from common.contracts.values import RunStatus
from common.db.work import Transaction
from common.errors import NotFound
from sqlalchemy import func, select, tuple_

from orchestrator.models import run_artifacts, run_events, runs


async def get_run(tx: Transaction, run_id: UUID) -> Any:
    """The run's row. Raises `NotFound`, also for another tenant's."""
    found = await tx.session.execute(select(runs).where(runs.c.id == run_id))
    row = found.mappings().first()
    if row is None:
        raise NotFound(f"There is no run {run_id}.")
    return row


async def find_run(tx: Transaction, run_id: UUID) -> Any | None:
    """The run's row, or None."""
    return (await tx.session.execute(select(runs).where(runs.c.id == run_id))).mappings().first()


async def list_runs(
    tx: Transaction,
    *,
    status: RunStatus | None,
    workflow: str | None,
    limit: int,
    after: tuple[datetime, UUID] | None,
) -> Sequence[Any]:
    """The next runs, newest first."""
    query = select(runs).order_by(runs.c.created_at.desc(), runs.c.id.desc()).limit(limit)
    if status is not None:
        query = query.where(runs.c.status == status.value)
    if workflow is not None:
        query = query.where(runs.c.workflow == workflow)
    if after is not None:
        query = query.where(tuple_(runs.c.created_at, runs.c.id) < after)
    return (await tx.session.execute(query)).mappings().all()


async def list_history(tx: Transaction, run_id: UUID, *, after_seq: int = 0, limit: int = 1000) -> Sequence[Any]:
    """Entries with `seq` greater than `after_seq`, in order."""
    found = await tx.session.execute(
        select(run_events)
        .where(run_events.c.run_id == run_id, run_events.c.seq > after_seq)
        .order_by(run_events.c.seq)
        .limit(limit)
    )
    return found.mappings().all()


async def list_heads(tx: Transaction, run_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The last `seq` of each of these runs that is there."""
    last = func.max(run_events.c.seq).label("seq")
    query = select(run_events.c.run_id, last).where(run_events.c.run_id.in_(run_ids)).group_by(run_events.c.run_id)
    return {row.run_id: row.seq for row in await tx.session.execute(query)}


async def list_artifacts(tx: Transaction, run_id: UUID) -> Sequence[Any]:
    """What the run made, oldest first."""
    found = await tx.session.execute(
        select(run_artifacts)
        .where(run_artifacts.c.run_id == run_id)
        .order_by(run_artifacts.c.announced_at, run_artifacts.c.sha256)
    )
    return found.mappings().all()


async def get_artifact(tx: Transaction, sha256: str) -> Any:
    """Any row about these bytes in this tenant. Raises `NotFound`."""
    found = await tx.session.execute(select(run_artifacts).where(run_artifacts.c.sha256 == sha256).limit(1))
    row = found.mappings().first()
    if row is None:
        raise NotFound(f"There is no artifact {sha256}.")
    return row
