"""Money: set aside before something is handed out, booked when it is answered, given back when it was not needed.

A run takes slices of its tenant's day and total, so most steps touch their run's row alone. Rows are locked in one
order: runs by id, then the tenant's accounts by period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from common.db.work import Transaction
from sqlalchemy import insert, text

from orchestrator.models import LimitKind, run_accounts

TOTAL = "total"
_GENEROSITY = 4
"""How many times what is needed a run takes at once, as long as that is little of what is left."""


@dataclass(frozen=True)
class Refusal:
    """An order that cannot be paid for."""

    step_id: UUID
    detail: str


async def reserve(tx: Transaction, orders: Sequence[Any], *, today: date) -> list[Refusal]:
    """Set aside what each of these rows of `ready_steps` may cost. → those for which there is not enough.

    Runs as the system over all tenants. A refused row is left as it was.
    """
    dear = sorted((row for row in orders if row["estimate_usd_micros"]), key=lambda row: str(row["run_id"]))
    if not dear:
        return []
    caps = await _caps(tx, sorted({row["tenant_id"] for row in dear}))
    refusals = []
    for row in dear:
        detail = await _reserve_one(tx, row, caps.get(row["tenant_id"], {}), today)
        if detail is not None:
            refusals.append(Refusal(row["step_id"], detail))
    return refusals


async def cap_run(tx: Transaction, run_id: UUID, *, at_most: int, today: date) -> None:
    """Give a run a cap of its own, besides its tenant's; the smaller one counts."""
    await tx.session.execute(
        insert(run_accounts).values(
            run_id=run_id,
            tenant_id=tx.tenant,
            allotted_usd_micros=0,
            reserved_usd_micros=0,
            spent_usd_micros=0,
            at_most_usd_micros=at_most,
            day=today,
        )
    )


async def _caps(tx: Transaction, tenants: Sequence[str]) -> dict[str, dict[str, int]]:
    found = await tx.session.execute(
        text(
            "select tenant_id, kind, at_most from orchestrator.limits"
            " where tenant_id = any(:tenants) and kind = any(:kinds) and name = ''"
        ),
        {"tenants": tenants, "kinds": [LimitKind.USD_RUN, LimitKind.USD_DAY, LimitKind.USD_TOTAL]},
    )
    caps: dict[str, dict[str, int]] = {}
    for row in found:
        caps.setdefault(row.tenant_id, {})[row.kind] = row.at_most
    return caps


async def _reserve_one(tx: Transaction, row: Any, caps: dict[str, int], today: date) -> str | None:
    """→ why it cannot be, or None."""
    estimate, run, tenant = row["estimate_usd_micros"], row["run_id"], row["tenant_id"]
    account = await _account(tx, run, tenant, today)
    taken = account.reserved_usd_micros + account.spent_usd_micros
    own = [cap for cap in (caps.get(LimitKind.USD_RUN), account.at_most_usd_micros) if cap is not None]
    if own and taken + estimate > (cap := min(own)):
        return _said(estimate, cap - taken, "this run")
    need = taken + estimate - account.allotted_usd_micros
    slice_ = 0
    if need > 0:
        slice_, short = await _slice(tx, tenant, caps, need, today=today)
        if short is not None:
            return _said(estimate, *short)
    await tx.session.execute(
        text(
            "update orchestrator.run_accounts set allotted_usd_micros = allotted_usd_micros + :slice,"
            " reserved_usd_micros = reserved_usd_micros + :estimate where run_id = :run"
        ),
        {"slice": slice_, "estimate": estimate, "run": run},
    )
    await tx.session.execute(
        text("update orchestrator.ready_steps set reserved_usd_micros = :estimate where step_id = :step"),
        {"estimate": estimate, "step": row["step_id"]},
    )
    return None


async def _account(tx: Transaction, run: UUID, tenant: str, today: date) -> Any:
    """The run's account, locked. Money set aside on another day is counted to the day it was set aside on."""
    await tx.session.execute(
        text(
            "insert into orchestrator.run_accounts"
            " (run_id, tenant_id, allotted_usd_micros, reserved_usd_micros, spent_usd_micros, day)"
            " values (:run, :tenant, 0, 0, 0, :day) on conflict do nothing"
        ),
        {"run": run, "tenant": tenant, "day": today},
    )
    found = await tx.session.execute(
        text("select * from orchestrator.run_accounts where run_id = :run for update"), {"run": run}
    )
    return found.one()


