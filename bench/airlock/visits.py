"""Create, list and decide, by many clients at once, with many items there already."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from testkit.people import People, Person
from testkit.stack import Stack

from bench.engine.client import ROOT, end_process
from bench.engine.machine import processor_seconds
from bench.engine.spreads import Percentiles, percentiles

_READY_SECONDS = 60.0
_REQUESTS = 3
"""Of a visit."""
CONTENT = {"title": "How tides work", "caption": "The moon pulls, the sea follows.", "hashtags": ["#tides"]}
# All columns of one item, but for its id and those that the database works out; its clocks run into the future.
_COPY = """
    insert into compliance.airlock_items ({columns}) select {values} from compliance.airlock_items i
    cross join generate_series(1, %(count)s) n where i.id = %(item)s
"""


@dataclass(frozen=True)
class Round:
    """One round: what each request took, and how many of them were answered in a second."""

    create_ms: Percentiles
    list_ms: Percentiles
    decide_ms: Percentiles
    all_ms: Percentiles
    requests_per_second: float
    processor_ms: float
    """What the service's process computed for a request: it says the same on a machine that others use, nearly."""


@dataclass
class _Times:
    create: list[float] = field(default_factory=list)
    look: list[float] = field(default_factory=list)
    decide: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Door:
    """A compliance that listens, in the process of that number, and a tenant with a reviewer and a service."""

    process: int
    http: httpx.AsyncClient
    reviewer: Person
    service: dict[str, str]


@contextlib.asynccontextmanager
async def open_door(stack: Stack, *, items: int) -> AsyncIterator[Door]:
    """Compliance in a process of its own, with so many open items of one tenant."""
    log = stack.site.data / "logs" / "bench-airlock.log"
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.airlock.serving", "--data", str(stack.site.data)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=output,
        )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(_READY_SECONDS):
            url = (await process.stdout.readline()).decode().strip()
        if not url:
            raise RuntimeError(f"compliance did not start:\n{log.read_text()[-3000:]}")
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with (
            httpx.AsyncClient(base_url=stack.site.services["identity"], trust_env=False, timeout=30) as identity,
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=60, limits=limits) as http,
            await psycopg.AsyncConnection.connect(stack.superuser_url, autocommit=True) as database,
        ):
            people = People(identity, database, admin_key=stack.secrets.admin_key.get_secret_value())
            reviewer = await people.join(f"bench-{uuid4().hex[:12]}", "reviewer")
            door = Door(process.pid, http, reviewer, await _service(stack, identity, reviewer.tenant))
            fill(stack, item=await _create(door), count=items - 1)
            yield door
    finally:
        await end_process(process)


async def measure_round(door: Door, *, clients: int, visits: int, per_second: float | None = None) -> Round:
    """So many clients, each creating an item, looking at the first page and deciding, so many times over.

    With `per_second` that many requests are begun in a second, evenly; without, each client asks again as soon as it
    is answered, which shows how many requests there can be, and says little about how long one takes.
    """
    times = _Times()
    every = _REQUESTS * clients / per_second if per_second else 0.0
    computed = processor_seconds(door.process)
    began = time.perf_counter()
    starts = [began + number * every / clients for number in range(clients)]
    await asyncio.gather(*(_visit(door, times, visits, start=start, every=every) for start in starts))
    seconds = time.perf_counter() - began
    everything = [*times.create, *times.look, *times.decide]
    return Round(
        create_ms=percentiles(times.create),
        list_ms=percentiles(times.look),
        decide_ms=percentiles(times.decide),
        all_ms=percentiles(everything),
        requests_per_second=round(len(everything) / seconds, 1),
        processor_ms=round((processor_seconds(door.process) - computed) * 1000 / len(everything), 2),
    )


def fill(stack: Stack, *, item: str, count: int) -> None:
    """Put so many items like this one beside it, written by the superuser; the planner is told of them."""
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        found = connection.execute(
            "select attname from pg_attribute where attrelid = 'compliance.airlock_items'::regclass"
            " and attnum > 0 and not attisdropped and attgenerated = '' order by attnum"
        ).fetchall()
        made = {
            "id": "gen_random_uuid()",
            "opened_at": "i.opened_at - n * interval '1 second'",
            "due_at": "i.due_at + n * interval '1 second'",
            "risk": "n %% 100",
        }
        columns = [name for (name,) in found]
        statement = _COPY.format(
            columns=", ".join(columns), values=", ".join(made.get(name, f"i.{name}") for name in columns)
        )
        connection.execute(statement.encode(), {"count": count, "item": item})
        connection.execute("analyze compliance.airlock_items")


async def _visit(door: Door, times: _Times, visits: int, *, start: float, every: float) -> None:
    page = {"status": "open", "order": "risk", "limit": 50}
    for number in range(visits):
        await asyncio.sleep(max(0.0, start + number * every - time.perf_counter()))
        item = await _timed(times.create, _create(door))
        await _timed(times.look, _asked(door, "GET", "/v1/airlock/items", headers=door.reviewer.headers, params=page))
        decision = f"/v1/airlock/items/{item}/decision"
        headers = door.reviewer.headers
        await _timed(times.decide, _asked(door, "POST", decision, headers=headers, json={"decision": "approved"}))


async def _create(door: Door) -> str:
    body = {"key": uuid4().hex, "gate": "publish", "title": "Tides", "content": CONTENT, "requested_by": "somebody"}
    return str((await _asked(door, "POST", "/v1/airlock/items", headers=door.service, json=body))["id"])


async def _asked(door: Door, method: str, path: str, **request: Any) -> Any:
    answer = await door.http.request(method, path, **request)
    return answer.raise_for_status().json()


async def _timed(into: list[float], work: Any) -> Any:
    began = time.perf_counter()
    result = await work
    into.append((time.perf_counter() - began) * 1000)
    return result


async def _service(stack: Stack, identity: httpx.AsyncClient, tenant: str) -> dict[str, str]:
    key = stack.environment("knowledge")["GREENLIGHT_SERVICE_KEY"]
    answer = await identity.post("/v1/tokens", headers={"x-api-key": key}, json={"tenant": tenant})
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}
