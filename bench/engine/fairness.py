"""Whether one tenant's many runs delay another's single one: it is timed alone, and beside them.

Steps take a second in a real worker, so what is scarce is the worker's slots and not the machine's processor: who comes
to their turn when is then the dispatcher's doing.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from uuid import uuid4

import httpx
import psycopg
from testkit.people import Person
from testkit.stack import Stack

from bench.engine.client import Client, open_studio
from bench.engine.plan import WORK_SECONDS
from bench.engine.spreads import Percentiles, percentiles
from bench.engine.workflows import FORTY, FOUR, FOUR_STEPS, WORK

_CLIENTS = 50
_SLOTS = 20
"""Few enough that a machine with two cores does what they allow: else the processor is what is scarce."""


@dataclass(frozen=True)
class Fairness:
    """A single run of one tenant, from its start to its end, alone and beside another tenant's crowd."""

    crowd: int
    under_way_before: int
    """Runs of the crowd that had not ended when the first single run beside them was started."""
    under_way_after: int
    """The same when the last had ended."""
    slots: int
    steps: int
    step_seconds: float
    alone_ms: Percentiles
    beside_ms: Percentiles
    ratio_p50: float
    ratio_p99: float


async def measure_fairness(stack: Stack, *, crowd: int, singles: int) -> Fairness:
    """Time so many single runs, one after another, alone and then beside the crowd. What is left of it stays."""
    async with open_studio(stack, slots=_SLOTS) as client:
        await client.complete(FOUR)
        alone = await _time_singles(client, singles)
        other = await client.people.join(f"crowd-{uuid4().hex[:12]}", "creator")
        await _start_crowd(client, other, crowd)
        before = await asyncio.to_thread(_under_way, stack, other.tenant)
        beside = await _time_singles(client, singles)
        after = await asyncio.to_thread(_under_way, stack, other.tenant)
        if not after:
            raise RuntimeError(f"the {crowd} runs had ended before the last single one: it was not beside them")
        await client.verify()
        mine, theirs = percentiles(alone), percentiles(beside)
        return Fairness(
            crowd=crowd,
            under_way_before=before,
            under_way_after=after,
            slots=_SLOTS,
            steps=FOUR_STEPS,
            step_seconds=WORK_SECONDS,
            alone_ms=mine,
            beside_ms=theirs,
            ratio_p50=round(theirs.p50 / mine.p50, 2),
            ratio_p99=round(theirs.p99 / mine.p99, 2),
        )


async def _time_singles(client: Client, count: int) -> list[float]:
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        await client.complete(FOUR, WORK)
        taken.append(1000 * (time.perf_counter() - began))
    return taken


async def _start_crowd(client: Client, other: Person, runs: int) -> None:
    """Start all of them over HTTP, as fast as they are taken; each has so many steps that none ends soon."""
    left = iter(range(runs))
    body = {"workflow": FORTY, "input": {"brief": WORK}}

    async def start_one(key: str) -> bool:
        headers = await client.headers(other) | {"Idempotency-Key": key}
        try:
            answer = await client.http.post("/v1/runs", json=body, headers=headers)
        except httpx.TransportError:
            return False
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return False
        if answer.is_error:
            raise RuntimeError(f"a start was answered {answer.status_code}: {answer.text[:500]}")
        return True

    async def start() -> None:
        for number in left:
            # A server this busy closes a connection now and then, or asks for a moment; the same key starts one run.
            while not await start_one(str(number)):
                continue

    await asyncio.gather(*(start() for _ in range(_CLIENTS)))


def _under_way(stack: Stack, tenant: str) -> int:
    with psycopg.connect(stack.superuser_url) as connection:
        [count] = connection.execute(
            "select count(*)::int from orchestrator.runs where tenant_id = %s and finished_at is null", [tenant]
        ).fetchone() or (0,)
    return int(count)
