"""The table of permissions is true: each role at each route of each service gets exactly what it says."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from common.contracts.catalogue import SERVICES
from common.contracts.values import PLATFORM_TENANT, Role
from common.service.permissions import Permission, all_permissions, routes_of
from fastapi import APIRouter
from testkit.local import local_client
from testkit.people import People
from testkit.plugin import Serving
from testkit.stack import Stack

PEOPLE = tuple(role for role in Role if role is not Role.SERVICE)


def cells(permission: Permission) -> Iterator[tuple[tuple[Role, ...], str, bool]]:
    """Roles held together, in which tenant, and whether they are enough.

    Whoever holds all roles that are too few for it, and is refused, proves every one of these cells.
    """
    own = PLATFORM_TENANT if permission.platform else ""
    if permission.roles is None:
        yield (), own, True
        return
    yield from (((role,), own, True) for role in permission.roles)
    yield tuple(role for role in PEOPLE if role not in permission.roles), own, False
    if Role.SERVICE not in permission.roles:
        yield (Role.SERVICE,), own, False
    if permission.platform:
        yield PEOPLE, "", False


class Callers:
    """Somebody with these roles in that tenant, made once."""

    def __init__(self, people: People, stack: Stack, tenant: str) -> None:
        self._people = people
        self._stack = stack
        self._tenant = tenant
        self._known: dict[tuple[tuple[Role, ...], str], dict[str, str]] = {}

    async def headers(self, roles: tuple[Role, ...], tenant: str) -> dict[str, str]:
        """Their credentials; with the role `service` those of a service of ours."""
        if (roles, tenant) not in self._known:
            where = tenant or self._tenant
            if roles == (Role.SERVICE,):
                self._known[roles, tenant] = await self._service(where)
            else:
                self._known[roles, tenant] = (await self._people.join(where, *(role.value for role in roles))).headers
        return self._known[roles, tenant]

    async def _service(self, tenant: str) -> dict[str, str]:
        key = self._stack.environment("publisher")["GREENLIGHT_SERVICE_KEY"]
        async with local_client(self._stack.site.services["identity"]) as identity:
            answer = await identity.post("/v1/tokens", headers={"X-API-Key": key}, json={"tenant": tenant})
        return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


@pytest.mark.feature("P55")
@pytest.mark.feature("A98")
@pytest.mark.parametrize("service", SERVICES)
async def test_each_role_gets_at_each_route_what_the_table_says(
    service: str, serving: Serving, people: People, stack: Stack, tenant: str
) -> None:
    callers = Callers(people, stack, tenant)
    wrong: list[str] = []
    async with serving(service) as client:
        for permission in (one for one in all_permissions() if one.service == service):
            for roles, where, enough in cells(permission):
                headers = await callers.headers(roles, where)
                for route in permission.routes:
                    method, path = route.split(" ")
                    filled = "/".join(str(uuid4()) if part.startswith("{") else part for part in path.split("/"))
                    answer = await client.request(method, filled, headers=headers, json={})
                    if (answer.status_code == 403) is enough or answer.status_code == 401:
                        wrong.append(f"{route} as {', '.join(roles)}: {answer.status_code} {answer.text[:200]}")
    assert wrong == []


def test_a_router_inside_of_a_router_is_no_secret() -> None:
    outer, inner = APIRouter(), APIRouter()
    inner.get("/hidden")(all_permissions)
    outer.include_router(inner)
    with pytest.raises(TypeError, match="hold routes"):
        routes_of([outer])
    assert [route.path for route in routes_of([inner])] == ["/hidden"]


def test_the_table_has_the_routes_of_every_service_that_has_any() -> None:
    assert {permission.service for permission in all_permissions()} >= set(SERVICES) - {"editor"}
    assert len(all_permissions()) > 120
