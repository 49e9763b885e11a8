"""The parts of the bench, one after another on one stack, and what each has to say: rows of a table."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from cli.dashboard import build
from cli.dashboard_journeys import find_browser
from embedded.environment import site_of
from embedded.launch import running_stack
from testkit.stack import Stack

from bench.dashboard.crowd import Crowd, Writer, fill, give_histories
from bench.dashboard.page import Page
from bench.engine.machine import Machine, describe, load_average, memory_mb
from bench.engine.spreads import Spread, percentiles, spread

SOCKETS, PER_SECOND = 200, 500
WEIGHT_KB, LCP_MS, INTERACTION_MS, PAINTED_P50_MS, PAINTED_P99_MS = 200, 1000, 100, 50, 200


class Part(StrEnum):
    """What can be measured alone."""

    VISITS = "visits"
    INTERACTIONS = "interactions"
    PAINTING = "painting"
    CROWD = "crowd"
    SCROLL = "scroll"


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    runs: int
    many: int
    rounds: int
    seconds: int
    scroll_seconds: int


FULL_SIZE = Size(runs=10_000, many=100_000, rounds=5, seconds=20, scroll_seconds=600)
QUICK_SIZE = Size(runs=1_000, many=3_000, rounds=1, seconds=5, scroll_seconds=60)

Row = tuple[str, str, str]
"""What, measured, wanted."""


@dataclass(frozen=True)
class Scene:
    """What every part needs."""

    stack: Stack
    crowd: Crowd
    page: Page
    run: UUID
    """A real run, which waits at a gate; all others are copies of its row."""
    services: int
    """The process of all services and the edge."""
    size: Size


async def conduct(data: Path, *, size: Size, parts: Sequence[Part]) -> str:
    """Measure these parts, each with the machine for itself. → a report in Markdown."""
    browser = find_browser()
    if browser is None:
        raise SystemExit("There is no Chromium: apt-get install chromium.")
    build()
    before = load_average()
    rows: list[Row] = []
    async with running_stack(data, port=0) as state:
        stack, edge = Stack(site_of(data)), state.edge_url or ""
        services = state.processes["apps"].pid or 0
        async with Crowd(stack, edge) as crowd:
            run = await crowd.waiting_run()
            scene = Scene(stack, crowd, Page(edge, browser, crowd.sign_in), run, services, size)
            await asyncio.to_thread(fill, stack, run, until=size.runs)
            for part in Part:
                if part in parts:
                    rows += await PARTS[part](scene)
        machine = describe(stack)
    return _report(rows, machine, size=size, before=before)


def _report(rows: Sequence[Row], machine: Machine, *, size: Size, before: float) -> str:
    lines = ["# The dashboard in Chromium", ""]
    lines.append(
        f"{machine.cores} cores of {machine.processor}, {machine.memory_gb} GB; load {before} before, "
        f"{load_average()} after."
    )
    lines.append(f"Medians of {size.rounds} rounds (least to most). An entry's instant is taken before its commit.")
    lines += ["", "| what | measured | wanted |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


async def _visits(scene: Scene) -> list[Row]:
    homes = [await scene.page.ask("open", path="/") for _ in range(scene.size.rounds)]
    lists = [await scene.page.ask("open", path="/runs") for _ in range(scene.size.rounds)]
    weight = max(one["bytes"] for one in homes) / 1000
    largest = sorted(homes[0]["files"], key=lambda one: -one["bytes"])[:6]
    files = ", ".join(f"`{one['name']}` {one['bytes'] / 1000:.1f} kB" for one in largest)
    return [
        ("first visit of Home, packed, fonts included", f"{weight:.1f} kB", f"≤ {WEIGHT_KB} kB"),
        ("its largest files", files, ""),
        *_visited("Home", homes, runs=scene.size.runs),
        *_visited("Runs", lists, runs=scene.size.runs),
    ]


def _visited(page: str, visits: list[dict[str, Any]], *, runs: int) -> list[Row]:
    """Its largest paint, and what does not depend on who else wants the processor."""
    longest = spread([sum(one["long_ms"]) for one in visits], digits=0)
    worked = spread([one["worked_ms"] for one in visits], digits=0)
    questions = spread([one["asked"] for one in visits], digits=0)
    said = spread([one["asked_bytes"] / 1000 for one in visits])
    counts = f"{questions.median:.0f} questions, {said.median} kB of answers"
    return [
        (
            f"largest paint of {page}, {runs:,} runs",
            _ms(spread([one["lcp_ms"] for one in visits], digits=0)),
            f"≤ {LCP_MS} ms",
        ),
        (
            f"{page}: questions, processor, tasks over 50 ms",
            f"{counts}; {_ms(worked)} of processor; {_ms(longest)} in long tasks",
            "",
        ),
    ]


async def _interactions(scene: Scene) -> list[Row]:
    asked = [await scene.page.ask("interact") for _ in range(scene.size.rounds)]
    took = percentiles([ms for one in asked for ms in one["took"]])
    worked = spread([one["worked_ms"] / len(one["took"]) for one in asked])
    return [
        (
            f"key or click → picture, {took.count} of them",
            f"p50 {took.p50} ms, p99 {took.p99} ms; {_ms(worked)} of processor each",
            f"≤ {INTERACTION_MS} ms",
        )
    ]


async def _painting(scene: Scene) -> list[Row]:
    return await _heard(scene, everything=False)


async def _crowd(scene: Scene) -> list[Row]:
    return await _heard(scene, everything=True)


async def _heard(scene: Scene, *, everything: bool) -> list[Row]:
    """A page that shows a run, and all the sockets: each follows a run, or hears everything, as dashboards do."""
    size, run, crowd = scene.size, scene.run, scene.crowd
    rates, painted, arrived, busy, server = [], [], [], [], []
    changing = await asyncio.to_thread(give_histories, scene.stack, run, count=SOCKETS)
    writer = Writer(scene.stack, changing)
    async with crowd.sockets(SOCKETS, changing, everything=everything) as heard:
        for _ in range(size.rounds):
            async with scene.page.watching(run, lambda: crowd.written(run)) as watched:
                began, used = time.perf_counter(), _worked(scene.services)
                rates.append(await writer.write(per_second=PER_SECOND, seconds=size.seconds))
                taken = time.perf_counter() - began
                server.append(100 * (_worked(scene.services) - used) / taken)
            painted.append(percentiles(watched.late_ms))
            arrived.append(percentiles(watched.arrived_ms))
            busy.append(watched.worked_ms / taken / 10)
    p50, p99 = spread([one.p50 for one in painted]), spread([one.p99 for one in painted])
    does = "hear everything" if everything else "follow a run each"
    return [
        (
            f"event → picture, {sum(one.count for one in painted)} of them, {SOCKETS} sockets that {does}, "
            f"{spread(rates).median} entries/s",
            f"p50 {_ms(p50)}, p99 {_ms(p99)}",
            f"p50 ≤ {PAINTED_P50_MS} ms, p99 ≤ {PAINTED_P99_MS} ms at {PER_SECOND}/s",
        ),
        (
            "of that, event → message in the page",
            f"p50 {_ms(spread([one.p50 for one in arrived]))}, p99 {_ms(spread([one.p99 for one in arrived]))}",
            "",
        ),
        (
            "what the sockets were told",
            f"{heard.frames:,} frames in {heard.messages:,} messages, {heard.characters / 1e6:.1f} MB",
            "",
        ),
        (
            "the page that paints them; the services",
            f"{_of(spread(busy, digits=0), '%')} and {_of(spread(server, digits=0), '%')} of a core; "
            f"{memory_mb(scene.services):.0f} MB at the end",
            "",
        ),
    ]


async def _scroll(scene: Scene) -> list[Row]:
    size = scene.size
    await asyncio.to_thread(fill, scene.stack, scene.run, until=size.many)
    scroll = await scene.page.ask("scroll", rows=size.many, seconds=size.scroll_seconds)
    frames = percentiles(scroll["frames"])
    return [
        (
            f"scrolling to row {scroll['rows']:,} of {size.many:,} in {scroll['seconds']:.0f} s",
            f"frame p50 {frames.p50} ms, p99 {frames.p99} ms, most {frames.most} ms; {scroll['nodes']} nodes, "
            f"{scroll['worked_ms'] / 1000:.1f} s of processor",
            "it scrolls",
        )
    ]


PARTS: Mapping[Part, Callable[[Scene], Awaitable[list[Row]]]] = {
    Part.VISITS: _visits,
    Part.INTERACTIONS: _interactions,
    Part.PAINTING: _painting,
    Part.CROWD: _crowd,
    Part.SCROLL: _scroll,
}


def _worked(process: int) -> float:
    """The seconds of processor that a process has had."""
    times = psutil.Process(process).cpu_times()
    return float(times.user + times.system)


def _ms(one: Spread) -> str:
    return _of(one, "ms")


def _of(one: Spread, unit: str) -> str:
    return f"{one.median:g} {unit} ({one.least:g} to {one.most:g})"
