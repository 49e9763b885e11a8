"""A permit that was given is not for ever: whoever was away too long asks again, and what is out is still known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from common.contracts.gates import WAITS_FOR_GATE
from common.contracts.message import Outcome
from common.contracts.publishing import PostContent, Publish, PublishInput
from common.errors import VendorRefused
from publisher import handlers
from publisher.adapters.local_feed import LocalFeed
from publisher.ports import Live, Upload
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.people import People
from testkit.stack import Stack
from testkit.workshop import Rows

Write = Callable[..., Awaitable[PostContent]]
Approve = Callable[..., Awaitable[PublishInput]]
OUTCOME = "select outcome from compliance.release_permits where tenant_id = %s order by granted_at"
STATES = "select platform, state from publisher.posts where tenant_id = %s order by platform"


class OtherFeed(LocalFeed):
    """The local feed under another name; it refuses as long as it is told to."""

    name = "other_feed"
    refuses = False

    async def finish(self, upload: Upload) -> Live:
        if OtherFeed.refuses:
            raise VendorRefused("The other feed takes no films today.")
        return await super().finish(upload)


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> None:
    """The publisher of this test has two platforms; asked for before it."""
    publish = handlers.publish

    async def on_both(*args: Any, platforms: dict[str, LocalFeed], **others: Any) -> Any:
        other = object.__new__(OtherFeed)
        vars(other).update(vars(platforms["local_feed"]))
        return await publish(*args, platforms={**platforms, "other_feed": other}, **others)

    monkeypatch.setattr(OtherFeed, "refuses", False)
    monkeypatch.setattr(handlers, "publish", on_both)


@pytest.fixture
def too_late(stack: Stack) -> Callable[[PublishInput], None]:
    """`too_late(order)` → the window in which the post was to go out is over."""

    def close(order: PublishInput) -> None:
        over = (
            "update compliance.airlock_items set content = jsonb_set(content::jsonb, '{window,not_after}',"
            " '\"2026-01-01T00:00:00Z\"')::json where id = %s"
        )
        with psycopg.connect(stack.superuser_url) as connection:
            assert connection.execute(over.encode(), [order.item_id]).rowcount == 1

    return close


@pytest.mark.feature("M11")
async def test_what_was_permitted_and_is_too_late_by_now_waits_for_another_decision(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    approve: Approve,
    write: Write,
    orders: Orders,
    rows: Rows,
    trap: Callable[[str], None],
    too_late: Callable[[PublishInput], None],
    tenant: str,
) -> None:
    order = await approve(tenant, await write(tenant, window={"not_after": datetime.now(UTC) + timedelta(days=40)}))
    scope = {"tenant": tenant, "run": uuid4(), "step": uuid4()}
    trap("publisher.permitted")
    assert (await orders.order(Publish, order, **scope)).outcome is Outcome.FAILED
    too_late(order)
    assert (await orders.order(Publish, order, **scope, attempt=2)).outcome is Outcome.PENDING
    await eventually(lambda: rows(OUTCOME, tenant), until=lambda found: found == [("release_failed",)])
    answer = await orders.order(Publish, order, **scope, attempt=3)
    assert answer.problem is not None
    assert (answer.problem.code, answer.problem.extra[WAITS_FOR_GATE]) == ("window_closed", str(order.item_id))
    assert rows("select live_at from publisher.feed_entries where tenant_id = %s and live_at is not null", tenant) == []


async def test_what_is_out_on_one_platform_when_it_is_too_late_for_the_other_is_released(
    *,
    both: None,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    approve: Approve,
    write: Write,
    orders: Orders,
    rows: Rows,
    trap: Callable[[str], None],
    too_late: Callable[[PublishInput], None],
    tenant: str,
) -> None:
    post = await write(
        tenant, platforms=("local_feed", "other_feed"), window={"not_after": datetime.now(UTC) + timedelta(days=40)}
    )
    order = await approve(tenant, post)
    scope = {"tenant": tenant, "run": uuid4(), "step": uuid4()}
    trap("publisher.checked")
    assert (await orders.order(Publish, order, **scope)).outcome is Outcome.FAILED
    too_late(order)
    answer = await orders.order(Publish, order, **scope, attempt=2)
    assert answer.outcome is Outcome.DONE, answer.problem
    assert [downgrade.code for downgrade in answer.downgrades] == ["not_published_everywhere"]
    assert rows(STATES, tenant) == [("local_feed", "public"), ("other_feed", "preparing")]
    await eventually(lambda: rows(OUTCOME, tenant), until=lambda found: found == [("released",)])


@pytest.mark.feature("P56")
async def test_a_stop_never_calls_failed_what_is_out_already(
    *,
    both: None,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    people: People,
    approve: Approve,
    write: Write,
    orders: Orders,
    rows: Rows,
    trap: Callable[[str], None],
    tenant: str,
) -> None:
    """One platform refused, the other shows it, and the attempt died before that was written down."""
    order = await approve(tenant, await write(tenant, platforms=("other_feed", "local_feed")))
    scope = {"tenant": tenant, "run": uuid4(), "step": uuid4()}
    OtherFeed.refuses = True
    trap("publisher.checked")
    assert (await orders.order(Publish, order, **scope)).outcome is Outcome.FAILED
    admin = await people.admin(tenant)
    (await airlock.put("/v1/airlock/kill", headers=admin.headers, json={"reason": "wait"})).raise_for_status()
    assert (await orders.order(Publish, order, **scope, attempt=2)).outcome is Outcome.PENDING
    assert rows(STATES, tenant) == [("local_feed", "public"), ("other_feed", "preparing")]
    settled = "select outcome from publisher.permits where tenant_id = %s"
    assert rows(settled, tenant) == [(None,)]
    (await airlock.delete("/v1/airlock/kill", headers=admin.headers)).raise_for_status()
    OtherFeed.refuses = False
    assert (await orders.order(Publish, order, **scope, attempt=3)).outcome is Outcome.DONE
    await eventually(lambda: rows(OUTCOME, tenant), until=lambda found: found == [("released",)])
