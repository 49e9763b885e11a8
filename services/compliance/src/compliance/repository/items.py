"""Airlock items: held content, its decisions and its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, LiteralString
from uuid import UUID

from common.contracts.gates import Accepts, ContentType, Priority, Review, ReviewStage, Verdict
from common.contracts.values import Decision, Downgrade, JsonObject
from common.db.work import Transaction
from common.errors import NotFound
from common.viewing import Viewer, restricted_viewer
from psycopg.types.json import Json
from sqlalchemy import Row, Select, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.domain import ItemStatus
from compliance.models import airlock_items, open_gates
from compliance.repository.visibility import is_visible
from compliance.stages import ONLY_STAGE, Circle, circle_of, open_to


@dataclass(frozen=True)
class ItemHead:
    """An item without the content it holds: what a list shows."""

    id: UUID
    run_id: UUID | None
    place: str | None
    gate: str
    title: str
    status: ItemStatus
    manifest_sha256: str
    policy_version: str
    verdict: Verdict
    risk: int
    downgrades: tuple[Downgrade, ...]
    requested_by: str
    reviewers: tuple[str, ...]
    remind_at: datetime | None
    timeout_at: datetime | None
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    decision: Decision | None
    comment: str
    note: str
    held_at: datetime | None
    held_by: str | None
    hold_reason: str | None
    content_type: ContentType | None
    priority: Priority
    due_at: datetime
    review: Review
    stage: int
    round: int
    review_version: int | None
    escalate_at: datetime | None
    escalated_at: datetime | None
    reminded_at: datetime | None
    assigned_to: str | None
    claimed_by: str | None
    claimed_until: datetime | None
    revision: int
    supersedes: UUID | None
    spent_usd_micros: int | None
    redo_usd_micros: int | None
    private_of: UUID | None = None
    rank: int = 0
    """Worked out by the database: what presses most has the least."""

    @property
    def stages(self) -> tuple[ReviewStage, ...]:
        """Who looks, in which order; items of old have one stage."""
        return self.review.stages or (ReviewStage(name=ONLY_STAGE, reviewers=self.reviewers),)

    @property
    def circle(self) -> Circle:
        """Who may take part now."""
        return circle_of(self.stages[self.stage], self.review, escalated=self.escalated_at is not None)

    def claimant(self, now: datetime) -> str | None:
        """Who has claimed it, while the claim lives."""
        return self.claimed_by if self.claimed_until and self.claimed_until > now else None


@dataclass(frozen=True, kw_only=True)
class Item(ItemHead):
    """An item with its content, and what must hold for an approval of it to count."""

    content: JsonObject
    accepts: tuple[Accepts, ...]


@dataclass(frozen=True)
class DecisionRow:
    """One decision, as it was made."""

    id: UUID
    decision: Decision
    decided_by: str
    decided_at: datetime
    comment: str
    edit: JsonObject | None
    sha256_before: str
    manifest_sha256: str
    policy_version: str
    stage: str | None = None
    closes: bool = True
    round: int = 1
    in_place_of: str | None = None
    accepted_downgrades: tuple[str, ...] = ()
    """Codes."""

    @property
    def voice(self) -> str:
        """Whose voice it is."""
        return self.in_place_of or self.decided_by


@dataclass(frozen=True)
class ItemEvent:
    """One line of an item's history."""

    at: datetime
    actor: str
    what: str
    note: str
    seq: int = 0
    """Its place, which the database gives it."""


@dataclass(frozen=True)
class Counts:
    """How full the airlock is."""

    by_status: Mapping[str, int]
    open_by_gate: Mapping[str, int]
    overdue: int
    held: int
    oldest_open_at: datetime | None


