"""Money: set aside before something is handed out, booked when it is answered, given back when it was not needed.

A run takes slices of its tenant's day and total, so most steps touch their run's row alone. What is set aside counts
to the day it was set aside on, whenever it is answered. Rows are locked in one order: the backlog's, then runs'
accounts by id, then the tenant's accounts, its total first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from common.db.work import Row, Transaction
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.models import LimitKind, run_accounts

TOTAL = "total"
MONEY = (LimitKind.USD_RUN, LimitKind.USD_DAY, LimitKind.USD_TOTAL)
_PLENTY = 1 << 62
_GENEROSITY = 4
"""How many times what is needed a run takes at once, as long as that is little of what is left."""

_CAPS: LiteralString = (
    "select tenant_id, kind, at_most from orchestrator.limits"
    " where tenant_id = any(%(tenants)s) and kind = any(%(kinds)s) and name = ''"
)
_OPEN_RUNS: LiteralString = (
    "insert into orchestrator.run_accounts"
    " (run_id, tenant_id, allotted_usd_micros, reserved_usd_micros, spent_usd_micros, day)"
    " select run_id, tenant_id, 0, 0, 0, %(day)s"
    " from unnest(cast(%(runs)s as uuid[]), cast(%(tenants)s as text[])) as r(run_id, tenant_id) on conflict do nothing"
)
_LOCK_RUNS: LiteralString = (
    "select * from orchestrator.run_accounts where run_id = any(%(runs)s) order by run_id for update"
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
_WRITE_RUNS: LiteralString = (
    "update orchestrator.run_accounts a set allotted_usd_micros = n.allotted, reserved_usd_micros = n.reserved,"
    " spent_usd_micros = n.spent, day = n.day"
    " from unnest(cast(%(runs)s as uuid[]), cast(%(allotted)s as bigint[]), cast(%(reserved)s as bigint[]),"
    " cast(%(spent)s as bigint[]), cast(%(days)s as date[])) as n(run_id, allotted, reserved, spent, day)"
    " where a.run_id = n.run_id"
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


@dataclass(frozen=True)
class Booking:
    """One answered attempt, or one that nobody will answer: what was set aside for it, and what it cost."""

    run_id: UUID
    released: int
    spent: int
    day: date
    """On which it was handed out."""
    unwanted: bool = False
    """Its run had no more use for it, so what is left of it goes back to the tenant and not to the run."""


@dataclass
class Account:
    """A run's account, its row locked. Never is more reserved and spent than allotted."""

    run_id: UUID
    tenant: str
    allotted: int
    reserved: int
    spent: int
    at_most: int | None
    day: date
    """The slice that is neither reserved nor spent is of this day."""

    @property
    def taken(self) -> int:
        """What is reserved or spent."""
        return self.reserved + self.spent

    def give_back(self, changes: Counter[str]) -> None:
        """Return what is neither reserved nor spent to the tenant."""
        idle = self.allotted - self.taken
        self.allotted -= idle
        _change(changes, self.day, -idle)

    def book(self, booking: Booking, changes: Counter[str]) -> None:
        """Take what was set aside away, and what was spent in."""
        self.reserved -= booking.released
        self.spent += booking.spent
        if booking.unwanted or booking.day != self.day:
            change, day = booking.spent - booking.released, booking.day
        else:
            # More than was set aside is on the books all the same: the money is gone.
            change, day = max(0, self.taken - self.allotted), self.day
        self.allotted += change
        _change(changes, day, change)


async def reserve(tx: Transaction, orders: Sequence[Any], *, today: date) -> Reserved:
    """Set aside what each of these locked rows of `ready_steps` may cost, in the given order.

    Runs as the system over all tenants. A row that is refused or deferred is left as it was.
    """
    dear = [row for row in orders if row["estimate_usd_micros"]]
    done = Reserved()
    if not dear:
        return done
    caps = await _caps(tx, sorted({row["tenant_id"] for row in dear}))
    accounts = await _open(tx, {row["run_id"]: row["tenant_id"] for row in dear}, today=today)
    purses: dict[str, _Purse] = {}
    for row in dear:
        tenant, account = row["tenant_id"], accounts[row["run_id"]]
        if tenant not in purses:
            purses[tenant] = _Purse(tx, tenant, caps.get(tenant, {}), accounts, today=today)
        await purses[tenant].pay(account, row, done)
    for purse in purses.values():
        await _change_tenant(tx, purse.tenant, purse.changes)
    await _write(tx, accounts.values())
    refused = {one.step_id for one in done.refusals} | set(done.deferred)
    paid = [row for row in dear if row["step_id"] not in refused]
    await tx.run(_SET_ASIDE, {"ids": [row["step_id"] for row in paid], "attempts": [row["attempt"] for row in paid]})
    return done


