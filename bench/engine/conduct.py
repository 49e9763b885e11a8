"""The whole bench: servers of its own, the parts one after another, and one document of everything found."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from testkit.stack import Stack, running_stack

from bench.engine.client import ROOT
from bench.engine.fairness import measure_fairness
from bench.engine.gates import measure_decisions
from bench.engine.machine import allow_many_files, describe, load_average
from bench.engine.plan import FULL, QUICK, Turn
from bench.engine.rounds import Throughput, measure_throughput
from bench.engine.sockets import measure_receipts
from bench.engine.starting import measure_starts
from bench.engine.waiting import measure_waiting

Document = dict[str, Any]
Tell = Callable[[str], None]
PARTS = ("throughput", "starts", "decisions", "receipts", "waiting", "fairness")
"""In this order. Fairness leaves work behind."""


@dataclass(frozen=True)
class Size:
    """How much of everything is measured."""

    turn: Turn
    rounds: int
    seconds: int
    decisions: int
    waiting: int
    pages: int
    crowd: int
    singles: int


FULL_SIZE = Size(FULL, rounds=5, seconds=10, decisions=100, waiting=100_000, pages=200, crowd=10_000, singles=20)
QUICK_SIZE = Size(QUICK, rounds=1, seconds=3, decisions=10, waiting=2_000, pages=40, crowd=1_000, singles=3)


async def conduct(data: Path, *, size: Size, parts: Sequence[str], command: str, tell: Tell) -> Document:
    """Measure the parts that are named, on servers of their own below `data`. → what was found, as JSON.

    A part that fails is told under `failed`, and the others go on.
    """
    allow_many_files()
    found: Document = {
        "command": command,
        "commit": _commit(),
        "at": datetime.now(UTC).isoformat(),
        "size": asdict(size),
    }
    with tempfile.TemporaryDirectory(prefix="stack-", dir=data) as folder, running_stack(Path(folder)) as stack:
        found |= {"machine": asdict(describe(stack)), "load_before": load_average(), "loads": {}, "failed": {}}
        for part, measure in _measures(stack, size, data=data, tell=tell).items():
            if part not in parts:
                continue
            before = load_average()
            tell(f"{part} …")
            try:
                found[part] = asdict(await measure())
            except Exception as error:
                # A bench has many parts, and hours may lie behind us; what was measured is worth having.
                found["failed"][part] = f"{type(error).__name__}: {error}"
                tell(f"{part} failed: {error}")
            found["loads"][part] = [before, load_average()]
    found["load_after"] = load_average()
    return found | _headline(found.get("throughput"))


def _measures(stack: Stack, size: Size, *, data: Path, tell: Tell) -> dict[str, Callable[[], Awaitable[Any]]]:
    async def throughput() -> Throughput:
        return await measure_throughput(stack, size.turn, rounds=size.rounds, environment=data / "peers", tell=tell)

    return {
        "throughput": throughput,
        "starts": lambda: measure_starts(stack, seconds=size.seconds),
        "decisions": lambda: measure_decisions(stack, count=size.decisions),
        "receipts": lambda: measure_receipts(stack, seconds=size.seconds),
        "waiting": lambda: measure_waiting(stack, runs=size.waiting, pages=size.pages, seconds=size.seconds),
        "fairness": lambda: measure_fairness(stack, crowd=size.crowd, singles=size.singles),
    }


def _headline(throughput: Document | None) -> Document:
    """`ratio_langgraph`, `ratio_dbos`, …: steps a second against theirs with the most runs in flight."""
    if throughput is None:
        return {}
    return {name: by_level[max(by_level)] for name, by_level in throughput["ratios"].items()}


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    return said.stdout.strip() or "unknown"