BODY = [airlock_items.c.content, airlock_items.c.accepts]
_COMPUTED = {"rank"}
_HIDDEN = {"tenant_id", "content", "accepts", "open_to"}
HEAD = [column for column in airlock_items.c if column.name not in _HIDDEN]
_HEAD_NAMES = [column.name for column in HEAD]
_DECIDED = (
    *("id", "decided_by", "decided_at", "comment", "sha256_before", "manifest_sha256", "policy_version"),
    *("stage", "closes", "round", "in_place_of"),
)
"""Members of a decision that are written as they are."""
_ADD_DECISION: LiteralString = (
    "insert into compliance.airlock_decisions (id, tenant_id, item_id, decision, decided_by, decided_at, comment, edit,"
    " content_before, sha256_before, manifest_sha256, policy_version, stage, closes, round, in_place_of,"
    " accepted_downgrades) values (%(id)s, %(tenant_id)s, %(item_id)s, %(decision)s, %(decided_by)s, %(decided_at)s,"
    " %(comment)s, %(edit)s, %(content_before)s, %(sha256_before)s, %(manifest_sha256)s, %(policy_version)s, %(stage)s,"
    " %(closes)s, %(round)s, %(in_place_of)s, %(accepted_downgrades)s)"
)
_ADD_EVENT: LiteralString = (
    "insert into compliance.item_events (tenant_id, item_id, at, actor, what, note)"
    " values (%(tenant_id)s, %(item_id)s, %(at)s, %(actor)s, %(what)s, %(note)s)"
)
_STOP_CLOCK: LiteralString = "delete from compliance.open_gates where item_id = %(item)s"
_ADD = upsert(airlock_items).on_conflict_do_nothing().returning(airlock_items.c.id)


class Items:
    """The items of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = airlock_items.c.tenant_id == tx.tenant

    async def add(self, item: Item) -> bool:
        """Hold it, and start its clock. → False when the item is already there; nothing is changed then."""
        values = {column.name: getattr(item, column.name) for column in HEAD if column.name not in _COMPUTED}
        values |= {
            "tenant_id": self._tx.tenant,
            "review": item.review.model_dump(mode="json"),
            "content": item.content,
            "accepts": [condition.model_dump(mode="json") for condition in item.accepts],
            "verdict": item.verdict.model_dump(mode="json"),
            "downgrades": [downgrade.model_dump(mode="json") for downgrade in item.downgrades],
            "reviewers": list(item.reviewers),
            "status": item.status.value,
            "open_to": open_to(item.review) if item.private_of else None,
        }
        added = await self._tx.session.execute(_ADD, values)
        if added.first() is None:
            return False
        await self.start_clock(
            item.id, timeout_at=item.timeout_at, remind_at=item.remind_at, escalate_at=item.escalate_at
        )
        return True

    async def get(self, item_id: UUID, *, lock: bool = False) -> Item:
        """The item; with `lock` nobody else changes it until we are done. Raises `NotFound`.

        That of a private run is there for those who asked for it, may decide on it, or see the run.
        """
        query = _one(restricted_viewer(), lock=lock)
        row = (await self._tx.session.execute(query, {"tenant": self._tx.tenant, "item": item_id})).first()
        if row is None:
            raise NotFound(f"There is no airlock item {item_id}.")
        return item_of(row)

    async def find(self, item_id: UUID) -> Item | None:
        """The item, if it is there."""
        try:
            return await self.get(item_id)
        except NotFound:
            return None

    async def move(
        self, item_id: UUID, *, allowed: frozenset[ItemStatus], to: ItemStatus, values: Mapping[str, Any] | None = None
    ) -> bool:
        """Compare-and-set of the status. → False when it was none of `allowed`; nothing is changed then."""
        moved = await self._tx.session.execute(
            update(airlock_items)
            .where(self._mine, airlock_items.c.id == item_id)
            .where(airlock_items.c.status.in_([status.value for status in allowed]))
            .values(status=to.value, **(values or {}))
            .returning(airlock_items.c.id)
        )
        if moved.first() is None:
            return False
        if to is not ItemStatus.OPEN:
            self._tx.run_last(_STOP_CLOCK, {"item": item_id})
        return True

    async def change(self, item_id: UUID, **values: Any) -> None:
        """Set columns of an item that is locked by this transaction."""
        await self._tx.session.execute(
            update(airlock_items).where(self._mine, airlock_items.c.id == item_id).values(**values)
        )

    async def start_clock(
        self,
        item_id: UUID,
        *,
        timeout_at: datetime | None,
        remind_at: datetime | None = None,
        escalate_at: datetime | None = None,
    ) -> None:
        """Let the timer know that it is open, and when to look at it; the last word counts."""
        times = {"timeout_at": timeout_at, "remind_at": remind_at, "escalate_at": escalate_at}
        await self._tx.session.execute(
            upsert(open_gates)
            .values(item_id=item_id, tenant_id=self._tx.tenant, **times)
            .on_conflict_do_update(index_elements=["item_id"], set_=times)
        )

    async def set_hold(self, item_id: UUID, *, at: datetime | None, by: str | None, reason: str | None) -> None:
        """Put the hold on, or with three Nones take it off."""
        await self._tx.session.execute(
            update(airlock_items)
            .where(self._mine, airlock_items.c.id == item_id)
            .values(held_at=at, held_by=by, hold_reason=reason)
        )

    async def add_decision(self, item_id: UUID, row: DecisionRow, *, content_before: JsonObject | None) -> None:
        """Write a decision down, once and for all, together with the commit."""
        values = {
            **{name: getattr(row, name) for name in _DECIDED},
            "tenant_id": self._tx.tenant,
            "item_id": item_id,
            "decision": row.decision.value,
            "edit": None if row.edit is None else Json(row.edit),
            "content_before": None if content_before is None else Json(content_before),
            "accepted_downgrades": list(row.accepted_downgrades),
        }
        self._tx.run_last(_ADD_DECISION, values)

    async def add_event(self, item_id: UUID, event: ItemEvent) -> None:
        """Add a line to the item's history, together with the commit."""
        values = {"at": event.at, "actor": event.actor, "what": event.what, "note": event.note}
        self._tx.run_last(_ADD_EVENT, values | {"tenant_id": self._tx.tenant, "item_id": item_id})

    async def count(self, *, now: datetime) -> Counts:
        """How full the airlock is, in one look."""
        is_open = airlock_items.c.status == ItemStatus.OPEN.value
        rows = await self._tx.session.execute(
            select(
                airlock_items.c.status,
                airlock_items.c.gate,
                func.count().label("items"),
                func.count().filter(is_open, airlock_items.c.due_at < now).label("overdue"),
                func.count().filter(airlock_items.c.held_at.is_not(None)).label("held"),
                func.min(airlock_items.c.opened_at).filter(is_open).label("oldest"),
            )
            .where(self._mine, is_visible())
            .group_by(airlock_items.c.status, airlock_items.c.gate)
        )
        by_status = {status.value: 0 for status in ItemStatus}
        by_gate: dict[str, int] = {}
        overdue = held = 0
        oldest: datetime | None = None
        for row in rows:
            by_status[row.status] += row.items
            overdue += row.overdue
            held += row.held
            if row.oldest:
                by_gate[row.gate] = by_gate.get(row.gate, 0) + row.items
                oldest = min(oldest, row.oldest) if oldest else row.oldest
        return Counts(by_status, by_gate, overdue, held, oldest)


