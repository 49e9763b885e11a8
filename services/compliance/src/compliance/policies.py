"""Which policy is in force for a tenant, and changing it: packs kept, activated, deactivated, and tried on the past."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from common.clock import Clock
from common.compute import ComputePool
from common.contracts.values import JsonObject
from common.db.work import Transaction, Work
from common.errors import NotFound
from common.manifest import state_sha256
from common.service.principal import Principal
from safety.loading import Pack, read_pack
from safety.pack import version_key
from safety.policy import BadPolicy, Policy, compose, is_shipped_name, shipped
from safety.trials import run_tests

from compliance import trail
from compliance.domain import PolicyAction
from compliance.errors import PolicyRefused, PolicyTestsFailed, ShippedPack, VersionTaken
from compliance.repository.permits import Permits
from compliance.repository.policies import Choice, PolicyChange, PolicyStore, Reevaluations, StoredVersion

_POLICIES_KEPT = 64
_PACKS_KEPT = 512
OWN_PACKS_LIMIT = 20
_RESERVED = frozenset({"check", "kits", "test"})
"""`/v1/policies/check` and the like are routes."""


@dataclass(frozen=True)
class Draft:
    """A pack that could be read, composed with what is in force as if it were activated."""

    pack: Pack
    policy: Policy
    failures: tuple[str, ...]


class Policies:
    """The policies of all tenants; each call is for one. What is in force is read from the database each time."""

    def __init__(self, work: Work, *, compute: ComputePool, clock: Clock) -> None:
        self._work = work
        self.compute = compute
        self._clock = clock
        self._policies: OrderedDict[tuple[object, ...], Policy] = OrderedDict()
        self._packs: OrderedDict[str, Pack] = OrderedDict()

    async def active(self, tenant: str) -> Policy:
        """The policy in force."""
        async with self._work.transaction(tenant) as tx:
            return await self.active_in(tx)

    async def active_and_refused(self, tenant: str) -> tuple[Policy, float]:
        """The policy in force, and what `refused_share` gives, read together."""
        async with self._work.transaction(tenant) as tx:
            choice, share = await PolicyStore(tx).choice_and_refused()
        if (policy := self._known(choice, tenant)) is None:
            async with self._work.transaction(tenant) as tx:
                policy = await self.composed(tx, choice)
        return policy, share

    async def active_in(self, tx: Transaction) -> Policy:
        """The same, as this transaction sees it."""
        return await self.composed(tx, await PolicyStore(tx).choice())

    async def own_pack(self, tenant: str, name: str) -> Pack:
        """A pack of the tenant's own: the version in force, else the newest. Raises `NotFound`."""
        async with self._work.transaction(tenant) as tx:
            store = PolicyStore(tx)
            number = (await store.choice()).number_of(name)
            if number is not None:
                return await self._own(tx, name, number)
            newest = await store.find_newest(name)
            if newest is None:
                raise NotFound(f"There is no pack {name!r}.")
            return await self._pack(newest)

    async def kits_with(self, tenant: str, logo: str) -> list[str]:
        """The tenant's packs whose brand kit has that logo, in the version that a film would wear."""
        async with self._work.transaction(tenant) as tx:
            store = PolicyStore(tx)
            choice = await store.choice()
            packs = [
                await self._own(tx, newest.pack, choice.number_of(newest.pack) or newest.number)
                for newest in await store.list_newest()
            ]
        return [pack.name for pack in packs if _logo_of(pack) == logo]

    async def refused_share(self, tenant: str) -> float:
        """Of the tenant's newest items that were decided, how many were sent back, from 0 to 1."""
        async with self._work.transaction(tenant) as tx:
            return (await PolicyStore(tx).choice_and_refused())[1]

    async def keep(self, source: str, *, pack: str, principal: Principal, may_repeat: bool) -> StoredVersion:
        """Keep a version of a pack, in force or not. The same text again is the same version, if it `may_repeat`.

        Raises `PolicyRefused`, `ShippedPack` or `VersionTaken`.
        """
        read = await self.read(source, pack=pack)
        digest = hashlib.sha256(source.encode()).hexdigest()
        async with self._work.transaction(principal.tenant) as tx:
            await Permits(tx).lock_releases(exclusive=True)
            store = PolicyStore(tx)
            if same := await store.find_version(pack, read.version):
                if may_repeat and same.sha256 == digest:
                    return same
                raise VersionTaken(
                    f"Version {read.version} of {pack} is there already; give the changed text a higher one.",
                    number=same.number,
                )
            newest = await store.find_newest(pack)
            if newest and version_key(read.version) < version_key(newest.version):
                raise VersionTaken(
                    f"Version {newest.version} of {pack} is there already, which is higher than {read.version}.",
                    number=newest.number,
                )
            number = newest.number + 1 if newest else 1
            stored = StoredVersion(
                pack, number, read.version, read.description, source, digest, len(read.rules), principal.user_id,
                self._clock(),
            )  # fmt: skip
            await store.add_version(stored)
            detail: JsonObject = {"number": number, "version": read.version, "sha256": digest}
            earlier = newest.sha256 if newest else None
            self._note(tx, "policy.version_added", pack, principal, detail, before=earlier, after=digest)
        return stored

    async def activate(self, pack: str, *, number: int | None, principal: Principal) -> Policy:
        """Put a pack in force: a shipped one, or an own one's version (the newest unless said). → what is in force now.

        Its tests must pass first. Everything approved is looked at again. Repeating it changes nothing.
        Raises `NotFound`, `PolicyRefused` or `PolicyTestsFailed`.
        """
        if pack in shipped():
            return await self._change(pack, None, PolicyAction.ACTIVATE, principal)
        async with self._work.transaction(principal.tenant) as tx:
            store = PolicyStore(tx)
            newest = await store.find_newest(pack)
            if newest is None:
                raise NotFound(f"There is no pack {pack!r}.")
            version = newest if number is None else await store.get_version(pack, number)
            read = await self._pack(version)
        if failures := await self.compute(run_tests, read):
            raise PolicyTestsFailed(
                f"{pack} {version.version} does not pass its own tests.",
                problems=[str(failure) for failure in failures],
            )
        return await self._change(pack, version.number, PolicyAction.ACTIVATE, principal)

    async def deactivate(self, pack: str, *, principal: Principal) -> Policy:
        """Take a pack out of force. Raises `ShippedPack` for one that is always in force. Repeating changes nothing."""
        if pack in shipped():
            if shipped()[pack].in_force == "always":
                raise ShippedPack(f"{pack} keeps everybody safe and cannot be switched off.")
        else:
            async with self._work.transaction(principal.tenant) as tx:
                if await PolicyStore(tx).find_newest(pack) is None:
                    raise NotFound(f"There is no pack {pack!r}.")
        return await self._change(pack, None, PolicyAction.DEACTIVATE, principal)

    async def read(self, source: str, *, pack: str | None = None) -> Pack:
        """A pack's text, read. Raises `PolicyRefused` with all that is wrong, or `ShippedPack`."""
        try:
            # Reading takes longer than the event loop may be held.
            read = await self.compute(read_pack, source)
        except BadPolicy as error:
            raise PolicyRefused("The pack cannot be used.", problems=list(error.problems)) from error
        if pack is not None and read.name != pack:
            raise PolicyRefused("The pack cannot be used.", problems=[f"it is called {read.name}, not {pack}"])
        if read.name in _RESERVED or is_shipped_name(read.name):
            raise ShippedPack(f"{read.name} is a name that comes with Greenlight; call yours something else.")
        return read

    async def draft(self, source: str, *, tenant: str) -> Draft:
        """A pack as it would be in force, and what its tests say. Changes nothing. Raises like `read`."""
        pack = await self.read(source)
        async with self._work.transaction(tenant) as tx:
            choice = await PolicyStore(tx).choice()
            others = [await self._own(tx, name, number) for name, number in choice.own if name != pack.name]
        try:
            policy = compose([*_shipped_for(choice), *others, pack])
            failures = await self.compute(run_tests, pack)
        except BadPolicy as error:
            raise PolicyRefused("The pack cannot be used.", problems=list(error.problems)) from error
        return Draft(pack, policy, tuple(map(str, failures)))

    async def _change(self, pack: str, number: int | None, action: PolicyAction, principal: Principal) -> Policy:
        now = self._clock()
        async with self._work.transaction(principal.tenant) as tx:
            # Nobody gets a permit while this is decided, and of two changes the second sees the first.
            await Permits(tx).lock_releases(exclusive=True)
            store = PolicyStore(tx)
            before = await store.choice()
            after = _changed(before, pack, number, action)
            try:
                policy = await self.composed(tx, after)
            except BadPolicy as error:
                raise PolicyRefused(f"{pack} cannot be changed so.", problems=list(error.problems)) from error
            if after == before:
                return policy
            await store.choose(after, policy_version=policy.version, by=principal.user_id, at=now)
            await store.add_change(PolicyChange(pack, number, action, policy.version, principal.user_id, now))
            await Reevaluations(tx).ask(policy_version=policy.version, at=now)
            detail: JsonObject = {"number": number, "policy_version": policy.version}
            was, now_is = _sha256(before), _sha256(after)
            self._note(tx, f"policy.{action.value}d", pack, principal, detail, before=was, after=now_is)
        return policy

    async def composed(self, tx: Transaction, choice: Choice) -> Policy:
        """The policy that a choice makes."""
        policy = self._known(choice, tx.tenant)
        if policy is None:
            own = [await self._own(tx, name, number) for name, number in choice.own]
            policy = compose([*_shipped_for(choice), *own])
            self._policies[_key(choice, tx.tenant)] = policy
            if len(self._policies) > _POLICIES_KEPT:
                self._policies.popitem(last=False)
        return policy

    def _known(self, choice: Choice, tenant: str) -> Policy | None:
        """The policy that a choice makes, if it was composed lately."""
        key = _key(choice, tenant)
        policy = self._policies.get(key)
        if policy is not None:
            self._policies.move_to_end(key)
        return policy

    async def _own(self, tx: Transaction, name: str, number: int) -> Pack:
        return await self._pack(await PolicyStore(tx).get_version(name, number))

    async def _pack(self, version: StoredVersion) -> Pack:
        pack = self._packs.get(version.sha256)
        if pack is None:
            try:
                pack = await self.compute(read_pack, version.source)
            except BadPolicy as error:
                raise PolicyRefused(
                    f"{version.pack} {version.version} cannot be used any more.", problems=list(error.problems)
                ) from error
            self._packs[version.sha256] = pack
            if len(self._packs) > _PACKS_KEPT:
                self._packs.popitem(last=False)
        return pack

    def _note(
        self,
        tx: Transaction,
        action: str,
        pack: str,
        principal: Principal,
        detail: JsonObject,
        *,
        before: str | None,
        after: str | None,
    ) -> None:
        trail.note(
            tx,
            action,
            actor=principal.user_id,
            resource=f"policy_pack:{pack}",
            at=self._clock(),
            detail=detail,
            before_sha256=before,
            after_sha256=after,
        )


