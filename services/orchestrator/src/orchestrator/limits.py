"""What a tenant may have at most: steps at work at once, and money. Read by the dispatcher once a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.contracts.audit import AuditEntry
from common.contracts.catalogue import CAPABILITIES
from common.contracts.values import JsonObject
from common.db.work import Transaction
from common.errors import Invalid
from common.manifest import state_sha256
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.accounts import TOTAL
from orchestrator.budgets import cap_run
from orchestrator.models import LimitKind, limits, ready_steps, run_accounts, tenant_accounts
from orchestrator.repository import get_run

_NAMED = {LimitKind.STEPS_OF_WORKFLOW, LimitKind.STEPS_OF_CAPABILITY}


@dataclass(frozen=True)
class Limited:
    """One limit, and how much of it is in use now; None for what is counted for each run."""

    kind: LimitKind
    name: str
    at_most: int
    in_use: int | None


@dataclass(frozen=True)
class Budget:
    """Money of one run with all that it started, one day or all time, in micro-dollars.

    What is allotted and not spent is set aside for runs.
    """

    of: str
    cap: int | None
    allotted: int
    reserved: int
    spent: int


async def list_limits(tx: Transaction, *, today: date) -> Sequence[Limited]:
    """The tenant's limits, by kind and name."""
    found = (await tx.session.execute(select(limits).order_by(limits.c.kind, limits.c.name))).all()
    at_work = await tx.session.execute(
        select(ready_steps.c.workflow, ready_steps.c.capability, func.count().label("steps"))
        .where(ready_steps.c.sent_at.is_not(None))
        .group_by(ready_steps.c.workflow, ready_steps.c.capability)
    )
    steps = [(str(row.workflow), str(row.capability), int(row.steps)) for row in at_work]
    money = await _allotted(tx, [TOTAL, today.isoformat()])

    def in_use(kind: LimitKind, name: str) -> int | None:
        match kind:
            case LimitKind.STEPS:
                return sum(count for _, _, count in steps)
            case LimitKind.STEPS_OF_WORKFLOW:
                return sum(count for workflow, _, count in steps if workflow == name)
            case LimitKind.STEPS_OF_CAPABILITY:
                return sum(count for _, capability, count in steps if capability == name)
            case LimitKind.USD_DAY:
                return money.get(today.isoformat(), 0)
            case LimitKind.USD_TOTAL:
                return money.get(TOTAL, 0)
            case LimitKind.USD_RUN:
                return None

    return [Limited(kind := LimitKind(row.kind), row.name, row.at_most, in_use(kind, row.name)) for row in found]


async def set_limit(tx: Transaction, kind: LimitKind, name: str, *, at_most: int, actor: str, at: datetime) -> None:
    """Hold the tenant to `at_most`. What is over it already goes on; nothing more begins. Raises `Invalid`."""
    _check_name(kind, name)
    statement = upsert(limits).values(tenant_id=tx.tenant, kind=kind.value, name=name, at_most=at_most)
    newer = {"at_most": statement.excluded.at_most}
    known = await tx.session.execute(
        select(limits.c.at_most).where(limits.c.kind == kind.value, limits.c.name == name).with_for_update()
    )
    before = known.scalar_one_or_none()
    await tx.session.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "kind", "name"], set_=newer))
    detail = {"at_most": at_most}
    tx.audit(_entry("limit.set", kind, name, actor=actor, at=at, detail=detail, before=before, after=at_most))


async def remove_limit(tx: Transaction, kind: LimitKind, name: str, *, actor: str, at: datetime) -> None:
    """Hold the tenant to this no more. Where there is no such limit, nothing changes."""
    gone = await tx.session.execute(
        delete(limits).where(limits.c.kind == kind.value, limits.c.name == name).returning(limits.c.at_most)
    )
    if (row := gone.first()) is not None:
        detail = {"at_most": row.at_most}
        tx.audit(_entry("limit.removed", kind, name, actor=actor, at=at, detail=detail, before=row.at_most))


async def list_budgets(tx: Transaction, *, today: date, days: int) -> Sequence[Budget]:
    """All time first, then up to `days` days on which money was set aside, the newest first, today always."""
    caps = await _caps(tx)
    found = await tx.session.execute(
        select(tenant_accounts.c.period)
        .where(tenant_accounts.c.period != TOTAL, tenant_accounts.c.period != today.isoformat())
        .order_by(tenant_accounts.c.period.desc())
        .limit(days - 1)
    )
    periods = [TOTAL, today.isoformat(), *found.scalars()]
    allotted = await _allotted(tx, periods)
    reserved, idle = await _reserved(tx), await _idle(tx)
    budgets = []
    for period in periods:
        given, held = allotted.get(period, 0), reserved.get(period, 0)
        cap = caps.get(LimitKind.USD_TOTAL if period == TOTAL else LimitKind.USD_DAY)
        budgets.append(Budget(period, cap, given, held, given - held - idle.get(period, 0)))
    return budgets


