"""Forgetting a person: their entries are blanked, the chain stays whole, and what was decided stays known.

Each batch is one transaction: entries are blanked, and a chained `audit.erased` entry keeps of each what does not name
the person. Stopped in the middle, it goes on where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from common.apart import for_each
from common.clock import Clock
from common.contracts.erasing import ERASED, ERASED_ACTION, ErasureOrdered
from common.contracts.gates import EXTERNAL
from common.contracts.values import JsonObject
from common.db.work import Transaction, Work
from common.errors import Invalid, NotFound
from common.ids import new_id
from common.observability.logging import get_logger
from common.service.principal import Principal

from compliance import trail
from compliance.chaining import Chaining
from compliance.errors import OnLegalHold
from compliance.keeping import Held
from compliance.redaction import redacted
from compliance.repository.audit import AuditTrail, ChainOrder, Wanted
from compliance.repository.erasures import Erasure, Erasures, list_unfinished_tenants
from compliance.repository.holds import Holds
from compliance.retention import Retention

log = get_logger(__name__)
ACTOR = "service:compliance"
BATCH = 100
LOOK_SECONDS = 5.0
LEISURE = 100
LONGEST_SECONDS = 300.0
"""A finished order that has to wait is followed up for a hundredth of the time, and every five minutes at least."""
ANSWERS = 1000
"""The newest that are counted together."""
SHOWN = 100
KEPT = "kept_under_way"


@dataclass(frozen=True)
class Progress:
    """How far an order is: what each service says it has blanked, and the items that name the person until they end."""

    erasure: Erasure
    answers: dict[str, JsonObject]
    under_way: Sequence[UUID]


class Erasing:
    """Takes orders to forget people, and carries them out in the background."""

    def __init__(
        self, work: Work, *, chaining: Chaining, retention: Retention, clock: Clock, settle_seconds: float
    ) -> None:
        self._work = work
        self._chaining = chaining
        self._retention = retention
        self._clock = clock
        self._settles = timedelta(seconds=settle_seconds)
        self._ordered = asyncio.Event()
        self._next_look: dict[UUID, float] = {}
        """When a finished order is followed up the next time."""
        self._over_since: dict[UUID, datetime] = {}
        """Since when nothing is under way any more that names somebody."""

    async def order(self, user_id: str, *, reason: str, principal: Principal) -> Erasure:
        """Begin to forget a person of the caller's tenant; an order that is being carried out is given back.

        Raises `Invalid` for what is no person, `OnLegalHold` when something of it must be kept.
        """
        is_guest = user_id.startswith(f"{EXTERNAL}:")
        if (":" in user_id and not is_guest) or not user_id.strip() or user_id == ERASED:
            raise Invalid("Only a person can be forgotten: user_id is the id of one.")
        await self._chaining.settle(principal.tenant)
        async with self._work.transaction(principal.tenant) as tx:
            await Holds(tx).lock()
            if known := await Erasures(tx).find_unfinished(user_id):
                return known
            refusal = await self._held(tx, user_id)
            if refusal is None:
                erasure = Erasure(new_id(), user_id, reason, principal.user_id, self._clock(), 0, None)
                await self._begin(tx, erasure)
            else:
                trail.note(
                    tx,
                    "erasure.refused",
                    actor=principal.user_id,
                    resource="erasure:none",
                    at=self._clock(),
                    result=refusal.code,
                )
        if refusal is not None:
            raise refusal
        self._ordered.set()
        return erasure

    async def _begin(self, tx: Transaction, erasure: Erasure) -> None:
        await Erasures(tx).add(erasure)
        told = ErasureOrdered(erasure_id=erasure.id, user_id=erasure.user_id or "", ordered_at=erasure.ordered_at)
        tx.tell(told, cause=erasure.id)
        trail.note(
            tx,
            "erasure.ordered",
            actor=erasure.ordered_by,
            resource=f"erasure:{erasure.id}",
            at=erasure.ordered_at,
            # Who is to be forgotten is not written down in what is kept.
            detail={"reason_given": bool(erasure.reason)},
        )

    async def find(self, erasure_id: UUID, *, principal: Principal) -> Progress:
        """How far an order is. Raises `NotFound`."""
        async with self._work.transaction(principal.tenant) as tx:
            erasure = await Erasures(tx).find(erasure_id)
            if erasure is None:
                raise NotFound(f"There is no erasure {erasure_id}.")
            wanted = Wanted(action=ERASED_ACTION, resource=f"erasure:{erasure_id}")
            told = await AuditTrail(tx).list_page(wanted, after=None, limit=ANSWERS, order=ChainOrder.NEWEST)
            under_way = await self._under_way(tx, erasure, limit=SHOWN)
        answers: dict[str, JsonObject] = {}
        for body in (orjson.loads(stored.body) for stored in reversed(told) if stored.body is not None):
            answers[body["source"]] = _and_more(answers.get(body["source"], {}), body["detail"])
        return Progress(erasure, answers, under_way)

    async def list(self, *, principal: Principal, before: UUID | None, limit: int) -> Sequence[Erasure]:
        """The tenant's orders, the newest first."""
        async with self._work.transaction(principal.tenant) as tx:
            return await Erasures(tx).list_before(before, limit=limit)

    async def run(self) -> None:
        """Carry out what was ordered, now and when it was left behind by a process that was stopped."""
        while True:
            self._ordered.clear()
            waits = await self.look()
            seconds = min(LOOK_SECONDS, max(0.1, self._settles.total_seconds())) if waits else LOOK_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ordered.wait(), seconds)

    async def look(self) -> int:
        """Carry out every order there is. → how many are not finished yet."""
        waits = 0

        async def look_at(tenant: str) -> None:
            async with self._work.transaction(tenant, in_loop=True) as tx:
                orders = await Erasures(tx).list_open()
            by_id = {str(order.id): order for order in orders}

            async def advance(order_id: str) -> None:
                nonlocal waits
                order = by_id[order_id]
                if order.finished_at is None:
                    waits += not await self._carry_out(tenant, order)
                else:
                    await self._follow_up_at_leisure(tenant, order, until=order.finished_at)

            await for_each(by_id, advance, what="erasure")

        async with self._work.system() as tx:
            tenants = await list_unfinished_tenants(tx)
        await for_each(tenants, look_at, what="erasure")
        return waits

    async def _carry_out(self, tenant: str, order: Erasure) -> bool:
        """Blank all entries there are. → whether it is finished: what was on its way has arrived, too.

        A hold that was set after the order keeps what is left; the order waits until it is lifted.
        """
        await self._blank_all(tenant, order)
        async with self._work.transaction(tenant, in_loop=True) as tx:
            await Holds(tx).lock()
            if await self._held(tx, order.user_id or ""):
                return False
            await self._forget(tx, order)
            await self._retention.forget(tx, order.user_id or "")
        await self._retention.discard(tenant)
        if self._clock() < order.ordered_at + self._settles:
            return False
        async with self._work.transaction(tenant, in_loop=True) as tx:
            now = self._clock()
            if await Erasures(tx).finish(order.id, at=now):
                is_last = not await self._under_way(tx, replace(order, finished_at=now), limit=1)
                await self._end(tx, order, "erasure.finished", is_last=is_last)
        log.info("erasure.finished", tenant=tenant, erasure_id=str(order.id))
        return True

    async def _follow_up_at_leisure(self, tenant: str, order: Erasure, *, until: datetime) -> None:
        """Follow an order up, unless that was done lately: it may wait for weeks."""
        now = asyncio.get_running_loop().time()
        if now < self._next_look.get(order.id, now):
            return
        try:
            await self._follow_up(tenant, order, until=until)
        finally:
            took = asyncio.get_running_loop().time() - now
            self._next_look[order.id] = now + max(LOOK_SECONDS, min(LEISURE * took, LONGEST_SECONDS))

    async def _follow_up(self, tenant: str, order: Erasure, *, until: datetime) -> None:
        """Blank what was under way when the order was finished, and is over; with the last of it the order ends."""
        user_id = order.user_id or ""
        async with self._work.transaction(tenant, in_loop=True) as tx:
            await Holds(tx).lock()
            held = await Holds(tx).held()
            if held.tenant or user_id in held.users:
                return
            changed = await Erasures(tx).forget_kept(user_id, until=until, held_runs=held.runs)
            await self._tell(tx, order, changed)
            if await self._under_way(tx, order, limit=1):
                return
        if self._clock() < self._over_since.setdefault(order.id, self._clock()) + self._settles:
            return
        # What was told meanwhile of those items may name the person, too.
        await self._blank_all(tenant, order)
        async with self._work.transaction(tenant, in_loop=True) as tx:
            await Holds(tx).lock()
            if await self._held(tx, user_id):
                return
            theirs = await self._still_theirs(tx, order)
            await self._retention.forget(tx, user_id, spares=lambda entry: _is_later(order, entry, theirs))
            await self._end(tx, order, "erasure.followed_up", is_last=True)
        await self._retention.discard(tenant)

    async def _under_way(self, tx: Transaction, order: Erasure, *, limit: int) -> Sequence[UUID]:
        """What keeps the person's name for the time being; nothing before all else is done."""
        if order.finished_at is None or order.user_id is None:
            return []
        return await Erasures(tx).list_kept(order.user_id, until=order.finished_at, limit=limit)

    async def _still_theirs(self, tx: Transaction, order: Erasure) -> frozenset[str]:
        """Items that somebody whose order was finished has asked for since, as entries name them."""
        if order.finished_at is None:
            return frozenset()
        return frozenset(f"airlock_item:{item_id}" for item_id in await Erasures(tx).list_authored(order.user_id or ""))

    async def _end(self, tx: Transaction, order: Erasure, action: str, *, is_last: bool) -> None:
        if is_last and not await Erasures(tx).close(order.id):
            return
        await trail.chain(
            tx, action, actor=ACTOR, resource=f"erasure:{order.id}", at=self._clock(), detail={"under_way": not is_last}
        )

    async def _blank_all(self, tenant: str, order: Erasure) -> None:
        await self._chaining.settle(tenant)
        after: int | None = 0
        while after is not None:
            async with self._work.transaction(tenant, in_loop=True) as tx:
                after = await self._blank_some(tx, order, after)

    async def _blank_some(self, tx: Transaction, order: Erasure, after: int) -> int | None:
        """→ behind which entry to go on; None after the last."""
        await Holds(tx).lock()
        erasures, user_id = Erasures(tx), order.user_id or ""
        found = await erasures.list_naming(user_id, after=after, limit=BATCH)
        held = await Holds(tx).held()
        theirs = await self._still_theirs(tx, order)
        kept = [each for seq, body in found if (each := _residue(seq, body, order, held, theirs))]
        if kept:
            await AuditTrail(tx).blank([each["seq"] for each in kept])
            await erasures.count(order.id, more=len(kept))
            detail: JsonObject = {"erasure_id": str(order.id), "blanked": kept}
            await trail.chain(
                tx, "audit.erased", actor=ACTOR, resource=f"erasure:{order.id}", at=self._clock(), detail=detail
            )
        return found[-1][0] if len(found) == BATCH else None

    async def _held(self, tx: Transaction, user_id: str) -> OnLegalHold | None:
        """Why nothing of the person may go: what must be kept would still name them when the order is finished."""
        held = await Holds(tx).held()
        if held.tenant or user_id in held.users:
            return OnLegalHold("A legal hold keeps what is known about this person; lift it first.")
        if not held.runs and not held.users:
            return None
        async for entry in self._naming(tx, user_id):
            if held.covers(entry) and redacted(entry, user_id):
                if (run_id := entry.get("run_id")) in held.runs:
                    return OnLegalHold(f"A legal hold keeps run {run_id}, which this person worked on.")
                return OnLegalHold("A legal hold keeps what somebody else did, and this person is named there.")
        return None

    async def _naming(self, tx: Transaction, user_id: str) -> AsyncIterator[JsonObject]:
        """Entries that may name the person, those that were put away as well."""
        after = 0
        while found := await Erasures(tx).list_naming(user_id, after=after, limit=BATCH):
            for _, body in found:
                yield orjson.loads(body)
            after = found[-1][0]
        async for line in self._retention.lines(tx):
            yield line["entry"]

    async def _forget(self, tx: Transaction, order: Erasure) -> None:
        await self._tell(tx, order, await Erasures(tx).forget(order.user_id or "", now=self._clock()))

    async def _tell(self, tx: Transaction, order: Erasure, changed: Mapping[str, int]) -> None:
        if changed:
            await trail.chain(
                tx,
                ERASED_ACTION,
                actor=ACTOR,
                resource=f"erasure:{order.id}",
                at=self._clock(),
                detail=dict(changed),
            )


def _and_more(answer: JsonObject, told: JsonObject) -> JsonObject:
    """What a service has said by now: what it blanked adds up, what it keeps is what it said last."""
    counts = {name: count + answer.get(name, 0) for name, count in told.items() if name != KEPT}
    return answer | told | counts


def _residue(seq: int, body: str, order: Erasure, held: Held, theirs: Collection[str]) -> dict[str, Any] | None:
    """What is kept of an entry; None when it stays as it is."""
    entry = orjson.loads(body)
    if held.covers(entry) or _is_later(order, entry, theirs):
        return None
    kept = redacted(entry, order.user_id or "")
    return None if kept is None else {"seq": seq, **kept}


def _is_later(order: Erasure, entry: JsonObject, theirs: Collection[str]) -> bool:
    """Whether the entry tells of what the person did once the order was finished, or of an item they asked for since.

    Not everybody who is forgotten loses their account, and an order that has to wait does not cover what they do
    meanwhile.
    """
    if order.finished_at is None or datetime.fromisoformat(entry["at"]) <= order.finished_at:
        return False
    return bool(entry["actor"] == order.user_id or entry["resource"] in theirs)
