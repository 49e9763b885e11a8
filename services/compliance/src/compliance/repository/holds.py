"""Legal holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.db.work import Transaction
from sqlalchemy import insert, select, update

from compliance.keeping import Held, HoldKind
from compliance.models import audit_holds


@dataclass(frozen=True)
class Hold:
    """One legal hold. `subject` is a run's id, a person's, or the tenant's name."""

    id: UUID
    kind: HoldKind
    subject: str
    reason: str
    set_by: str
    set_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


class Holds:
    """Those of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = audit_holds.c.tenant_id == tx.tenant

    async def lock(self) -> None:
        """Wait for whoever erases, archives or changes holds of this tenant, and keep them waiting until the end."""
        query = "select pg_advisory_xact_lock(hashtextextended(%(name)s, 0))"
        await self._tx.run(query, {"name": f"audit-keeping:{self._tx.tenant}"})

    async def add(self, hold: Hold) -> None:
        """Write down a hold."""
        await self._tx.session.execute(
            insert(audit_holds).values(
                id=hold.id,
                tenant_id=self._tx.tenant,
                kind=hold.kind.value,
                subject=hold.subject,
                reason=hold.reason,
                set_by=hold.set_by,
                set_at=hold.set_at,
            )
        )

    async def find(self, hold_id: UUID) -> Hold | None:
        """A hold, lifted or not."""
        row = (
            await self._tx.session.execute(select(audit_holds).where(self._mine, audit_holds.c.id == hold_id))
        ).first()
        return _hold(row) if row else None

    async def find_live(self, kind: HoldKind, subject: str) -> Hold | None:
        """The hold on exactly this that was not lifted."""
        wanted = (audit_holds.c.kind == kind.value, audit_holds.c.subject == subject, audit_holds.c.lifted_at.is_(None))
        row = (await self._tx.session.execute(select(audit_holds).where(self._mine, *wanted))).first()
        return _hold(row) if row else None

    async def lift(self, hold_id: UUID, *, by: str, at: datetime) -> None:
        """End a hold."""
        await self._tx.session.execute(
            update(audit_holds).where(self._mine, audit_holds.c.id == hold_id).values(lifted_by=by, lifted_at=at)
        )

    async def list_before(self, before: UUID | None, *, limit: int) -> Sequence[Hold]:
        """The newest first."""
        query = select(audit_holds).where(self._mine).order_by(audit_holds.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_holds.c.id < before)
        return [_hold(row) for row in await self._tx.session.execute(query)]

    async def held(self) -> Held:
        """Who and what is held now."""
        query = select(audit_holds.c.kind, audit_holds.c.subject).where(self._mine, audit_holds.c.lifted_at.is_(None))
        subjects: dict[str, set[str]] = {kind.value: set() for kind in HoldKind}
        for row in await self._tx.session.execute(query):
            subjects[row.kind].add(row.subject)
        return Held(frozenset(subjects["run"]), frozenset(subjects["user"]), tenant=bool(subjects["tenant"]))


def _hold(row: Any) -> Hold:
    kind = HoldKind(row.kind)
    return Hold(row.id, kind, row.subject, row.reason, row.set_by, row.set_at, row.lifted_by, row.lifted_at)
