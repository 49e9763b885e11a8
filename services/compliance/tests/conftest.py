"""What compliance's tests share: the service itself, and people who use it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
import pytest_asyncio
from common.contracts.gates import Accepts, GateInput, GateOpened, OpenGate, Review
from common.contracts.message import Event, Outcome
from common.contracts.values import Downgrade
from testkit.browser import Browser
from testkit.listening import eventually
from testkit.local import local_client
from testkit.orders import Orders
from testkit.people import People, Person
from testkit.plugin import Serving
from testkit.stack import Stack

POST = {
    "title": "How tides work",
    "caption": "The moon pulls, the sea follows.",
    "hashtags": ["#tides", "#AIgenerated"],
    "duration_ms": 20000,
    "platforms": ["local_feed"],
}

Told = TypeVar("Told", bound=Event)


@dataclass
class Airlock:
    """The running service and one tenant's people."""

    client: httpx.AsyncClient
    orders: Orders
    people: People
    tenant: str
    stack: Stack
    persons: dict[str, Person] = field(default_factory=dict)

    async def person(self, role: str) -> Person:
        """Somebody with that role, the same in a whole test."""
        if role not in self.persons:
            self.persons[role] = await self.people.join(self.tenant, role)
        return self.persons[role]

    async def service(self, name: str = "publisher") -> dict[str, str]:
        """Headers with the token by which a service acts for this tenant."""
        key = self.stack.environment(name)["GREENLIGHT_SERVICE_KEY"]
        async with local_client(self.stack.site.services["identity"]) as identity:
            answer = await identity.post("/v1/tokens", headers={"x-api-key": key}, json={"tenant": self.tenant})
        return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}

    async def open(
        self,
        content: dict[str, Any] | None = None,
        *,
        requested_by: str = "the-author",
        timeout_at: datetime | None = None,
        run: UUID | None = None,
        step: UUID | None = None,
        attempt: int = 1,
        reviewers: tuple[str, ...] = ("reviewer",),
        accepts: tuple[Accepts, ...] = (),
        downgrades: tuple[Downgrade, ...] = (),
        review: Review | None = None,
        gate: str = "publish",
    ) -> GateOpened:
        """A held item, opened by command as the orchestrator does."""
        gate_input = GateInput(
            gate=gate,
            title="Tides",
            content=POST if content is None else content,
            requested_by=requested_by,
            reviewers=reviewers,
            accepts=accepts,
            downgrades=downgrades,
            review=review,
            timeout_at=timeout_at,
        )
        finished = await self.orders.order(
            OpenGate, gate_input, tenant=self.tenant, run=run, step=step or uuid4(), attempt=attempt
        )
        assert finished.outcome is Outcome.DONE, finished.problem
        return GateOpened.model_validate(finished.output)

    async def decide(self, item_id: UUID, person: Person | None = None, **body: Any) -> httpx.Response:
        """A reviewer's answer."""
        who = person or await self.person("reviewer")
        return await self.client.post(f"/v1/airlock/items/{item_id}/decision", headers=who.headers, json=body)

    async def approved(self, content: dict[str, Any] | None = None) -> GateOpened:
        """An item that a reviewer approved."""
        opened = await self.open(content)
        (await self.decide(opened.item_id, decision="approved")).raise_for_status()
        return opened

    async def permit(self, item_id: UUID, manifest_sha256: str, *, service: str = "publisher") -> httpx.Response:
        """What the publisher is answered when it asks to release."""
        body = {"item_id": str(item_id), "manifest_sha256": manifest_sha256}
        return await self.client.post("/v1/permits", headers=await self.service(service), json=body)

    async def item(self, item_id: UUID) -> dict[str, Any]:
        """The item as a reviewer sees it."""
        reviewer = await self.person("reviewer")
        answer = await self.client.get(f"/v1/airlock/items/{item_id}", headers=reviewer.headers)
        shown: dict[str, Any] = answer.raise_for_status().json()
        return shown

    async def audit(self, **query: Any) -> list[dict[str, Any]]:
        """The tenant's audit entries, oldest first."""
        officer = await self.person("compliance_officer")
        answer = await self.client.get("/v1/audit", headers=officer.headers, params={"limit": 200, **query})
        return [item["entry"] for item in answer.raise_for_status().json()["items"] if item["entry"] is not None]

    async def own_audit(self) -> list[dict[str, Any]]:
        """Only what compliance itself wrote: identity tells what it did for the tenant, too."""
        return [entry for entry in await self.audit() if entry["source"] == "compliance"]

    async def told(self, event: type[Told]) -> list[Told]:
        """What compliance has put into its outbox of that kind for this tenant, the first first."""
        query = b"select body from compliance.outbox where tenant_id = %s and subject = %s order by seq"
        async with await psycopg.AsyncConnection.connect(self.stack.superuser_url) as connection:
            rows = await (await connection.execute(query, (self.tenant, event.subject))).fetchall()
        return [event.model_validate_json(bytes(row[0])) for row in rows]

    async def settled(self) -> int:
        """Wait until all that identity told is there and all of ours is chained. → how many entries; no more come."""
        for role in ("reviewer", "compliance_officer"):
            await self.person(role)
        told = "select seq from identity.audit_counters where tenant_id = %s"
        stored = "select count(*) from compliance.audit_entries where tenant_id = %s"
        pending = "select count(*) from compliance.audit_pending where tenant_id = %s"
        from_identity = f"{stored} and body::json ->> 'source' = 'identity'"
        async with await psycopg.AsyncConnection.connect(self.stack.superuser_url, autocommit=True) as connection:

            async def number(query: str) -> int:
                row = await (await connection.execute(query.encode(), (self.tenant,))).fetchone()
                return int(row[0]) if row else 0

            async def arrived() -> bool:
                return await number(from_identity) == await number(told) and not await number(pending)

            await eventually(arrived, seconds=30)
            return await number(stored)

    async def erase(self, user_id: str, **more: Any) -> httpx.Response:
        """An officer's order to forget somebody."""
        officer = await self.person("compliance_officer")
        body = {"user_id": user_id, **more}
        return await self.client.post("/v1/audit/erasures", headers=officer.headers, json=body)

    async def erased(self, erasure_id: str) -> dict[str, Any]:
        """Wait until an order is finished. → how it is shown."""
        officer = await self.person("compliance_officer")
        shown: dict[str, Any] = {}

        async def done() -> bool:
            answer = await self.client.get(f"/v1/audit/erasures/{erasure_id}", headers=officer.headers)
            shown.update(answer.raise_for_status().json())
            return shown["finished_at"] is not None

        await eventually(done, seconds=30)
        return shown

    async def verify(self) -> dict[str, Any]:
        """What recomputing the tenant's chain finds."""
        officer = await self.person("compliance_officer")
        answer = await self.client.get("/v1/audit/verify", headers=officer.headers)
        report: dict[str, Any] = answer.raise_for_status().json()
        return report


