"""Everything is stopped: no platform is told anything after the answer, and nothing is lost when it goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from common.contracts.message import Finished, Outcome
from common.contracts.publishing import PostContent, Publish, PublishInput
from publisher.adapters.local_feed import LocalFeed
from publisher.errors import LeaveIsOver
from publisher.leave import Leave
from publisher.ports import Live, Post, Upload
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.people import People
from testkit.stack import Stack
from testkit.workshop import Rows

Write = Callable[..., Awaitable[PostContent]]
Approve = Callable[..., Awaitable[PublishInput]]
RUNS = 50
SWITCH = "/v1/airlock/kill-all"


class SlowFeed(LocalFeed):
    """The local feed, as slow as platforms are; it remembers when it was told what."""

    begun: list[float]
    finished: list[tuple[float, UUID]]

    async def begin(self, post: Post, *, key: str) -> Upload:
        self.begun.append(time.monotonic())
        await asyncio.sleep(0.05)
        return await super().begin(post, key=key)

    async def finish(self, upload: Upload) -> Live:
        self.finished.append((time.monotonic(), upload.post_id))
        await asyncio.sleep(0.1)
        return await super().finish(upload)


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> type[SlowFeed]:
    """What the publisher of this test publishes on; asked for before it."""
    SlowFeed.begun, SlowFeed.finished = [], []
    monkeypatch.setattr("publisher.wiring.LocalFeed", SlowFeed)
    return SlowFeed


@pytest_asyncio.fixture
async def operator(stack: Stack, airlock: httpx.AsyncClient) -> AsyncIterator[dict[str, str]]:
    """Headers of the installation's administrator; whatever they stop goes on after the test."""
    headers = {"X-API-Key": stack.secrets.admin_key.get_secret_value()}
    yield headers
    (await airlock.delete(SWITCH, headers=headers)).raise_for_status()


async def approved(
    held: Approve, write: Write, airlock: httpx.AsyncClient, people: People, *, tenant: str, count: int
) -> list[PublishInput]:
    """That many films that may go out."""
    reviewer = await people.join(tenant, "reviewer")
    post = await write(tenant)
    posts = [post.model_copy(update={"title": f"Tides, part {part}"}) for part in range(count)]
    found = await asyncio.gather(*(held(tenant, one) for one in posts))
    urls = [f"/v1/airlock/items/{order.item_id}/decision" for order in found]
    yes = {"decision": "approved"}
    for answer in await asyncio.gather(*(airlock.post(url, json=yes, headers=reviewer.headers) for url in urls)):
        answer.raise_for_status()
    return list(found)


