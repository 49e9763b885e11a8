"""Releasing: single-use permits for what was approved, byte for byte, and the ways to stop it: hold, kill, kill all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.clock import Clock, rfc3339
from common.contracts.gates import Change
from common.contracts.publishing import START_WITHIN_SECONDS, Window
from common.contracts.values import PLATFORM_TENANT, JsonObject
from common.db.work import Transaction, Work
from common.errors import Conflict, Forbidden, Invalid
from common.ids import new_id
from common.manifest import manifest_sha256 as manifest_hash
from common.merging import may_be_walked
from common.service.principal import Principal, Role

from compliance import trail
from compliance.closing import Allowed, already_decided
from compliance.differences import differences
from compliance.domain import HOLDABLE, NEVER_DECIDE, RELEASABLE, ItemStatus, ReleaseOutcome, TenantFlag, window_of
from compliance.errors import (
    AlreadyReleased,
    ContentChanged,
    NotApproved,
    OnHold,
    PermitAlreadyFinished,
    PolicyChanged,
    ReleaseInFlight,
    WindowClosed,
    WindowNotOpen,
)
from compliance.reevaluation import Reevaluation
from compliance.reopening import reopen
from compliance.repository.items import Item, ItemEvent, Items
from compliance.repository.permits import Flag, InFlight, Permit, Permits, list_in_flight


@dataclass(frozen=True)
class Asked:
    """What the publisher is about to send, as it found it just now, and under which policy it was approved."""

    content: JsonObject
    policy_version: str


HOLDERS = (Role.REVIEWER, Role.PUBLISHER, Role.COMPLIANCE_OFFICER, Role.OPERATOR)
_RELEASING = frozenset({ItemStatus.RELEASING})


_SETTLED_SECONDS = START_WITHIN_SECONDS + 0.2
"""After that long no platform is told anything by leave that was given before: the rest is for the way there."""


@dataclass(frozen=True)
class Stop:
    """A stop switch, and the releases it came too late for: the tenant's, or those of all tenants."""

    flag: Flag | None
    in_flight: Sequence[InFlight]


