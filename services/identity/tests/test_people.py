"""Administrators and the people of their tenant, and nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from common.contracts.audit import AuditEntry
from common.contracts.message import AUDIT_SUBJECT
from common.db.work import Work
from common.service.middleware import ALWAYS_OPEN
from common.service.principal import Role
from identity.api import OPEN_PATHS
from identity.domain import PEOPLES_ROLES
from identity.main import app
from identity.models import runtime, users
from identity.settings import Settings
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from testkit.people import People
from testkit.plugin import SettingsFor

PLATFORM_ONLY = {("POST", "/v1/tenants"), ("GET", "/v1/tenants"), ("POST", "/v1/signing-keys/rotate")}
FOR_EVERYBODY = {
    ("GET", "/v1/me"),
    ("GET", "/v1/roles"),
    # Oneself: a password, and a link that signs in; one for somebody else is refused (test_sessions).
    ("PUT", "/v1/me/password"),
    ("POST", "/v1/sign-in-links"),
}


def guarded_routes(settings: Settings) -> set[tuple[str, str]]:
    """Every route that is not open, from the app's own description of itself."""
    paths: dict[str, dict[str, Any]] = app(settings).openapi()["paths"]
    return {
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if path not in {*OPEN_PATHS, *ALWAYS_OPEN}
    }


@pytest.fixture
def routes(settings_for: SettingsFor) -> set[tuple[str, str]]:
    """Every route that needs credentials."""
    settings = settings_for("identity")
    assert isinstance(settings, Settings)
    return guarded_routes(settings)


async def status_of(client: httpx.AsyncClient, route: tuple[str, str], headers: dict[str, str]) -> int:
    """How a route answers these credentials, given an empty body."""
    method, path = route
    answer = await client.request(method, path.format(user_id="x", key_id=uuid4(), name="x"), headers=headers, json={})
    return answer.status_code


async def test_nothing_is_served_to_strangers(client: httpx.AsyncClient, routes: set[tuple[str, str]]) -> None:
    assert routes >= PLATFORM_ONLY | FOR_EVERYBODY
    for route in routes:
        assert await status_of(client, route, {}) == 401, route
        assert await status_of(client, route, {"X-API-Key": "gl_unknown_" + "x" * 43}) == 401, route


@pytest.mark.parametrize("role", [role for role in PEOPLES_ROLES if role is not Role.ADMIN])
async def test_only_administrators_administer(
    client: httpx.AsyncClient, people: People, tenant: str, routes: set[tuple[str, str]], role: str
) -> None:
    person = await people.join(tenant, role)
    for route in routes - FOR_EVERYBODY:
        assert await status_of(client, route, person.headers) == 403, route
    assert (await client.get("/v1/me", headers=person.headers)).json()["roles"] == [role]


async def test_a_tenants_administrator_does_not_govern_the_platform(
    client: httpx.AsyncClient, people: People, tenant: str, routes: set[tuple[str, str]]
) -> None:
    admin = await people.admin(tenant)
    for route in PLATFORM_ONLY:
        assert await status_of(client, route, admin.headers) == 403, route
    for route in routes - PLATFORM_ONLY - FOR_EVERYBODY:
        assert await status_of(client, route, admin.headers) in {200, 404, 422}, route


@pytest.mark.parametrize("role", ["service", "owner", "Admin", ""])
async def test_only_roles_of_people_can_be_given(
    client: httpx.AsyncClient, people: People, tenant: str, role: str
) -> None:
    admin = (await people.admin(tenant)).headers
    new = {"user_id": "eve", "display_name": "Eve", "roles": ["creator", role]}
    assert (await client.post("/v1/users", headers=admin, json=new)).status_code == 422
    assert (await client.patch("/v1/users/admin", headers=admin, json={"roles": [role]})).status_code == 422
    key = {"user_id": "admin", "scopes": [role]}
    assert (await client.post("/v1/keys", headers=admin, json=key)).status_code == 422


async def test_the_database_too_refuses_a_person_with_the_role_of_a_service(
    work_on: Callable[[str], Work], database_url: str, people: People, tenant: str
) -> None:
    await people.admin(tenant)
    row = {"tenant_id": tenant, "user_id": "eve", "display_name": "Eve", "roles": ["service"]}
    with pytest.raises(DBAPIError, match="ck_users_roles"):
        async with work_on(database_url).transaction(tenant) as tx:
            await tx.session.execute(insert(users).values(**row, created_at="2026-11-21T00:00:00Z"))


@pytest.mark.parametrize("user_id", ["service:editor", "a/b", "", "x" * 65, "a\n", "a b"])
async def test_a_users_id_is_a_plain_name(client: httpx.AsyncClient, people: People, tenant: str, user_id: str) -> None:
    admin = (await people.admin(tenant)).headers
    new = {"user_id": user_id, "display_name": "Eve"}
    assert (await client.post("/v1/users", headers=admin, json=new)).status_code == 422


