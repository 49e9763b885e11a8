"""Roles of a tenant's own, and changes that count at once: in every service, for tokens that are out already."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from testkit.listening import eventually
from testkit.people import People, Person
from testkit.plugin import Serving, SettingsFor
from testkit.workshop import Rows

SET_HOLD = "/v1/audit/holds"
"""What a compliance officer may do, and a creator may not; in another service."""


async def may(service: httpx.AsyncClient, headers: dict[str, str]) -> int:
    """How a service answers somebody who does what officers may."""
    return (await service.get(SET_HOLD, headers=headers)).status_code


async def give(client: httpx.AsyncClient, admin: Person, user_id: str, **change: Any) -> httpx.Response:
    """Change what somebody may do."""
    return await client.patch(f"/v1/users/{user_id}", headers=admin.headers, json=change)


async def define(client: httpx.AsyncClient, admin: Person, name: str, *roles: str) -> httpx.Response:
    """Make a role."""
    return await client.put(f"/v1/roles/{name}", headers=admin.headers, json={"roles": list(roles)})


@pytest.mark.feature("A57")
async def test_a_role_is_assigned_changed_and_revoked_with_effect_at_once(
    client: httpx.AsyncClient, serving: Serving, people: People, tenant: str
) -> None:
    admin, person = await people.admin(tenant), await people.join(tenant, "creator")
    key = {"X-API-Key": person.api_key}
    async with serving("compliance") as compliance:
        assert await may(compliance, person.headers) == await may(compliance, key) == 403
        (await define(client, admin, "campaign_manager", "publisher", "compliance_officer")).raise_for_status()
        changed = await give(client, admin, person.user_id, custom_roles=["campaign_manager"])
        assert changed.json()["custom_roles"] == ["campaign_manager"]
        # The old token says what is not so any more; the key gets a new one by itself.
        assert await may(compliance, person.headers) == 401
        assert await may(compliance, key) == 200
        assert await may(client, person.headers) == 401
        (await define(client, admin, "campaign_manager", "publisher")).raise_for_status()
        assert await may(compliance, key) == 403
        (await define(client, admin, "campaign_manager", "compliance_officer")).raise_for_status()
        assert await may(compliance, key) == 200
        (await give(client, admin, person.user_id, custom_roles=[])).raise_for_status()
        assert await may(compliance, key) == 403


async def test_what_was_before_and_is_since_is_on_record_by_its_hash(
    client: httpx.AsyncClient, people: People, tenant: str, rows: Rows
) -> None:
    admin = await people.admin(tenant)
    new = {"user_id": "ada", "display_name": "A", "roles": ["creator"]}
    (await client.post("/v1/users", headers=admin.headers, json=new)).raise_for_status()
    for roles in (["publisher"], ["publisher", "reviewer"], ["publisher"]):
        (await define(client, admin, "editors", *roles)).raise_for_status()
        (await give(client, admin, "ada", roles=roles)).raise_for_status()
    (await give(client, admin, "ada", display_name="Ada")).raise_for_status()
    told = "select convert_from(body, 'utf8')::jsonb ->> %s from identity.outbox where tenant_id = %s"
    told += " and convert_from(body, 'utf8')::jsonb ->> 'resource' = %s order by seq"

    def hashes(resource: str) -> list[tuple[str | None, str | None]]:
        columns = [rows(told, name, tenant, resource) for name in ("before_sha256", "after_sha256")]
        return [(before, after) for (before,), (after,) in zip(*columns, strict=True)]

    for resource in ("role:editors", "user:ada"):
        found = hashes(resource)
        assert found[0][0] is None
        assert [before for before, _ in found[1:]] == [after for _, after in found[:-1]]
    [_, one, two, back] = [after for _, after in hashes("user:ada")][:4]
    assert one == back != two
    # Their name is theirs, and in no hash.
    assert hashes("user:ada")[-1] == (back, back)


@pytest.mark.parametrize("change", [{"roles": ["creator"]}, {"disabled": True}])
async def test_who_is_demoted_or_disabled_is_out_at_once(
    client: httpx.AsyncClient, serving: Serving, people: People, tenant: str, change: dict[str, Any]
) -> None:
    admin, officer = await people.admin(tenant), await people.join(tenant, "compliance_officer")
    async with serving("compliance") as compliance:
        assert await may(compliance, officer.headers) == 200
        (await give(client, admin, officer.user_id, display_name="Other")).raise_for_status()
        assert await may(compliance, officer.headers) == 200
        (await give(client, admin, officer.user_id, **change)).raise_for_status()
        assert await may(compliance, officer.headers) == 401
        assert await may(compliance, {"X-API-Key": officer.api_key}) in {401, 403}


async def test_a_revoked_keys_tokens_count_no_more(
    client: httpx.AsyncClient, serving: Serving, people: People, tenant: str
) -> None:
    admin, officer = await people.admin(tenant), await people.join(tenant, "compliance_officer")
    keys = (await client.get("/v1/keys", headers=admin.headers, params={"user_id": officer.user_id})).json()["items"]
    async with serving("compliance") as compliance:
        assert await may(compliance, {"X-API-Key": officer.api_key}) == 200
        (await client.delete(f"/v1/keys/{keys[0]['id']}", headers=admin.headers)).raise_for_status()
        assert await may(compliance, officer.headers) == 401
        assert await may(compliance, {"X-API-Key": officer.api_key}) == 401


async def test_what_is_void_outlives_a_flush_of_redis(
    client: httpx.AsyncClient, serving: Serving, settings_for: SettingsFor, people: People, tenant: str
) -> None:
    admin, officer = await people.admin(tenant), await people.join(tenant, "compliance_officer")
    (await give(client, admin, officer.user_id, roles=[])).raise_for_status()
    redis = Redis.from_url(settings_for("identity").redis_url.get_secret_value())
    async with serving("compliance") as compliance:
        assert await may(compliance, officer.headers) == 401
        async with redis:
            await redis.delete(*[key async for key in redis.scan_iter("greenlight:void:*")])
        await eventually(lambda: may(compliance, officer.headers), until=lambda status: status == 401, seconds=20)


async def test_without_redis_a_change_is_made_and_a_token_counts_until_it_expires(
    serving: Serving, people: People, tenant: str
) -> None:
    admin, officer = await people.admin(tenant), await people.join(tenant, "compliance_officer")
    nowhere = SecretStr("redis://127.0.0.1:1/0")
    async with serving("identity", redis_url=nowhere) as client, serving("compliance", redis_url=nowhere) as compliance:
        assert (await give(client, admin, officer.user_id, roles=["creator"])).status_code == 200
        assert await may(compliance, officer.headers) == 200


async def test_a_role_can_make_nobody_an_administrator_and_has_to_exist(
    client: httpx.AsyncClient, people: People, tenant: str
) -> None:
    admin, person = await people.admin(tenant), await people.join(tenant, "creator")
    for roles in (["admin"], ["service"], ["owner"], []):
        assert (await define(client, admin, "boss", *roles)).status_code == 422
    for name in ("Boss", "b oss", "x" * 65):
        assert (await define(client, admin, name, "creator")).status_code == 422
    assert (await give(client, admin, person.user_id, custom_roles=["nothing"])).status_code == 422
    other = await people.admin(f"{tenant}-other")
    (await define(client, other, "theirs", "publisher")).raise_for_status()
    assert (await give(client, admin, person.user_id, custom_roles=["theirs"])).status_code == 422
    assert (await client.delete("/v1/roles/theirs", headers=admin.headers)).status_code == 404


async def test_a_role_that_somebody_holds_stays(client: httpx.AsyncClient, people: People, tenant: str) -> None:
    admin, person = await people.admin(tenant), await people.join(tenant, "creator")
    (await define(client, admin, "helper", "reviewer")).raise_for_status()
    (await give(client, admin, person.user_id, custom_roles=["helper"])).raise_for_status()
    held = await client.delete("/v1/roles/helper", headers=admin.headers)
    assert (held.status_code, held.json()["user_ids"]) == (409, [person.user_id])
    (await give(client, admin, person.user_id, custom_roles=[])).raise_for_status()
    assert (await client.delete("/v1/roles/helper", headers=admin.headers)).status_code == 204
    assert (await client.delete("/v1/roles/helper", headers=admin.headers)).status_code == 404


@pytest.mark.feature("P55")
async def test_everybody_may_look_up_who_may_do_what(client: httpx.AsyncClient, people: People, tenant: str) -> None:
    admin, nobody = await people.admin(tenant), await people.join(tenant)
    (await define(client, admin, "helper", "reviewer")).raise_for_status()
    told = (await client.get("/v1/roles", headers=nobody.headers)).json()
    assert [(role["name"], role["roles"]) for role in told["custom"]] == [("helper", ["reviewer"])]
    start = {one["name"]: one for one in told["permissions"]}["runs.start"]
    assert (start["service"], start["routes"], start["roles"]) == (
        "orchestrator",
        ["POST /v1/runs"],
        ["creator", "admin"],
    )
