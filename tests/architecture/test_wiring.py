"""Everything declared is served, guarded and reachable."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import psycopg
import pytest
from common.bus.streams import DURABLES, permissions
from common.contracts.catalogue import CAPABILITIES, SERVICES
from common.contracts.edge import ROUTES, owner_of
from common.contracts.message import CATALOGUE
from common.db.table import TENANTLESS
from common.service.edge import Edge
from common.service.middleware import ALWAYS_OPEN, is_open
from common.service.serve import Wiring
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from nats import connect
from nats.errors import Error as NatsError
from pydantic import SecretStr
from testkit.plugin import SettingsFor
from testkit.routes import routes_of
from testkit.stack import Stack

# Tables without a tenant, and why.
WITHOUT_TENANTS = {
    ("orchestrator", "definitions"): "files on the operator's disk, the same for every tenant",
    ("orchestrator", "service_states"): "processes of the installation, the same for every tenant",
    ("orchestrator", "drills"): "of the installation, the same for every tenant",
    ("producer", "accesses"): "the installation's own accounts with vendors",
    ("orchestrator", "service_changes"): "processes of the installation, the same for every tenant",
}


@pytest.fixture
def apps(settings_for: SettingsFor) -> dict[str, FastAPI]:
    """Every service's app, wired but not running."""
    # An app that never runs is never closed: without a Redis to reach, its limiter opens nothing and lets pass.
    nowhere = SecretStr("redis://127.0.0.1:1/0")
    return {
        name: importlib.import_module(f"{name}.main").app(settings_for(name, redis_url=nowhere)) for name in SERVICES
    }


def test_every_capability_is_served_by_its_service(apps: dict[str, FastAPI]) -> None:
    served = {one.capability.name: name for name, app in apps.items() for one in wiring_of(app).serves}
    assert served == {name: capability.service for name, capability in CAPABILITIES.items()}


def test_no_request_is_answered_or_let_in_by_way_of_a_thread(apps: dict[str, FastAPI]) -> None:
    """FastAPI calls in a thread what is not `async`, and a request waited for two or three of those in turn."""
    called = [call for app in apps.values() for route in routes_of(app) for call in _called(route.dependant)]
    assert len(called) > 400
    assert [call for call in called if not inspect.iscoroutinefunction(call)] == []


def _called(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _called(inner)


def wiring_of(app: FastAPI) -> Wiring:
    wiring = app.state.wiring
    assert isinstance(wiring, Wiring)
    return wiring


def test_subjects_name_their_sender() -> None:
    for subject in CATALOGUE:
        kind, sender, *_ = subject.split(".")
        assert kind == "evt"
        assert sender in SERVICES
    for durable in DURABLES.values():
        assert durable.service in SERVICES


@pytest.mark.feature("M17")
async def test_every_route_needs_credentials_unless_it_is_listed(apps: dict[str, FastAPI]) -> None:
    walked = 0
    for name, app in apps.items():
        listed = (*ALWAYS_OPEN, *wiring_of(app).open_paths)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            for route in routes_of(app):
                path = route.path.replace("{", "").replace("}", "").replace(":path", "")
                for method in route.methods or ():
                    if is_open(path, listed):
                        continue
                    answer = await client.request(method, path)
                    assert answer.status_code == 401, f"{name}: {method} {route.path}"
                    assert answer.headers["content-type"] == "application/problem+json"
                    walked += 1
    assert walked > 30


def test_open_paths_are_the_few_we_know(apps: dict[str, FastAPI]) -> None:
    opened = {name: sorted(wiring_of(app).open_paths) for name, app in apps.items() if wiring_of(app).open_paths}
    assert opened == {
        "compliance": ["/review/"],
        # A browser without a good token shows its session's own secret there, and repeats its CSRF token.
        "identity": [
            "/.well-known/jwks.json",
            "/v1/sessions",
            "/v1/sessions/current",
            "/v1/sessions/renew",
            "/v1/tokens",
        ],
        "orchestrator": ["/v1/webhooks/", "/ws"],
        "publisher": ["/feed/"],
    }


@pytest.mark.feature("A3")
async def test_the_edge_leads_every_route_to_its_owner(apps: dict[str, FastAPI]) -> None:
    reached: list[str] = []

    def target(name: str) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            reached.append(name)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        return app

    edge = Edge({name: target(name) for name in SERVICES})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=edge), base_url="http://edge") as client:
        for name, app in apps.items():
            paths = {route.path for route in routes_of(app)}
            # What clients of old call at a service's own port is at the edge under /compat/<seed>.
            old = {path.split("/", 3)[3] for path in paths if path.startswith("/compat/")}
            for route in routes_of(app):
                if route.path in ALWAYS_OPEN or route.path.removeprefix("/") in old:
                    continue
                reached.clear()
                await client.get(route.path)
                assert reached == [name], route.path
        assert (await client.get("/metrics")).status_code == 404
        assert (await client.get("/nowhere")).status_code == 404


