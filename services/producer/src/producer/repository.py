"""What the producer asks of its own records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from common.bus.step import Step
from common.db.table import RuntimeTables
from common.db.work import Transaction
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from producer.models import made

_KEPT = timedelta(days=30)
"""What was made longer ago is made anew; the rows are dropped little by little, by whoever keeps something."""
_DROPPED_AT_ONCE = 100


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


@dataclass(frozen=True)
class Seen:
    """What stands under a key: `done` by others, with its result; `ours` to make, or made; `theirs`, who are at it."""

    state: Literal["done", "ours", "theirs"]
    result: Any = None


async def claim_made(tx: Transaction, key: str, step: Step) -> Seen:
    """Look under the key, and claim it for the step where nobody has made it, nor is making it and alive."""
    mine = _mine(step, None)
    claimed = await tx.session.execute(
        insert(made).values(tenant_id=tx.tenant, key=key, **mine).on_conflict_do_nothing().returning(made.c.key)
    )
    if claimed.first() is not None:
        return Seen("ours")
    attempts = tx.tables.attempts.c
    is_theirs = exists().where(
        attempts.step_id == made.c.step_id,
        attempts.step_id != step.id,
        attempts.owner == made.c.owner,
        attempts.lease_until > func.now(),
    )
    is_old = made.c.made_at < func.now() - _KEPT
    looked = select(made.c.result, made.c.step_id, is_theirs.label("is_theirs"), is_old.label("is_old"))
    row = (await tx.session.execute(looked.where(made.c.key == key).with_for_update(of=made))).one_or_none()
    if row is not None and row.result is not None and not row.is_old:
        return Seen("ours") if row.step_id == step.id else Seen("done", row.result)
    if row is None or (row.result is None and row.is_theirs):
        return Seen("theirs")
    await tx.session.execute(update(made).where(made.c.key == key).values(mine))
    return Seen("ours")


async def read_made(tx: Transaction, key: str) -> Any:
    """What was made under the key, if it was."""
    return (await tx.session.execute(select(made.c.result).where(made.c.key == key))).scalar_one_or_none()


async def keep_made(tx: Transaction, key: str, step: Step, result: Any) -> None:
    """Write down what was made under the key, whoever had claimed it."""
    old = (
        select(made.c.key)
        .where(made.c.made_at < func.now() - _KEPT)
        .limit(_DROPPED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await tx.session.execute(delete(made).where(made.c.key.in_(old)))
    mine = _mine(step, result)
    kept = insert(made).values(tenant_id=tx.tenant, key=key, **mine)
    await tx.session.execute(kept.on_conflict_do_update(index_elements=[made.c.tenant_id, made.c.key], set_=mine))


async def drop_made(tx: Transaction, key: str) -> None:
    """Take away what was made under the key."""
    await tx.session.execute(delete(made).where(made.c.key == key, made.c.result.is_not(None)))


async def forget_made(tx: Transaction, run_id: UUID) -> None:
    """Take away all that the run has made."""
    await tx.session.execute(delete(made).where(made.c.run_id == run_id))


def _mine(step: Step, result: Any) -> dict[str, Any]:
    return {
        "run_id": step.run_id,
        "step_id": step.id,
        "owner": step.owner,
        "result": result,
        "made_at": func.now(),
    }