async def test_a_misspelt_change_is_refused_instead_of_ignored(
    client: httpx.AsyncClient, people: People, tenant: str
) -> None:
    admin = (await people.admin(tenant)).headers
    assert (await client.patch("/v1/users/admin", headers=admin, json={"disable": True})).status_code == 422


async def test_a_person_is_added_once(client: httpx.AsyncClient, people: People, tenant: str) -> None:
    admin = (await people.admin(tenant)).headers
    new = {"user_id": "ada", "display_name": "Ada", "roles": ["reviewer", "creator"]}
    first = await client.post("/v1/users", headers=admin, json=new)
    second = await client.post("/v1/users", headers=admin, json=new)
    assert first.status_code == 201
    assert first.json()["roles"] == ["creator", "reviewer"]
    assert first.json()["created_at"].endswith("Z")
    assert (second.status_code, second.json()["error"]) == (409, "user_exists")


async def test_another_tenants_people_and_keys_do_not_exist(
    client: httpx.AsyncClient, people: People, tenant: str
) -> None:
    other = f"{tenant}-other"
    ada = await people.join(other, "creator")
    admin, theirs = (await people.admin(tenant)).headers, (await people.admin(other)).headers
    [key] = (await client.get("/v1/keys", headers=theirs, params={"user_id": ada.user_id})).json()["items"]

    seen = (await client.get("/v1/users", headers=admin)).json()["items"]
    assert [user["user_id"] for user in seen] == ["admin"]
    assert key["id"] not in [found["id"] for found in (await client.get("/v1/keys", headers=admin)).json()["items"]]

    foreign = await client.patch(f"/v1/users/{ada.user_id}", headers=admin, json={"disabled": True})
    missing = await client.patch("/v1/users/nobody", headers=admin, json={"disabled": True})
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["error"] == missing.json()["error"] == "not_found"
    assert (await client.delete(f"/v1/keys/{key['id']}", headers=admin)).status_code == 404
    assert (await client.post("/v1/keys", headers=admin, json={"user_id": ada.user_id})).status_code == 404


async def test_the_last_administrator_stays(client: httpx.AsyncClient, people: People, tenant: str) -> None:
    admin = (await people.admin(tenant)).headers
    changes: list[dict[str, Any]] = [{"disabled": True}, {"roles": ["creator"]}, {"roles": []}]
    for change in changes:
        refused = await client.patch("/v1/users/admin", headers=admin, json=change)
        assert (refused.status_code, refused.json()["error"]) == (409, "last_admin")

    second = await people.join(tenant, "admin")
    await client.patch(f"/v1/users/{second.user_id}", headers=admin, json={"disabled": True})
    refused = await client.patch("/v1/users/admin", headers=admin, json={"roles": ["creator"]})
    assert refused.status_code == 409, "a disabled administrator does not count"

    await client.patch(f"/v1/users/{second.user_id}", headers=admin, json={"disabled": False})
    demoted = await client.patch("/v1/users/admin", headers=admin, json={"roles": ["creator"]})
    assert demoted.json()["roles"] == ["creator"]