async def _slice(
    tx: Transaction, tenant: str, caps: dict[str, int], need: int, *, today: date
) -> tuple[int, tuple[int, str] | None]:
    """Take money from the tenant's day and total. → how much; or what is left, and of what, when that is too little."""
    periods = {TOTAL: LimitKind.USD_TOTAL, today.isoformat(): LimitKind.USD_DAY}
    left: int | None = None
    for period in sorted(periods):
        await tx.session.execute(
            text(
                "insert into orchestrator.tenant_accounts (tenant_id, period, allotted_usd_micros)"
                " values (:tenant, :period, 0) on conflict do nothing"
            ),
            {"tenant": tenant, "period": period},
        )
        found = await tx.session.execute(
            text(
                "select allotted_usd_micros from orchestrator.tenant_accounts"
                " where tenant_id = :tenant and period = :period for update"
            ),
            {"tenant": tenant, "period": period},
        )
        allotted = found.scalar_one()
        if (cap := caps.get(periods[period])) is not None:
            if cap - allotted < need:
                whose = "the tenant" if period == TOTAL else "the tenant's day"
                return 0, (cap - allotted, whose)
            left = cap - allotted if left is None else min(left, cap - allotted)
    generous = need * _GENEROSITY
    taken = generous if left is None or generous <= left // 10 else need
    await tx.session.execute(
        text(
            "update orchestrator.tenant_accounts set allotted_usd_micros = allotted_usd_micros + :taken"
            " where tenant_id = :tenant and period = any(:periods)"
        ),
        {"taken": taken, "tenant": tenant, "periods": list(periods)},
    )
    return taken, None


def _said(estimate: int, left: int, whose: str) -> str:
    return f"It may cost ${estimate / 1e6:.2f}, and {whose} has ${max(left, 0) / 1e6:.2f} left."


@dataclass(frozen=True)
class Booking:
    """What a transaction did to a run's money."""

    run_id: UUID
    released: int
    """Was set aside for what is answered, or will not be handed out."""
    spent: int
    over: bool
    """The run has ended: what it did not spend goes back to its tenant."""


async def book(tx: Transaction, bookings: Sequence[Booking]) -> None:
    """Book answers. Runs in the tenant's own transaction, which holds the locks of these runs."""
    wanted = [one for one in bookings if one.released or one.spent or one.over]
    if not wanted:
        return
    found = await tx.session.execute(
        text("select * from orchestrator.run_accounts where run_id = any(:runs) order by run_id for update"),
        {"runs": [one.run_id for one in wanted]},
    )
    accounts = {row.run_id: row for row in found}
    for one in wanted:
        account = accounts.get(one.run_id)
        if account is None and not one.spent:
            continue
        await _book_one(tx, one, account)


async def _book_one(tx: Transaction, booking: Booking, account: Any) -> None:
    """Money that was spent without being set aside is on the books all the same."""
    if account is None:
        day = (await tx.session.execute(text("select (now() at time zone 'utc')::date"))).scalar_one()
        account = await _account(tx, booking.run_id, tx.tenant, day)
    reserved = account.reserved_usd_micros - booking.released
    spent = account.spent_usd_micros + booking.spent
    allotted = spent + reserved if booking.over else max(account.allotted_usd_micros, spent + reserved)
    await tx.session.execute(
        text(
            "update orchestrator.run_accounts set reserved_usd_micros = :reserved, spent_usd_micros = :spent,"
            " allotted_usd_micros = :allotted where run_id = :run"
        ),
        {"reserved": reserved, "spent": spent, "allotted": allotted, "run": booking.run_id},
    )
    if (change := allotted - account.allotted_usd_micros) != 0:
        periods = sorted([TOTAL, account.day.isoformat()])
        await tx.session.execute(
            text(
                "insert into orchestrator.tenant_accounts as a (tenant_id, period, allotted_usd_micros)"
                " select :tenant, period, :change from unnest(cast(:periods as text[])) as period"
                " on conflict (tenant_id, period) do update"
                " set allotted_usd_micros = a.allotted_usd_micros + :change"
            ),
            {"tenant": account.tenant_id, "change": change, "periods": periods},
        )
