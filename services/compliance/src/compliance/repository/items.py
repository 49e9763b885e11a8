"""Airlock items: held content, its decisions and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache, lru_cache
from json import dumps
from typing import Any, LiteralString
from uuid import UUID

from common.contracts.gates import Accepts, ContentType, Priority, Review, ReviewStage, Verdict, VerdictLevel
from common.contracts.values import Decision, Downgrade, JsonObject
from common.db.connection import Row, Statement
from common.db.spoken import Spoken, given, spoken
from common.db.work import Transaction
from common.errors import NotFound
from common.viewing import Viewer, restricted_viewer
from sqlalchemy import ARRAY, Text, any_, cast, func, insert, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.domain import ItemStatus
from compliance.models import airlock_items, open_gates
from compliance.repository.visibility import is_visible
from compliance.stages import Circle, circle_of, open_to, stages_of


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
    level: VerdictLevel
    findings: int
    """How many the checks made."""
    risk: int
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
        """Who looks, in which order."""
        return stages_of(self.review, self.reviewers)

    @property
    def circle(self) -> Circle:
        """Who may take part now."""
        return circle_of(self.stages[self.stage], self.review, escalated=self.escalated_at is not None)

    def claimant(self, now: datetime) -> str | None:
        """Who has claimed it, while the claim lives."""
        return self.claimed_by if self.claimed_until and self.claimed_until > now else None


@dataclass(frozen=True, kw_only=True)
class Item(ItemHead):
    """An item with its content, what the checks say of it, and what must hold for an approval of it to count."""

    content: JsonObject
    verdict: Verdict
    downgrades: tuple[Downgrade, ...]
    accepts: tuple[Accepts, ...]
    takes_changes: bool


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


_COLUMNS = airlock_items.c
_READ = {
    "review": cast(_COLUMNS.review, Text).label("review"),
    "level": literal_column("airlock_items.verdict ->> 'level'").label("level"),
    "findings": literal_column("json_array_length(airlock_items.verdict -> 'findings')").label("findings"),
}
"""Members of a head that are no columns as they are. Of its verdict a list shows the outcome, and reads no more."""
HEAD = [_READ[each.name] if each.name in _READ else _COLUMNS[each.name] for each in fields(ItemHead)]
_NAMES = [each.name for each in fields(ItemHead)]
BODY = [_COLUMNS.content, _COLUMNS.verdict, _COLUMNS.downgrades, _COLUMNS.accepts, _COLUMNS.takes_changes]
_COMPUTED = {"rank"}
_WRITTEN = [column.name for column in _COLUMNS if column.name not in _COMPUTED]
_CLOCK = ("timeout_at", "remind_at", "escalate_at")
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


class Items:
    """The items of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, item: Item) -> bool:
        """Hold it, and start its clock. → False when the item is already there; nothing is changed then."""
        values = {name: getattr(item, name) for name in _WRITTEN if hasattr(item, name)}
        values |= {
            "tenant_id": self._tx.tenant,
            "review": item.review.model_dump(mode="json"),
            "accepts": [condition.model_dump(mode="json") for condition in item.accepts],
            "verdict": item.verdict.model_dump(mode="json"),
            "downgrades": [downgrade.model_dump(mode="json") for downgrade in item.downgrades],
            "reviewers": list(item.reviewers),
            "open_to": list(open_to(item.review)) if item.private_of else None,
        }
        return bool(await self._tx.run(*_adding().with_values(**values)))

    async def get(self, item_id: UUID, *, lock: bool = False) -> Item:
        """The item; with `lock` nobody else changes it until we are done. Raises `NotFound`.

        That of a private run is there for those who asked for it, may decide on it, or see the run.
        """
        return self.found(item_id, await self._tx.run(*self.asking(item_id, lock=lock)))

    def asking(self, item_id: UUID, *, lock: bool) -> Statement:
        """What `get` asks, for who asks something else with it."""
        return _one(restricted_viewer(), lock=lock).with_values(tenant=self._tx.tenant, item=item_id)

    @staticmethod
    def found(item_id: UUID, rows: Sequence[Row]) -> Item:
        """The item that was asked for. Raises `NotFound`."""
        if not rows:
            raise NotFound(f"There is no airlock item {item_id}.")
        return item_of(rows[0])

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
        values = {"status": to.value, **(values or {})}
        allowing = [status.value for status in allowed]
        moved = await self._tx.run(*_changing(frozenset(values)).with_values(**self._new(item_id, values, allowing)))
        if not moved:
            return False
        if to is not ItemStatus.OPEN:
            self._tx.run_last(_STOP_CLOCK, {"item": item_id})
        return True

    async def change(self, item_id: UUID, **values: Any) -> None:
        """Set columns of an item that is locked by this transaction."""
        anyhow = list(ItemStatus)
        await self._tx.run(*_changing(frozenset(values)).with_values(**self._new(item_id, values, anyhow)))

    def _new(self, item_id: UUID, values: Mapping[str, Any], allowed: Sequence[str]) -> dict[str, Any]:
        new = {f"new_{name}": value for name, value in values.items()}
        return {"tenant": self._tx.tenant, "item": item_id, "allowed": list(allowed), **new}

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
        await self.change(item_id, held_at=at, held_by=by, hold_reason=reason)

    async def add_decision(self, item_id: UUID, row: DecisionRow, *, content_before: JsonObject | None) -> None:
        """Write a decision down, once and for all, together with the commit."""
        values = {
            **{name: getattr(row, name) for name in _DECIDED},
            "tenant_id": self._tx.tenant,
            "item_id": item_id,
            "decision": row.decision.value,
            "edit": None if row.edit is None else dumps(row.edit),
            "content_before": None if content_before is None else dumps(content_before),
            "accepted_downgrades": list(row.accepted_downgrades),
        }
        self._tx.run_last(_ADD_DECISION, values)

    async def add_event(self, item_id: UUID, event: ItemEvent) -> None:
        """Add a line to the item's history, together with the commit."""
        values = {"at": event.at, "actor": event.actor, "what": event.what, "note": event.note}
        self._tx.run_last(_ADD_EVENT, values | {"tenant_id": self._tx.tenant, "item_id": item_id})


