"""One switch for the whole installation: who may throw it, whom it stops, and that nobody gets round it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from common.contracts.values import PLATFORM_TENANT
from testkit.listening import eventually
from testkit.people import Person

SWITCH = "/v1/airlock/kill-all"
WRONG_SONG = {"reason": "wrong song"}


@pytest_asyncio.fixture
async def admin(airlock: Any) -> AsyncIterator[Person]:
    """The installation's administrator; whatever was stopped goes on after the test."""
    person: Person = await airlock.people.admin(PLATFORM_TENANT)
    yield person
    (await airlock.client.delete(SWITCH, headers=person.headers)).raise_for_status()


async def test_it_stops_every_tenant_and_each_of_them_sees_why(airlock: Any, admin: Person) -> None:
    flying, waiting = await airlock.approved(), await airlock.approved()
    await airlock.permit(flying.item_id, flying.manifest_sha256)
    operator = await airlock.people.join(PLATFORM_TENANT, "operator")
    stops = [
        (await airlock.client.put(SWITCH, headers=who.headers, json={"reason": reason})).raise_for_status().json()
        for who, reason in ((operator, "wrong song"), (admin, "again"))
    ]
    assert {(stop["stopped"], stop["by"], stop["reason"]) for stop in stops} == {(True, operator.user_id, "wrong song")}
    [release] = [release for release in stops[0]["in_flight"] if release["tenant"] == airlock.tenant]
    assert release["item_id"] == str(flying.item_id)
    refused = await airlock.permit(waiting.item_id, waiting.manifest_sha256)
    assert (refused.status_code, refused.json()["error"], refused.json()["stopped"]) == (409, "on_hold", True)
    again = await airlock.permit(flying.item_id, flying.manifest_sha256)
    assert (again.status_code, "permit_id" in again.json()) == (409, True)
    creator = await airlock.person("creator")
    seen = (await airlock.client.get("/v1/airlock/kill", headers=creator.headers)).json()
    assert (seen["stopped"], seen["everywhere"], seen["reason"]) == (True, True, "wrong song")
    assert operator.user_id in (await airlock.client.get("/ready")).json()["notices"]["publishing"]

    assert (await airlock.client.delete(SWITCH, headers=operator.headers)).status_code == 403
    assert (await airlock.client.delete(SWITCH, headers=admin.headers)).json()["stopped"] is False
    assert (await airlock.permit(waiting.item_id, waiting.manifest_sha256)).status_code == 201

    async def notices() -> object:
        return (await airlock.client.get("/ready")).json().get("notices")

    assert await eventually(notices, until=lambda found: found is None) is None
    chain = await airlock.client.get("/v1/audit", headers=admin.headers, params={"resource": "installation"})
    actions = [item["entry"]["action"] for item in chain.raise_for_status().json()["items"] if item["entry"]]
    assert actions[-2:] == ["kill.on", "kill.off"]


@pytest.mark.parametrize("role", ["admin", "operator", "publisher", "compliance_officer"])
async def test_nobody_of_another_tenant_may_touch_or_see_it(airlock: Any, role: str) -> None:
    person = await airlock.person(role)
    for method in ("GET", "PUT", "DELETE"):
        answer = await airlock.client.request(method, SWITCH, headers=person.headers, json=WRONG_SONG)
        assert answer.status_code == 403


async def test_a_tenants_own_stop_outlives_the_one_of_all(airlock: Any, admin: Person) -> None:
    opened, own = await airlock.approved(), await airlock.person("publisher")
    for url, who in (("/v1/airlock/kill", own), (SWITCH, admin)):
        (await airlock.client.put(url, headers=who.headers, json=WRONG_SONG)).raise_for_status()
    (await airlock.client.delete(SWITCH, headers=admin.headers)).raise_for_status()
    seen = (await airlock.client.get("/v1/airlock/kill", headers=own.headers)).json()
    assert (seen["stopped"], seen["everywhere"]) == (True, False)
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["error"] == "on_hold"


async def test_code_that_serves_a_tenant_can_neither_throw_nor_lift_it(
    airlock: Any, admin: Person, as_app: Callable[..., int]
) -> None:
    throw = "insert into compliance.tenant_flags values (%s, %s, %s, now(), %s)"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_app(airlock.tenant, throw, PLATFORM_TENANT, "kill_all", "me", "")
    # Under its own name the row means nothing.
    as_app(airlock.tenant, throw, airlock.tenant, "kill_all", "me", "")
    opened = await airlock.approved()
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).status_code == 201
    (await airlock.client.put(SWITCH, headers=admin.headers, json=WRONG_SONG)).raise_for_status()
    assert as_app(airlock.tenant, "delete from compliance.tenant_flags where tenant_id = %s", PLATFORM_TENANT) == 0
