"""`python -m bench.dashboard --data DIR`: what the dashboard takes in a real Chromium, on a whole stack as it ships.

Weight, largest paint and interactions with 10,000 runs stored; commit to picture with 200 sockets at 500 entries of
history a second; a list of 100,000 runs scrolled by the wheel. Prints Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from cli.dashboard import build
from cli.dashboard_journeys import find_browser
from embedded.environment import site_of
from embedded.launch import running_stack
from testkit.stack import Stack

from bench.dashboard.crowd import Crowd, Writer, fill, give_histories
from bench.dashboard.page import Page
from bench.engine.machine import allow_many_files, describe, load_average
from bench.engine.spreads import Percentiles, Spread, percentiles, spread

SOCKETS, PER_SECOND = 200, 500
WEIGHT_KB, LCP_MS, INTERACTION_MS, PAINTED_P50_MS, PAINTED_P99_MS = 200, 1000, 100, 50, 200


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    runs: int
    many: int
    rounds: int
    seconds: int
    scroll_seconds: int


@dataclass
class Found:
    """What was measured, in order."""

    homes: list[dict[str, Any]]
    lists: list[dict[str, Any]]
    interaction: Percentiles
    events_per_second: Spread
    painted: list[Percentiles]
    frames: int
    painting_percent: Spread
    """Of a core, while the page heard all of it."""
    scroll: dict[str, Any]
    scroll_frames: Percentiles


async def conduct(data: Path, size: Size) -> tuple[Found, Stack]:
    """Everything, one after another: what is measured has the machine for itself."""
    browser = find_browser()
    if browser is None:
        raise SystemExit("There is no Chromium: apt-get install chromium.")
    build()
    before = load_average()
    async with running_stack(data, port=0) as state:
        stack = Stack(site_of(data))
        async with Crowd(stack, state.edge_url or "") as crowd:
            run = await crowd.waiting_run()
            page = Page(state.edge_url or "", browser, crowd.sign_in)
            await asyncio.to_thread(fill, stack, run, until=size.runs)
            homes = [await page.ask("open", path="/") for _ in range(size.rounds)]
            lists = [await page.ask("open", path="/runs") for _ in range(size.rounds)]
            interactions = [ms for _ in range(size.rounds) for ms in await page.ask("interact")]
            rates, painted, busy = [], [], []
            changing = await asyncio.to_thread(give_histories, stack, run, count=SOCKETS)
            writer = Writer(stack, changing)
            async with crowd.sockets(SOCKETS, changing) as heard:
                for _ in range(size.rounds):
                    async with page.watching(run, lambda: crowd.written(run)) as watched:
                        began = time.perf_counter()
                        rates.append(await writer.write(per_second=PER_SECOND, seconds=size.seconds))
                        taken = time.perf_counter() - began
                    painted.append(percentiles(watched.late_ms))
                    busy.append(watched.worked_ms / taken / 10)
            await asyncio.to_thread(fill, stack, run, until=size.many)
            scroll = await page.ask("scroll", rows=size.many, seconds=size.scroll_seconds)
        found = Found(
            homes=homes,
            lists=lists,
            interaction=percentiles(interactions),
            events_per_second=spread(rates),
            painted=painted,
            frames=heard.frames,
            painting_percent=spread(busy, digits=0),
            scroll=scroll,
            scroll_frames=percentiles(scroll["frames"]),
        )
        sys.stdout.write(report(found, size, stack, before=before, load=load_average()))
    return found, stack


def report(found: Found, size: Size, stack: Stack, *, before: float, load: float) -> str:
    """The numbers as a table, with what they are held to, and where they come from."""
    machine = describe(stack)
    p50 = spread([one.p50 for one in found.painted])
    p99 = spread([one.p99 for one in found.painted])
    weight = max(one["bytes"] for one in found.homes) / 1000
    rows = [
        ("first visit of Home, packed, fonts included", f"{weight:.1f} kB", f"≤ {WEIGHT_KB} kB"),
        *_visited("Home", found.homes, runs=size.runs),
        *_visited("Runs", found.lists, runs=size.runs),
        (
            f"key or click → picture, {found.interaction.count} of them",
            f"p50 {found.interaction.p50} ms, p99 {found.interaction.p99} ms",
            f"≤ {INTERACTION_MS} ms",
        ),
        (
            f"event → picture, {sum(one.count for one in found.painted)} of them, {SOCKETS} sockets, "
            f"{found.events_per_second.median} entries/s; the sockets were told {found.frames:,} frames",
            f"p50 {_ms(p50)}, p99 {_ms(p99)}",
            f"p50 ≤ {PAINTED_P50_MS} ms, p99 ≤ {PAINTED_P99_MS} ms at {PER_SECOND}/s",
        ),
        ("the page that paints them", f"{_of(found.painting_percent, '%')} of a core", ""),
        (
            f"scrolling to row {found.scroll['rows']:,} of {size.many:,} in {found.scroll['seconds']:.0f} s",
            f"frame p50 {found.scroll_frames.p50} ms, p99 {found.scroll_frames.p99} ms, "
            f"most {found.scroll_frames.most} ms; {found.scroll['nodes']} nodes, "
            f"{found.scroll['worked_ms'] / 1000:.1f} s of processor",
            "it scrolls",
        ),
    ]
    lines = ["# The dashboard in Chromium", ""]
    lines.append(
        f"{machine.cores} cores of {machine.processor}, {machine.memory_gb} GB; load {before} before, {load} after."
    )
    lines.append(f"Medians of {size.rounds} rounds (least to most). An event's instant is taken before its commit.")
    lines += ["", "| what | measured | wanted |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    lines += ["", "The first visit, its largest files: "]
    largest = sorted(found.homes[0]["files"], key=lambda one: -one["bytes"])[:6]
    lines[-1] += ", ".join(f"`{one['name']}` {one['bytes'] / 1000:.1f} kB" for one in largest) + "."
    return "\n".join(lines) + "\n"


def _visited(page: str, visits: list[dict[str, Any]], *, runs: int) -> list[tuple[str, str, str]]:
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


def _ms(one: Spread) -> str:
    return _of(one, "ms")


def _of(one: Spread, unit: str) -> str:
    return f"{one.median:g} {unit} ({one.least:g} to {one.most:g})"


def main(arguments: list[str]) -> int:
    """Measure what the command line asks for, and say it."""
    parser = argparse.ArgumentParser(prog="bench.dashboard", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="where the stack is kept meanwhile")
    parser.add_argument("--quick", action="store_true", help="one round, 1,000 and 3,000 runs, 5 seconds")
    given = parser.parse_args(arguments)
    given.data.mkdir(parents=True, exist_ok=True)
    full = Size(runs=10_000, many=100_000, rounds=5, seconds=20, scroll_seconds=600)
    quick = Size(runs=1_000, many=3_000, rounds=1, seconds=5, scroll_seconds=60)
    allow_many_files()
    with tempfile.TemporaryDirectory(prefix="stack-", dir=given.data.absolute()) as folder:
        uvloop.run(conduct(Path(folder), quick if given.quick else full))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
