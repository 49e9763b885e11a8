"""Tenants, people and their keys: what administrators do. Every change is one transaction and one audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from common.clock import Clock
from common.contracts.values import PLATFORM_TENANT, JsonObject
from common.db.work import Transaction, Work
from common.errors import Forbidden, Invalid
from common.ids import new_id
from common.service.principal import Principal

from identity.audit import note_change
from identity.domain import PEOPLES_ROLES, ApiKey, KeySource, Tenant, User, ordered, sha256_of
from identity.errors import LastAdmin, TenantExists, UserExists
from identity.keys import make_api_key, prefix_of
from identity.registry import Registry
from identity.repository import BrowserSessions, CustomRoles, Keys, Tenants, Users
from identity.revoking import Revoking
from identity.signing import SigningKey

FIRST_ADMIN = "admin"


@dataclass(frozen=True)
class IssuedKey:
    """A new key. This is the only time its text is known."""

    text: str
    key: ApiKey


class Accounts:
    """Everything here acts for the caller, inside the caller's tenant unless it says otherwise."""

    def __init__(self, work: Work, *, registry: Registry, revoking: Revoking, clock: Clock) -> None:
        self._work = work
        self._registry = registry
        self._revoking = revoking
        self._clock = clock

    async def create_tenant(self, actor: Principal, *, tenant: str, admin_name: str) -> tuple[Tenant, User, IssuedKey]:
        """A new tenant with its first administrator and their key. Raises `TenantExists`."""
        now = self._clock()
        async with self._work.transaction(PLATFORM_TENANT) as tx:
            await must_govern(tx, actor)
        made = Tenant(tenant, created_by=_signature(actor), created_at=now)
        admin = User(tenant, FIRST_ADMIN, admin_name, roles=PEOPLES_ROLES, created_at=now)
        issued = _issue(admin, by=_signature(actor), name="first administrator", at=now)
        async with self._work.transaction(tenant) as tx:
            if not await Tenants(tx).add(made):
                raise TenantExists(f"there is a tenant {tenant!r}")
            await Users(tx).add(admin)
            await Keys(tx).add(issued.key)
            note_change(tx, "tenant.created", resource=f"tenant:{tenant}", actor=actor, at=now, admin=admin.user_id)
        return made, admin, issued

    async def list_tenants(self, after: tuple[str] | None, *, limit: int) -> Sequence[Tenant]:
        """The next tenants of the whole suite, for the platform's administrators."""
        return await self._registry.list_tenants(after, limit=limit)

    async def rotate_signing_key(self, actor: Principal) -> tuple[SigningKey, datetime]:
        """A new signing key and from when it signs; tokens of the ones before stay good until they expire."""
        now = self._clock()
        async with self._work.transaction(PLATFORM_TENANT) as tx:
            await must_govern(tx, actor)
        key, signs_from = await self._registry.rotate(now)
        async with self._work.transaction(PLATFORM_TENANT) as tx:
            note_change(tx, "signing_key.rotated", resource=f"signing_key:{key.kid}", actor=actor, at=now)
        return key, signs_from

    async def find_user(self, actor: Principal) -> User | None:
        """The caller's own record; None for services and for people of an outside issuer."""
        async with self._work.transaction(actor.tenant) as tx:
            return await Users(tx).find(actor.user_id)

    async def create_user(self, actor: Principal, *, user_id: str, display_name: str, roles: Sequence[str]) -> User:
        """A new person of the caller's tenant. Raises `UserExists`."""
        now = self._clock()
        user = User(actor.tenant, user_id, display_name, roles=ordered(roles), created_at=now)
        async with self._work.transaction(actor.tenant) as tx:
            await must_govern(tx, actor)
            if not await Users(tx).add(user):
                raise UserExists(f"there is a user {user_id!r}")
            roles, resource, after = list(user.roles), f"user:{user_id}", _standing(user)
            note_change(tx, "user.created", resource=resource, actor=actor, at=now, after=after, roles=roles)
        return user

    async def change_user(
        self,
        actor: Principal,
        *,
        user_id: str,
        display_name: str | None = None,
        roles: Sequence[str] | None = None,
        custom_roles: Sequence[str] | None = None,
        disabled: bool | None = None,
    ) -> User:
        """The person as they are after the change; None leaves as it is.

        Raises `NotFound`, `LastAdmin`, or `Invalid` for a role the tenant does not have. When what they may do is other
        than before, tokens that are out are void.
        """
        now = self._clock()
        async with self._work.transaction(actor.tenant) as tx:
            # Two administrators demoting each other at the same time would otherwise both see the other one left.
            await Tenants(tx).lock()
            await must_govern(tx, actor)
            before = await Users(tx).get(user_id)
            after = replace(
                before,
                display_name=before.display_name if display_name is None else display_name,
                roles=before.roles if roles is None else ordered(roles),
                custom_roles=before.custom_roles if custom_roles is None else tuple(sorted(custom_roles)),
                disabled_at=_disabled_at(before, disabled, now),
            )
            if before == after:
                return before
            if custom_roles is not None:
                await _must_exist(tx, after.custom_roles)
            if before.governs and not after.governs and not await Users(tx).has_other_admin(user_id):
                raise LastAdmin(f"{user_id!r} is the tenant's last administrator; make another one first")
            await Users(tx).save(after)
            if before.may_do != after.may_do:
                await Users(tx).begin_generation(now, user_id=user_id)
            note_change(
                tx,
                "user.changed",
                resource=f"user:{user_id}",
                actor=actor,
                at=now,
                before=_standing(before),
                after=_standing(after),
                roles=[*after.roles, *after.custom_roles],
                disabled=after.disabled_at is not None,
            )
        await self._revoking.tell()
        return after

    async def list_users(self, actor: Principal, *, after: tuple[str] | None, limit: int) -> Sequence[User]:
        """The next people of the caller's tenant."""
        async with self._work.transaction(actor.tenant) as tx:
            return await Users(tx).list_after(after, limit=limit)

    async def create_key(
        self, actor: Principal, *, user_id: str, name: str, scopes: Sequence[str], expires_at: datetime | None
    ) -> IssuedKey:
        """A new key for a person of the caller's tenant; each call makes another. Raises `NotFound` or `Invalid`."""
        now = self._clock()
        if expires_at is not None and expires_at <= now:
            raise Invalid("expires_at lies in the past.")
        async with self._work.transaction(actor.tenant) as tx:
            await must_govern(tx, actor)
            user = await Users(tx).get(user_id)
            issued = _issue(
                user, by=_signature(actor), name=name, at=now, scopes=ordered(scopes), expires_at=expires_at
            )
            await Keys(tx).add(issued.key)
            note_change(
                tx,
                "key.created",
                resource=f"key:{issued.key.id}",
                actor=actor,
                at=now,
                after=_state(issued.key),
                user=user_id,
                prefix=issued.key.prefix,
            )
        return issued

    async def revoke_key(self, actor: Principal, *, key_id: UUID) -> ApiKey:
        """The key, revoked, and with it its owner's tokens, browsers and links: any of them may have come from it.

        Doing it again changes nothing. Raises `NotFound`.
        """
        now = self._clock()
        async with self._work.transaction(actor.tenant) as tx:
            await must_govern(tx, actor)
            key, changed = await Keys(tx).revoke(key_id, at=now)
            if changed:
                await Users(tx).begin_generation(now, user_id=key.user_id)
                await BrowserSessions(tx).end(at=now, user_id=key.user_id)
                note_change(
                    tx,
                    "key.revoked",
                    resource=f"key:{key_id}",
                    actor=actor,
                    at=now,
                    before=_state(replace(key, revoked_at=None)),
                    after=_state(key),
                    user=key.user_id,
                    prefix=key.prefix,
                )
        await self._revoking.tell()
        return key

    async def list_keys(
        self, actor: Principal, *, before: tuple[UUID] | None, user_id: str | None, limit: int
    ) -> Sequence[ApiKey]:
        """The next keys of the caller's tenant, newest first."""
        async with self._work.transaction(actor.tenant) as tx:
            return await Keys(tx).list_before(before, user_id=user_id, limit=limit)


