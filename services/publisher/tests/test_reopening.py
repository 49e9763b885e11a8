"""What is about to go out is not what was approved: nothing goes out, and somebody has to look again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from common.artifacts import Artifacts
from common.contracts.gates import WAITS_FOR_GATE, GateReopened
from common.contracts.message import Finished, Outcome
from common.contracts.publishing import PostContent, Publish, PublishInput
from publisher.settings import Settings
from testkit.orders import Orders
from testkit.people import People
from testkit.workshop import Rows

Write = Callable[..., Awaitable[PostContent]]
Approve = Callable[..., Awaitable[PublishInput]]
Decide = Callable[..., Awaitable[None]]
LATER = (datetime.now(UTC) + timedelta(days=40)).strftime("%Y-%m-%dT00:00:00Z")


async def the_gate_reopened(orders: Orders, order: PublishInput, answer: Finished) -> GateReopened:
    """What the others are told, once the publisher was refused because of a change."""
    assert answer.problem is not None
    assert (answer.outcome, answer.problem.code) == (Outcome.REFUSED, "content_changed")
    assert answer.problem.extra[WAITS_FOR_GATE] == str(order.item_id)
    return GateReopened.model_validate_json(await orders.event(GateReopened.subject, str(order.item_id)))


async def shown(airlock: httpx.AsyncClient, people: People, tenant: str, order: PublishInput) -> dict[str, Any]:
    """The item, as a reviewer sees it."""
    reviewer = await people.join(tenant, "reviewer")
    answer = await airlock.get(f"/v1/airlock/items/{order.item_id}", headers=reviewer.headers)
    item: dict[str, Any] = answer.raise_for_status().json()
    return item


async def audited(airlock: httpx.AsyncClient, people: People, tenant: str, action: str) -> list[dict[str, Any]]:
    """The chain's entries for an action."""
    officer = await people.join(tenant, "compliance_officer")
    params = {"action": action, "limit": "50"}
    answer = await airlock.get("/v1/audit", headers=officer.headers, params=params)
    return [row["entry"] for row in answer.raise_for_status().json()["items"]]


@pytest.mark.feature("M11")
@pytest.mark.parametrize(
    ("changed", "path", "before", "after"),
    [
        ({"hashtags": ["tides", "moon", "ad"]}, "/hashtags/2", None, "ad"),
        ({"visibility": "private"}, "/visibility", "public", "private"),
        ({"account": "@somebody-else"}, "/account", "@tides", "@somebody-else"),
        ({"window": {"not_before": None, "not_after": None}}, "/window/not_after", LATER, None),
        ({"caption": "The moon pulls; buy now."}, "/caption", "The moon pulls, the sea follows.", None),
    ],
    ids=["hashtags", "visibility", "account", "window", "caption"],
)
async def test_one_changed_value_reopens_the_gate_with_the_difference(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    people: People,
    approve: Approve,
    decided: Decide,
    write: Write,
    orders: Orders,
    rows: Rows,
    tenant: str,
    changed: dict[str, Any],
    path: str,
    before: Any,
    after: Any,
) -> None:
    window = {"not_after": LATER}
    order = await approve(tenant, await write(tenant, account="@tides", window=window))
    other = order.model_copy(update={"post": {**order.post, **changed}})
    told = await the_gate_reopened(orders, order, await orders.order(Publish, other, tenant=tenant))
    [change] = told.changes
    assert (change.path, change.before) == (path, before)
    assert change.after == (changed["caption"] if path == "/caption" else after)
    item = await shown(airlock, people, tenant, order)
    assert (item["item"]["status"], item["content"]) == ("open", order.post)
    [entry] = await audited(airlock, people, tenant, "gate.reopened")
    assert entry["detail"]["changes"][0]["path"] == path
    assert rows("select live_at from publisher.feed_entries where tenant_id = %s and live_at is not null", tenant) == []
    again = await orders.order(Publish, order, tenant=tenant)
    assert again.problem is not None
    assert (again.problem.code, again.problem.extra[WAITS_FOR_GATE]) == ("not_approved", str(order.item_id))
    await decided(tenant, order.item_id)
    assert (await orders.order(Publish, order, tenant=tenant)).outcome is Outcome.DONE


@pytest.mark.feature("M11")
async def test_one_bit_of_the_film_reopens_the_gate(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    people: People,
    approve: Approve,
    write: Write,
    orders: Orders,
    settings_for: Callable[..., Settings],
    tenant: str,
) -> None:
    order = await approve(tenant, await write(tenant))
    approved = order.post["video"]
    folder = settings_for("publisher").artifacts_url.removeprefix("file://")
    sha256 = approved["sha256"]
    with open(f"{folder}/{tenant}/sha256/{sha256[:2]}/{sha256}", "r+b") as file:  # noqa: ASYNC230, PTH123 — one byte
        file.seek(-3, 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))
    told = await the_gate_reopened(orders, order, await orders.order(Publish, order, tenant=tenant))
    [change] = told.changes
    assert (change.path, change.before) == ("/video/sha256", sha256)
    assert change.after not in {sha256, None}
    assert (await shown(airlock, people, tenant, order))["item"]["status"] == "open"
    [entry] = await audited(airlock, people, tenant, "gate.reopened")
    assert [each["path"] for each in entry["detail"]["changes"]] == ["/video/sha256"]


async def test_another_policy_version_reopens_the_gate(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    people: People,
    approve: Approve,
    write: Write,
    orders: Orders,
    tenant: str,
) -> None:
    order = await approve(tenant, await write(tenant))
    other = order.model_copy(update={"policy_version": "of-tomorrow"})
    told = await the_gate_reopened(orders, order, await orders.order(Publish, other, tenant=tenant))
    [change] = told.changes
    assert (change.path, change.before, change.after) == ("/policy_version", order.policy_version, "of-tomorrow")
    assert (await shown(airlock, people, tenant, order))["item"]["status"] == "open"
    [entry] = await audited(airlock, people, tenant, "gate.reopened")
    assert [each["path"] for each in entry["detail"]["changes"]] == ["/policy_version"]


async def test_nothing_goes_out_before_its_window(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    approve: Approve,
    write: Write,
    orders: Orders,
    tenant: str,
) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    order = await approve(tenant, await write(tenant, window={"not_before": tomorrow}))
    answer = await orders.order(Publish, order, tenant=tenant)
    assert answer.outcome is Outcome.PENDING
    assert answer.check_after == tomorrow


async def test_what_is_too_late_waits_for_another_decision(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    approve: Approve,
    write: Write,
    orders: Orders,
    tenant: str,
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    order = await approve(tenant, await write(tenant, window={"not_after": yesterday}))
    answer = await orders.order(Publish, order, tenant=tenant)
    assert answer.problem is not None
    assert (answer.problem.code, answer.problem.extra[WAITS_FOR_GATE]) == ("window_closed", str(order.item_id))
    told = GateReopened.model_validate_json(await orders.event(GateReopened.subject, str(order.item_id)))
    assert "not after" in told.cause


async def test_a_post_the_platform_would_not_take_stays_approved(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    people: People,
    approve: Approve,
    write: Write,
    orders: Orders,
    artifacts: Artifacts,
    tenant: str,
) -> None:
    order = await approve(tenant, await write(tenant, visibility="unlisted"))
    answer = await orders.order(Publish, order, tenant=tenant)
    assert answer.problem is not None
    assert answer.problem.code == "visibility_not_offered"
    assert (await shown(airlock, people, tenant, order))["item"]["status"] == "approved"
