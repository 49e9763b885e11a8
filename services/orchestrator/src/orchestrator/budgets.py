"""Money: set aside before something is handed out, booked when it is answered, given back when it was not needed.

A run takes slices of its tenant's day and total, so most steps touch their run's row alone, and those of the runs
above it. What is set aside counts to the day it was set aside on, whenever it is answered. Rows are locked in one
order: the backlog's, then runs' accounts by id, then the tenant's accounts, its total first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from common.db.work import Transaction
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.accounts import (
    TOTAL,
    Account,
    Booking,
    account_of,
    change,
    lock_accounts,
    open_accounts,
    write_accounts,
)
from orchestrator.models import LimitKind, run_accounts

MONEY = (LimitKind.USD_RUN, LimitKind.USD_DAY, LimitKind.USD_TOTAL)
_PLENTY = 1 << 62
_GENEROSITY = 4
"""How many times what is needed a run takes at once, as long as that is little of what is left."""

_CAPS: LiteralString = (
    "select tenant_id, kind, at_most from orchestrator.limits"
    " where tenant_id = any(%(tenants)s) and kind = any(%(kinds)s) and name = ''"
)
_LOCK_IDLE: LiteralString = (
    "select * from orchestrator.run_accounts where tenant_id = %(tenant)s"
    " and allotted_usd_micros > reserved_usd_micros + spent_usd_micros and run_id <> all(%(known)s)"
    " for update skip locked"
)
_COUNT_IDLE: LiteralString = (
    "select count(*) as idle from orchestrator.run_accounts where tenant_id = %(tenant)s"
    " and allotted_usd_micros > reserved_usd_micros + spent_usd_micros and run_id <> all(%(known)s)"
)
_OPEN_TENANT: LiteralString = (
    "insert into orchestrator.tenant_accounts (tenant_id, period, allotted_usd_micros)"
    " values (%(tenant)s, %(period)s, 0) on conflict do nothing"
)
_LOCK_TENANT: LiteralString = (
    "select allotted_usd_micros from orchestrator.tenant_accounts"
    " where tenant_id = %(tenant)s and period = %(period)s for update"
)
_SET_ASIDE: LiteralString = (
    "update orchestrator.ready_steps r set reserved_usd_micros = r.estimate_usd_micros"
    " from unnest(cast(%(ids)s as uuid[]), cast(%(attempts)s as int[])) as p(step_id, attempt)"
    " where r.step_id = p.step_id and r.attempt = p.attempt"
)
_CHANGE_TENANT: LiteralString = (
    "insert into orchestrator.tenant_accounts as a (tenant_id, period, allotted_usd_micros)"
    " values (%(tenant)s, %(period)s, %(change)s) on conflict (tenant_id, period) do update"
    " set allotted_usd_micros = a.allotted_usd_micros + %(change)s"
)


@dataclass(frozen=True)
class Refusal:
    """An order that cannot be paid for."""

    step_id: UUID
    detail: str


@dataclass
class Reserved:
    """What came of setting money aside. What is in neither list is paid for."""

    refusals: list[Refusal] = field(default_factory=list)
    deferred: list[UUID] = field(default_factory=list)
    """Steps whose money somebody may be giving back at this moment: they are to be asked for again."""


async def reserve(tx: Transaction, orders: Sequence[Any], *, today: date) -> Reserved:
    """Set aside what each of these locked rows of `ready_steps` may cost, in the given order.

    Runs as the system over all tenants. A row that is refused or deferred is left as it was.
    """
    dear = [row for row in orders if row["estimate_usd_micros"]]
    done = Reserved()
    if not dear:
        return done
    caps = await _caps(tx, sorted({row["tenant_id"] for row in dear}))
    tenants = {row["run_id"]: row["tenant_id"] for row in dear}
    await open_accounts(tx, tenants, today=today)
    accounts = await lock_accounts(tx, tenants)
    purses: dict[str, _Purse] = {}
    for row in dear:
        tenant, account = row["tenant_id"], accounts[row["run_id"]]
        if tenant not in purses:
            purses[tenant] = _Purse(tx, tenant, caps.get(tenant, {}), accounts, today=today)
        await purses[tenant].pay(account, row, done)
    for purse in purses.values():
        await _change_tenant(tx, purse.tenant, purse.changes)
    await write_accounts(tx, accounts.values())
    refused = {one.step_id for one in done.refusals} | set(done.deferred)
    paid = [row for row in dear if row["step_id"] not in refused]
    await tx.run(_SET_ASIDE, {"ids": [row["step_id"] for row in paid], "attempts": [row["attempt"] for row in paid]})
    return done


async def book(
    tx: Transaction,
    bookings: Sequence[Booking],
    *,
    today: date,
    over: Collection[UUID] = (),
    started: Collection[tuple[UUID, UUID]] = (),
) -> None:
    """Book a tenant's answers; runs in `over` give back what is left.

    `started`: runs that begin now, each with the one that started it.
    """
    wanted = [one for one in bookings if one.moves_money]
    runs = {one.run_id for one in wanted}
    # Money that was spent without being set aside is on the books all the same.
    opened = {one.run_id for one in wanted if one.spent and not one.released} | {parent for _, parent in started}
    await open_accounts(tx, dict.fromkeys(opened, tx.tenant), today=today, below=started)
    if not runs and not over:
        return
    accounts = await lock_accounts(tx, runs, alone=over)
    changes: Counter[str] = Counter()
    for one in wanted:
        if (account := accounts.get(one.run_id)) is not None:
            account.book(one, changes)
            for run in account.above:
                accounts[run].book_below(one)
    for run in over:
        if (account := accounts.get(run)) is not None:
            account.give_back(changes)
    await write_accounts(tx, accounts.values())
    await _change_tenant(tx, tx.tenant, changes)


async def cap_run(tx: Transaction, run_id: UUID, *, at_most: int | None, today: date) -> None:
    """Give a run a cap of its own in micro-dollars, or none; its tenant's count besides, and the smallest binds."""
    statement = upsert(run_accounts).values(
        run_id=run_id,
        tenant_id=tx.tenant,
        allotted_usd_micros=0,
        reserved_usd_micros=0,
        spent_usd_micros=0,
        at_most_usd_micros=at_most,
        day=today,
    )
    newer = {"at_most_usd_micros": statement.excluded.at_most_usd_micros}
    await tx.session.execute(statement.on_conflict_do_update(index_elements=["run_id"], set_=newer))


