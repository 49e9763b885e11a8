"""Reads of runs, their history and their artifacts, scoped by the transaction's tenant.

What finds runs leaves out private ones that are not for the viewer (`orchestrator.visibility`); what reads on from a
run is asked after it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from common.contracts.values import RunStatus
from common.db.work import Transaction
from common.errors import NotFound
from sqlalchemy import Select, func, select, tuple_

from orchestrator.models import run_artifacts, run_events, runs
from orchestrator.visibility import is_of_no_hidden_run, is_visible, must_steer

HISTORY_PAGE = 1_000
SEARCHED = 1_000
"""How many runs, the newest first, a page looks inside of. The next page goes on from there."""


@dataclass(frozen=True)
class RunFilter:
    """Which runs. What is None, or empty, leaves none out."""

    ids: Collection[UUID] = ()
    status: Collection[RunStatus] = ()
    workflow: str | None = None
    not_by: Collection[str] = ()
    """Digests of definitions that they do not go by."""
    created_after: datetime | None = None
    """Not at that instant itself."""
    created_before: datetime | None = None
    created_by: str | None = None
    session_id: UUID | None = None
    parent_run_id: UUID | None = None
    degraded: bool | None = None
    min_seconds: float | None = None
    """From its start to its end, or until now."""
    max_seconds: float | None = None
    text: str | None = None
    """Somewhere in the brief, in large or small letters."""

    @property
    def looks_inside(self) -> bool:
        """Whether runs have to be read to know."""
        return any(asked is not None for asked in (self.text, self.degraded, self.min_seconds, self.max_seconds))


@dataclass(frozen=True)
class Found:
    """Some runs, and where to go on: after the last that was looked at, which may be none of those found."""

    rows: Sequence[Any]
    following: tuple[datetime, UUID] | None


async def get_run(tx: Transaction, run_id: UUID, *, to_steer: bool = False) -> Any:
    """The run's row. Raises `NotFound`, also for another tenant's and one that is not for the viewer to see.

    `to_steer`: raises `Forbidden` for who may only look at it.
    """
    row = await find_run(tx, run_id)
    if row is None:
        raise NotFound(f"There is no run {run_id}.")
    if to_steer:
        await must_steer(tx, row)
    return row


async def find_run(tx: Transaction, run_id: UUID) -> Any | None:
    """The run's row, or None."""
    return (await tx.session.execute(select(runs).where(runs.c.id == run_id, is_visible()))).mappings().first()


async def lock_run(tx: Transaction, run_id: UUID) -> Any:
    """The run's row to be changed, by nobody else until the transaction ends. Raises what `get_run` does."""
    await get_run(tx, run_id, to_steer=True)
    return (await tx.session.execute(select(runs).where(runs.c.id == run_id).with_for_update())).mappings().one()