class Release:
    """Permits, holds and the stop switch of all tenants; each call is for one."""

    def __init__(self, work: Work, *, reevaluation: Reevaluation, clock: Clock) -> None:
        self._work = work
        self._reevaluation = reevaluation
        self._clock = clock

    async def check(
        self, item_id: UUID, *, manifest_sha256: str, principal: Principal, asked: Asked | None = None
    ) -> None:
        """Whether a permit would be granted for exactly this; none is. Raises, and reopens, as `grant` does."""
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            live = await Permits(tx).find_live(item_id)
            refusal = await self._refuse(tx, item, live, manifest_sha256, asked=asked, asked_by=principal.user_id)
        if refusal is not None:
            raise refusal

    async def grant(
        self, item_id: UUID, *, manifest_sha256: str, principal: Principal, asked: Asked | None = None
    ) -> Permit:
        """A permit for exactly this manifest. Asked again by the same service it is the same permit until finished.

        It is leave to begin within `START_WITHIN_SECONDS` of asking. Who is later asks again, and is refused if
        releases were stopped meanwhile, the window has closed, or the policy of now refuses it (`PolicyChanged`).
        Raises `NotApproved`, `ContentChanged` or `WindowClosed` (the item is open again then), `WindowNotOpen`,
        `OnHold`, `AlreadyReleased` or `ReleaseInFlight`. A refusal is committed: it is in the audit trail, and a
        reopened item stays open; so does one that the policy in force refuses by now. With `asked` the reopened item
        says what is other than what was approved.
        """
        # Files may be read for it, so this is done before the transaction; what it found is asked again inside.
        looked = await self._reevaluation.settle(principal.tenant, item_id)
        async with self._work.transaction(principal.tenant) as tx:
            # Taken before the item, as in `throw_switch`: once that has committed, no permit is granted.
            await Permits(tx).lock_releases(exclusive=False)
            item = await Items(tx).get(item_id, lock=True)
            live = await Permits(tx).find_live(item_id)
            refusal = await self._refuse(tx, item, live, manifest_sha256, asked=asked, asked_by=principal.user_id)
            if refusal is None and live is not None:
                if not await self._reevaluation.refuses(tx, item, looked=looked):
                    return live
                refusal = _taken_back(live)
                self._note_refusal(tx, item, refusal, manifest_sha256, asked_by=principal.user_id)
            if refusal is None:
                await self._reevaluation.must_have_seen(tx, item)
                return await self._grant(tx, item, manifest_sha256=manifest_sha256, asked_by=principal.user_id)
        raise refusal

    async def _refuse(
        self,
        tx: Transaction,
        item: Item,
        live: Permit | None,
        manifest_sha256: str,
        *,
        asked: Asked | None,
        asked_by: str,
    ) -> Conflict | None:
        """What stands against a release, on record; what is not what was approved is open again."""
        refusal = await _refusal(tx, item, live, manifest_sha256, now=self._clock(), asked_by=asked_by)
        if refusal is None:
            return None
        # What is being released cannot be open; that comes once the release is finished, and it is asked for again.
        if live is None and isinstance(refusal, ContentChanged | WindowClosed):
            changes = _changes(item, manifest_sha256, asked) if isinstance(refusal, ContentChanged) else []
            cause, now = f"{refusal.detail} Please look again.", self._clock()
            await reopen(tx, item, cause=cause, actor=asked_by, changes=changes, now=now)
        self._note_refusal(tx, item, refusal, manifest_sha256, asked_by=asked_by)
        return refusal

    async def _grant(self, tx: Transaction, item: Item, *, manifest_sha256: str, asked_by: str) -> Permit:
        now = self._clock()
        permit = Permit(new_id(), item.id, manifest_sha256, asked_by, now, None, None, None)
        if not await Items(tx).move(item.id, allowed=RELEASABLE, to=ItemStatus.RELEASING):
            raise NotApproved(f"Item {item.id} is not approved.")
        await Permits(tx).add(permit)
        await Items(tx).add_event(item.id, ItemEvent(now, asked_by, "releasing", f"Permit {permit.id}."))
        detail = {"permit_id": str(permit.id), "manifest_sha256": manifest_sha256}
        self._note(tx, "permit.granted", item, asked_by, detail=detail)
        return permit

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
            self._note(tx, "permit.finished", item, principal.user_id, detail=facts)
            return await Permits(tx).get(permit_id)

    async def hold(self, item_id: UUID, *, reason: str, principal: Principal, allowed: Allowed | None = None) -> Item:
        """Keep an item from being released. The first hold stays. Raises `ReleaseInFlight` when it is too late.

        With `allowed`, that says who may, and not the caller's roles.
        """
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            if allowed is None:
                _may_hold(principal, item)
            await _may_be_held(tx, item)
            if item.held_at is None:
                if allowed is not None:
                    await allowed(tx, item)
                now = self._clock()
                await Items(tx).set_hold(item_id, at=now, by=principal.user_id, reason=reason)
                await Items(tx).add_event(item_id, ItemEvent(now, principal.user_id, "held", reason))
                self._note(tx, "item.held", item, principal.user_id, detail={"reason": reason})
            return await Items(tx).get(item_id)

    async def lift_hold(self, item_id: UUID, *, principal: Principal, allowed: Allowed | None = None) -> Item:
        """Take the hold off: for who put it on, compliance officers and operators. Without one nothing happens."""
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            if item.held_at is None:
                return item
            officer = principal.may(Role.COMPLIANCE_OFFICER, Role.OPERATOR)
            if not officer and principal.user_id != item.held_by:
                raise Forbidden(f"This hold was put on by {item.held_by}; they or a compliance officer may lift it.")
            if allowed is not None:
                await allowed(tx, item)
            await Items(tx).set_hold(item_id, at=None, by=None, reason=None)
            now = self._clock()
            await Items(tx).add_event(item_id, ItemEvent(now, principal.user_id, "hold lifted", ""))
            self._note(tx, "item.hold_lifted", item, principal.user_id, detail={"held_by": item.held_by})
            return await Items(tx).get(item_id)

    async def throw_switch(self, *, reason: str, principal: Principal, switch: TenantFlag = TenantFlag.KILL) -> Stop:
        """Stop every release of the tenant, or of all tenants, from now on. Thrown again, who was first stays.

        When it answers, no platform is told anything any more. The answer lists what had begun before, and takes as
        long as what was allowed just before may need to begin.
        """
        async with self._work.transaction(principal.tenant) as tx:
            permits = Permits(tx)
            await permits.lock_releases(exclusive=True, everywhere=switch is TenantFlag.KILL_ALL)
            if await permits.set_flag(switch, Flag(principal.user_id, self._clock(), reason)):
                self._note_switch(tx, "kill.on", switch, principal, {"reason": reason})
        stop = await self.look_at_switch(principal=principal, switch=switch)
        await asyncio.sleep(_SETTLED_SECONDS)
        return stop

    async def release_switch(self, *, principal: Principal, switch: TenantFlag = TenantFlag.KILL) -> Stop:
        """Let releases go on. Without the switch thrown nothing happens."""
        async with self._work.transaction(principal.tenant) as tx:
            permits = Permits(tx)
            await permits.lock_releases(exclusive=True, everywhere=switch is TenantFlag.KILL_ALL)
            if await permits.clear_flag(switch):
                self._note_switch(tx, "kill.off", switch, principal, {})
        return await self.look_at_switch(principal=principal, switch=switch)

    async def look_at_switch(self, *, principal: Principal, switch: TenantFlag = TenantFlag.KILL) -> Stop:
        """Whether the tenant is stopped, and what of it is in flight; with `KILL_ALL`, what of all tenants is."""
        async with self._work.transaction(principal.tenant) as tx:
            permits = Permits(tx)
            flag = await permits.find_stop()
            if switch is TenantFlag.KILL:
                live = [InFlight(tx.tenant, permit.item_id, permit.granted_at) for permit in await permits.list_live()]
                return Stop(flag, live)
        async with self._work.system() as tx:
            return Stop(flag if flag and flag.everywhere else None, await list_in_flight(tx))

    async def notice(self) -> str | None:
        """Since when publishing is stopped for the whole installation; None when it is not."""
        async with self._work.transaction(PLATFORM_TENANT) as tx:
            flag = await Permits(tx).find_stop()
        return f"stopped since {rfc3339(flag.set_at)} by {flag.set_by}" if flag and flag.everywhere else None

    def _note(
        self, tx: Transaction, action: str, item: Item, actor: str, *, detail: JsonObject, result: str = "ok"
    ) -> None:
        trail.note(
            tx,
            action,
            actor=actor,
            resource=f"airlock_item:{item.id}",
            at=self._clock(),
            result=result,
            run_id=item.run_id,
            detail={"gate": item.gate, **detail},
        )

    def _note_refusal(
        self, tx: Transaction, item: Item, refusal: Conflict, manifest_sha256: str, *, asked_by: str
    ) -> None:
        detail = {"manifest_sha256": item.manifest_sha256, "asked_sha256": manifest_sha256}
        self._note(tx, "permit.refused", item, asked_by, result=refusal.code, detail=detail)

    def _note_switch(
        self, tx: Transaction, action: str, switch: TenantFlag, principal: Principal, detail: JsonObject
    ) -> None:
        resource = f"tenant:{principal.tenant}" if switch is TenantFlag.KILL else "installation"
        trail.note(tx, action, actor=principal.user_id, resource=resource, at=self._clock(), detail=detail)