def test_each_noun_has_one_owner() -> None:
    prefixes = [route.prefix for route in ROUTES]
    assert len(prefixes) == len(set(prefixes))
    assert owner_of("/v1/runsome") is None


async def tables(stack: Stack) -> AsyncIterator[tuple[str, str, bool, bool, bool]]:
    async with await psycopg.AsyncConnection.connect(stack.superuser_url) as connection:
        found = await connection.execute(
            """
            select n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity,
                   exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname = any(%s) and c.relname <> 'alembic_version'
            """,
            [list(SERVICES)],
        )
        async for row in found:
            yield row


@pytest.mark.feature("Z26")
async def test_every_table_of_the_catalogue_keeps_tenants_apart(stack: Stack) -> None:
    seen = 0
    async for schema, table, enabled, forced, has_tenant in tables(stack):
        seen += 1
        if has_tenant:
            assert (enabled, forced) == (True, True), f"{schema}.{table}"
        else:
            known = (schema, table) in WITHOUT_TENANTS or table in TENANTLESS or schema == "identity"
            assert known, f"{schema}.{table}"
    assert seen > 60


async def test_without_a_tenant_a_login_sees_nothing(stack: Stack) -> None:
    for service in SERVICES:
        url = stack.environment(service)["GREENLIGHT_DATABASE_URL"].replace("+psycopg", "")
        async with await psycopg.AsyncConnection.connect(url) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(f'select * from "{service}".outbox'.encode())
            await connection.rollback()
            await connection.execute("select set_config('role', %s, true)", [f"{service}_app"])
            found = await connection.execute(f'select count(*) from "{service}".artifacts'.encode())
            assert await found.fetchone() == (0,)


@pytest.mark.parametrize(
    ("service", "subject"),
    [
        ("ideation", "cmd.publisher.publish.v1"),
        ("ideation", "evt.compliance.gate_decided.v1"),
        ("producer", "hist.t.r"),
        ("publisher", "ctl.cancel.x"),
        ("knowledge", "$JS.API.STREAM.DELETE.EVENTS"),
        ("orchestrator", "evt.compliance.gate_decided.v1"),
    ],
)
async def test_nats_refuses_what_is_not_theirs_to_say(stack: Stack, service: str, subject: str) -> None:
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error).lower())

    url = stack.environment(service)["GREENLIGHT_NATS_URL"]
    client = await connect(url, error_cb=note, inbox_prefix=f"_INBOX_{service}".encode(), allow_reconnect=False)
    try:
        await client.publish(subject, b"{}")
        await client.flush()
        # The server answers in order, so after one more round trip the refusal has arrived.
        await client.flush()
    except NatsError as error:
        refused.append(str(error).lower())
    finally:
        await client.close()
    assert any("permissions violation" in said and subject.lower() in said for said in refused)


def test_everybody_may_signal_and_be_audited() -> None:
    for service in SERVICES:
        allowed = permissions(service).publish
        assert {"cmd.orchestrator.signal.v1", "cmd.compliance.audit.v1", f"evt.{service}.>"} <= set(allowed)