async def list_runs(
    tx: Transaction, wanted: RunFilter, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> Found:
    """The next runs, newest first."""
    rows = (await tx.session.execute(select_runs(wanted, limit=limit + 1, after=after))).mappings().all()
    if len(rows) > limit:
        return Found(rows[:limit], _key(rows[limit - 1]))
    if not wanted.looks_inside:
        return Found(rows, None)
    keys = _by_index(wanted, after).with_only_columns(runs.c.created_at, runs.c.id).offset(SEARCHED - 1).limit(1)
    last = (await tx.session.execute(keys)).mappings().first()
    return Found(rows, _key(last) if last else None)


def select_runs(wanted: RunFilter, *, limit: int, after: tuple[datetime, UUID] | None = None) -> Select[Any]:
    """The statement for the next runs, newest first. What no index knows is looked for among `SEARCHED` runs only."""
    query = _by_index(wanted, after)
    if not wanted.looks_inside:
        return query.limit(limit)
    seen = query.limit(SEARCHED).subquery()
    found = select(seen).order_by(seen.c.created_at.desc(), seen.c.id.desc()).limit(limit)
    if wanted.text is not None:
        found = found.where(func.strpos(func.lower(seen.c.input["brief"].astext), wanted.text.lower()) > 0)
    if wanted.degraded is not None:
        # What is as it always begins is not written, so an empty list is no list.
        has = seen.c.state.has_key("downgrades")
        found = found.where(has if wanted.degraded else ~has)
    took = func.coalesce(seen.c.finished_at, func.now()) - seen.c.created_at
    if wanted.min_seconds is not None:
        found = found.where(took >= timedelta(seconds=wanted.min_seconds))
    if wanted.max_seconds is not None:
        found = found.where(took <= timedelta(seconds=wanted.max_seconds))
    return found


def _by_index(wanted: RunFilter, after: tuple[datetime, UUID] | None) -> Select[Any]:
    query = select(runs).where(is_visible()).order_by(runs.c.created_at.desc(), runs.c.id.desc())
    same = {"workflow": wanted.workflow, "created_by": wanted.created_by, "session_id": wanted.session_id}
    for name, value in (same | {"parent_run_id": wanted.parent_run_id}).items():
        if value is not None:
            query = query.where(runs.c[name] == value)
    if wanted.ids:
        query = query.where(runs.c.id.in_(wanted.ids))
    if wanted.status:
        query = query.where(runs.c.status.in_([status.value for status in wanted.status]))
    if wanted.not_by:
        query = query.where(runs.c.definition_digest.not_in(wanted.not_by))
    if wanted.created_after is not None:
        query = query.where(runs.c.created_at > wanted.created_after)
    if wanted.created_before is not None:
        query = query.where(runs.c.created_at < wanted.created_before)
    return query if after is None else query.where(tuple_(runs.c.created_at, runs.c.id) < after)


def _key(row: Any) -> tuple[datetime, UUID]:
    return row["created_at"], row["id"]


async def list_history(
    tx: Transaction, run_id: UUID, *, after_seq: int = 0, limit: int = HISTORY_PAGE, types: Collection[str] = ()
) -> Sequence[Any]:
    """Entries with `seq` greater than `after_seq`, in order; of some types only, if they are named."""
    query = select(run_events).where(run_events.c.run_id == run_id, run_events.c.seq > after_seq)
    if types:
        query = query.where(run_events.c.type.in_(types))
    return (await tx.session.execute(query.order_by(run_events.c.seq).limit(limit))).mappings().all()


async def read_history(tx: Transaction, run_id: UUID, *, types: Collection[str]) -> list[Any]:
    """All entries of some types, in order."""
    read: list[Any] = []
    while True:
        page = await list_history(tx, run_id, after_seq=read[-1]["seq"] if read else 0, types=types)
        read += page
        if len(page) < HISTORY_PAGE:
            return read


async def list_heads(tx: Transaction, run_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The last `seq` of each of these runs that is there."""
    last = func.max(run_events.c.seq).label("seq")
    query = select(run_events.c.run_id, last).where(run_events.c.run_id.in_(run_ids)).group_by(run_events.c.run_id)
    return {row.run_id: row.seq for row in await tx.session.execute(query)}


async def list_seen(tx: Transaction, run_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Those of these runs that the viewer sees, each with its `private_of`."""
    found = await tx.session.execute(select(runs.c.id, runs.c.private_of).where(runs.c.id.in_(run_ids), is_visible()))
    return {row.id: row.private_of for row in found}


async def list_artifacts(tx: Transaction, run_id: UUID) -> Sequence[Any]:
    """What the run made, oldest first."""
    found = await tx.session.execute(
        select(run_artifacts)
        .where(run_artifacts.c.run_id == run_id)
        .order_by(run_artifacts.c.announced_at, run_artifacts.c.sha256)
    )
    return found.mappings().all()


async def get_artifact(tx: Transaction, sha256: str) -> Any:
    """Any row about these bytes of a run that the viewer sees. Raises `NotFound`."""
    made = run_artifacts.c
    query = select(run_artifacts).where(made.sha256 == sha256, is_of_no_hidden_run(made.run_id)).limit(1)
    found = await tx.session.execute(query)
    row = found.mappings().first()
    if row is None:
        raise NotFound(f"There is no artifact {sha256}.")
    return row