async def count_open(tx: Transaction) -> int:
    """How many gates of all tenants are open. For a system transaction."""
    return (await tx.session.execute(select(func.count()).select_from(open_gates))).scalar_one()


@cache
def _adding() -> Spoken:
    """The item, and its clock beside it, unless it is there already."""
    items, clocks = airlock_items.c, [airlock_items.c[name] for name in _CLOCK]
    item = upsert(airlock_items).values({name: given(name) for name in _WRITTEN}).on_conflict_do_nothing()
    added = item.returning(items.id, items.tenant_id, *clocks).cte("added")
    columns = ["item_id", "tenant_id", *_CLOCK]
    return spoken(insert(open_gates).from_select(columns, select(added)).returning(open_gates.c.item_id))


@lru_cache(maxsize=256)
def _changing(names: frozenset[str]) -> Spoken:
    """A change of these columns, where the item's status is one of those allowed."""
    items = airlock_items.c
    here = items.tenant_id == given("tenant"), items.id == given("item")
    stands = items.status == any_(given("allowed", ARRAY(Text)))
    new = {name: given(f"new_{name}") for name in sorted(names)}
    return spoken(update(airlock_items).where(*here, stands).values(new).returning(items.id))


@lru_cache(maxsize=256)
def _one(viewer: Viewer | None, *, lock: bool) -> Spoken:
    """The query for an item as the present viewer sees it."""
    mine = airlock_items.c.tenant_id == given("tenant"), airlock_items.c.id == given("item")
    query = select(*HEAD, *BODY).where(*mine, is_visible())
    return spoken(query.with_for_update() if lock else query)


def item_of(row: Mapping[Any, Any]) -> Item:
    """The item, from a row of `HEAD` and `BODY`."""
    return Item(
        **_members(row),
        content=row["content"],
        verdict=Verdict.model_validate(row["verdict"]),
        downgrades=tuple(Downgrade.model_validate(downgrade) for downgrade in row["downgrades"]),
        accepts=tuple(Accepts.model_validate(condition) for condition in row["accepts"]),
        takes_changes=row["takes_changes"],
    )


def head_of(row: Mapping[Any, Any]) -> ItemHead:
    """The item's head, from a row of `HEAD` and whatever else."""
    return ItemHead(**_members(row))


def _members(row: Mapping[Any, Any]) -> dict[str, Any]:
    members = {name: row[name] for name in _NAMES}
    members["status"] = ItemStatus(members["status"])
    members["level"] = VerdictLevel(members["level"])
    members["reviewers"] = tuple(members["reviewers"])
    members["priority"] = Priority(members["priority"])
    members["review"] = review_of(members["review"])
    if members["decision"]:
        members["decision"] = Decision(members["decision"])
    if members["content_type"]:
        members["content_type"] = ContentType(members["content_type"])
    return members


@lru_cache(maxsize=1024)
def review_of(text: str) -> Review:
    """The review of that JSON. Many items have the same: a gate's own, or the tenant's."""
    return Review.model_validate_json(text)
