"""Films that Remotion renders: what its worker says when one ends wakes the run that waits for that film."""

from __future__ import annotations

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
from common.bus.step import Pending, Step
from common.clock import utc_now
from common.contracts.gates import GateInput, GateOpened, OpenGate, Verdict, VerdictLevel
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import VendorRefused
from common.service.signatures import WebhookVendor
from testkit.engine import IDEAS, Engine, write_workflow
from testkit.listening import eventually

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
SECRET = "what the worker signs with"
RENDERING = """workflow_name: rendering
input: {brief: str}
steps:
  - id: editing
    run: ideation.propose_ideas
    with: {brief: "to be laid out"}
    starts:
      each: "${[input.brief]}"
      run: ideation.propose_ideas
      with: {brief: "${item}"}
  - id: wait_for_render
    wait: {for: editing}
    shows_as: awaiting_render
  - id: publish_approval
    gate: publish
    shows_as: awaiting_publish_approval
    holds: {brief: "${input.brief}"}
"""


@pytest.fixture(scope="module")
def workflows(workflows: Path) -> Path:
    """Also one whose film is looked at before it is published."""
    write_workflow(workflows, RENDERING)
    return workflows


@pytest.fixture
async def engine(engines: Engines, tenant: str) -> AsyncIterator[Engine]:
    """An orchestrator that knows the worker's signature, as the README of the worker says to set it."""
    signs = {"secrets": [SECRET], "scheme": "plain", "algorithm": "sha512", "header": "x-remotion-signature"}
    vendor = WebhookVendor.model_validate(signs | {"id_field": "renderId", "tenant": tenant})
    async with engines(webhook_secrets={"remotion": vendor}) as started:
        yield started


async def open_gate(input: GateInput, step: Step) -> GateOpened:
    """An airlock that holds everything."""
    return GateOpened(
        item_id=step.id, manifest_sha256="0" * 64, verdict=Verdict(level=VerdictLevel.ALLOWED, policy_version="1")
    )


class Renderer:
    """A step that waits for its render, and believes nobody but the worker, which is `state` here."""

    def __init__(self) -> None:
        self.state: dict[str, str] = {}
        self.looks = 0

    async def act(self, input: IdeationInput, step: Step) -> IdeationOutput | Pending:
        """As `editor.render_cut`: the worker is asked on each attempt."""
        if input.brief == "to be laid out":
            return IDEAS
        self.looks += 1
        match self.state.setdefault(input.brief, "rendering"):
            case "rendering":
                far = utc_now().replace(year=utc_now().year + 1)
                return Pending(handle=f"remotion:{input.brief}", check_after=far, deadline=far)
            case "done":
                return IDEAS
            case reason:
                raise VendorRefused(f"Remotion could not draw the film: {reason}")


async def waits(engine: Engine, run_id: UUID) -> None:
    """Return when the run waits for its film, and the engine has written down by which name."""

    async def look() -> bool:
        return "step.pending" in await engine.history(run_id)

    await eventually(look, seconds=40)
    await engine.shows(run_id, "awaiting_render")


async def tell(
    engine: Engine, render: str, run_id: UUID | None, *, secret: str = SECRET, **about: Any
) -> httpx.Response:
    """Say what the worker says."""
    told = {"type": "success", "renderId": render, "outputUrl": "http://worker/content"} | about
    body = orjson.dumps(told)
    signature = f"sha512={hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()}"
    headers = {"x-remotion-signature": signature, "x-remotion-status": told["type"], "x-remotion-mode": "production"}
    query = {"run_id": str(run_id)} if run_id else {}
    return await engine.client.post("/v1/webhooks/remotion", params=query, content=body, headers=headers)


@pytest.mark.feature("M34")
@pytest.mark.feature("M47")
async def test_a_film_that_is_done_resumes_its_run_to_the_approval_and_no_other(engine: Engine) -> None:
    renderer, film, other_film = Renderer(), uuid4().hex, uuid4().hex
    async with engine.on_duty(renderer.act), engine.on_duty(open_gate, capability=OpenGate):
        run_id = await engine.start("rendering", brief=film)
        other = await engine.start("rendering", brief=other_film)
        await waits(engine, run_id)
        await waits(engine, other)
        # For a film of another run, and of nobody: taken note of, and nothing happens.
        assert (await tell(engine, film, other)).json() == {"status": "ignored"}
        assert (await tell(engine, uuid4().hex, run_id)).json() == {"status": "ignored"}
        renderer.state[film] = "done"
        answer = await tell(engine, film, run_id, timeToFinish=1200)
        assert (answer.status_code, answer.json()) == (200, {"status": "accepted"})
        await engine.shows(run_id, "awaiting_publish_approval")
        assert (await engine.run(other))["status"] == "awaiting_render"
        looks = renderer.looks
        # Again, and late: the render is over, and nobody looks at it any more.
        assert (await tell(engine, film, run_id, timeToFinish=1200)).json() == {"status": "accepted"}
        assert (await tell(engine, film, run_id, timeToFinish=9)).status_code == 200
        assert (await engine.run(run_id))["status"] == "awaiting_publish_approval"
        assert renderer.looks == looks == 3
    for one in (run_id, other):
        await engine.post(f"/v1/runs/{one}/cancel")


@pytest.mark.feature("M34")
async def test_a_film_that_failed_fails_its_run_with_the_workers_reason(engine: Engine) -> None:
    renderer, film = Renderer(), uuid4().hex
    async with engine.on_duty(renderer.act), engine.on_duty(open_gate, capability=OpenGate):
        run_id = await engine.start("rendering", brief=film)
        await waits(engine, run_id)
        renderer.state[film] = "a clip could not be decoded"
        errors = [{"name": "refused", "message": "a clip could not be decoded"}]
        answer = await tell(engine, film, run_id, type="error", errors=errors)
        assert (answer.status_code, answer.json()) == (200, {"status": "accepted"})
        run = await engine.shows(run_id, "failed")
    assert "a clip could not be decoded" in orjson.dumps(run).decode()


@pytest.mark.feature("M65")
async def test_what_the_worker_did_not_sign_wakes_nobody(engine: Engine) -> None:
    renderer, film = Renderer(), uuid4().hex
    async with engine.on_duty(renderer.act), engine.on_duty(open_gate, capability=OpenGate):
        run_id = await engine.start("rendering", brief=film)
        await waits(engine, run_id)
        renderer.state[film] = "done"
        forged = await tell(engine, film, run_id, secret="guessed")
        unsigned = await engine.client.post("/v1/webhooks/remotion", json={"renderId": film})
        nameless = await engine.client.post(
            "/v1/webhooks/remotion",
            json={"renderId": film},
            headers={"x-remotion-signature": "NO_SECRET_PROVIDED"},
        )
        assert [one.status_code for one in (forged, unsigned, nameless)] == [401, 401, 401]
        assert (await tell(engine, film, None)).status_code == 200, "and the worker itself is heard"
        await engine.shows(run_id, "awaiting_publish_approval")
        # A signal that was early is believed no more than the worker is.
        assert renderer.looks == 2
    await engine.post(f"/v1/runs/{run_id}/cancel")
