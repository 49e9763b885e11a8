"""How long a start takes: `POST /v1/runs/start` by fifty clients, the work itself in the background."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from testkit.stack import Stack

from bench.engine.client import Client, open_studio
from bench.engine.spreads import Percentiles, percentiles
from bench.engine.workflows import EIGHT

CLIENTS = 50
_BRIEF = "How tides work. " * 18


@dataclass(frozen=True)
class Starts:
    """Latencies of starts. `at_once`: each client posts again as soon as it is answered; `paced`: once a second."""

    clients: int
    paced_ms: Percentiles
    at_once_ms: Percentiles
    at_once_per_second: float


async def measure_starts(stack: Stack, *, seconds: int) -> Starts:
    """Fifty clients for so many seconds each way, on an engine that has nothing else to do."""
    async with open_studio(stack) as client:
        starts = await time_starts(client, workflow=EIGHT, seconds=seconds)
        await client.rest()
        return starts


async def time_starts(client: Client, *, workflow: str, seconds: int) -> Starts:
    """The same with a studio that runs, and any workflow."""
    await _post_often(client, workflow, until=time.perf_counter() + 1)
    paced = await _post_paced(client, workflow, seconds=seconds)
    began = time.perf_counter()
    at_once = await _post_often(client, workflow, until=began + seconds)
    taken = time.perf_counter() - began
    return Starts(CLIENTS, percentiles(paced), percentiles(at_once), round(len(at_once) / taken, 1))


async def _post_often(client: Client, workflow: str, *, until: float) -> list[float]:
    taken: list[float] = []

    async def post() -> None:
        while time.perf_counter() < until:
            taken.append(await _post(client, workflow))

    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(post())
    return taken


async def _post_paced(client: Client, workflow: str, *, seconds: int) -> list[float]:
    taken: list[float] = []
    began = time.perf_counter()

    async def post(number: int) -> None:
        for second in range(seconds):
            # The clients are spread over the second, as people are.
            await asyncio.sleep(max(0.0, began + second + number / CLIENTS - time.perf_counter()))
            taken.append(await _post(client, workflow))

    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(post(number))
    return taken


async def _post(client: Client, workflow: str) -> float:
    body = {"workflow": workflow, "brief": _BRIEF}
    began = time.perf_counter()
    answer = await client.http.post("/v1/runs/start", json=body, headers=await client.headers())
    answer.raise_for_status()
    return 1000 * (time.perf_counter() - began)