@pytest_asyncio.fixture(scope="module")
async def compliance(serving: Serving) -> AsyncIterator[httpx.AsyncClient]:
    """Compliance, running as long as a module's tests do."""
    async with serving("compliance", overdue_check_seconds=0.25) as client:
        yield client


@pytest.fixture
def airlock(compliance: httpx.AsyncClient, orders: Orders, people: People, tenant: str, stack: Stack) -> Airlock:
    """Compliance, running, with a tenant nobody else uses."""
    return Airlock(compliance, orders, people, tenant, stack)


@pytest_asyncio.fixture
async def quick(airlock: Airlock, serving: Serving) -> AsyncIterator[Airlock]:
    """Compliance that hardly waits for what was on its way when somebody is to be forgotten."""
    async with serving("compliance", audit_erasure_settle_seconds=0.2) as client:
        yield replace(airlock, client=client)


Open = Callable[[], Browser]


@pytest_asyncio.fixture
async def browser(airlock: Airlock) -> AsyncIterator[Open]:
    """`browser()` → one more browser, which knows nothing of the others."""
    async with AsyncExitStack() as stack:

        def another() -> Browser:
            # Links are limited by address: what other tests opened must not count here.
            address = f"10.{uuid4().int % 256}.{uuid4().int % 256}.{uuid4().int % 256}"
            served: Any = airlock.client._transport
            transport = httpx.ASGITransport(app=served.app, client=(address, 1))
            client = httpx.AsyncClient(transport=transport, base_url="http://compliance")
            stack.push_async_callback(client.aclose)
            return Browser(client)

        yield another


Tamper = Callable[..., int]


@pytest.fixture
def tamper(stack: Stack) -> Tamper:
    """`tamper("update …", tenant)` → how many rows changed, as for somebody with the database's own keys."""

    def run(statement: str, *values: object) -> int:
        with psycopg.connect(stack.superuser_url) as connection:
            return connection.execute(statement, values).rowcount

    return run


@pytest.fixture
def as_app(stack: Stack) -> Tamper:
    """`as_app(tenant, "delete …")` → the same with no more rights than the service's own code has."""
    url = stack.environment("compliance")["GREENLIGHT_DATABASE_URL"].replace("+psycopg", "")

    def run(tenant: str, statement: str, *values: object) -> int:
        with psycopg.connect(url) as connection:
            connection.execute("set local role compliance_app")
            connection.execute("select set_config('greenlight.tenant', %s, true)", (tenant,))
            return connection.execute(statement, values).rowcount

    return run
