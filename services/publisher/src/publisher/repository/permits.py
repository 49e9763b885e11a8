"""Release permits, and what compliance still has to be told about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.db.work import Transaction
from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from publisher.domain import ReleaseOutcome
from publisher.models import permits

_LONGEST_PAUSE_SECONDS = 600


@dataclass(frozen=True)
class PermitRow:
    """A release permit we hold, held or asked for. `permit_id` is None when we never learned whether it was given."""

    tenant: str
    item_id: UUID
    permit_id: UUID | None
    run_id: UUID
    manifest_sha256: str
    outcome: ReleaseOutcome | None


class Permits:
    """Release permits and whether compliance knows what became of them."""

    def __init__(self, tx: Transaction) -> None:
        self._session = tx.session
        self._tenant = tx.tenant

    async def ask(self, *, item_id: UUID, run_id: UUID, manifest_sha256: str) -> PermitRow | None:
        """Write down that a permit is about to be asked for, so that none is ever forgotten.

        → an earlier permit whose outcome compliance has not heard yet: it must be told before anything is asked.
        """
        unheard = await self._session.execute(
            select(permits)
            .where(permits.c.item_id == item_id, permits.c.outcome.is_not(None), permits.c.reported_at.is_(None))
            .with_for_update()
        )
        if (row := unheard.mappings().first()) is not None:
            return _permit_row(row)
        asked = {"run_id": run_id, "manifest_sha256": manifest_sha256, "tries": 0, "updated_at": func.now()}
        await self._session.execute(
            insert(permits)
            .values(tenant_id=self._tenant, item_id=item_id, **asked)
            .on_conflict_do_update(
                index_elements=["tenant_id", "item_id"],
                set_={
                    **asked,
                    # A permit that is still under way is the one we will be given again.
                    "permit_id": case((permits.c.outcome.is_(None), permits.c.permit_id), else_=None),
                    "outcome": None,
                    "reported_at": None,
                },
            )
        )
        return None

    async def hold(self, item_id: UUID, permit_id: UUID) -> None:
        """Remember the permit that was given."""
        await self._session.execute(
            update(permits)
            .where(permits.c.item_id == item_id, permits.c.outcome.is_(None))
            .values(permit_id=permit_id, updated_at=func.now())
        )

    async def forget(self, item_id: UUID) -> None:
        """Compliance gave no permit, so there is nothing to tell it."""
        await self._session.execute(delete(permits).where(permits.c.item_id == item_id, permits.c.permit_id.is_(None)))

    async def settle(self, item_id: UUID, outcome: ReleaseOutcome) -> None:
        """Write down what became of the release, to be reported from here on. What is settled stays as it is."""
        await self._session.execute(
            update(permits)
            .where(permits.c.item_id == item_id, permits.c.outcome.is_(None), permits.c.permit_id.is_not(None))
            .values(outcome=outcome.value, report_at=func.now(), updated_at=func.now())
        )

    async def reported(self, permit: PermitRow) -> None:
        """Compliance knows."""
        await self._session.execute(
            update(permits)
            .where(permits.c.item_id == permit.item_id, permits.c.permit_id == permit.permit_id)
            .values(reported_at=func.now(), updated_at=func.now())
        )

    async def take_unreported(self, *, limit: int) -> Sequence[PermitRow]:
        """Outcomes that compliance has to be told now, of all tenants. Each comes again later until it is reported."""
        delay = func.least(func.power(2, permits.c.tries), _LONGEST_PAUSE_SECONDS)
        due = (
            select(permits.c.tenant_id, permits.c.item_id)
            .where(permits.c.outcome.is_not(None), permits.c.reported_at.is_(None), permits.c.report_at <= func.now())
            .order_by(permits.c.report_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        return await self._take(
            update(permits)
            .where(permits.c.tenant_id == due.c.tenant_id, permits.c.item_id == due.c.item_id)
            .values(report_at=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, delay), tries=permits.c.tries + 1)
            .returning(permits)
        )

    async def take_left_behind(self, *, older_than_seconds: int, limit: int) -> Sequence[PermitRow]:
        """Releases under way on which nobody has worked for a while, of all tenants; each is taken once in a while."""
        old = func.now() - func.make_interval(0, 0, 0, 0, 0, 0, older_than_seconds)
        left = (
            select(permits.c.tenant_id, permits.c.item_id)
            .where(permits.c.outcome.is_(None), permits.c.updated_at < old)
            .order_by(permits.c.updated_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("left_behind")
        )
        return await self._take(
            update(permits)
            .where(permits.c.tenant_id == left.c.tenant_id, permits.c.item_id == left.c.item_id)
            .values(updated_at=func.now())
            .returning(permits)
        )

    async def _take(self, statement: Any) -> Sequence[PermitRow]:
        taken = await self._session.execute(statement)
        return [_permit_row(row) for row in taken.mappings()]


def _permit_row(row: Any) -> PermitRow:
    return PermitRow(
        tenant=row["tenant_id"],
        item_id=row["item_id"],
        permit_id=row["permit_id"],
        run_id=row["run_id"],
        manifest_sha256=row["manifest_sha256"],
        outcome=row["outcome"] and ReleaseOutcome(row["outcome"]),
    )