async def book(tx: Transaction, bookings: Sequence[Booking], *, over: Collection[UUID] = ()) -> None:
    """Book answers. Runs in a tenant's own transaction, or as the system; runs in `over` give back what is left."""
    wanted = [one for one in bookings if one.released or one.spent]
    runs = {one.run_id for one in wanted}
    if not runs and not over:
        return
    if paid := {one.run_id: tx.tenant for one in wanted if one.spent and not one.released}:
        # Money that was spent without being set aside is on the books all the same.
        await tx.run(_OPEN_RUNS, {"runs": list(paid), "tenants": list(paid.values()), "day": wanted[0].day})
    accounts = await _locked(tx, runs | set(over))
    changes: dict[str, Counter[str]] = defaultdict(Counter)
    for one in wanted:
        if (account := accounts.get(one.run_id)) is not None:
            account.book(one, changes[account.tenant])
    for run in over:
        if (account := accounts.get(run)) is not None:
            account.give_back(changes[account.tenant])
    await _write(tx, accounts.values())
    for tenant in sorted(changes):
        await _change_tenant(tx, tenant, changes[tenant])


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
        own = [cap for cap in (self._caps.get(LimitKind.USD_RUN), account.at_most) if cap is not None]
        if own and account.taken + estimate > (cap := min(own)):
            done.refusals.append(Refusal(row["step_id"], _said(estimate, cap - account.taken, "this run")))
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
        _change(self.changes, account.day, taken)
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
            account = _account(row)
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


async def _open(tx: Transaction, runs: dict[UUID, str], *, today: date) -> dict[UUID, Account]:
    """The accounts of these runs, locked; made where there are none."""
    ordered = sorted(runs)
    await tx.run(_OPEN_RUNS, {"runs": ordered, "tenants": [runs[run] for run in ordered], "day": today})
    return await _locked(tx, ordered)


async def _locked(tx: Transaction, runs: Iterable[UUID]) -> dict[UUID, Account]:
    found = await tx.run(_LOCK_RUNS, {"runs": list(runs)})
    return {row["run_id"]: _account(row) for row in found}


def _account(row: Row) -> Account:
    return Account(
        run_id=row["run_id"],
        tenant=row["tenant_id"],
        allotted=row["allotted_usd_micros"],
        reserved=row["reserved_usd_micros"],
        spent=row["spent_usd_micros"],
        at_most=row["at_most_usd_micros"],
        day=row["day"],
    )


async def _write(tx: Transaction, accounts: Collection[Account]) -> None:
    if not accounts:
        return
    await tx.run(
        _WRITE_RUNS,
        {
            "runs": [one.run_id for one in accounts],
            "allotted": [one.allotted for one in accounts],
            "reserved": [one.reserved for one in accounts],
            "spent": [one.spent for one in accounts],
            "days": [one.day for one in accounts],
        },
    )


async def _change_tenant(tx: Transaction, tenant: str, changes: Counter[str]) -> None:
    """The total comes first, so that whoever changes more than one day waits for others there."""
    for period in sorted(changes, key=lambda one: (one != TOTAL, one)):
        if changes[period]:
            scope = {"tenant": tenant, "period": period, "change": changes[period]}
            await tx.run(_CHANGE_TENANT, scope)


def _change(changes: Counter[str], day: date, amount: int) -> None:
    changes[TOTAL] += amount
    changes[day.isoformat()] += amount


def _said(estimate: int, left: int, whose: str) -> str:
    return f"It may cost ${estimate / 1e6:.2f}, and {whose} has ${max(left, 0) / 1e6:.2f} left."
