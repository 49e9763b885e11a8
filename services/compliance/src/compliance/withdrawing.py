"""Taking items back: by their author, by a service, or because a run does not wait for them any more."""

from __future__ import annotations

from uuid import UUID

from common.bus.connection import Bus
from common.clock import Clock
from common.contracts.gates import GateWithdrawn
from common.contracts.values import Decision
from common.db.work import Transaction, Work
from common.errors import Forbidden
from common.service.hearing import hear
from common.service.principal import Principal, Role

from compliance.closing import Outcome, already_decided, close
from compliance.domain import WITHDRAWABLE, ItemStatus, Sealed
from compliance.errors import ReleaseInFlight
from compliance.repository.items import Item, ItemEvent, Items
from compliance.repository.reviews import call_off, lock_item_id


class Withdrawals:
    """Takes items back, of all tenants; each call is for one. Reads the durable `compliance-withdrawals`."""

    def __init__(self, work: Work, bus: Bus, *, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._clock = clock

    async def withdraw(self, item_id: UUID, *, principal: Principal, reason: str) -> Item:
        """Take an item back: for its author, or a service whose run was cancelled. Repeating it changes nothing."""
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            is_author = principal.user_id == item.requested_by
            if not (is_author or principal.may(Role.SERVICE, Role.ADMIN)):
                raise Forbidden("Only the author, an administrator or a service may withdraw an item.")
            if item.status is ItemStatus.WITHDRAWN:
                return item
            if item.status is ItemStatus.RELEASING:
                raise ReleaseInFlight("The item is being released and cannot be withdrawn.")
            if item.status not in WITHDRAWABLE:
                raise already_decided(item)
            await take_back(tx, item, actor=principal.user_id, reason=reason, clock=self._clock, tell=True)
            return await Items(tx).get(item_id)

    async def call_off(self, tx: Transaction, fact: GateWithdrawn) -> None:
        """A run does not wait for this gate any more. What is decided otherwise or on its way out stays as it is.

        One that is not open yet is withdrawn as soon as it is opened.
        """
        await lock_item_id(tx, fact.item_id)
        known = await Items(tx).find(fact.item_id)
        if known is None:
            await call_off(tx, fact.item_id, reason=fact.reason, actor=fact.actor, at=self._clock())
            return
        item = await Items(tx).get(fact.item_id, lock=True)
        if item.status is ItemStatus.RELEASING:
            came_late = ItemEvent(self._clock(), fact.actor, "withdrawal came too late", fact.reason)
            await Items(tx).add_event(item.id, came_late)
        elif item.status in WITHDRAWABLE:
            # The run said so itself; nobody waits to be told.
            await take_back(tx, item, actor=fact.actor, reason=fact.reason, clock=self._clock, tell=False)

    async def run(self) -> None:
        """Listen for ever."""
        await hear(self._work, self._bus, GateWithdrawn, durable="withdrawals", note=self.call_off)


async def take_back(tx: Transaction, item: Item, *, actor: str, reason: str, clock: Clock, tell: bool) -> None:
    """Withdraw an item that is locked by this transaction; with `tell`, its run hears of it if it still waits."""
    comment = f"Withdrawn: {reason}" if reason else "Withdrawn."
    sealed = Sealed(item.content, item.manifest_sha256, item.policy_version)
    outcome = Outcome(Decision.REJECTED, actor, clock(), comment, sealed, item.verdict)
    await close(tx, item, outcome, to=ItemStatus.WITHDRAWN, tell=tell and item.status is ItemStatus.OPEN)
