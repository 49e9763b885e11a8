"""Release permits, and the switches that stop a whole tenant, or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from common.contracts.values import PLATFORM_TENANT
from common.db.connection import Statement
from common.db.work import Transaction
from common.errors import NotFound
from sqlalchemy import ColumnElement, Row, delete, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.domain import ReleaseOutcome, TenantFlag
from compliance.models import release_permits, tenant_flags

_KEEP_STILL: dict[bool, LiteralString] = {
    True: "select pg_advisory_xact_lock(hashtextextended(%(name)s, 0))",
    False: "select pg_advisory_xact_lock_shared(hashtextextended(%(name)s, 0))",
}
"""By whether it is exclusive."""


@dataclass(frozen=True)
class Permit:
    """The right to release one item once."""

    id: UUID
    item_id: UUID
    manifest_sha256: str
    asked_by: str
    granted_at: datetime
    finished_at: datetime | None
    outcome: ReleaseOutcome | None
    detail: str | None


@dataclass(frozen=True)
class Flag:
    """A switch that is on."""

    set_by: str
    set_at: datetime
    reason: str
    everywhere: bool = False
    """It stops the whole installation."""


class Permits:
    """The permits of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    @property
    def _mine(self) -> ColumnElement[bool]:
        # Made where it is asked for: every decision only locks the switches here.
        return release_permits.c.tenant_id == self._tx.tenant

    async def lock_releases(self, *, exclusive: bool, everywhere: bool = False) -> None:
        """Keep the stop switches still while permits are granted (shared), or permits while one is thrown.

        Exclusive, it is the tenant's switch, or the one for `everywhere`.
        """
        await self._tx.run_all(self.asking_to_lock_releases(exclusive=exclusive, everywhere=everywhere))

    def asking_to_lock_releases(self, *, exclusive: bool, everywhere: bool = False) -> Sequence[Statement]:
        """What `lock_releases` asks, for who asks something else with it."""
        mine, everybodys = f"release:{self._tx.tenant}", "release"
        names = [everybodys if everywhere else mine] if exclusive else [mine, everybodys]
        return [(_KEEP_STILL[exclusive], {"name": name}) for name in names]

    async def add(self, permit: Permit) -> None:
        """Grant it. A second live permit of an item is refused by the database."""
        await self._tx.session.execute(
            insert(release_permits).values(
                id=permit.id,
                tenant_id=self._tx.tenant,
                item_id=permit.item_id,
                manifest_sha256=permit.manifest_sha256,
                asked_by=permit.asked_by,
                granted_at=permit.granted_at,
            )
        )

    async def get(self, permit_id: UUID, *, lock: bool = False) -> Permit:
        """The permit. Raises `NotFound`."""
        query = select(release_permits).where(self._mine, release_permits.c.id == permit_id)
        row = (await self._tx.session.execute(query.with_for_update() if lock else query)).first()
        if row is None:
            raise NotFound(f"There is no permit {permit_id}.")
        return _permit(row)

    async def find_live(self, item_id: UUID) -> Permit | None:
        """The permit by which the item is being released now."""
        query = select(release_permits).where(
            self._mine, release_permits.c.item_id == item_id, release_permits.c.finished_at.is_(None)
        )
        row = (await self._tx.session.execute(query)).first()
        return _permit(row) if row else None

    async def list_live(self) -> Sequence[Permit]:
        """Every release that is in flight."""
        query = select(release_permits).where(self._mine, release_permits.c.finished_at.is_(None))
        return [_permit(row) for row in await self._tx.session.execute(query.order_by(release_permits.c.granted_at))]

    async def finish(self, permit_id: UUID, *, outcome: ReleaseOutcome, detail: str | None, at: datetime) -> None:
        """Close it."""
        await self._tx.session.execute(
            update(release_permits)
            .where(self._mine, release_permits.c.id == permit_id)
            .values(finished_at=at, outcome=outcome.value, detail=detail)
        )

    async def find_stop(self) -> Flag | None:
        """The switch that stops this tenant, if one is on: the installation's before its own."""
        query = (
            select(tenant_flags)
            .where(
                tuple_(tenant_flags.c.tenant_id, tenant_flags.c.flag).in_(
                    [(self._tx.tenant, TenantFlag.KILL.value), (PLATFORM_TENANT, TenantFlag.KILL_ALL.value)]
                )
            )
            .order_by(tenant_flags.c.flag.desc())
        )
        row = (await self._tx.session.execute(query)).first()
        return Flag(row.set_by, row.set_at, row.reason, everywhere=row.flag == TenantFlag.KILL_ALL) if row else None

    async def set_flag(self, flag: TenantFlag, value: Flag) -> bool:
        """Throw the switch. → False when it was on already; who was first stays."""
        done = await self._tx.session.execute(
            upsert(tenant_flags)
            .values(
                tenant_id=self._tx.tenant,
                flag=flag.value,
                set_by=value.set_by,
                set_at=value.set_at,
                reason=value.reason,
            )
            .on_conflict_do_nothing()
            .returning(tenant_flags.c.flag)
        )
        return done.first() is not None

    async def clear_flag(self, flag: TenantFlag) -> bool:
        """Release the switch. → False when it was off."""
        done = await self._tx.session.execute(
            delete(tenant_flags)
            .where(tenant_flags.c.tenant_id == self._tx.tenant, tenant_flags.c.flag == flag.value)
            .returning(tenant_flags.c.flag)
        )
        return done.first() is not None


@dataclass(frozen=True)
class InFlight:
    """A release that has begun and is not finished."""

    tenant: str
    item_id: UUID
    since: datetime


async def list_in_flight(tx: Transaction) -> Sequence[InFlight]:
    """Those of all tenants, the oldest first, in a system transaction."""
    permits = release_permits.c
    query = select(permits.tenant_id, permits.item_id, permits.granted_at).where(permits.finished_at.is_(None))
    found = await tx.session.execute(query.order_by(permits.granted_at))
    return [InFlight(row.tenant_id, row.item_id, row.granted_at) for row in found]


def _permit(row: Row[Any]) -> Permit:
    return Permit(
        id=row.id,
        item_id=row.item_id,
        manifest_sha256=row.manifest_sha256,
        asked_by=row.asked_by,
        granted_at=row.granted_at,
        finished_at=row.finished_at,
        outcome=ReleaseOutcome(row.outcome) if row.outcome else None,
        detail=row.detail,
    )