async def test_two_administrators_cannot_demote_each_other_at_once(
    client: httpx.AsyncClient, people: People, tenant: str
) -> None:
    one, two = await people.join(tenant, "admin"), await people.join(tenant, "admin")
    await client.patch("/v1/users/admin", headers=one.headers, json={"roles": []})

    answers = await asyncio.gather(
        client.patch(f"/v1/users/{two.user_id}", headers=one.headers, json={"roles": []}),
        client.patch(f"/v1/users/{one.user_id}", headers=two.headers, json={"disabled": True}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 403]


async def test_a_demoted_administrators_token_changes_nothing_any_more(
    client: httpx.AsyncClient, people: People, tenant: str
) -> None:
    admin, second = (await people.admin(tenant)).headers, await people.join(tenant, "admin")
    await client.patch(f"/v1/users/{second.user_id}", headers=admin, json={"roles": ["creator"]})
    back = await client.patch(f"/v1/users/{second.user_id}", headers=second.headers, json={"roles": ["admin"]})
    key = await client.post("/v1/keys", headers=second.headers, json={"user_id": "admin"})
    assert (back.status_code, key.status_code) == (401, 401)


async def test_a_key_is_shown_once(client: httpx.AsyncClient, people: People, tenant: str) -> None:
    admin = (await people.admin(tenant)).headers
    made = await client.post("/v1/keys", headers=admin, json={"user_id": "admin", "name": "laptop"})
    key = made.json()
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    assert key["key"].startswith(f"gl_{key['prefix']}_")

    listed = await client.get("/v1/keys", headers=admin)
    assert key["key"] not in listed.text
    assert "sha256" not in listed.text
    assert listed.json()["items"][0] == {name: value for name, value in key.items() if name != "key"}


async def test_lists_come_in_pages_without_gaps(client: httpx.AsyncClient, people: People, tenant: str) -> None:
    admin = (await people.admin(tenant)).headers
    for number in range(5):
        new = {"user_id": f"user-{number}", "display_name": "U"}
        await client.post("/v1/users", headers=admin, json=new)
        await client.post("/v1/keys", headers=admin, json={"user_id": "admin", "name": f"key-{number}"})

    async def walk(path: str) -> list[dict[str, Any]]:
        items, cursor = [], None
        while True:
            page = await client.get(path, headers=admin, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
            items += page.json()["items"]
            if (cursor := page.json()["next_cursor"]) is None:
                return items

    assert [user["user_id"] for user in await walk("/v1/users")] == ["admin", *(f"user-{n}" for n in range(5))]
    names = [key["name"] for key in await walk("/v1/keys")]
    assert names == ["key-4", "key-3", "key-2", "key-1", "key-0", "first administrator"]


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=%21", "cursor=bm90LWEtdXVpZA"])
async def test_a_page_that_makes_no_sense_is_422(
    client: httpx.AsyncClient, people: People, tenant: str, query: str
) -> None:
    admin = (await people.admin(tenant)).headers
    assert (await client.get(f"/v1/keys?{query}", headers=admin)).status_code == 422


async def test_a_tenant_is_made_once_with_an_administrator(
    client: httpx.AsyncClient, platform: dict[str, str], tenant: str
) -> None:
    new = {"tenant": tenant, "admin_name": "Grace"}
    made = await client.post("/v1/tenants", headers=platform, json=new)
    again = await client.post("/v1/tenants", headers=platform, json=new)
    assert made.status_code == 201
    assert made.json()["created_by"] == "default/admin"
    assert (again.status_code, again.json()["error"]) == (409, "tenant_exists")

    me = (await client.get("/v1/me", headers={"X-API-Key": made.json()["key"]})).json()
    assert (me["tenant"], me["user_id"], me["display_name"]) == (tenant, "admin", "Grace")
    listed, query = [], {"limit": "200"}
    while True:
        page = (await client.get("/v1/tenants", headers=platform, params=query)).json()
        listed += [item["tenant"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert listed.count(tenant) == 1


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "x" * 65, "tenant\n"])
async def test_a_tenants_name_is_safe_as_a_folder(
    client: httpx.AsyncClient, platform: dict[str, str], name: str
) -> None:
    new = {"tenant": name, "admin_name": "Grace"}
    assert (await client.post("/v1/tenants", headers=platform, json=new)).status_code == 422


async def test_every_change_is_sent_to_the_audit_with_a_number_of_its_own(
    client: httpx.AsyncClient, people: People, tenant: str, work_on: Callable[[str], Work], database_url: str
) -> None:
    admin = (await people.admin(tenant)).headers
    await client.post("/v1/users", headers=admin, json={"user_id": "ada", "display_name": "Ada"})
    await client.post("/v1/users", headers=admin, json={"user_id": "ada", "display_name": "Again"})
    await client.patch("/v1/users/ada", headers=admin, json={"roles": ["creator"]})
    await client.patch("/v1/users/ada", headers=admin, json={"roles": ["creator"]})
    key = (await client.post("/v1/keys", headers=admin, json={"user_id": "ada"})).json()
    await client.delete(f"/v1/keys/{key['id']}", headers=admin)
    await client.delete(f"/v1/keys/{key['id']}", headers=admin)

    async with work_on(database_url).transaction(tenant) as tx:
        sent = select(runtime.outbox.c.body).where(runtime.outbox.c.subject == AUDIT_SUBJECT)
        bodies = (await tx.session.execute(sent.order_by(runtime.outbox.c.seq))).scalars().all()
    told = [AuditEntry.model_validate_json(bytes(body)) for body in bodies]
    # What was refused, or changed nothing, is told as a request, and when is not certain.
    entries = [entry for entry in told if not entry.action.startswith("request.")]
    assert [entry.source_seq for entry in told] == [*range(1, len(told) + 1)]
    assert [(entry.action, entry.resource) for entry in entries] == [
        ("tenant.created", f"tenant:{tenant}"),
        ("user.created", "user:ada"),
        ("user.changed", "user:ada"),
        ("key.created", f"key:{key['id']}"),
        ("key.revoked", f"key:{key['id']}"),
    ]
    assert {entry.actor for entry in entries} == {"admin"}
    assert entries[0].detail["actor_tenant"] == "default"
    assert key["key"] not in str(entries)
