"""Signals from outside: early, late, twice, foreign and forged, and over a restart, with real servers."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from common.service.signatures import WebhookVendor
from orchestrator.engine.draft import SIGNALS_LIMIT
from pydantic import ValidationError
from testkit.engine import Engine, write_workflow
from testkit.workshop import Rows

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
SECRET = "one two three"
HEAD = "workflow_name: {name}\ninput: {{brief: str, order: {{type: str, default: '0'}}}}\nsteps:\n"
WAITING = {
    "outside": """
  - id: paid
    wait: {signal: "shop:${input.order}"}
""",
    "later": """
  - id: rest
    sleep: 1s
  - id: paid
    wait: {signal: "shop:${input.order}"}
""",
    "asked": """
  - id: nod
    wait: {signal: nod}
""",
}


@pytest.fixture(scope="module")
def workflows(workflows: Path) -> Path:
    """Also workflows that wait for somebody outside."""
    for name, steps in WAITING.items():
        write_workflow(workflows, HEAD.format(name=name) + steps)
    return workflows


@pytest.fixture
def vendors(tenant: str) -> dict[str, WebhookVendor]:
    """A shop that signs its body."""
    plain = {"secrets": [SECRET], "scheme": "plain", "header": "x-shop-signature", "delivery_header": "x-shop-delivery"}
    return {"shop": WebhookVendor.model_validate(plain | {"id_field": "order.id", "tenant": tenant})}


@pytest.fixture
async def engine(engines: Engines, vendors: dict[str, WebhookVendor]) -> AsyncIterator[Engine]:
    """An orchestrator that knows the shop."""
    async with engines(webhook_secrets=vendors) as started:
        yield started


async def deliver(
    engine: Engine, order: str, *, delivery: str | None = None, secret: str = SECRET, **more: Any
) -> httpx.Response:
    body = orjson.dumps({"order": {"id": order}} | more)
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"x-shop-signature": signature, "x-shop-delivery": delivery or uuid4().hex}
    return await engine.client.post("/v1/webhooks/shop", content=body, headers=headers)


async def output_of(engine: Engine, run_id: UUID, step: str) -> Any:
    state = (await engine.get(f"/v1/runs/{run_id}/state")).json()
    return next(one["output"] for one in state["steps"] if one["id"] == step)


async def test_a_delivery_wakes_the_run_that_waits_for_it_and_no_other(engine: Engine) -> None:
    order = uuid4().hex
    run_id, other = await engine.start("outside", order=order), await engine.start("outside", order=uuid4().hex)
    await engine.shows(run_id, "waiting")
    answer = await deliver(engine, order, paid="12.00")
    assert (answer.status_code, answer.json()) == (200, {"status": "accepted"})
    await engine.shows(run_id, "completed")
    assert await output_of(engine, run_id, "paid") == {"order": {"id": order}, "paid": "12.00"}
    assert (await engine.run(other))["status"] == "waiting"
    await engine.post(f"/v1/runs/{other}/cancel")


async def test_early_twice_and_over_a_restart_the_run_completes_once(
    engines: Engines, vendors: dict[str, WebhookVendor], rows: Rows
) -> None:
    order = uuid4().hex
    async with engines(webhook_secrets=vendors) as engine:
        for _ in range(2):
            early = await deliver(engine, order, delivery="d-1")
            assert (early.status_code, early.json()) == (200, {"status": "ignored"})
        run_id = await engine.start("later", order=order)
    # The process is gone; the next one finds the delivery, the run and its timer.
    async with engines(webhook_secrets=vendors) as engine:
        await engine.shows(run_id, "completed")
        again = await deliver(engine, order, delivery="d-1")
        # A repeat is answered what it was answered, whatever has happened since.
        assert (again.status_code, again.json()) == (200, {"status": "ignored"})
        assert (await engine.history(run_id)).count("run.completed") == 1
    kept = "select count(*) from orchestrator.webhook_deliveries where tenant_id = %s"
    assert rows(kept, engine.tenant) == [(1,)]
    signals = "select count(*) from orchestrator.outbox where run_id = %s and subject = 'cmd.orchestrator.signal.v1'"
    assert rows(signals, run_id) == [(1,)]


async def test_many_copies_at_once_are_one_delivery(engine: Engine, rows: Rows) -> None:
    order = uuid4().hex
    run_id = await engine.start("outside", order=order)
    await engine.shows(run_id, "waiting")
    answers = await asyncio.gather(*(deliver(engine, order, delivery="d-2") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["status"] for answer in answers} == {"accepted"}
    await engine.shows(run_id, "completed")
    signals = "select count(*) from orchestrator.outbox where run_id = %s and subject = 'cmd.orchestrator.signal.v1'"
    assert rows(signals, run_id) == [(1,)]


async def test_two_orchestrators_signal_a_kept_delivery_once(
    engines: Engines, vendors: dict[str, WebhookVendor], rows: Rows
) -> None:
    order = uuid4().hex
    async with engines(webhook_secrets=vendors, poll_ms=20) as engine, engines(webhook_secrets=vendors, poll_ms=20):
        await deliver(engine, order)
        run_id = await engine.start("outside", order=order)
        await engine.shows(run_id, "completed")
    signals = "select count(*) from orchestrator.outbox where run_id = %s and subject = 'cmd.orchestrator.signal.v1'"
    assert rows(signals, run_id) == [(1,)]


async def test_a_delivery_for_a_run_that_is_over_is_ignored(engine: Engine) -> None:
    order = uuid4().hex
    run_id = await engine.start("outside", order=order)
    await engine.post(f"/v1/runs/{run_id}/cancel")
    assert (await deliver(engine, order)).json() == {"status": "ignored"}
    assert (await engine.run(run_id))["status"] == "cancelled"


async def test_what_names_nothing_is_kept_and_ignored(engine: Engine) -> None:
    answer = await deliver(engine, "")
    assert (answer.status_code, answer.json()) == (200, {"status": "ignored"})


async def test_a_forged_delivery_is_refused_and_leaves_nothing(engine: Engine, rows: Rows) -> None:
    order = uuid4().hex
    run_id = await engine.start("outside", order=order)
    await engine.shows(run_id, "waiting")
    forged = await deliver(engine, order, secret="guessed")
    unsigned = await engine.client.post("/v1/webhooks/shop", json={"order": {"id": order}})
    assert [one.status_code for one in (forged, unsigned)] == [401, 401]
    assert {one.json()["error"] for one in (forged, unsigned)} == {"bad_signature"}
    assert (await engine.client.post("/v1/webhooks/nobody", json={})).status_code == 404
    assert (await engine.client.post("/v1/webhooks/..%2Fruns", json={})).status_code in {404, 422}
    assert (await deliver(engine, order, text="x" * 50_000)).status_code == 413
    assert rows("select 1 from orchestrator.webhook_deliveries where tenant_id = %s", engine.tenant) == []
    assert (await engine.run(run_id))["status"] == "waiting"
    await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_another_tenants_run_does_not_hear_the_shop(engine: Engine) -> None:
    """Whoever guesses an order's number gets nothing of what another tenant's vendor says."""
    order, curious = uuid4().hex, f"{engine.tenant}-b"
    run_id = await engine.start("outside", tenant=curious, order=order)
    assert (await deliver(engine, order)).json() == {"status": "ignored"}
    mine = await engine.start("outside", order=order)
    await engine.shows(mine, "completed")
    answer = await engine.get(f"/v1/runs/{run_id}", tenant=curious)
    assert answer.json()["status"] == "waiting"
    await engine.post(f"/v1/runs/{run_id}/cancel", tenant=curious)


async def test_signed_deliveries_are_not_counted_and_forged_ones_are(
    engines: Engines, vendors: dict[str, WebhookVendor], rows: Rows
) -> None:
    """A quarter of what a person may send is a stranger's; one that can prove who it is has to wait for nobody."""
    async with engines(webhook_secrets=vendors, rate_limit_per_minute=12) as engine:
        signed = [await deliver(engine, uuid4().hex) for _ in range(8)]
        assert {answer.status_code for answer in signed} == {200}
        forged = [await deliver(engine, "1", secret="guessed") for _ in range(5)]
        assert [answer.status_code for answer in forged] == [401, 401, 401, 429, 429]
        assert forged[4].json()["error"] == "rate_limited"
        assert 1 <= int(forged[4].headers["retry-after"]) <= 60
        # Whoever forges from the same address, such as that of a proxy, keeps no real delivery out.
        assert (await deliver(engine, uuid4().hex)).status_code == 200
    kept = "select count(*) from orchestrator.webhook_deliveries where tenant_id = %s"
    assert rows(kept, engine.tenant) == [(9,)]


