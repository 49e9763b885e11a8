"""People of test tenants, made through identity's own API, with real tokens."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import uuid4

import httpx
from common.contracts.values import PLATFORM_TENANT


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
    """Makes tenants and the people in them."""

    def __init__(self, identity: httpx.AsyncClient, *, admin_key: str) -> None:
        self._identity = identity
        self._admin_key = admin_key
        self._admins = {PLATFORM_TENANT: admin_key}
        self._making = asyncio.Lock()

    async def join(self, tenant: str, *roles: str) -> Person:
        """A new person of `tenant` (made when it is new) with `roles`."""
        admin = {"X-API-Key": await self._admin_of(tenant)}
        user_id = f"{roles[0] if roles else 'nobody'}-{uuid4().hex[:8]}"
        body = {"user_id": user_id, "display_name": user_id, "roles": list(roles)}
        (await self._identity.post("/v1/users", headers=admin, json=body)).raise_for_status()
        made = await self._identity.post("/v1/keys", headers=admin, json={"user_id": user_id, "name": "test"})
        made.raise_for_status()
        return await self._person(made.json()["key"])

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
