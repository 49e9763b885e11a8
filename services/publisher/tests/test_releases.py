"""What happens to permits whose attempts are gone, and when compliance is away at the wrong moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from common import http
from common.contracts.audit import AuditEntry
from common.contracts.message import Outcome
from common.contracts.publishing import PostContent, PostPublished, Publish, PublishInput
from common.db.work import Work
from common.service.auth import ServiceIdentity
from publisher.adapters.compliance import ComplianceDoor
from publisher.adapters.local_feed import LocalFeed
from publisher.releases import Releases
from publisher.settings import Settings
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.people import People
from testkit.workshop import Rows

Write = Callable[..., Awaitable[PostContent]]
Approve = Callable[..., Awaitable[PublishInput]]


@pytest.fixture
async def releases(settings_for: Callable[..., Settings], work: Work, local_feed: LocalFeed) -> AsyncIterator[Releases]:
    """The loops' work, for releases that were left just now."""
    settings = settings_for("publisher")
    async with (
        http.client(base_url=settings.compliance_url) as compliance,
        http.client(base_url=settings.identity_url) as identity,
    ):
        door = ComplianceDoor(
            compliance, identity=ServiceIdentity(identity, key=settings.service_key.get_secret_value())
        )
        yield Releases(work, platforms={"local_feed": local_feed}, door=door, settle_after_seconds=0)


@pytest.fixture
def status_of(airlock: httpx.AsyncClient, people: People) -> Callable[..., Awaitable[Callable[[], Awaitable[str]]]]:
    """`await status_of(tenant, order)` → a function that asks the airlock for the item's status."""

    async def of(tenant: str, order: PublishInput) -> Callable[[], Awaitable[str]]:
        headers = (await people.join(tenant, "creator")).headers

        async def status() -> str:
            item = await airlock.get(f"/v1/airlock/items/{order.item_id}", headers=headers)
            return str(item.json()["item"]["status"])

        return status

    return of


@pytest.mark.parametrize(
    ("point", "state", "status", "times"),
    [
        ("permitted", "failed", "release_failed", 0),
        ("intended", "failed", "release_failed", 0),
        ("finished", "public", "released", 1),
    ],
)
async def test_a_release_that_was_left_behind_is_settled_by_looking(
    *,
    publisher: httpx.AsyncClient,
    releases: Releases,
    approve: Approve,
    write: Write,
    orders: Orders,
    rows: Rows,
    told: Callable[[], tuple[list[PostPublished], list[AuditEntry]]],
    trap: Callable[[str], None],
    status_of: Callable[..., Awaitable[Callable[[], Awaitable[str]]]],
    tenant: str,
    point: str,
    state: str,
    status: str,
    times: int,
) -> None:
    order = await approve(tenant, await write(tenant))
    trap(f"publisher.{point}")
    died = await orders.order(Publish, order, tenant=tenant)
    assert died.outcome is Outcome.FAILED

    await releases.settle()

    posts = rows("select state from publisher.posts where tenant_id = %s", tenant)
    assert posts == [(state,)]
    assert await eventually(await status_of(tenant, order), until=lambda value: value != "releasing") == status
    assert [len(what) for what in told()] == [times, times]


async def test_an_outcome_is_reported_when_compliance_is_back(
    *,
    publisher: httpx.AsyncClient,
    listens: Callable[..., Any],
    held: Approve,
    write: Write,
    orders: Orders,
    people: People,
    rows: Rows,
    trap: Callable[[str], None],
    tenant: str,
) -> None:
    reviewer, creator = await people.join(tenant, "reviewer"), await people.join(tenant, "creator")
    async with listens("compliance") as airlock:
        order = await held(tenant, await write(tenant))
        decision = f"/v1/airlock/items/{order.item_id}/decision"
        answer = await airlock.post(decision, json={"decision": "approved"}, headers=reviewer.headers)
        assert answer.status_code == 200, answer.text
        trap("publisher.checked")
        assert (await orders.order(Publish, order, tenant=tenant)).outcome is Outcome.FAILED
    # Compliance is away now; the post is public all the same, and that is found without asking anybody.
    assert (await orders.order(Publish, order, tenant=tenant)).outcome is Outcome.DONE

    waiting = "select outcome, reported_at from publisher.permits where tenant_id = %s and tries > 0"
    assert await eventually(lambda: rows(waiting, tenant)) == [("released", None)]
    async with listens("compliance") as airlock:

        async def status() -> str:
            item = await airlock.get(f"/v1/airlock/items/{order.item_id}", headers=creator.headers)
            return str(item.json()["item"]["status"])

        assert await eventually(status, until=lambda value: value == "released") == "released"
