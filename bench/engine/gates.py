"""A decision at a gate → the next step's order in the hands of a worker."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from testkit.listening import eventually
from testkit.people import Person
from testkit.stack import Stack

from bench.engine.client import Client, open_studio
from bench.engine.spreads import Percentiles, percentiles
from bench.engine.workflows import GATED

_OPEN_SECONDS = 60.0
_END_SECONDS = 30.0


@dataclass(frozen=True)
class Decisions:
    """From the reviewer's request, and from its answer, to the first line of the worker's function."""

    from_request_ms: Percentiles
    from_answer_ms: Percentiles


async def measure_decisions(stack: Stack, *, count: int) -> Decisions:
    """Approve so many runs one after another; the real compliance holds them and decides."""
    async with open_studio(stack, airlock=True) as client:
        reviewer = await client.people.join(client.creator.tenant, "reviewer")
        asked, answered = [], []
        for _ in range(count):
            run_id = await client.start(GATED)
            await _until(client, run_id, lambda run: bool(run["interrupts"]), seconds=_OPEN_SECONDS)
            before, after = await _approve(client, reviewer, run_id)
            await _until(client, run_id, lambda run: run["state"] == "completed", seconds=_END_SECONDS)
            arrived = await _arrival(client, run_id)
            asked.append(arrived - before)
            answered.append(arrived - after)
        return Decisions(percentiles(asked), percentiles(answered))


async def _until(client: Client, run_id: str, is_so: Any, *, seconds: float) -> None:
    async def look() -> bool:
        return bool(is_so(await client.get(f"/v1/runs/{run_id}")))

    await eventually(look, seconds=seconds)
    # Let the engine come to rest, so that what is timed is one decision and not what was before it.
    await asyncio.sleep(0.02)


async def _approve(client: Client, reviewer: Person, run_id: str) -> tuple[float, float]:
    before = _now_ms()
    answer = await client.http.post(f"/v2/runs/{run_id}/approve", json={"approved": True}, headers=reviewer.headers)
    after = _now_ms()
    answer.raise_for_status()
    return before, after


async def _arrival(client: Client, run_id: str) -> float:
    """When the worker had the order: it put its clock into its answer."""
    state = await client.get(f"/v1/runs/{run_id}/state")
    [think] = (step for step in state["steps"] if step["id"] == "think")
    return int(think["output"]["ideas"][0]["title"]) / 1e6


def _now_ms() -> float:
    """The machine's monotonic clock, the same in every process of it."""
    return time.monotonic_ns() / 1e6