def test_a_vendor_without_a_tenant_is_no_setting(settings_for: Any) -> None:
    settings = settings_for("orchestrator")
    vendors = {"shop": {"secrets": ["s"]}}
    with pytest.raises(ValidationError, match="shop needs a tenant"):
        type(settings).model_validate(settings.model_dump() | {"webhook_secrets": vendors})


# Signals of people


async def test_a_signal_is_taken_once_and_a_late_one_refused(engine: Engine) -> None:
    run_id = await engine.start("asked")
    await engine.shows(run_id, "waiting")
    door = f"/v1/runs/{run_id}/signals/nod"
    answers = [await engine.post(door, {"payload": {"who": "me"}}, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"status": "taken"}, {"status": "known"}]
    await engine.shows(run_id, "completed")
    assert await output_of(engine, run_id, "nod") == {"who": "me"}
    other = await engine.post(door, {"payload": {"who": "you"}}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")
    late = await engine.post(door, {"payload": {}})
    assert (late.status_code, late.json()["error"], late.json()["status_now"]) == (409, "run_is_over", "completed")


async def test_an_early_signal_is_kept_for_the_step_that_will_wait(engine: Engine) -> None:
    run_id = await engine.start("checked")
    door = f"/v1/runs/{run_id}/signals/nod"
    assert [(await engine.post(door)).json()["status"] for _ in range(2)] == ["kept", "known"]
    await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_a_signal_that_cannot_be_kept_is_refused_and_not_said_to_be_taken(engine: Engine, rows: Rows) -> None:
    run_id = await engine.start("checked")
    door = f"/v1/runs/{run_id}/signals/"
    assert (await engine.post(door + "first")).json() == {"status": "kept"}
    kept: dict[str, Any] = {f"signal-{number}": {} for number in range(SIGNALS_LIMIT)}
    full = "update orchestrator.runs set state = jsonb_set(state, '{signals}', %s::jsonb) where id = %s"
    rows(full, orjson.dumps(kept).decode(), run_id)
    for _ in range(2):
        refused = await engine.post(door + "nod", **{"Idempotency-Key": "k"})
        assert (refused.status_code, refused.json()["error"]) == (409, "too_many_signals")
    assert (await engine.post(door + "signal-7")).json() == {"status": "known"}
    await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_only_who_may_signals_a_run_and_nobody_in_a_vendors_name(engine: Engine) -> None:
    run_id = await engine.start("asked")
    door = f"/v1/runs/{run_id}/signals/"
    assert (await engine.post(door + "nod", tenant=f"{engine.tenant}-b")).status_code == 404
    reviewer = await engine.person("reviewer")
    assert (await engine.client.post(door + "nod", headers=reviewer.headers)).status_code == 403
    assert (await engine.client.post(door + "nod")).status_code == 401
    assert (await engine.post(door + "shop:1")).status_code == 422
    assert (await engine.run(run_id))["status"] == "waiting"
    await engine.post(f"/v1/runs/{run_id}/cancel")