async def test_with_fifty_publishes_in_flight_no_platform_is_told_anything_after_the_answer(
    *,
    feed: type[SlowFeed],
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    operator: dict[str, str],
    held: Approve,
    write: Write,
    people: People,
    orders: Orders,
    rows: Rows,
    tenant: str,
) -> None:
    tenants = (tenant, f"{tenant}-b")
    ordered = [
        (name, order, uuid4(), uuid4())
        for name in tenants
        for order in await approved(held, write, airlock, people, tenant=name, count=RUNS // 2)
    ]

    attempts = dict.fromkeys((order.item_id for _, order, _, _ in ordered), 0)

    async def publish_one(name: str, order: PublishInput, run: UUID, step: UUID) -> tuple[UUID, Finished]:
        """As the orchestrator does: what failed and may be tried again is."""
        while True:
            attempts[order.item_id] += 1
            attempt = attempts[order.item_id]
            answer = await orders.order(Publish, order, tenant=name, run=run, step=step, attempt=attempt)
            if answer.problem is None or not answer.problem.retryable:
                return order.item_id, answer

    async def publish(which: set[UUID]) -> dict[UUID, Finished]:
        return dict(await asyncio.gather(*(publish_one(*one) for one in ordered if one[1].item_id in which)))

    everything = set(attempts)
    publishing = asyncio.create_task(publish(everything))
    await eventually(lambda: len(feed.finished) >= 5, seconds=60)
    stop = await airlock.put(SWITCH, headers=operator, json={"reason": "wrong song"})
    answered = time.monotonic()
    answers = await publishing

    shown = stop.raise_for_status().json()
    assert (shown["stopped"], shown["reason"]) == (True, "wrong song")
    assert {UUID(release["item_id"]) for release in shown["in_flight"] if release["tenant"] in tenants} <= everything
    waiting = {item for item, answer in answers.items() if answer.outcome is Outcome.PENDING}
    assert {answer.outcome for answer in answers.values()} == {Outcome.DONE, Outcome.PENDING}
    assert max([*feed.begun, *(at for at, _ in feed.finished)]) < answered
    # What was begun before is out or surely is not, and says so.
    public = "select item_id from publisher.posts where tenant_id = any(%s) and state = 'public'"
    assert {item for (item,) in rows(public, list(tenants))} == everything - waiting
    assert len(feed.finished) == len(everything - waiting)

    async def still_in_flight() -> list[Any]:
        answer = await airlock.get(SWITCH, headers=operator)
        return [release for release in answer.json()["in_flight"] if release["tenant"] in tenants]

    await eventually(still_in_flight, until=lambda left: not left, seconds=20)

    assert (await airlock.delete(SWITCH, headers=operator)).json()["stopped"] is False
    again = await publish(waiting)
    assert {answer.outcome for answer in again.values()} == {Outcome.DONE}
    assert len({post for _, post in feed.finished}) == len(feed.finished) == RUNS


async def test_who_was_given_a_permit_and_died_may_not_use_it_while_all_is_stopped(
    *,
    feed: type[SlowFeed],
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    operator: dict[str, str],
    approve: Approve,
    write: Write,
    orders: Orders,
    rows: Rows,
    trap: Callable[[str], None],
    tenant: str,
) -> None:
    order = await approve(tenant, await write(tenant))
    scope = {"tenant": tenant, "run": uuid4(), "step": uuid4()}
    # It dies after compliance gave the permit and before that was written down here.
    trap("publisher.permitted")
    assert (await orders.order(Publish, order, **scope)).outcome is Outcome.FAILED
    stop = (await airlock.put(SWITCH, headers=operator, json={"reason": "wrong song"})).json()
    assert str(order.item_id) in {release["item_id"] for release in stop["in_flight"]}
    assert (await orders.order(Publish, order, **scope, attempt=2)).outcome is Outcome.PENDING
    assert feed.finished == []
    outcome = "select outcome from compliance.release_permits where tenant_id = %s"
    await eventually(lambda: rows(outcome, tenant), until=lambda found: found == [("release_failed",)])
    await airlock.delete(SWITCH, headers=operator)
    assert (await orders.order(Publish, order, **scope, attempt=3)).outcome is Outcome.DONE
    assert len(feed.finished) == 1


async def test_a_stop_of_one_tenant_leaves_the_others_alone(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    people: People,
    approve: Approve,
    write: Write,
    orders: Orders,
    tenant: str,
) -> None:
    other = f"{tenant}-other"
    mine, theirs = await approve(tenant, await write(tenant)), await approve(other, await write(other))
    admin = await people.admin(tenant)
    (await airlock.put("/v1/airlock/kill", headers=admin.headers, json={"reason": "wait"})).raise_for_status()
    assert (await orders.order(Publish, mine, tenant=tenant)).outcome is Outcome.PENDING
    assert (await orders.order(Publish, theirs, tenant=other)).outcome is Outcome.DONE


async def test_leave_that_is_too_old_tells_nothing() -> None:
    asked: list[float] = []
    told: list[str] = []

    async def ask() -> None:
        asked.append(0)

    async def tell() -> None:
        told.append("told")

    now = 100.0
    leave = Leave(ask, now=lambda: now)
    with pytest.raises(LeaveIsOver):
        await leave.begin(tell)
    await leave.obtain()
    await leave.obtain()
    await leave.begin(tell)
    now += 1.01
    with pytest.raises(LeaveIsOver):
        await leave.begin(tell)
    await leave.obtain()
    await leave.begin(tell)
    assert (len(asked), len(told)) == (2, 2)
