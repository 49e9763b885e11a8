"""Orders to forget a person, and what compliance itself keeps about people beside the audit trail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from common.contracts.erasing import ERASED
from common.contracts.gates import Review
from common.db.work import Transaction
from psycopg import sql
from sqlalchemy import insert, select, update

from compliance.domain import RELEASABLE, ItemStatus
from compliance.models import airlock_items, audit_erasures

PEOPLE: dict[str, tuple[str, ...]] = {
    "airlock_items": ("requested_by", "decided_by", "held_by", "assigned_to", "claimed_by"),
    "airlock_decisions": ("decided_by", "in_place_of"),
    "item_events": ("actor",),
    "notes": ("author", "state_by"),
    "note_replies": ("author",),
    "review_links": ("created_by", "revoked_by"),
    "review_definitions": ("set_by",),
    "stand_ins": ("stand_in", "set_by"),
    "withdrawn_early": ("actor",),
    "policy_versions": ("made_by",),
    "tenant_policies": ("changed_by",),
    "policy_changes": ("made_by",),
    "audit_holds": ("set_by", "lifted_by"),
    "audit_erasures": ("ordered_by",),
    "tenant_flags": ("set_by",),
    "release_permits": ("asked_by",),
}
"""Table → the columns that hold people's ids."""
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("airlock_items", "decided_by"): ("comment", "note"),
    ("airlock_items", "held_by"): ("hold_reason",),
    ("airlock_decisions", "decided_by"): ("comment",),
    ("item_events", "actor"): ("note",),
    ("notes", "author"): ("text",),
    ("note_replies", "author"): ("text",),
}
"""Table and column → what that person wrote beside it."""
_UNDER_WAY = [status.value for status in (*RELEASABLE, ItemStatus.OPEN, ItemStatus.RELEASING)]
_NOT_OPEN: LiteralString = (
    "not exists (select from compliance.airlock_items i where i.id = item_id"
    " and (i.status = 'open' or i.run_id = any(%(held)s::uuid[])))"
)
_UNTIL: dict[tuple[str, str], LiteralString] = {
    ("airlock_items", "requested_by"): (
        "opened_at <= %(until)s and not status = any(%(under_way)s)"
        " and (run_id is null or not run_id = any(%(held)s::uuid[]))"
    ),
    ("airlock_decisions", "decided_by"): "decided_at <= %(until)s and " + _NOT_OPEN,
    ("airlock_decisions", "in_place_of"): "decided_at <= %(until)s and " + _NOT_OPEN,
}
"""Table and column → from when on a name goes. Until then it keeps rights from somebody: from authors that to decide
their own work, as long as it may be open again, and from who agreed that to be another voice. Not everybody who is
forgotten loses their account: the last administrator does not."""
_BEFORE: tuple[LiteralString, ...] = (
    "update compliance.airlock_items set claimed_by = null, claimed_until = null"
    " where tenant_id = %(tenant)s and claimed_by = %(user)s returning 1",
    "update compliance.airlock_items set assigned_to = null"
    " where tenant_id = %(tenant)s and assigned_to = %(user)s and status = 'open' returning 1",
)
"""What they were to look at is everybody's again."""
_ITEM_REVIEWS: tuple[LiteralString, LiteralString] = (
    "select id, review as said from compliance.airlock_items where tenant_id = %(tenant)s and status <> 'open'"
    " and opened_at <= %(until)s and position(%(user)s in review::text) > 0"
    " and (run_id is null or not run_id = any(%(held)s::uuid[])) for update",
    "update compliance.airlock_items set review = %(said)s::json where id = %(id)s",
)
_REVIEWS: tuple[tuple[LiteralString, LiteralString], ...] = (
    _ITEM_REVIEWS,
    (
        "select ctid::text as id, definition as said from compliance.review_definitions"
        " where tenant_id = %(tenant)s and position(%(user)s in definition::text) > 0 for update",
        "update compliance.review_definitions set definition = %(said)s::json where ctid = %(id)s::tid",
    ),
)
"""Where people are named who take part in reviews: how to find those that may name somebody, and to change one."""
_OTHERS: tuple[LiteralString, ...] = (
    "delete from compliance.looks where tenant_id = %(tenant)s and user_id = %(user)s returning 1",
    "delete from compliance.stand_ins where tenant_id = %(tenant)s and user_id = %(user)s returning 1",
    "update compliance.notes set mentions = array_replace(mentions, %(user)s, %(erased)s)"
    " where tenant_id = %(tenant)s and %(user)s = any(mentions) returning 1",
    # By now the author's name is gone, here as in the text.
    "update compliance.notes set earlier = '{}'"
    " where tenant_id = %(tenant)s and author = %(erased)s and earlier <> '{}' returning 1",
    "update compliance.airlock_items set open_to = array_replace(open_to, 'user:' || %(user)s, %(erased)s)"
    " where tenant_id = %(tenant)s and 'user:' || %(user)s = any(open_to) returning 1",
    "update compliance.note_replies set mentions = array_replace(mentions, %(user)s, %(erased)s)"
    " where tenant_id = %(tenant)s and %(user)s = any(mentions) returning 1",
)
"""When somebody looked last, and who stood in for them, is of no use without who; and who was called upon."""
_KEPT: LiteralString = """
    select i.id from compliance.airlock_items i where i.tenant_id = %(tenant)s and i.opened_at <= %(until)s and (
        i.requested_by = %(user)s
        or exists (select from compliance.airlock_decisions d where d.item_id = i.id and d.decided_at <= %(until)s
            and %(user)s in (d.decided_by, d.in_place_of))
        or i.status = 'open' and position(%(user)s in i.review::text) > 0
    ) order by i.opened_at, i.id limit %(limit)s
"""
"""Items that name the person, and do not have to any more once they are over."""