class _Purse:
    """A tenant's total and day, locked as soon as a run needs a slice of them."""

    def __init__(
        self, tx: Transaction, tenant: str, caps: dict[str, int], accounts: dict[UUID, Account], *, today: date
    ) -> None:
        self.tenant = tenant
        self.changes: Counter[str] = Counter()
        self._tx = tx
        self._caps = caps
        self._accounts = accounts
        self._today = today
        self._allotted: dict[str, int] = {}
        self._reclaimed = False
        self._in_use = 0

    async def pay(self, account: Account, row: Any, done: Reserved) -> None:
        """Set aside what an order may cost, or say why not."""
        estimate = row["estimate_usd_micros"]
        family = [account, *(self._accounts[run] for run in account.above)]
        left, whose = min((self._left_of(one, account) for one in family), key=lambda found: found[0])
        if estimate > left:
            done.refusals.append(Refusal(row["step_id"], _said(estimate, left, whose)))
            return
        if account.day < self._today:
            account.give_back(self.changes)
            account.day = self._today
        if account.taken + estimate > account.allotted and not await self._slice(account, estimate):
            short = _said(estimate, *self._least_left(account.day))
            if self._in_use:
                done.deferred.append(row["step_id"])
            else:
                done.refusals.append(Refusal(row["step_id"], short))
            return
        account.reserved += estimate
        for one in family[1:]:
            one.reserved_below += estimate

    def _left_of(self, account: Account, payer: Account) -> tuple[int, str]:
        """What caps of a run leave to it and all below it."""
        caps = [cap for cap in (self._caps.get(LimitKind.USD_RUN), account.at_most) if cap is not None]
        whose = "this run" if account is payer else f"run {account.run_id}, of which this one is a part,"
        return min(caps, default=_PLENTY) - account.charged, whose

    async def _slice(self, account: Account, estimate: int) -> bool:
        """Whether the tenant has that much for the run, if need be by taking back what other runs do not use."""
        for period in (TOTAL, account.day.isoformat()):
            await self._lock(period)
        if self._least_left(account.day)[0] < account.taken + estimate - account.allotted:
            await self._reclaim()
        need = account.taken + estimate - account.allotted
        left, _ = self._least_left(account.day)
        if left < need:
            return False
        generous = need * _GENEROSITY
        taken = generous if generous <= left // 10 else need
        account.allotted += taken
        change(self.changes, account.day, taken)
        return True

    async def _lock(self, period: str) -> None:
        if period not in self._allotted:
            scope = {"tenant": self.tenant, "period": period}
            _, (row,) = await self._tx.run_all([(_OPEN_TENANT, scope), (_LOCK_TENANT, scope)])
            self._allotted[period] = row["allotted_usd_micros"]

    async def _reclaim(self) -> None:
        """Take back the idle slices of the tenant's runs. Whose account is locked may be giving its own back now."""
        if self._reclaimed:
            return
        self._reclaimed = True
        for account in self._accounts.values():
            if account.tenant == self.tenant:
                account.give_back(self.changes)
        scope = {"tenant": self.tenant, "known": list(self._accounts)}
        for row in await self._tx.run(_LOCK_IDLE, scope):
            account = account_of(row)
            account.give_back(self.changes)
            self._accounts[account.run_id] = account
        scope["known"] = list(self._accounts)
        self._in_use = (await self._tx.run(_COUNT_IDLE, scope))[0]["idle"]

    def _least_left(self, day: date) -> tuple[int, str]:
        """How much the tenant's caps leave, and which of them leaves least."""
        periods = ((LimitKind.USD_TOTAL, TOTAL, "the tenant"), (LimitKind.USD_DAY, day.isoformat(), "the tenant's day"))
        left = [
            (self._caps[kind] - self._allotted[period] - self.changes[period], whose)
            for kind, period, whose in periods
            if kind in self._caps
        ]
        return min(left, default=(_PLENTY, ""))


async def _caps(tx: Transaction, tenants: Sequence[str]) -> dict[str, dict[str, int]]:
    found = await tx.run(_CAPS, {"tenants": tenants, "kinds": [kind.value for kind in MONEY]})
    caps: dict[str, dict[str, int]] = {}
    for row in found:
        caps.setdefault(row["tenant_id"], {})[row["kind"]] = row["at_most"]
    return caps


async def _change_tenant(tx: Transaction, tenant: str, changes: Counter[str]) -> None:
    """The total comes first, so that whoever changes more than one day waits for others there."""
    for period in sorted(changes, key=lambda one: (one != TOTAL, one)):
        if changes[period]:
            scope = {"tenant": tenant, "period": period, "change": changes[period]}
            await tx.run(_CHANGE_TENANT, scope)


def _said(estimate: int, left: int, whose: str) -> str:
    return f"It may cost ${estimate / 1e6:.2f}, and {whose} has ${max(left, 0) / 1e6:.2f} left."
