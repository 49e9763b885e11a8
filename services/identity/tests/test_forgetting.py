"""A person is forgotten by identity when compliance says so: no name, no key, no way back in."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest
from common.bus.connection import Bus
from common.bus.wire import wire_headers
from common.contracts.erasing import ErasureOrdered
from testkit.listening import eventually
from testkit.people import People
from testkit.stack import Stack
from testkit.workshop import Rows

ANSWERS = (
    "select convert_from(body, 'utf8')::jsonb -> 'detail' from identity.outbox"
    " where tenant_id = %s and convert_from(body, 'utf8')::jsonb ->> 'action' = 'personal_data.erased'"
)
PERSON = "select display_name, disabled_at is not null from identity.users where tenant_id = %s and user_id = %s"
KEYS = "select count(*) from identity.api_keys where tenant_id = %s and user_id = %s and revoked_at is null"


async def order(stack: Stack, tenant: str, user_id: str, *, times: int = 1) -> None:
    """Compliance's message, over the real bus."""
    bus = Bus(stack.environment("compliance")["GREENLIGHT_NATS_URL"], service="compliance")
    await bus.connect()
    body = ErasureOrdered(erasure_id=uuid4(), user_id=user_id, ordered_at=datetime.now(UTC))
    message_id = uuid4()
    for number in range(times):
        row = {
            "id": message_id,
            "sends": f"{number}-{uuid4().hex}",
            "created_at": datetime.now(UTC),
            "headers": {"ce-type": body.subject, "ce-tenant": tenant},
        }
        headers = wire_headers(row, source="compliance")
        await bus.publish(body.subject, body.model_dump_json().encode(), headers=headers)
    await bus.close()


@pytest.mark.feature("P90")
async def test_a_person_has_no_name_and_no_key_any_more(stack: Stack, people: People, tenant: str, rows: Rows) -> None:
    person = await people.join(tenant, "reviewer")
    await order(stack, tenant, person.user_id, times=3)
    await eventually(lambda: rows(ANSWERS, tenant), seconds=20)
    assert rows(PERSON, tenant, person.user_id) == [("erased", True)]
    assert rows(KEYS, tenant, person.user_id) == [(0,)]
    assert rows(ANSWERS, tenant) == [({"keys": 1, "users": 1, "kept_last_admin": 0},)]


async def test_the_last_administrator_keeps_the_tenant(stack: Stack, people: People, tenant: str, rows: Rows) -> None:
    admin = await people.admin(tenant)
    await order(stack, tenant, admin.user_id)
    await eventually(lambda: rows(ANSWERS, tenant), seconds=20)
    assert rows(PERSON, tenant, admin.user_id) == [("erased", False)]
    assert rows(KEYS, tenant, admin.user_id)[0][0] >= 1


async def test_nothing_says_any_more_what_they_made_for_others(
    stack: Stack, client: httpx.AsyncClient, people: People, tenant: str, rows: Rows
) -> None:
    first, other = await people.admin(tenant), await people.join(tenant, "admin")
    (await client.put("/v1/roles/editors", headers=other.headers, json={"roles": ["creator"]})).raise_for_status()
    body = {"user_id": first.user_id}
    (await client.post("/v1/sign-in-links", headers=other.headers, json=body)).raise_for_status()
    names = (
        "select changed_by from identity.custom_roles where tenant_id = %s"
        " union all select created_by from identity.sign_in_links where tenant_id = %s"
    )
    assert rows(names, tenant, tenant) == [(other.user_id,), (other.user_id,)]
    await order(stack, tenant, other.user_id)
    await eventually(lambda: rows(ANSWERS, tenant), seconds=20)
    assert rows(names, tenant, tenant) == [("erased",), ("erased",)]


async def test_somebody_of_another_tenant_is_left_alone(stack: Stack, people: People, tenant: str, rows: Rows) -> None:
    person = await people.join(tenant, "reviewer")
    other = f"{tenant}-b"
    await people.join(other, "reviewer")
    await order(stack, other, person.user_id)
    await eventually(lambda: rows(ANSWERS, other), seconds=20)
    assert rows(ANSWERS, other)[0][0]["users"] == 0
    assert rows(PERSON, tenant, person.user_id) != [("erased", True)]
