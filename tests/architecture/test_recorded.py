"""Every route that writes leaves an audit entry: whoever asks, and however it ends."""

from __future__ import annotations

import importlib
from typing import Any
from uuid import uuid4

import pytest
from common.contracts.catalogue import SERVICES
from common.service.middleware import is_open
from common.service.recording import CHANGING, DENIED, REFUSED
from pydantic import SecretStr
from testkit.listening import eventually
from testkit.people import People
from testkit.plugin import Serving, SettingsFor
from testkit.routes import routes_of
from testkit.workshop import Rows

UNRECORDED = {
    ("identity", "/v1/tokens"): "exchanging a key changes nothing but when the key was last used",
    ("orchestrator", "/v1/tickets"): "a ticket is for a socket that its holder may open anyway; browsers need many",
    ("orchestrator", "/v1/runs/estimate"): "a question, which changes nothing",
    (
        "orchestrator",
        "/v1/webhooks/{vendor}",
    ): "vendors have no tenant; a delivery is a row of its own, and a run's event",
}
"""Routes whose success leaves no entry, and why. What they refuse does, under the installation's own tenant."""


def writes_of(service: str, settings_for: SettingsFor) -> list[tuple[str, str]]:
    """Method and path of every route of the service that changes something."""
    settings = settings_for(service, redis_url=SecretStr("redis://127.0.0.1:1/0"))
    app = importlib.import_module(f"{service}.main").app(settings)
    opened = app.state.wiring.open_paths
    found = [(method, route.path) for route in routes_of(app) for method in (route.methods or set()) & CHANGING]
    return [(method, path) for method, path in found if not is_open(path, opened)]


def recorded(service: str, rows: Rows, tenant: str) -> dict[str, str]:
    """Request id → action of each entry that the service has told, or, as compliance, kept."""
    if service == "compliance":
        found = rows("select body from compliance.audit_entries where tenant_id = %s and body is not null", tenant)
        query = [body for (body,) in found]
    else:
        told = (
            f"select convert_from(body, 'utf8') from {service}.outbox where tenant_id = %s and subject like '%%audit%%'"
        )
        query = [body for (body,) in rows(told, tenant)]
    entries = [importlib.import_module("orjson").loads(body) for body in query]
    return {str(entry.get("request_id")): str(entry["action"]) for entry in entries}


@pytest.mark.feature("P57", "A88", "A99")
@pytest.mark.feature("A49")
@pytest.mark.parametrize("service", SERVICES)
async def test_every_write_that_is_refused_or_done_is_on_record(  # noqa: PLR0917 — fixtures are passed by name
    service: str, serving: Serving, settings_for: SettingsFor, people: People, tenant: str, rows: Rows
) -> None:
    writes = writes_of(service, settings_for)
    # Somebody without the right to anything in particular; what anybody may do is done.
    person = await people.join(tenant, "publisher" if service != "publisher" else "creator")
    asked: dict[str, tuple[str, str, int]] = {}
    async with serving(service) as client:
        for method, path in writes:
            request_id = f"walk-{len(asked)}"
            filled = "/".join(str(uuid4()) if part.startswith("{") else part for part in path.split("/"))
            headers = {**person.headers, "X-Request-ID": request_id}
            answer = await client.request(method, filled, headers=headers, json={})
            asked[request_id] = (method, path, answer.status_code)
        news = {
            request_id
            for request_id, (_, path, status) in asked.items()
            if (status < 400 or status in REFUSED) and (service, path) not in UNRECORDED
        }

        def all_there() -> bool:
            return news <= recorded(service, rows, tenant).keys()

        await eventually(all_there, seconds=20)
    odd = {where for where in asked.values() if where[2] >= 500 or where[2] in {405, 413}}
    assert not odd
    found: dict[str, Any] = recorded(service, rows, tenant)
    for request_id in news:
        if asked[request_id][2] in DENIED:
            assert found[request_id] in {"request.refused", "permit.refused"} or "refused" in found[request_id]


@pytest.mark.feature("A49")
async def test_a_refusal_that_first_chains_what_others_did_is_on_record_too(
    serving: Serving, people: People, tenant: str, rows: Rows
) -> None:
    """Who asks about the trail chains what is pending, and those entries are no entry about the asking."""
    pending = "select entry::jsonb->>'request_id' from compliance.audit_pending where tenant_id = %s"
    person = await people.join(tenant, "publisher")
    async with serving("compliance", audit_chaining_seconds=3600) as client:
        for request_id, path in (("another", "/v1/airlock/items"), ("the-asking", "/v1/audit/verify")):
            headers = {**person.headers, "X-Request-ID": request_id}
            answer = await client.post(path, headers=headers, json={"key": "k", "gate": "g", "content": {}})
            assert answer.status_code == 403
            await eventually(lambda: rows(pending, tenant), until=[(request_id,)].__eq__)
