"""People of test tenants: tenants and tokens from identity's own doors, and rows as it writes them."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from uuid import uuid4

import httpx
from common.contracts.values import PLATFORM_TENANT, Role
from common.ids import new_id
from psycopg import AsyncConnection

_PERSON = """
with person as (
    insert into identity.users (tenant_id, user_id, display_name, roles, created_at)
    values (%(tenant)s, %(user)s, %(user)s, %(roles)s, now())
)
insert into identity.api_keys (id, tenant_id, user_id, name, prefix, sha256, scopes, source, created_by, created_at)
values (%(id)s, %(tenant)s, %(user)s, 'test', %(prefix)s, %(sha256)s, '{}', 'issued', 'admin', now())
"""


@dataclass(frozen=True)
class Person:
    """Somebody with a token: `headers` go with each request they make."""

    tenant: str
    user_id: str
    token: str
    api_key: str

    @property
    def headers(self) -> dict[str, str]:
        """The authorization header of this person."""
        return {"Authorization": f"Bearer {self.token}"}


class People:
    """Makes tenants and the people in them.

    A person and their key are written, not asked for: two more requests for each of thousands are more than half of
    what their coming takes. So nothing is on record of it; a test that needs that adds the person at identity's door.
    """

    def __init__(self, identity: httpx.AsyncClient, database: AsyncConnection, *, admin_key: str) -> None:
        self._identity = identity
        self._database = database
        self._admin_key = admin_key
        self._admins = {PLATFORM_TENANT: admin_key}
        self._making = asyncio.Lock()

    async def join(self, tenant: str, *roles: str) -> Person:
        """A new person of `tenant` (made when it is new) with `roles`."""
        await self._admin_of(tenant)
        user_id, prefix = f"{roles[0] if roles else 'nobody'}-{uuid4().hex[:8]}", uuid4().hex[:8]
        key = f"gl_{prefix}_{uuid4().hex}{uuid4().hex[:11]}"
        row = {
            "id": new_id(),
            "tenant": tenant,
            "user": user_id,
            "roles": sorted({Role(role) for role in roles}, key=list(Role).index),
            "prefix": prefix,
            "sha256": hashlib.sha256(key.encode()).hexdigest(),
        }
        await self._database.execute(_PERSON, row)
        return await self._person(key)

    async def change(self, person: Person, **change: object) -> None:
        """What the administrator of their tenant changes about a person: `roles`, or `disabled`."""
        admin = {"X-API-Key": await self._admin_of(person.tenant)}
        changed = await self._identity.patch(f"/v1/users/{person.user_id}", headers=admin, json=change)
        changed.raise_for_status()

    async def renew(self, person: Person) -> Person:
        """The same person with a new token: one lasts a quarter of an hour."""
        return await self._person(person.api_key)

    async def admin(self, tenant: str) -> Person:
        """The first administrator of `tenant`."""
        return await self._person(await self._admin_of(tenant))

    async def _admin_of(self, tenant: str) -> str:
        async with self._making:
            if tenant not in self._admins:
                body = {"tenant": tenant, "admin_name": "admin"}
                made = await self._identity.post("/v1/tenants", headers={"X-API-Key": self._admin_key}, json=body)
                made.raise_for_status()
                self._admins[tenant] = made.json()["key"]
        return self._admins[tenant]

    async def _person(self, key: str) -> Person:
        answer = await self._identity.post("/v1/tokens", headers={"X-API-Key": key})
        answer.raise_for_status()
        token = answer.json()
        return Person(token["tenant"], token["user_id"], token["access_token"], key)