@dataclass(frozen=True)
class Erasure:
    """An order to forget somebody. It is finished when all has gone but what names them in items under way.

    `user_id` goes when the last of those is over.
    """

    id: UUID
    user_id: str | None
    reason: str
    ordered_by: str
    ordered_at: datetime
    blanked: int
    finished_at: datetime | None


async def list_unfinished_tenants(tx: Transaction) -> Sequence[str]:
    """Tenants that wait for somebody to be forgotten. Needs a system transaction."""
    rows = await tx.run("select distinct tenant_id from compliance.audit_erasures where user_id is not null order by 1")
    return [row["tenant_id"] for row in rows]


class Erasures:
    """Those of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = audit_erasures.c.tenant_id == tx.tenant

    async def add(self, erasure: Erasure) -> None:
        """Write down an order."""
        await self._tx.session.execute(
            insert(audit_erasures).values(
                id=erasure.id,
                tenant_id=self._tx.tenant,
                user_id=erasure.user_id,
                reason=erasure.reason,
                ordered_by=erasure.ordered_by,
                ordered_at=erasure.ordered_at,
            )
        )

    async def find(self, erasure_id: UUID) -> Erasure | None:
        """One order."""
        query = select(audit_erasures).where(self._mine, audit_erasures.c.id == erasure_id)
        row = (await self._tx.session.execute(query)).first()
        return _erasure(row) if row else None

    async def find_unfinished(self, user_id: str) -> Erasure | None:
        """The order about this person that is being carried out."""
        row = (
            await self._tx.session.execute(
                select(audit_erasures).where(
                    self._mine, audit_erasures.c.user_id == user_id, audit_erasures.c.finished_at.is_(None)
                )
            )
        ).first()
        return _erasure(row) if row else None

    async def list_open(self) -> Sequence[Erasure]:
        """Orders that are being carried out, and those that have an item to wait for."""
        query = select(audit_erasures).where(self._mine, audit_erasures.c.user_id.is_not(None))
        return [_erasure(row) for row in await self._tx.session.execute(query.order_by(audit_erasures.c.id))]

    async def list_before(self, before: UUID | None, *, limit: int) -> Sequence[Erasure]:
        """The newest first."""
        query = select(audit_erasures).where(self._mine).order_by(audit_erasures.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_erasures.c.id < before)
        return [_erasure(row) for row in await self._tx.session.execute(query)]

    async def count(self, erasure_id: UUID, *, more: int) -> None:
        """Note how many entries more were blanked."""
        values = {"blanked": audit_erasures.c.blanked + more}
        await self._tx.session.execute(update(audit_erasures).where(audit_erasures.c.id == erasure_id).values(values))

    async def finish(self, erasure_id: UUID, *, at: datetime) -> bool:
        """It is done but for what is under way. → False when somebody else finished it first."""
        finished = await self._tx.session.execute(
            update(audit_erasures)
            .where(audit_erasures.c.id == erasure_id, audit_erasures.c.finished_at.is_(None))
            .values(reason=ERASED, finished_at=at)
            .returning(audit_erasures.c.id)
        )
        return finished.first() is not None

    async def close(self, erasure_id: UUID) -> bool:
        """Forget whom a finished order was about. → False when somebody else did."""
        closed = await self._tx.session.execute(
            update(audit_erasures)
            .where(
                audit_erasures.c.id == erasure_id,
                audit_erasures.c.finished_at.is_not(None),
                audit_erasures.c.user_id.is_not(None),
            )
            .values(user_id=None)
            .returning(audit_erasures.c.id)
        )
        return closed.first() is not None

    async def list_naming(
        self, user_id: str, *, after: int, limit: int, run_id: UUID | None = None
    ) -> list[tuple[int, str]]:
        """Entries (of a run) behind `after` in which the person's id occurs somewhere: number and body."""
        query = (
            "select seq, body from compliance.audit_entries where tenant_id = %(tenant)s and seq > %(after)s"
            " and (%(run)s::text is null or run_id = %(run)s)"
            " and (actor = %(user)s or position(%(user)s in body) > 0) order by seq limit %(limit)s"
        )
        run = run_id and str(run_id)
        values = {"tenant": self._tx.tenant, "after": after, "user": user_id, "run": run, "limit": limit}
        return [(row["seq"], row["body"]) for row in await self._tx.run(query, values)]

    async def forget(self, user_id: str, *, now: datetime) -> dict[str, int]:
        """Put another word where compliance's own tables name the person. → how many rows of each.

        Items under way keep who made them, and who agreed to them so far; `list_kept` says which.
        """
        changed: Counter[str] = Counter()
        values = self._values(user_id, until=now)
        for statement in _BEFORE:
            changed["airlock_items"] += len(await self._tx.run(statement, values))
        for table, columns in PEOPLE.items():
            for column in columns:
                changed[table] += await self._forget_name(table, column, values)
        changed["review_links"] += await self._forget_guest(user_id)
        others = [len(await self._tx.run(other, values)) for other in _OTHERS]
        reviews = [await self._forget_in_reviews(values, *where) for where in _REVIEWS]
        changed["others"] = sum(others) + sum(reviews)
        return dict(+changed)

    async def forget_kept(self, user_id: str, *, until: datetime, held_runs: Collection[str]) -> dict[str, int]:
        """The same in what was under way at `until` and is over by now, and is not of a run that is on legal hold."""
        changed: Counter[str] = Counter()
        values = self._values(user_id, until=until) | {"held": list(held_runs)}
        for table, column in _UNTIL:
            changed[table] += await self._forget_name(table, column, values)
        changed["others"] = await self._forget_in_reviews(values, *_ITEM_REVIEWS)
        return dict(+changed)

    async def list_kept(self, user_id: str, *, until: datetime, limit: int) -> list[UUID]:
        """Items of then that still name the person, the first opened first."""
        values = {"tenant": self._tx.tenant, "user": user_id, "until": until, "limit": limit}
        return [row["id"] for row in await self._tx.run(_KEPT, values)]

    async def list_authored(self, user_id: str) -> list[UUID]:
        """Items that name the person as who asked for them."""
        mine = (airlock_items.c.tenant_id == self._tx.tenant, airlock_items.c.requested_by == user_id)
        return list((await self._tx.session.execute(select(airlock_items.c.id).where(*mine))).scalars())

    def _values(self, user_id: str, *, until: datetime) -> dict[str, Any]:
        under_way: dict[str, Any] = {"under_way": _UNDER_WAY, "until": until, "held": []}
        return {"tenant": self._tx.tenant, "user": user_id, "erased": ERASED} | under_way

    async def _forget_name(self, table: str, column: str, values: dict[str, Any]) -> int:
        places = [column, *WORDS.get((table, column), ())]
        change = sql.SQL("update {} set {} where tenant_id = %(tenant)s and {} = %(user)s and {} returning 1").format(
            sql.Identifier("compliance", table),
            sql.SQL(", ").join(sql.SQL("{} = %(erased)s").format(sql.Identifier(place)) for place in places),
            sql.Identifier(column),
            sql.SQL(_UNTIL.get((table, column), "true")),
        )
        return len(await self._tx.run(change, values))

    async def _forget_in_reviews(self, values: dict[str, Any], find: LiteralString, change: LiteralString) -> int:
        """Nobody takes the place of who is named there: a gate that waits for them is not passed. → in how many."""
        user_id, changed = values["user"], 0
        for row in await self._tx.run(find, values):
            review = Review.model_validate(row["said"])
            if (without := _without(review, user_id)) != review:
                await self._tx.run(change, {"id": row["id"], "said": without.model_dump_json()})
                changed += 1
        return changed

    async def _forget_guest(self, user_id: str) -> int:
        """Somebody without an account is known by a link, which ends with being forgotten. → 1 when there was one."""
        ended = await self._tx.run(
            "update compliance.review_links set person = %(erased)s, expires_at = least(expires_at, now())"
            " where tenant_id = %(tenant)s and 'external:' || id = %(user)s and person <> %(erased)s returning 1",
            {"tenant": self._tx.tenant, "user": user_id, "erased": ERASED},
        )
        return len(ended)


def _without(review: Review, user_id: str) -> Review:
    def others(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(ERASED if name == user_id else name for name in names)

    stages = review.stages and tuple(
        stage.model_copy(update={"any_of": others(stage.any_of)}) for stage in review.stages
    )
    escalate = review.escalate and review.escalate.model_copy(update={"to": others(review.escalate.to)})
    return review.model_copy(update={"stages": stages, "escalate": escalate})


def _erasure(row: Any) -> Erasure:
    return Erasure(row.id, row.user_id, row.reason, row.ordered_by, row.ordered_at, row.blanked, row.finished_at)
