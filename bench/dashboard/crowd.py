"""Everybody else: so many runs in the tables, so many sockets open, so many entries of history a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import astuple, dataclass
from itertools import cycle, islice
from types import TracebackType
from typing import Self
from uuid import UUID

import httpx
import psycopg
from common.bus.connection import Bus
from common.clock import utc_now
from orchestrator.announcer import Announcer
from orchestrator.writes import Aftermath, HistoryEntry
from psycopg.types.json import Json
from testkit.listening import eventually
from testkit.stack import Stack
from websockets.asyncio.client import ClientConnection, connect

_BRIEF = ("How tides work, told by the sea itself. " * 8)[:300]
_FRAME = '"run_id":'
_TOGETHER = 10
"""So many entries are committed in one transaction."""
_COPY = """
    insert into orchestrator.runs
    select (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'created_at', one.created_at - n * interval '1 second',
        'input', one.input || jsonb_build_object('brief', %s::text)))).*
    from orchestrator.runs one, generate_series(1, %s) n where one.id = %s
"""
_NEWEST = "select id from orchestrator.runs where id <> %s order by created_at desc, id desc limit %s"
_COPY_HISTORY = """
    insert into orchestrator.run_events (run_id, seq, tenant_id, type, data, at)
    select other, seq, tenant_id, type, data, at from orchestrator.run_events, unnest(%s::uuid[]) other
    where run_id = %s on conflict do nothing
"""
_HEADS = """
    select run_id, max(seq), min(tenant_id) from orchestrator.run_events where run_id = any(%s) group by run_id
"""
_APPEND = """
    insert into orchestrator.run_events (tenant_id, run_id, seq, type, data, at) values (%s, %s, %s, %s, %s, %s)
"""


def fill(stack: Stack, run: UUID, *, until: int) -> None:
    """Copy a run's row until there are so many, each with an id and a time of its own and a brief of 300 characters."""
    with psycopg.connect(stack.superuser_url) as connection:
        [there] = connection.execute("select count(*) from orchestrator.runs").fetchone() or (0,)
        connection.execute(_COPY, [_BRIEF, max(0, until - there), run])
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze orchestrator.runs")


def give_histories(stack: Stack, run: UUID, *, count: int) -> list[UUID]:
    """Give the newest copies of a run its history as well. → the run and these, so many together."""
    with psycopg.connect(stack.superuser_url) as connection:
        others = [row[0] for row in connection.execute(_NEWEST, [run, count - 1])]
        connection.execute(_COPY_HISTORY, [others, run])
    return [run, *others]


class Crowd:
    """An operator with a key, and the sockets of everybody."""

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

    async def written(self, run: UUID) -> int:
        """How many entries the run's history has."""
        count = 0
        while True:
            answer = await self._http.get(f"/v1/runs/{run}/history?after_seq={count}&limit=1000")
            page = answer.raise_for_status().json()
            if not page:
                return count
            count = page[-1]["seq"]

    @asynccontextmanager
    async def sockets(self, count: int, runs: Sequence[UUID], *, everything: bool) -> AsyncIterator[Reading]:
        """So many open sockets, as the dashboard opens them. Each follows one of the runs, or hears everything.

        Raises `RuntimeError` at the end when one of them was closed meanwhile.
        """
        address = self._edge.replace("http", "ws") + "/ws?together=true"
        heard = Reading()
        async with AsyncExitStack() as entered:
            reading = []
            for number in range(count):
                socket = await entered.enter_async_context(connect(address, additional_headers=self._headers))
                followed = "*" if everything else runs[number % len(runs)]
                await socket.send(f'{{"op": "subscribe", "run_id": "{followed}"}}')
                reading.append(asyncio.create_task(heard.read(socket)))
            yield heard
            closed = sum(task.done() for task in reading)
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)
        if closed:
            raise RuntimeError(f"{closed} of {count} sockets were closed meanwhile.")


@dataclass
class Reading:
    """What all sockets together were told."""

    frames: int = 0
    messages: int = 0
    characters: int = 0

    async def read(self, socket: ClientConnection) -> None:
        """Read to the end, and count: no more is done with it, because all of them share one process of the bench."""
        async for message in socket:
            self.messages += 1
            self.characters += len(message)
            self.frames += str(message).count(_FRAME)


class Writer:
    """Commits entries of histories and says so on the bus, as another orchestrator beside the one that serves does.

    What an engine takes to come to such an entry is not in it: that is measured by `bench.engine`.
    """

    def __init__(self, stack: Stack, runs: Sequence[UUID]) -> None:
        self._stack = stack
        self._runs = runs

    async def write(self, *, per_second: int, seconds: int) -> float:
        """So many entries a second, `_TOGETHER` in a transaction, over all runs in turn. → how many a second."""
        bus = Bus(self._stack.environment("orchestrator")["GREENLIGHT_NATS_URL"], service="orchestrator")
        await bus.connect()
        announcer = Announcer(bus)
        turn = cycle(self._runs)
        try:
            async with await psycopg.AsyncConnection.connect(self._stack.superuser_url) as connection:
                found = await connection.execute(_HEADS, [list(self._runs)])
                heads = {run: (seq, tenant) for run, seq, tenant in await found.fetchall()}
                began = time.perf_counter()
                for number in range(per_second * seconds // _TOGETHER):
                    await asyncio.sleep(max(0.0, began + number * _TOGETHER / per_second - time.perf_counter()))
                    entries = [_next(run, heads) for run in islice(turn, _TOGETHER)]
                    async with connection.cursor() as cursor:
                        await cursor.executemany(
                            _APPEND, [[*astuple(one)[:4], Json(one.data), one.at] for one in entries]
                        )
                    await connection.commit()
                    await announcer.tell(Aftermath(entries=entries))
                return round(per_second * seconds / (time.perf_counter() - began), 1)
        finally:
            await bus.close()


def _next(run: UUID, heads: dict[UUID, tuple[int, str]]) -> HistoryEntry:
    seq, tenant = heads[run]
    heads[run] = (seq + 1, tenant)
    told = "run.paused" if seq % 2 else "run.resumed"
    return HistoryEntry(tenant, run, seq + 1, told, {"by": "the bench"}, utc_now())