async def _refusal(
    tx: Transaction, item: Item, live: Permit | None, manifest_sha256: str, *, now: datetime, asked_by: str
) -> Conflict | None:
    if live:
        theirs = (live.asked_by, live.manifest_sha256) == (asked_by, manifest_sha256)
        stopped = _stopped(await Permits(tx).find_stop(), live)
        return (stopped or _out_of_time(window_of(item.content), now, live)) if theirs else _in_flight(live)
    if item.status is ItemStatus.RELEASED:
        return AlreadyReleased(f"Item {item.id} was released already.")
    if item.status not in RELEASABLE:
        return NotApproved(f"Item {item.id} is {item.status.value}, not approved.", status_now=item.status.value)
    if held := _stopped(await Permits(tx).find_stop(), None) or _held(item):
        return held
    if item.manifest_sha256 != manifest_sha256:
        return ContentChanged("What is to be released is not what was approved.", manifest_sha256=item.manifest_sha256)
    return _out_of_time(window_of(item.content), now, None)


def _out_of_time(window: Window, now: datetime, live: Permit | None) -> Conflict | None:
    if window.not_before and now < window.not_before:
        since = rfc3339(window.not_before)
        return WindowNotOpen(f"It may go out from {since} on, not before.", not_before=since)
    if window.not_after and now > window.not_after:
        until = rfc3339(window.not_after)
        return WindowClosed(f"It was to go out until {until}, not after.", not_after=until, **_given(live))
    return None