async def must_govern(tx: Transaction, actor: Principal) -> None:
    """Raise `Forbidden` unless the caller governs their tenant right now.

    A token goes on for minutes after its owner lost their role; that must not be enough to take it back.
    """
    user = await Users(tx).find(actor.user_id)
    if user is None or not user.governs:
        raise Forbidden(f"{actor.user_id!r} is not an administrator of this tenant any more.")


def _standing(user: User) -> JsonObject:
    """What a person may do; their name is theirs."""
    return {
        "roles": list(user.roles),
        "custom_roles": list(user.custom_roles),
        "disabled": user.disabled_at is not None,
    }


def _state(key: ApiKey) -> JsonObject:
    """What a key is good for."""
    return {"sha256": key.sha256, "scopes": list(key.scopes), "revoked": key.revoked_at is not None}


async def _must_exist(tx: Transaction, names: Sequence[str]) -> None:
    if unknown := set(names) - {role.name for role in await CustomRoles(tx).list_all()}:
        raise Invalid(f"there is no role {sorted(unknown)[0]!r} in this tenant")


def _issue(
    user: User,
    *,
    by: str,
    name: str,
    at: datetime,
    scopes: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> IssuedKey:
    key = make_api_key()
    record = ApiKey(
        id=new_id(),
        tenant_id=user.tenant_id,
        user_id=user.user_id,
        name=name,
        prefix=prefix_of(key),
        sha256=sha256_of(key),
        scopes=tuple(scopes),
        source=KeySource.ISSUED,
        created_by=by,
        created_at=at,
        expires_at=expires_at,
    )
    return IssuedKey(key, record)


def _disabled_at(user: User, disabled: bool | None, now: datetime) -> datetime | None:
    if disabled is None:
        return user.disabled_at
    return (user.disabled_at or now) if disabled else None


def _signature(actor: Principal) -> str:
    return f"{actor.tenant}/{actor.user_id}"
