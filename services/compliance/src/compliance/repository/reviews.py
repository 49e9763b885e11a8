"""How tenants review, what became of earlier items of a gate, and gates called off before they were open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from common.contracts.gates import Review
from common.contracts.values import JsonObject
from common.db.work import Transaction
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.models import airlock_items, review_definitions, withdrawn_early

# Asked with every creation.
_VERSIONS: LiteralString = (
    "select gate, version, definition, set_by, set_at from compliance.review_definitions"
    " where tenant_id = %(tenant)s and gate = %(gate)s order by version desc limit %(limit)s"
)


@dataclass(frozen=True)
class ReviewDefinition:
    """How a tenant reviews at one gate, and who said so."""

    gate: str
    version: int
    review: Review
    set_by: str
    set_at: datetime


@dataclass(frozen=True)
class Predecessor:
    """The item of the same gate and run before."""

    id: UUID
    revision: int


class Reviews:
    """The definitions of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, gate: str) -> ReviewDefinition | None:
        """The newest version for a gate."""
        found = await self.list_versions(gate, limit=1)
        return found[0] if found else None

    async def list_versions(self, gate: str, *, limit: int) -> Sequence[ReviewDefinition]:
        """The versions for a gate, the newest first."""
        values = {"tenant": self._tx.tenant, "gate": gate, "limit": limit}
        return [_definition(row) for row in await self._tx.run(_VERSIONS, values)]

    async def list_newest(self) -> Sequence[ReviewDefinition]:
        """The newest version for each gate."""
        table = review_definitions.c
        query = select(review_definitions).where(table.tenant_id == self._tx.tenant).ext(distinct_on(table.gate))
        rows = await self._tx.session.execute(query.order_by(table.gate, table.version.desc()))
        return [_definition(row) for row in rows.mappings()]

    async def lock(self) -> None:
        """Let nobody else write definitions of this tenant until we are done."""
        await self._tx.session.execute(
            text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"reviews:{self._tx.tenant}"}
        )

    async def add(self, definition: ReviewDefinition) -> None:
        """Write a version down."""
        await self._tx.session.execute(
            insert(review_definitions).values(
                tenant_id=self._tx.tenant,
                gate=definition.gate,
                version=definition.version,
                definition=definition.review.model_dump(mode="json"),
                set_by=definition.set_by,
                set_at=definition.set_at,
            )
        )


async def find_predecessor(tx: Transaction, *, run_id: UUID, place: str) -> Predecessor | None:
    """The newest item that was held at this place of the run."""
    items = airlock_items.c
    query = (
        select(items.id, items.revision)
        .where(items.tenant_id == tx.tenant, items.run_id == run_id, items.place == place)
        .order_by(items.revision.desc())
        .limit(1)
    )
    row = (await tx.session.execute(query)).first()
    return Predecessor(row.id, row.revision) if row else None


async def content_of(tx: Transaction, item_id: UUID) -> JsonObject | None:
    """What an item holds."""
    query = select(airlock_items.c.content).where(airlock_items.c.tenant_id == tx.tenant, airlock_items.c.id == item_id)
    return (await tx.session.execute(query)).scalar_one_or_none()


async def approved_share(
    tx: Transaction, *, gate: str, content_type: str | None, risk: int, besides: UUID
) -> tuple[int, int]:
    """Of the last 1,000 items: how many like this one were decided, and how many of these approved."""
    items = airlock_items.c
    latest = (
        select(items.id, items.gate, items.content_type, items.risk, items.decision)
        .where(items.tenant_id == tx.tenant)
        .order_by(items.opened_at.desc(), items.id.desc())
        .limit(1000)
        .subquery()
    )
    near = latest.c.risk.between(risk - 15, risk + 15)
    like = latest.c.content_type.is_not_distinct_from(content_type)
    query = select(func.count(), func.count().filter(latest.c.decision == "approved")).where(
        latest.c.gate == gate, like, near, latest.c.decision.is_not(None), latest.c.id != besides
    )
    decided, approved = (await tx.session.execute(query)).one()
    return decided, approved


async def call_off(tx: Transaction, item_id: UUID, *, reason: str, actor: str, at: datetime) -> None:
    """Remember that nobody waits for a gate that is not open yet."""
    values = {"item_id": item_id, "tenant_id": tx.tenant, "reason": reason, "actor": actor, "at": at}
    await tx.session.execute(upsert(withdrawn_early).values(values).on_conflict_do_nothing())


async def take_call_off(tx: Transaction, item_id: UUID) -> tuple[str, str] | None:
    """Reason and actor, if a gate was called off before it was opened; it is forgotten by this."""
    table = withdrawn_early.c
    gone = delete(withdrawn_early).where(table.tenant_id == tx.tenant, table.item_id == item_id)
    row = (await tx.session.execute(gone.returning(table.reason, table.actor))).first()
    return (row.reason, row.actor) if row else None


async def lock_item_id(tx: Transaction, item_id: UUID) -> None:
    """Opening an item and calling it off come one after the other, also when it is not there yet."""
    await tx.session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"item:{item_id}"}
    )


def _definition(row: Mapping[Any, Any]) -> ReviewDefinition:
    review = Review.model_validate(row["definition"])
    return ReviewDefinition(row["gate"], row["version"], review, row["set_by"], row["set_at"])
