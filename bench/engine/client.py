"""A client of the studio: it starts runs over HTTP and hears when they ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from common.bus.connection import Bus
from common.bus.wire import read_spoken_subject
from common.http import LIMITS
from nats.aio.msg import Msg
from psycopg import AsyncConnection
from testkit.listening import eventually
from testkit.people import People, Person
from testkit.stack import Stack

from bench.engine.studio import SLOTS

ROOT = Path(__file__).parents[2]
_READY_SECONDS = 60.0
_RUN_SECONDS = 120.0
_REST_SECONDS = 600.0
_END_SECONDS = 30.0
_RENEW_SECONDS = 300.0
"""A token lasts a quarter of an hour, and a part of the bench may last longer."""
_ENDS = (b'"run.completed"', b'"run.failed"', b'"run.cancelled"', b'"run.rejected"')


@dataclass
class Client:
    """One tenant's creator, and what the engine says of its runs after each commit."""

    http: httpx.AsyncClient
    stack: Stack
    people: People
    creator: Person
    pid: int
    """The process with the orchestrator in it."""
    started: list[str] = field(default_factory=list)
    _ended: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    _renewed: dict[str, tuple[float, Person]] = field(default_factory=dict)

    async def headers(self, person: Person | None = None) -> dict[str, str]:
        """What goes with a request of the creator's, or of somebody else; their token is renewed before it ends."""
        asking = person or self.creator
        at, known = self._renewed.setdefault(asking.user_id, (time.monotonic(), asking))
        if time.monotonic() - at > _RENEW_SECONDS:
            # Who asks meanwhile goes on with the one before.
            self._renewed[asking.user_id] = (time.monotonic(), known)
            known = await self.people.renew(asking)
            self._renewed[asking.user_id] = (time.monotonic(), known)
        return known.headers

    async def start(self, workflow: str, brief: str = "How tides work") -> str:
        """Start a run. → its id."""
        body = {"workflow": workflow, "input": {"brief": brief}}
        answer = await self.http.post("/v1/runs", json=body, headers=await self.headers())
        answer.raise_for_status()
        self.started.append(answer.json()["run_id"])
        return self.started[-1]

    async def complete(self, workflow: str, brief: str = "How tides work") -> None:
        """Start a run and wait until its last entry was committed. Raises `RuntimeError` when that takes too long."""
        run_id = await self.start(workflow, brief)
        try:
            async with asyncio.timeout(_RUN_SECONDS):
                await self._ended[run_id].wait()
        except TimeoutError as error:
            run = await self.get(f"/v1/runs/{run_id}")
            raise RuntimeError(f"run {run_id} is {run['status']} after {_RUN_SECONDS} s") from error
        finally:
            self._ended.pop(run_id, None)

    async def get(self, path: str) -> Any:
        """What the creator sees at a path."""
        answer = await self.http.get(path, headers=await self.headers())
        answer.raise_for_status()
        return answer.json()

    async def rest(self) -> None:
        """Wait until no run of this tenant is under way, so that the next part begins on an idle engine.

        Raises `TimeoutError` when that takes too long.
        """

        async def is_idle() -> bool:
            pages = [await self.get(f"/v1/runs?limit=1&status={status}") for status in ("pending", "running")]
            return not any(page["items"] for page in pages)

        await eventually(is_idle, seconds=_REST_SECONDS)

    async def hear_ends(self, bus: Bus) -> None:
        """Listen to what the engine says after its commits."""

        async def hear(message: Msg) -> None:
            if any(end in message.data for end in _ENDS):
                self._ended[read_spoken_subject(message.subject)[1]].set()

        await bus.hear(f"hist.{self.creator.tenant}.*", hear)

    async def verify(self) -> int:
        """Look at every run that was started: each is completed with all its steps done. → how many there were.

        Raises `RuntimeError` naming the first that is not.
        """
        for run_id in self.started:
            state = await self.get(f"/v1/runs/{run_id}/state")
            if state["status"] != "completed" or any(step["state"] != "done" for step in state["steps"]):
                raise RuntimeError(f"run {run_id} counted and is not complete: {state}")
        count = len(self.started)
        self.started.clear()
        return count


@asynccontextmanager
async def open_studio(stack: Stack, *, airlock: bool = False, slots: int = SLOTS) -> AsyncIterator[Client]:
    """A studio of its own process on the running servers, and a client of it; both are gone at the end."""
    process, url = await _spawn(stack, airlock=airlock, slots=slots)
    bus = Bus(stack.environment("orchestrator")["GREENLIGHT_NATS_URL"], service="orchestrator")
    limits = httpx.Limits(
        max_connections=None, max_keepalive_connections=None, keepalive_expiry=LIMITS.keepalive_expiry
    )
    try:
        await bus.connect()
        async with (
            httpx.AsyncClient(base_url=stack.site.services["identity"], trust_env=False, timeout=30) as identity,
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=60, limits=limits) as http,
            await AsyncConnection.connect(stack.superuser_url, autocommit=True) as database,
        ):
            people = People(identity, database, admin_key=stack.secrets.admin_key.get_secret_value())
            creator = await people.join(f"bench-{uuid4().hex[:12]}", "creator")
            client = Client(http, stack, people, creator, process.pid)
            await client.hear_ends(bus)
            yield client
    finally:
        await bus.close()
        await end_process(process)


async def _spawn(stack: Stack, *, airlock: bool, slots: int) -> tuple[Process, str]:
    log = stack.site.data / "logs" / "bench-studio.log"
    command = [sys.executable, "-m", "bench.engine.studio", "--data", str(stack.site.data)]
    command += ["--slots", str(slots), *(["--airlock"] if airlock else [])]
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE, stderr=output)
    assert process.stdout is not None
    async with asyncio.timeout(_READY_SECONDS):
        line = await process.stdout.readline()
    if not line:
        raise RuntimeError(f"the studio did not start:\n{log.read_text()[-3000:]}")
    return process, json.loads(line)["url"]


async def end_process(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