def _key(choice: Choice, tenant: str) -> tuple[object, ...]:
    return choice.own, choice.chosen, choice.switched_off, tenant if choice.own else ""


def _sha256(choice: Choice) -> str | None:
    """Of what a tenant has in force and switched off."""
    return state_sha256(
        {
            "own": [[name, number] for name, number in choice.own],
            "chosen": list(choice.chosen),
            "switched_off": list(choice.switched_off),
        }
    )


def _shipped_for(choice: Choice) -> Sequence[Pack]:
    return [
        pack
        for pack in shipped().values()
        if pack.in_force == "always"
        or (pack.in_force == "unless_switched_off" and pack.name not in choice.switched_off)
        or pack.name in choice.chosen
    ]


def _changed(choice: Choice, pack: str, number: int | None, action: PolicyAction) -> Choice:
    """The choice after an action; the same as before when there is nothing to do."""
    activates = action is PolicyAction.ACTIVATE
    if pack not in shipped():
        own = tuple(each for each in choice.own if each[0] != pack)
        if choice.number_of(pack) == number and activates:
            return choice
        if activates and number is not None:
            if len(own) >= OWN_PACKS_LIMIT:
                raise PolicyRefused(f"At most {OWN_PACKS_LIMIT} own packs are in force at once.", problems=[])
            own = (*own, (pack, number))
        return replace(choice, own=own)
    switched = {*choice.switched_off} - {pack}
    chosen = {*choice.chosen} - {pack}
    if shipped()[pack].in_force == "when_chosen" and activates:
        chosen.add(pack)
    if shipped()[pack].in_force == "unless_switched_off" and not activates:
        switched.add(pack)
    return replace(choice, chosen=tuple(sorted(chosen)), switched_off=tuple(sorted(switched)))


def _logo_of(pack: Pack) -> str | None:
    film = pack.brand.film if pack.brand else None
    return film.logo.upload if film and film.logo else None