async def get_run_budget(tx: Transaction, run_id: UUID) -> Budget:
    """What a run and those it started were given and spent. Raises `NotFound`."""
    await get_run(tx, run_id)
    row = (await tx.session.execute(select(run_accounts).where(run_accounts.c.run_id == run_id))).first()
    own = None if row is None else row.at_most_usd_micros
    caps = [cap for cap in (own, (await _caps(tx)).get(LimitKind.USD_RUN)) if cap is not None]
    if row is None:
        return Budget(str(run_id), min(caps, default=None), 0, 0, 0)
    below = row.reserved_below_usd_micros + row.spent_below_usd_micros
    return Budget(
        str(run_id),
        min(caps, default=None),
        row.allotted_usd_micros + below,
        row.reserved_usd_micros + row.reserved_below_usd_micros,
        row.spent_usd_micros + row.spent_below_usd_micros,
    )


async def set_run_budget(tx: Transaction, run_id: UUID, *, at_most: int | None, actor: str, at: datetime) -> None:
    """Give a run a cap of its own, or none; one that failed over its budget can then be retried. Raises `NotFound`."""
    await get_run(tx, run_id, to_steer=True)
    await cap_run(tx, run_id, at_most=at_most, today=at.date())
    detail: JsonObject = {"at_most_usd_micros": at_most}
    entry = AuditEntry(
        actor=actor, action="run.budget_set", resource=f"run:{run_id}", run_id=run_id, detail=detail, at=at
    )
    tx.audit(entry)


def _check_name(kind: LimitKind, name: str) -> None:
    if (kind in _NAMED) != bool(name):
        raise Invalid(f"A limit on {kind.value} {'names one' if kind in _NAMED else 'has no name'}.")
    if kind is LimitKind.STEPS_OF_CAPABILITY and name not in CAPABILITIES:
        raise Invalid(f"There is no capability {name!r}; known are {', '.join(sorted(CAPABILITIES))}.")


def _entry(
    action: str,
    kind: LimitKind,
    name: str,
    *,
    actor: str,
    at: datetime,
    detail: dict[str, Any],
    before: int | None = None,
    after: int | None = None,
) -> AuditEntry:
    resource = f"limit:{kind.value}/{name}" if name else f"limit:{kind.value}"
    return AuditEntry(
        actor=actor,
        action=action,
        resource=resource,
        detail=detail,
        at=at,
        before_sha256=_sha256(before),
        after_sha256=_sha256(after),
    )


def _sha256(at_most: int | None) -> str | None:
    return state_sha256(None if at_most is None else {"at_most": at_most})


async def _caps(tx: Transaction) -> dict[LimitKind, int]:
    found = await tx.session.execute(select(limits.c.kind, limits.c.at_most).where(limits.c.name == ""))
    return {LimitKind(row.kind): row.at_most for row in found}


async def _allotted(tx: Transaction, periods: Sequence[str]) -> dict[str, int]:
    account = tenant_accounts.c
    found = await tx.session.execute(
        select(account.period, account.allotted_usd_micros).where(account.period.in_(periods))
    )
    return {row.period: row.allotted_usd_micros for row in found}


async def _reserved(tx: Transaction) -> dict[str, int]:
    """By day and in total, what is set aside for steps under way."""
    day = func.date(func.timezone("utc", ready_steps.c.sent_at))
    found = await tx.session.execute(
        select(day.label("day"), func.sum(ready_steps.c.reserved_usd_micros).label("amount"))
        .where(ready_steps.c.reserved_usd_micros > 0)
        .group_by(day)
    )
    return _with_total({row.day.isoformat(): int(row.amount) for row in found})


async def _idle(tx: Transaction) -> dict[str, int]:
    """By day and in total, what runs were given and do not use at this moment."""
    account = run_accounts.c
    idle = account.allotted_usd_micros - account.reserved_usd_micros - account.spent_usd_micros
    found = await tx.session.execute(
        select(account.day, func.sum(idle).label("amount"))
        .where(account.allotted_usd_micros > account.reserved_usd_micros + account.spent_usd_micros)
        .group_by(account.day)
    )
    return _with_total({row.day.isoformat(): int(row.amount) for row in found})


def _with_total(by_day: dict[str, int]) -> dict[str, int]:
    return by_day | {TOTAL: sum(by_day.values())}
