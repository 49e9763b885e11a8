"""Reminding those who should decide, and calling others when they do not. Neither ever decides anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from common.clock import Clock, rfc3339
from common.contracts.gates import GateReminded, Priority
from common.db.work import Transaction, Work

from compliance import trail
from compliance.domain import ItemStatus
from compliance.repository.items import Item, ItemEvent, Items
from compliance.repository.queue import Clock as GateClock
from compliance.repository.queue import stop_clock
from compliance.repository.stand_ins import StandInRows
from compliance.stages import Circle

ACTOR = "system:reminder"


class Reminders:
    """Of all tenants; each call is for one item."""

    def __init__(self, work: Work, *, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def remind(self, tenant: str, item_id: UUID) -> bool:
        """Tell those who may decide that they should, once for each stage. → whether it was time."""
        now = self._clock()
        async with self._work.transaction(tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            await stop_clock(tx, item_id, GateClock.REMIND)
            if item.status is not ItemStatus.OPEN or item.remind_at is None or item.remind_at > now:
                return False
            await Items(tx).change(item_id, reminded_at=now)
            await self._tell(tx, item, what="reminded", to=_whom(item, now=now), verb="Told")
            return True

    async def escalate(self, tenant: str, item_id: UUID) -> bool:
        """Call those whom the review names: from now on they may decide, too, and it presses. → whether it was time."""
        now = self._clock()
        async with self._work.transaction(tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            await stop_clock(tx, item_id, GateClock.ESCALATE)
            called = item.review.escalate
            is_time = item.status is ItemStatus.OPEN and item.escalate_at is not None and item.escalate_at <= now
            if called is None or not is_time:
                return False
            values: dict[str, Any] = {"escalated_at": now}
            if item.priority in {Priority.LOW, Priority.MEDIUM}:
                values["priority"] = Priority.HIGH.value
            await Items(tx).change(item_id, **values)
            await self._tell(tx, item, what="escalated", to=called.to, verb="Called")
            return True

    async def _tell(self, tx: Transaction, item: Item, *, what: str, to: tuple[str, ...], verb: str) -> None:
        now = self._clock()
        to = tuple(dict.fromkeys((*to, *await StandInRows(tx).list_for(to, now=now))))
        await Items(tx).add_event(item.id, ItemEvent(now, ACTOR, what, f"{verb} {', '.join(to)}."))
        event = GateReminded(
            item_id=item.id,
            gate=item.gate,
            title=item.title,
            to=to,
            escalated=what == "escalated",
            due_at=item.due_at,
        )
        tx.tell(event, run=item.run_id)
        trail.note(
            tx,
            f"gate.{what}",
            actor=ACTOR,
            resource=f"airlock_item:{item.id}",
            at=now,
            run_id=item.run_id,
            detail={"gate": item.gate, "to": list(to), "due_at": rfc3339(item.due_at)},
        )


def _whom(item: Item, *, now: datetime) -> tuple[str, ...]:
    """Who says now that it is theirs, or whom it is meant for; else everybody who may decide."""
    circle: Circle = item.circle
    meant = [name for name in (item.claimant(now), item.assigned_to) if name]
    return tuple(dict.fromkeys(meant)) or circle.all
