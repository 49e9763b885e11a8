"""Claiming: who looks at an item says so for a while, and meanwhile nobody else decides. Assigning and pressing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from common.clock import Clock, rfc3339
from common.contracts.gates import Priority
from common.contracts.values import JsonObject
from common.db.work import Transaction, Work
from common.errors import Forbidden
from common.service.principal import Principal, Role

from compliance import trail
from compliance.closing import UNCLAIMED, already_decided
from compliance.domain import ItemStatus
from compliance.errors import ItemClaimed
from compliance.repository.items import Item, ItemEvent, Items
from compliance.standing_in import places_of


class Claims:
    """The claims of all tenants; each call is for one."""

    def __init__(self, work: Work, *, clock: Clock, lease_seconds: float) -> None:
        self._work = work
        self._clock = clock
        self._lease = timedelta(seconds=lease_seconds)

    async def claim(self, item_id: UUID, *, principal: Principal, takes_over: bool = False) -> Item:
        """Claim an open item, or renew the own claim. Only an administrator `takes_over` somebody else's live claim.

        Raises `ItemClaimed`, and what deciding would be refused for: who may not decide may not keep others from it.
        """
        now = self._clock()
        async with self._work.transaction(principal.tenant) as tx:
            item = await _open_item(tx, item_id)
            await places_of(tx, item.circle, principal, requested_by=item.requested_by, now=now)
            holder = item.claimant(now)
            if not (takes_over and principal.may(Role.ADMIN)):
                must_be_free(item, principal.user_id, now=now)
            until = now + self._lease
            await Items(tx).change(item_id, claimed_by=principal.user_id, claimed_until=until)
            # Renewing comes every few minutes and says nothing new.
            if holder != principal.user_id:
                what = "claim taken over" if holder else "claimed"
                await Items(tx).add_event(item_id, ItemEvent(now, principal.user_id, what, f"Until {rfc3339(until)}."))
                _note(tx, item, "item.claimed", principal, now=now, detail={"from": holder})
            return await Items(tx).get(item_id)

    async def release(self, item_id: UUID, *, principal: Principal) -> Item:
        """Let others decide again. Without a live claim nothing happens. Raises `ItemClaimed` for somebody else's."""
        now = self._clock()
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            if item.claimant(now) is None:
                return item
            if not principal.may(Role.ADMIN):
                must_be_free(item, principal.user_id, now=now)
            await Items(tx).change(item_id, **UNCLAIMED)
            await Items(tx).add_event(item_id, ItemEvent(now, principal.user_id, "claim released", ""))
            _note(tx, item, "item.released_claim", principal, now=now, detail={"claimed_by": item.claimed_by})
            return await Items(tx).get(item_id)

    async def arrange(
        self, item_id: UUID, *, principal: Principal, assigned_to: str | None, priority: Priority | None
    ) -> Item:
        """Say whose it is (an empty text: nobody's) and how much it presses. What is None stays as it is.

        An assignment shows whom the item is meant for; it gives nobody a right to decide.
        """
        now = self._clock()
        async with self._work.transaction(principal.tenant) as tx:
            item = await _open_item(tx, item_id)
            if principal.roles & {"agent"}:
                raise Forbidden("An agent cannot arrange reviews.")
            wanted: dict[str, Any] = {}
            if assigned_to is not None and (assigned_to or None) != item.assigned_to:
                wanted["assigned_to"] = assigned_to or None
            if priority is not None and priority is not item.priority:
                wanted["priority"] = priority.value
            if not wanted:
                return item
            await Items(tx).change(item_id, **wanted)
            said = ", ".join(f"{name}: {value or 'nobody'}" for name, value in wanted.items())
            await Items(tx).add_event(item_id, ItemEvent(now, principal.user_id, "arranged", said))
            _note(tx, item, "item.arranged", principal, now=now, detail=wanted)
            return await Items(tx).get(item_id)


def must_be_free(item: Item, user_id: str, *, now: datetime) -> None:
    """Raises `ItemClaimed` while somebody else's claim lives."""
    holder = item.claimant(now)
    if holder is None or holder == user_id or item.claimed_until is None:
        return
    until = rfc3339(item.claimed_until)
    raise ItemClaimed(f"{holder} is looking at this item until {until}.", claimed_by=holder, claimed_until=until)


async def _open_item(tx: Transaction, item_id: UUID) -> Item:
    item = await Items(tx).get(item_id, lock=True)
    if item.status is not ItemStatus.OPEN:
        raise already_decided(item)
    return item


def _note(tx: Transaction, item: Item, action: str, principal: Principal, *, now: datetime, detail: JsonObject) -> None:
    trail.note(
        tx,
        action,
        actor=principal.user_id,
        resource=f"airlock_item:{item.id}",
        at=now,
        run_id=item.run_id,
        detail={"gate": item.gate, **detail},
    )
