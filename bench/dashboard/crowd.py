"""Everybody else: so many runs in the tables, so many sockets open, so many events a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

import httpx
import psycopg
from testkit.listening import eventually
from testkit.stack import Stack
from websockets.asyncio.client import ClientConnection, connect

_BRIEF = ("How tides work, told by the sea itself. " * 8)[:300]
_TOGETHER = 50
"""So many runs change in one request."""
_GROUPS = 4
"""So many requests are under way at once, each about runs of its own; the run that is watched is in the first."""
_COPY = """
    insert into orchestrator.runs
    select (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'created_at', one.created_at - n * interval '1 second',
        'input', one.input || jsonb_build_object('brief', %s::text)))).*
    from orchestrator.runs one, generate_series(1, %s) n where one.id = %s
"""


def fill(stack: Stack, run: UUID, *, until: int) -> None:
    """Copy a run's row until there are so many, each with an id and a time of its own and a brief of 300 characters."""
    with psycopg.connect(stack.superuser_url) as connection:
        [there] = connection.execute("select count(*) from orchestrator.runs").fetchone() or (0,)
        connection.execute(_COPY, [_BRIEF, max(0, until - there), run])
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze orchestrator.runs")


class Crowd:
    """An operator with a key, and what happens because of them."""

    def __init__(self, stack: Stack, edge: str) -> None:
        self._stack = stack
        key = stack.site.secrets.admin_key.get_secret_value()
        self._headers = {"x-api-key": key}
        self._edge = edge
        self._http = httpx.AsyncClient(base_url=edge, headers=self._headers, trust_env=False, timeout=60)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def sign_in(self) -> str:
        """An address that signs one browser in."""
        answer = await self._http.post("/v1/sign-in-links", json={})
        return str(answer.raise_for_status().json()["url"])

    async def waiting_run(self) -> UUID:
        """A real run that waits at its first gate."""
        body = {"workflow": "short_video", "input": {"brief": _BRIEF}}
        run = UUID((await self._http.post("/v1/runs", json=body)).raise_for_status().json()["run_id"])

        async def waits() -> bool:
            return bool((await self._http.get(f"/v1/runs/{run}")).raise_for_status().json()["state"] == "waiting")

        await eventually(waits, seconds=120)
        return run

    @asynccontextmanager
    async def sockets(self, count: int) -> AsyncIterator[None]:
        """So many open sockets, each following some runs of those that change, as somebody who looks at one does."""
        address = self._edge.replace("http", "ws") + "/ws"
        runs = await self._changing()
        async with AsyncExitStack() as entered:
            reading = []
            for number in range(count):
                socket = await entered.enter_async_context(connect(address, additional_headers=self._headers))
                followed = runs[number % len(runs)]
                await socket.send(f'{{"op": "subscribe", "run_id": "{followed}", "from_seq": 0}}')
                reading.append(asyncio.create_task(_read(socket)))
            try:
                yield
            finally:
                for task in reading:
                    task.cancel()
                await asyncio.gather(*reading, return_exceptions=True)

    async def stir(self, run: UUID, *, per_second: int, seconds: int) -> float:
        """Pause and resume runs, this one among them, so that so many entries are committed. → how many a second."""
        others = [one for one in await self._changing() if one != str(run)]
        runs = [str(run), *others]
        groups = [runs[number * _TOGETHER : (number + 1) * _TOGETHER] for number in range(_GROUPS)]
        began = time.perf_counter()
        every = _GROUPS * _TOGETHER / per_second
        told = await asyncio.gather(*(self._stir(group, began, every=every, until=began + seconds) for group in groups))
        return round(sum(told) / (time.perf_counter() - began), 1)

    async def _stir(self, runs: list[str], began: float, *, every: float, until: float) -> int:
        told = number = 0
        # All that was paused goes on again, so that the next round finds what this one did.
        while time.perf_counter() < until or number % 2:
            await asyncio.sleep(max(0.0, began + number * every - time.perf_counter()))
            action = "resume" if number % 2 else "pause"
            body = {"action": action, "filter": {"ids": runs}, "limit": len(runs), "dry_run": False}
            answer = await self._http.post("/v1/runs/bulk", json=body, headers={"Idempotency-Key": str(uuid4())})
            told += answer.raise_for_status().json()["counts"].get("changed", 0)
            number += 1
        return told

    async def _changing(self) -> list[str]:
        answer = await self._http.get(f"/v1/runs?limit={_GROUPS * _TOGETHER}&status=waiting")
        return [one["run_id"] for one in answer.raise_for_status().json()["items"]]


async def _read(socket: ClientConnection) -> None:
    async for _ in socket:
        pass
