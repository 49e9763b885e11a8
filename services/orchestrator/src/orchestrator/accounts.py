"""Accounts of runs: what each was given, has set aside and has spent; and what the runs below it take.

A run that was started by another one names all that are above it. What it sets aside and spends counts on each of
their accounts, too, so a cap of theirs binds it. Accounts are locked in one statement, by id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString
from uuid import UUID

from common.db.connection import Row
from common.db.work import Transaction

TOTAL = "total"
_OPEN: LiteralString = (
    "insert into orchestrator.run_accounts"
    " (run_id, tenant_id, allotted_usd_micros, reserved_usd_micros, spent_usd_micros, day)"
    " select run_id, tenant_id, 0, 0, 0, %(day)s"
    " from unnest(cast(%(runs)s as uuid[]), cast(%(tenants)s as text[])) as r(run_id, tenant_id) on conflict do nothing"
)
_OPEN_BELOW: LiteralString = (
    "insert into orchestrator.run_accounts"
    " (run_id, tenant_id, allotted_usd_micros, reserved_usd_micros, spent_usd_micros, day, above)"
    " select c.run_id, p.tenant_id, 0, 0, 0, %(day)s, p.above || p.run_id"
    " from unnest(cast(%(runs)s as uuid[]), cast(%(parents)s as uuid[])) as c(run_id, parent_id)"
    " join orchestrator.run_accounts p on p.run_id = c.parent_id on conflict do nothing"
)
_LOCK: LiteralString = "select * from orchestrator.run_accounts where run_id = any(%(runs)s) order by run_id for update"
_LOCK_FAMILIES: LiteralString = (
    "select * from orchestrator.run_accounts where run_id = any(%(alone)s) or run_id = any(%(runs)s) or run_id in ("
    " select unnest(above) from orchestrator.run_accounts where run_id = any(%(runs)s))"
    " order by run_id for update"
)
_WRITE: LiteralString = (
    "update orchestrator.run_accounts a set allotted_usd_micros = n.allotted, reserved_usd_micros = n.reserved,"
    " spent_usd_micros = n.spent, day = n.day, reserved_below_usd_micros = n.reserved_below,"
    " spent_below_usd_micros = n.spent_below"
    " from unnest(cast(%(runs)s as uuid[]), cast(%(allotted)s as bigint[]), cast(%(reserved)s as bigint[]),"
    " cast(%(spent)s as bigint[]), cast(%(days)s as date[]), cast(%(reserved_below)s as bigint[]),"
    " cast(%(spent_below)s as bigint[])) as n(run_id, allotted, reserved, spent, day, reserved_below, spent_below)"
    " where a.run_id = n.run_id"
)


@dataclass(frozen=True)
class Booking:
    """One answered attempt: what was set aside for it, and what it cost."""

    run_id: UUID
    released: int
    spent: int
    day: date
    """On which it was handed out."""
    unwanted: bool = False
    """Its run had no more use for it, so what is left of it goes back to the tenant and not to the run."""

    @property
    def moves_money(self) -> bool:
        """Whether there is anything to book."""
        return bool(self.released or self.spent)


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
    above: Sequence[UUID]
    reserved_below: int
    spent_below: int

    @property
    def taken(self) -> int:
        """What the run itself has reserved or spent."""
        return self.reserved + self.spent

    @property
    def charged(self) -> int:
        """What counts towards its cap: its own, and what the runs below it have reserved or spent."""
        return self.taken + self.reserved_below + self.spent_below

    def give_back(self, changes: Counter[str]) -> None:
        """Return what is neither reserved nor spent to the tenant."""
        idle = self.allotted - self.taken
        self.allotted -= idle
        change(changes, self.day, -idle)

    def book(self, booking: Booking, changes: Counter[str]) -> None:
        """Take what was set aside away, and what was spent in."""
        self.reserved -= booking.released
        self.spent += booking.spent
        if booking.unwanted or booking.day != self.day:
            changed, day = booking.spent - booking.released, booking.day
        else:
            # More than was set aside is on the books all the same: the money is gone.
            changed, day = max(0, self.taken - self.allotted), self.day
        self.allotted += changed
        change(changes, day, changed)

    def book_below(self, booking: Booking) -> None:
        """The same for a run below this one, which has the money."""
        self.reserved_below -= booking.released
        self.spent_below += booking.spent


def change(changes: Counter[str], day: date, amount: int) -> None:
    """Note a change of what a tenant has given to its runs."""
    changes[TOTAL] += amount
    changes[day.isoformat()] += amount


async def open_accounts(
    tx: Transaction, runs: Mapping[UUID, str], *, today: date, below: Iterable[tuple[UUID, UUID]] = ()
) -> None:
    """Make the accounts of these runs of these tenants, and of runs with the one that started each, if not there."""
    if runs:
        # Whoever makes several makes them in the same order, so that nobody waits for one another.
        ordered = sorted(runs)
        await tx.run(_OPEN, {"runs": ordered, "tenants": [runs[run] for run in ordered], "day": today})
    if pairs := sorted(below):
        children, parents = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        await tx.run(_OPEN_BELOW, {"runs": children, "parents": parents, "day": today})


async def lock_accounts(
    tx: Transaction, runs: Collection[UUID], *, alone: Collection[UUID] = ()
) -> dict[UUID, Account]:
    """The accounts of these runs with all that are above them, and those of `alone` without, where there are any."""
    if not runs:
        found = await tx.run(_LOCK, {"runs": list(alone)})
    else:
        found = await tx.run(_LOCK_FAMILIES, {"runs": list(runs), "alone": list(alone)})
    return {row["run_id"]: account_of(row) for row in found}


async def write_accounts(tx: Transaction, accounts: Collection[Account]) -> None:
    """Write locked accounts back."""
    if not accounts:
        return
    await tx.run(
        _WRITE,
        {
            "runs": [one.run_id for one in accounts],
            "allotted": [one.allotted for one in accounts],
            "reserved": [one.reserved for one in accounts],
            "spent": [one.spent for one in accounts],
            "days": [one.day for one in accounts],
            "reserved_below": [one.reserved_below for one in accounts],
            "spent_below": [one.spent_below for one in accounts],
        },
    )


def account_of(row: Row) -> Account:
    """A locked row."""
    return Account(
        run_id=row["run_id"],
        tenant=row["tenant_id"],
        allotted=row["allotted_usd_micros"],
        reserved=row["reserved_usd_micros"],
        spent=row["spent_usd_micros"],
        at_most=row["at_most_usd_micros"],
        day=row["day"],
        above=row["above"],
        reserved_below=row["reserved_below_usd_micros"],
        spent_below=row["spent_below_usd_micros"],
    )
