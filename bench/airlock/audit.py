"""What the audit costs: an entry in a request's transaction, a request noted beside it, and recomputing a chain.

    .venv/bin/python -m bench.airlock.audit [--rounds 5] [--requests 2000] [--entries 50000] [--json FILE]

Medians of alternating rounds on one machine, with the servers of a test stack: real PostgreSQL, fsync on. "Adds" is the
difference of percentiles over all rounds between the same requests with and without an entry. Verification is one
process on one core: events per second of processor time, and of time on the wall.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy
from common.clock import utc_now
from common.contracts.audit import AuditEntry
from common.db.pool import Pool
from common.db.table import runtime_tables
from common.db.work import Transaction, Work
from common.service.principal import Principal
from common.service.recording import Recorded, Recorder
from compliance import trail
from compliance.models import metadata
from compliance.signing import Signer
from compliance.verification import verify
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from testkit.stack import running_stack

Act = Callable[[], Awaitable[object]]
_WRITE = sqlalchemy.text(
    "insert into compliance.tenant_flags (tenant_id, flag, set_by, set_at, reason)"
    " values (:tenant, 'kill', 'bench', now(), 'x')"
    " on conflict (tenant_id, flag) do update set set_at = excluded.set_at"
)


def entry() -> AuditEntry:
    """An entry as requests make them."""
    return AuditEntry(
        actor="somebody",
        action="bench.done",
        resource="bench:1",
        at=utc_now(),
        detail={"manifest_sha256": "0" * 64, "policy_version": "2026-11-21", "decision": "approved"},
    )


async def write(tx: Transaction, tenant: str) -> None:
    """What a request does anyway: one row."""
    await tx.session.execute(_WRITE, {"tenant": tenant})


class Bench:
    """The measurements on one running stack."""

    def __init__(self, work: Work, *, requests: int) -> None:
        self._work = work
        self._requests = requests

    async def plain(self, tenant: str) -> None:
        async with self._work.transaction(tenant) as tx:
            await write(tx, tenant)

    async def told(self, tenant: str) -> None:
        async with self._work.transaction(tenant) as tx:
            await write(tx, tenant)
            tx.audit(entry())

    async def chained(self, tenant: str) -> None:
        async with self._work.transaction(tenant) as tx:
            await write(tx, tenant)
            await trail.append(tx, [trail.Record(trail.OWN, entry())], now=utc_now())

    async def seconds(self, act: Callable[[str], Awaitable[None]], tenant: str) -> list[float]:
        """How long each took, one after the other."""
        took = []
        for _ in range(self._requests):
            began = time.perf_counter()
            await act(tenant)
            took.append(time.perf_counter() - began)
        return took

    async def noted(self, tenant: str) -> tuple[list[float], list[float]]:
        """The same HTTP request without and with the middleware that notes it, in turns."""
        recorder = Recorder(self._work, clock=utc_now)

        async def act(_request: Request) -> Response:
            await self.plain(tenant)
            return JSONResponse({})

        inner = Starlette(routes=[Route("/x", act, methods=["POST"])])
        recorded = Recorded(inner, recorder=recorder, service="compliance", clock=utc_now)

        async def known(scope: Any, receive: Any, send: Any) -> None:
            scope["principal"] = Principal(tenant, "somebody", frozenset(), "")
            await (recorded if scope["query_string"] else inner)(scope, receive, send)

        without: list[float] = []
        with_it: list[float] = []
        writing = asyncio.create_task(recorder.run())
        transport = httpx.ASGITransport(app=known)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
            for number in range(2 * self._requests):
                began = time.perf_counter()
                await client.post("/x", params={"noted": "1"} if number % 2 else {})
                (with_it if number % 2 else without).append(time.perf_counter() - began)
        writing.cancel()
        await recorder.close()
        return without, with_it


def at(values: list[float], share: float) -> float:
    """A percentile, in milliseconds."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


async def fill(work: Work, tenant: str, count: int) -> None:
    """A chain of so many entries, appended as the collector does."""
    for begin in range(0, count, 500):
        records = [
            trail.Record("publisher", entry().model_copy(update={"source_seq": number + 1}), uuid4())
            for number in range(begin, min(count, begin + 500))
        ]
        async with work.transaction(tenant) as tx:
            await trail.append(tx, records, now=utc_now())


async def measure(url: str, *, rounds: int, requests: int, entries: int) -> dict[str, Any]:
    """Everything, as numbers."""
    signer = Signer(bytes(range(32)))
    trail.seal_with(signer, keys={signer.kid: signer.public_key})
    work = Work(Pool(url, service="compliance", size=4), service="compliance", tables=runtime_tables(metadata))
    bench = Bench(work, requests=requests)
    names = ("plain", "told", "chained")
    took: dict[str, list[float]] = {name: [] for name in (*names, "without", "noted")}
    await bench.seconds(bench.plain, "warm")
    for number in range(rounds):
        turn = names[number % 3 :] + names[: number % 3]
        for name in turn:
            took[name] += await bench.seconds(getattr(bench, name), f"{name}-{number}")
        without, noted = await bench.noted(f"noted-{number}")
        took["without"] += without
        took["noted"] += noted
    await fill(work, "long", entries)
    rates = []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        report = await verify(work, "long", keys={signer.kid: signer.public_key})
        if not report.ok or report.entries != entries:
            raise RuntimeError(report.reason or "entries are missing")
        rates.append((entries / (time.process_time() - cpu), entries / (time.perf_counter() - wall)))
    await work.close()
    shown: dict[str, Any] = {"rounds": rounds, "requests_a_round": requests, "entries": entries}
    for name, values in took.items():
        shown[name] = {"p50_ms": round(at(values, 0.5), 3), "p99_ms": round(at(values, 0.99), 3)}
    for name, against in (("told", "plain"), ("chained", "plain"), ("noted", "without")):
        shown[f"{name}_adds"] = {key: round(shown[name][key] - shown[against][key], 3) for key in ("p50_ms", "p99_ms")}
    shown["verify"] = {
        "events_per_cpu_second": round(statistics.median(cpu for cpu, _ in rates)),
        "events_per_second": round(statistics.median(wall for _, wall in rates)),
        "spread": [round(min(cpu for cpu, _ in rates)), round(max(cpu for cpu, _ in rates))],
    }
    return shown


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="greenlight-bench-") as folder, running_stack(Path(folder)) as stack:
        url = stack.environment("compliance")["GREENLIGHT_DATABASE_URL"]
        shown = asyncio.run(measure(url, rounds=options.rounds, requests=options.requests, entries=options.entries))
    sys.stdout.write(json.dumps(shown, indent=2) + "\n")
    if options.json:
        options.json.write_text(json.dumps(shown, indent=2) + "\n")


if __name__ == "__main__":
    main()
