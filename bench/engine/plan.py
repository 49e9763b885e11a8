"""What every engine is asked to do, and how it is timed: the same lines for all. Standard library only."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

STEPS = 8
"""Steps of the durable run that throughput is measured with; each does nothing."""
SEQUENCE = 40
"""Steps of the run that is measured alone; each waits for `STEP_SECONDS`."""
STEP_SECONDS = 0.010
WORK_SECONDS = 1.0
"""How long a step takes where what is measured is who comes to their turn when."""
Run = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Turn:
    """One engine's turn in a round: first a warm-up, then each level of runs in flight, then the sequence."""

    levels: Mapping[int, int]
    """Runs in flight → how many runs to complete."""
    warm_up: int
    sequences: int


FULL = Turn(levels={1: 25, 20: 200, 100: 600}, warm_up=60, sequences=3)
QUICK = Turn(levels={1: 5, 20: 40, 100: 120}, warm_up=20, sequences=1)


@dataclass(frozen=True)
class Level:
    """So many runs in flight: how long they took together, and each of them from its start to its end."""

    in_flight: int
    runs: int
    seconds: float
    run_ms: Sequence[float]


@dataclass(frozen=True)
class TurnTaken:
    """What came of a turn."""

    configuration: Mapping[str, str]
    levels: Sequence[Level]
    sequence_seconds: Sequence[float]


async def take_turn(turn: Turn, *, run: Run, sequence: Run, configuration: Mapping[str, str]) -> TurnTaken:
    """Do a turn. `run` and `sequence` return once their run has durably ended; an error of theirs ends the turn."""
    await keep_in_flight(run, runs=turn.warm_up, in_flight=20)
    levels = [await keep_in_flight(run, runs=runs, in_flight=level) for level, runs in turn.levels.items()]
    seconds = []
    for _ in range(turn.sequences):
        began = time.perf_counter()
        await sequence()
        seconds.append(time.perf_counter() - began)
    return TurnTaken(configuration, levels, seconds)


async def keep_in_flight(run: Run, *, runs: int, in_flight: int) -> Level:
    """Complete so many runs, starting one whenever another has ended."""
    taken: list[float] = []
    left = iter(range(runs))

    async def one_after_another() -> None:
        for _ in left:
            began = time.perf_counter()
            await run()
            taken.append(1000 * (time.perf_counter() - began))

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(min(in_flight, runs)):
            group.create_task(one_after_another())
    return Level(in_flight, runs, time.perf_counter() - began, taken)


def read_turn(text: str) -> Turn:
    """A turn from the JSON that `asdict` makes."""
    read = json.loads(text)
    levels = {int(level): runs for level, runs in read["levels"].items()}
    return Turn(levels, read["warm_up"], read["sequences"])


def peer_arguments() -> argparse.Namespace:
    """What a peer's process is told: `database` (its address), `folder` (what it keeps in files), `turn`, and how many
    `savers` LangGraph is given.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--turn", type=read_turn, required=True)
    parser.add_argument("--savers", type=int, default=20)
    return parser.parse_args()


def print_turn(taken: TurnTaken) -> None:
    """The last line of a peer's output: what came of its turn."""
    sys.stdout.write(json.dumps(asdict(taken)) + "\n")
