"""From a key to a token: who the key stands for, and what the token says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.clock import Clock
from common.contracts.values import Role
from common.db.work import Transaction, Work
from common.errors import Unauthenticated
from common.ids import new_id
from common.service.auth import CLOCK_SKEW_SECONDS, ISSUER, LIMITED_CLAIM

from identity.domain import ApiKey, Grant, User, find_service, narrowed, sha256_of
from identity.errors import TenantNotYours, TenantRequired
from identity.registry import Registry
from identity.repository import CustomRoles, Users
from identity.signing import Seal, sign
from identity.uses import KeyUses


@dataclass(frozen=True)
class Token:
    """A signed token and what it says."""

    text: str
    expires_in_seconds: int
    grant: Grant


class Tokens:
    """Exchanges keys for tokens and publishes the keys to check them with."""

    def __init__(
        self,
        work: Work,
        *,
        registry: Registry,
        seal: Seal,
        uses: KeyUses,
        service_keys: Mapping[str, str],
        lifetime: timedelta,
        clock: Clock,
    ) -> None:
        self._work = work
        self._registry = registry
        self._seal = seal
        self._uses = uses
        self._service_keys = service_keys
        self._lifetime = lifetime
        self._clock = clock

    async def exchange(self, key: str, *, tenant: str | None) -> Token:
        """A token for the key's owner; a service names the tenant it acts for, nobody else may.

        Raises `Unauthenticated` for a key that is unknown, revoked or expired or whose owner is disabled.
        """
        sha256 = sha256_of(key)
        if service := find_service(sha256, self._service_keys):
            if tenant is None:
                raise TenantRequired("A service key acts for a tenant: name it in the body.")
            return await self.issue(Grant(tenant, f"service:{service}", (Role.SERVICE,)))
        grant = await self._grant_of(sha256)
        if tenant is not None:
            raise TenantNotYours("Only a service key may name a tenant; yours belongs to one already.")
        return await self.issue(grant)

    async def list_jwks(self) -> list[dict[str, str]]:
        """The public keys of every token that may still be good."""
        tolerated = self._lifetime + timedelta(seconds=CLOCK_SKEW_SECONDS)
        keys = await self._registry.list_public_keys(retired_after=self._clock() - tolerated)
        return [dict(key) for key in keys]

    async def _grant_of(self, sha256: str) -> Grant:
        now = self._clock()
        key = await self._registry.find_key(sha256)
        if key is None or not key.opens(sha256, at=now):
            raise Unauthenticated("The API key is unknown, revoked or expired.")
        async with self._work.transaction(key.tenant_id) as tx:
            grant, _ = await grant_in(tx, key.user_id, key=key, until=key.expires_at)
        self._uses.note(key, now)
        return grant

    async def issue(self, grant: Grant, *, also: Mapping[str, str] | None = None) -> Token:
        """A token that says what was granted, and `also` these claims."""
        now = self._clock()
        signer = await self._registry.get_signer(now)
        claims = claims_of(grant, at=now, lifetime=self._lifetime) | dict(also or {})
        return Token(sign(claims, key=signer, seal=self._seal), claims["exp"] - claims["iat"], grant)


async def grant_in(tx: Transaction, user_id: str, *, key: ApiKey | None, until: datetime | None) -> tuple[Grant, User]:
    """What a person of the transaction's tenant may do right now, by that key of theirs. Raises `Unauthenticated`."""
    user = await Users(tx).get(user_id)
    if user.disabled_at is not None:
        # The same words as for an unknown key: a stranger with a stolen one learns nothing about its owner.
        raise Unauthenticated("The API key is unknown, revoked or expired.")
    own = [role for role in await CustomRoles(tx).list_all() if role.name in user.custom_roles]
    held = {*user.roles, *(built_in for role in own for built_in in role.roles)}
    grant = Grant(
        tx.tenant,
        user.user_id,
        narrowed(held, scopes=key.scopes if key else ()),
        until=until,
        generation=user.generation,
        limited=key is not None and (bool(key.scopes) or key.expires_at is not None),
    )
    return grant, user


def claims_of(grant: Grant, *, at: datetime, lifetime: timedelta) -> dict[str, Any]:
    """What the token says. It never outlives the key it was made from."""
    issued = int(at.timestamp())
    expires = issued + int(lifetime.total_seconds())
    if grant.until is not None:
        expires = min(expires, int(grant.until.timestamp()))
    if expires <= issued:
        raise Unauthenticated("The API key is unknown, revoked or expired.")
    roles = [str(role) for role in grant.roles]
    return {
        "iss": ISSUER,
        "iat": issued,
        "exp": expires,
        "jti": str(new_id()),
        "app_id": grant.tenant,
        "user_id": grant.user_id,
        "scope": " ".join(roles),
        "roles": roles,
        **({} if grant.generation is None else {"gen": str(grant.generation)}),
        **({LIMITED_CLAIM: True} if grant.limited else {}),
    }
