"""Releasing: single-use permits for what was approved, byte for byte, and the two ways to stop it: hold and kill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from common.clock import Clock, rfc3339
from common.contracts.values import JsonObject
from common.db.work import Transaction, Work
from common.errors import Conflict, Forbidden
from common.ids import new_id
from common.service.principal import Principal, Role

from compliance import trail
from compliance.airlock import already_decided
from compliance.domain import HOLDABLE, RELEASABLE, ItemStatus, ReleaseOutcome, TenantFlag
from compliance.errors import (
    AlreadyReleased,
    ContentChanged,
    NotApproved,
    OnHold,
    PermitAlreadyFinished,
    ReleaseInFlight,
)
from compliance.repository.items import Item, ItemEvent, Items
from compliance.repository.permits import Flag, Permit, Permits

_RELEASING = frozenset({ItemStatus.RELEASING})


@dataclass(frozen=True)
class Stop:
    """The tenant's stop switch, and the releases it came too late for."""

    flag: Flag | None
    in_flight: tuple[Permit, ...]


class Release:
    """Permits, holds and the stop switch of all tenants; each call is for one."""

    def __init__(self, work: Work, *, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def grant(self, item_id: UUID, *, manifest_sha256: str, principal: Principal) -> Permit:
        """A permit for exactly this manifest. Asked again by the same service it is the same permit until finished.

        Raises `NotApproved`, `ContentChanged` (the item is open again then), `OnHold`, `AlreadyReleased` or
        `ReleaseInFlight`. A refusal is committed: it is in the audit trail, and a reopened item stays open.
        """
        async with self._work.transaction(principal.tenant) as tx:
            # Taken before the item, as in `throw_switch`: once that has committed, no permit is granted.
            await Permits(tx).lock_releases(exclusive=False)
            item = await Items(tx).get(item_id, lock=True)
            live = await Permits(tx).find_live(item_id)
            if live and live.asked_by == principal.user_id and live.manifest_sha256 == manifest_sha256:
                return live
            refusal = await _refusal(tx, item, live, manifest_sha256)
            if refusal is None:
                return await self._grant(tx, item, manifest_sha256=manifest_sha256, asked_by=principal.user_id)
            if isinstance(refusal, ContentChanged):
                await self._reopen(tx, item, manifest_sha256=manifest_sha256, asked_by=principal.user_id)
            detail = {"manifest_sha256": item.manifest_sha256, "asked_sha256": manifest_sha256}
            await self._note(tx, "permit.refused", item, principal.user_id, result=refusal.code, detail=detail)
        raise refusal

    async def _grant(self, tx: Transaction, item: Item, *, manifest_sha256: str, asked_by: str) -> Permit:
        now = self._clock()
        permit = Permit(new_id(), item.id, manifest_sha256, asked_by, now, None, None, None)
        if not await Items(tx).move(item.id, allowed=RELEASABLE, to=ItemStatus.RELEASING):
            raise NotApproved(f"Item {item.id} is not approved.")
        await Permits(tx).add(permit)
        await Items(tx).add_event(item.id, ItemEvent(now, asked_by, "releasing", f"Permit {permit.id}."))
        detail = {"permit_id": str(permit.id), "manifest_sha256": manifest_sha256}
        await self._note(tx, "permit.granted", item, asked_by, detail=detail)
        return permit

    async def _reopen(self, tx: Transaction, item: Item, *, manifest_sha256: str, asked_by: str) -> None:
        """What is about to leave is not what was approved: somebody has to look again."""
        note = f"The release asked for {manifest_sha256[:12]}…, approved was {item.manifest_sha256[:12]}…; look again."
        values = {"note": note, "decided_at": None, "decided_by": None, "decision": None, "comment": ""}
        # The old deadline is past or soon; it was meant for the first look.
        values["timeout_at"] = None
        await Items(tx).move(item.id, allowed=RELEASABLE, to=ItemStatus.OPEN, values=values)
        await Items(tx).start_clock(item.id, timeout_at=None)
        await Items(tx).add_event(item.id, ItemEvent(self._clock(), asked_by, "reopened", note))
        detail = {"manifest_sha256": item.manifest_sha256, "asked_sha256": manifest_sha256}
        await self._note(tx, "gate.reopened", item, asked_by, detail=detail)

    async def finish(
        self, permit_id: UUID, *, outcome: ReleaseOutcome, detail: str | None, principal: Principal
    ) -> Permit:
        """Say how the release went. The same again changes nothing; another raises `PermitAlreadyFinished`."""
        async with self._work.transaction(principal.tenant) as tx:
            item_id = (await Permits(tx).get(permit_id)).item_id
            item = await Items(tx).get(item_id, lock=True)
            permit = await Permits(tx).get(permit_id, lock=True)
            if permit.outcome is not None:
                if permit.outcome is outcome:
                    return permit
                raise PermitAlreadyFinished(
                    f"Permit {permit_id} was finished as {permit.outcome.value}.", outcome=permit.outcome.value
                )
            now = self._clock()
            await Permits(tx).finish(permit_id, outcome=outcome, detail=detail, at=now)
            await Items(tx).move(
                item.id, allowed=_RELEASING, to=ItemStatus(outcome.value), values={"note": detail or ""}
            )
            await Items(tx).add_event(item.id, ItemEvent(now, principal.user_id, outcome.value, detail or ""))
            facts: JsonObject = {"permit_id": str(permit_id), "outcome": outcome.value, "detail": detail}
            await self._note(tx, "permit.finished", item, principal.user_id, detail=facts)
            return await Permits(tx).get(permit_id)

    async def hold(self, item_id: UUID, *, reason: str, principal: Principal) -> Item:
        """Keep an item from being released. The first hold stays. Raises `ReleaseInFlight` when it is too late."""
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            await _may_be_held(tx, item)
            if item.held_at is None:
                now = self._clock()
                await Items(tx).set_hold(item_id, at=now, by=principal.user_id, reason=reason)
                await Items(tx).add_event(item_id, ItemEvent(now, principal.user_id, "held", reason))
                await self._note(tx, "item.held", item, principal.user_id, detail={"reason": reason})
            return await Items(tx).get(item_id)

    async def lift_hold(self, item_id: UUID, *, principal: Principal) -> Item:
        """Take the hold off: for who put it on, compliance officers and operators. Without one nothing happens."""
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            if item.held_at is None:
                return item
            officer = principal.may(Role.COMPLIANCE_OFFICER, Role.OPERATOR)
            if not officer and principal.user_id != item.held_by:
                raise Forbidden(f"This hold was put on by {item.held_by}; they or a compliance officer may lift it.")
            await Items(tx).set_hold(item_id, at=None, by=None, reason=None)
            now = self._clock()
            await Items(tx).add_event(item_id, ItemEvent(now, principal.user_id, "hold lifted", ""))
            await self._note(tx, "item.hold_lifted", item, principal.user_id, detail={"held_by": item.held_by})
            return await Items(tx).get(item_id)

    async def throw_switch(self, *, reason: str, principal: Principal) -> Stop:
        """Stop every release of the tenant from now on. The answer lists those that had begun before."""
        async with self._work.transaction(principal.tenant) as tx:
            permits = Permits(tx)
            await permits.lock_releases(exclusive=True)
            now = self._clock()
            if await permits.set_flag(TenantFlag.KILL, Flag(principal.user_id, now, reason)):
                await self._note_switch(tx, "kill.on", principal, {"reason": reason})
            return await _stop(permits)

    async def release_switch(self, *, principal: Principal) -> Stop:
        """Let releases go on. Without the switch thrown nothing happens."""
        async with self._work.transaction(principal.tenant) as tx:
            permits = Permits(tx)
            await permits.lock_releases(exclusive=True)
            if await permits.clear_flag(TenantFlag.KILL):
                await self._note_switch(tx, "kill.off", principal, {})
            return await _stop(permits)

    async def look_at_switch(self, *, principal: Principal) -> Stop:
        """Whether the tenant is stopped, and what is in flight."""
        async with self._work.transaction(principal.tenant) as tx:
            return await _stop(Permits(tx))

    async def _note(
        self, tx: Transaction, action: str, item: Item, actor: str, *, detail: JsonObject, result: str = "ok"
    ) -> None:
        await trail.note(
            tx,
            action,
            actor=actor,
            resource=f"airlock_item:{item.id}",
            at=self._clock(),
            result=result,
            run_id=item.run_id,
            detail={"gate": item.gate, **detail},
        )

    async def _note_switch(self, tx: Transaction, action: str, principal: Principal, detail: JsonObject) -> None:
        resource = f"tenant:{principal.tenant}"
        await trail.note(tx, action, actor=principal.user_id, resource=resource, at=self._clock(), detail=detail)


async def _refusal(tx: Transaction, item: Item, live: Permit | None, manifest_sha256: str) -> Conflict | None:
    if live:
        return _in_flight(live)
    if item.status is ItemStatus.RELEASED:
        return AlreadyReleased(f"Item {item.id} was released already.")
    if item.status not in RELEASABLE:
        return NotApproved(f"Item {item.id} is {item.status.value}, not approved.", status_now=item.status.value)
    if held := _held(item, await Permits(tx).find_flag(TenantFlag.KILL)):
        return held
    if item.manifest_sha256 != manifest_sha256:
        return ContentChanged(
            "What is to be released is not what was approved; the item is open again.",
            manifest_sha256=item.manifest_sha256,
        )
    return None


def _held(item: Item, kill: Flag | None) -> OnHold | None:
    if kill:
        since = rfc3339(kill.set_at)
        return OnHold(f"{kill.set_by} stopped all releases: {kill.reason}", held_by=kill.set_by, held_at=since)
    if item.held_at:
        since = rfc3339(item.held_at)
        return OnHold(f"{item.held_by} holds this item: {item.hold_reason}", held_by=item.held_by, held_at=since)
    return None


async def _may_be_held(tx: Transaction, item: Item) -> None:
    if item.status is ItemStatus.RELEASING:
        live = await Permits(tx).find_live(item.id)
        raise _in_flight(live) if live else ReleaseInFlight("The item is being released.")
    if item.status is ItemStatus.RELEASED:
        raise AlreadyReleased("The item was released already; take it down where it was published.")
    if item.status not in HOLDABLE:
        raise already_decided(item)


def _in_flight(permit: Permit) -> ReleaseInFlight:
    since = rfc3339(permit.granted_at)
    return ReleaseInFlight(f"The release is in flight since {since}.", since=since, permit_id=str(permit.id))


async def _stop(permits: Permits) -> Stop:
    in_flight: Sequence[Permit] = await permits.list_live()
    return Stop(await permits.find_flag(TenantFlag.KILL), tuple(in_flight))
