"""Clips that an outside vendor makes: its signed calls resume the run, whatever order they come in."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.service.signatures import WebhookVendor
from testkit.engine import Engine, think, write_workflow
from testkit.listening import eventually
from testkit.workshop import Rows

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
SECRET = base64.b64encode(b"a secret of the clip vendor").decode()
FILMING = """workflow_name: filming
input: {brief: str, jobs: "list[str]"}
steps:
  - id: clips
    foreach: "${input.jobs}"
    at_once: 10
    steps:
      - id: clip
        wait: {signal: "sora:${item}"}
        shows_as: awaiting_video_generation
  - id: rest
    sleep: 1ms
output: {clips: "${steps.clips.output.map(one, {'job': one.data.id})}"}
"""


@pytest.fixture(scope="module")
def workflows(workflows: Path) -> Path:
    """Also one that waits for clips."""
    write_workflow(workflows, FILMING)
    return workflows


@pytest.fixture
def vendors(tenant: str) -> dict[str, WebhookVendor]:
    """A vendor of clips that signs as Standard Webhooks say."""
    sora = {"secrets": [f"whsec_{SECRET}"], "id_field": "data.id", "tenant": tenant}
    return {"sora": WebhookVendor.model_validate(sora)}


async def completed(engine: Engine, job: str, *, delivery: str | None = None) -> str:
    """The vendor says that a clip is done. → what it is answered."""
    body = orjson.dumps({"type": "video.completed", "data": {"id": job}})
    headers = {"webhook-id": delivery or uuid4().hex, "webhook-timestamp": str(int(time.time()))}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(base64.b64decode(SECRET), signed, hashlib.sha256).digest()
    headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
    answer = await engine.client.post("/v1/webhooks/sora", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["status"])


async def clips_of(engine: Engine, run_id: UUID) -> int:
    """How many clips the run has taken."""
    entries: list[dict[str, Any]] = (await engine.get(f"/v1/runs/{run_id}/history")).json()
    return sum(entry["type"] == "step.completed" and entry["data"]["step"] == "clip" for entry in entries)


@pytest.mark.feature("M33")
@pytest.mark.feature("M45")
async def test_the_last_clip_resumes_the_run_and_earlier_ones_are_only_recorded(
    engines: Engines, vendors: dict[str, WebhookVendor], rows: Rows
) -> None:
    jobs = [f"video_{uuid4().hex}" for _ in range(4)]
    async with engines(webhook_secrets=vendors) as engine:
        # One is quicker than the run, and comes twice.
        assert [await completed(engine, jobs[2], delivery="d-2") for _ in range(2)] == ["ignored", "ignored"]
        run_id = await engine.start("filming", jobs=jobs)
        other = await engine.start("filming", jobs=[f"video_{uuid4().hex}"])
        await engine.shows(run_id, "awaiting_video_generation")
        # Kept deliveries are looked at the less often the longer that takes, so on a busy machine this takes a while.
        await eventually(lambda: clips_of(engine, run_id), until=lambda taken: taken == 1, seconds=40)
        # The last one first, one that nobody ordered, and one again.
        assert await completed(engine, jobs[3], delivery="d-3") == "accepted"
        assert await completed(engine, "video_of_nobody") == "ignored"
        assert await completed(engine, jobs[3], delivery="d-3") == "accepted"
        assert await completed(engine, jobs[0]) == "accepted"
        await eventually(lambda: clips_of(engine, run_id), until=lambda taken: taken == 3, seconds=40)
        assert (await engine.run(run_id))["status"] == "awaiting_video_generation"
    # Over a restart.
    async with engines(webhook_secrets=vendors) as engine:
        assert await completed(engine, jobs[1]) == "accepted"
        run = await engine.shows(run_id, "completed")
        assert run["output"] == {"clips": [{"job": job} for job in jobs]}
        assert (await engine.run(other))["status"] == "awaiting_video_generation"
        assert await completed(engine, jobs[1]) == "ignored"
        history = await engine.history(run_id)
        assert (history.count("run.completed"), await clips_of(engine, run_id)) == (1, 4)
        await engine.post(f"/v1/runs/{other}/cancel")
    signals = "select count(*) from orchestrator.outbox where run_id = %s and subject = 'cmd.orchestrator.signal.v1'"
    assert rows(signals, run_id) == [(4,)]


@pytest.mark.feature("M59")
async def test_no_request_waits_for_what_is_made(engines: Engines, vendors: dict[str, WebhookVendor]) -> None:
    """The worker and the vendor are at it for as long as the test likes; who asks has an answer at once."""
    begun, made = asyncio.Event(), asyncio.Event()

    async def act(input: IdeationInput, step: Step) -> IdeationOutput:
        begun.set()
        await made.wait()
        return await think(input, step)

    job = f"video_{uuid4().hex}"
    async with engines(webhook_secrets=vendors) as engine, engine.on_duty(act):
        async with asyncio.timeout(20):
            thinking, filming = await engine.start(), await engine.start("filming", jobs=[job])
            await begun.wait()
            await engine.shows(filming, "awaiting_video_generation")
            assert await completed(engine, job) == "accepted"
            assert (await engine.run(thinking))["status"] == "running"
        made.set()
        for run_id in (thinking, filming):
            await engine.shows(run_id, "completed")