def _taken_back(live: Permit) -> PolicyChanged:
    return PolicyChanged("The policy was changed since the permit was given, and refuses this now.", **_given(live))


def _given(live: Permit | None) -> dict[str, Any]:
    """`permit_id` is there when a permit was given before; nothing may be begun by it now."""
    return {"stopped": True, "permit_id": str(live.id)} if live else {}


def _changes(item: Item, manifest_sha256: str, asked: Asked | None) -> list[Change]:
    """What is other than what was approved. Without the content, or with another one than was asked for: the hash."""
    if asked is None or _hash_of(asked) != manifest_sha256:
        return [Change(path="", before=item.manifest_sha256, after=manifest_sha256)]
    changes = differences(item.content, asked.content)
    if asked.policy_version != item.policy_version:
        changes.append(Change(path="/policy_version", before=item.policy_version, after=asked.policy_version))
    return changes


def _hash_of(asked: Asked) -> str | None:
    try:
        may_be_walked(asked.content)
        return manifest_hash(asked.content, policy_version=asked.policy_version)
    except (Invalid, ValueError):
        return None


def _stopped(stop: Flag | None, live: Permit | None) -> OnHold | None:
    if stop is None:
        return None
    what = "all releases of the installation" if stop.everywhere else "all releases"
    return OnHold(
        f"{stop.set_by} stopped {what}: {stop.reason}",
        held_by=stop.set_by,
        held_at=rfc3339(stop.set_at),
        **({"stopped": True} | _given(live)),
    )


def _held(item: Item) -> OnHold | None:
    if item.held_at:
        since = rfc3339(item.held_at)
        return OnHold(f"{item.held_by} holds this item: {item.hold_reason}", held_by=item.held_by, held_at=since)
    return None


def _may_hold(principal: Principal, item: Item) -> None:
    """Raises `Forbidden`. A client who takes part in a stage may stop what is theirs, whatever role they have."""
    roles = {role.value for role in HOLDERS}.union(*(stage.reviewers for stage in item.stages))
    people = {name for stage in item.stages for name in stage.any_of}
    takes_part = principal.user_id in people or principal.roles & {*roles, Role.ADMIN.value}
    if principal.roles & NEVER_DECIDE or not takes_part:
        raise Forbidden("Holding an item is for its reviewers, publishers, compliance officers and operators.")


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