async def count_open(tx: Transaction) -> int:
    """How many gates of all tenants are open. For a system transaction."""
    return (await tx.session.execute(select(func.count()).select_from(open_gates))).scalar_one()


@lru_cache(maxsize=256)
def _one(viewer: Viewer | None, *, lock: bool) -> Select[*tuple[Any, ...]]:
    """The query for an item as the present viewer sees it. Putting it together takes about as long as running it."""
    mine = airlock_items.c.tenant_id == bindparam("tenant"), airlock_items.c.id == bindparam("item")
    query = select(*HEAD, *BODY).where(*mine, is_visible())
    return query.with_for_update() if lock else query


def item_of(row: Row[*tuple[Any, ...]]) -> Item:
    """The item, from a row of `HEAD` and `BODY`."""
    accepts = tuple(Accepts.model_validate(condition) for condition in row.accepts)
    return Item(**head_of(row), content=row.content, accepts=accepts)


def head_of(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """The members of an `ItemHead`, from a row of `HEAD` and whatever else."""
    # A row's members by position: by name takes ten times as long, and a list has fifty rows.
    values = dict(zip(_HEAD_NAMES, row, strict=False))
    values |= {
        "status": ItemStatus(row.status),
        "decision": Decision(row.decision) if row.decision else None,
        "verdict": Verdict.model_validate(row.verdict),
        "downgrades": tuple(Downgrade.model_validate(downgrade) for downgrade in row.downgrades),
        "reviewers": tuple(row.reviewers),
        "content_type": ContentType(row.content_type) if row.content_type else None,
        "priority": Priority(row.priority),
        "review": Review.model_validate(row.review),
    }
    return values
