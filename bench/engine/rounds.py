"""Alternating rounds: every engine takes its turn in each, on the same PostgreSQL server."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from testkit.stack import Stack

from bench.engine.client import open_studio
from bench.engine.machine import load_average
from bench.engine.peers import PEERS, make_databases, make_environment, take_peers_turn
from bench.engine.plan import STEPS, Turn, TurnTaken, take_turn
from bench.engine.spreads import Percentiles, Spread, percentiles, spread
from bench.engine.workflows import EIGHT, FORTY, WAIT

GREENLIGHT = "greenlight"
ENGINES = (GREENLIGHT, *PEERS)


@dataclass(frozen=True)
class Taken:
    """One engine's turn in one round, and how busy the machine was before and after it."""

    round: int
    engine: str
    load_before: float
    load_after: float
    turn: TurnTaken


@dataclass(frozen=True)
class Rate:
    """One engine at one level, over all rounds."""

    engine: str
    in_flight: int
    steps_per_second: Spread
    run_ms: Percentiles


@dataclass(frozen=True)
class Throughput:
    """What the rounds add up to. A ratio is Greenlight's median rate over the other's."""

    rates: Sequence[Rate]
    sequence_seconds: Mapping[str, Spread]
    ratios: Mapping[str, Mapping[int, float]]
    """`ratio_langgraph`, `ratio_dbos`, … → runs in flight → ratio."""
    configurations: Mapping[str, Mapping[str, str]]
    raw: Sequence[Taken]


async def measure_throughput(
    stack: Stack, turn: Turn, *, rounds: int, environment: Path, tell: Callable[[str], None]
) -> Throughput:
    """Let the engines take turns. `environment` is where the peers' packages are kept; `tell` hears of each turn."""
    python = make_environment(environment)
    make_databases(stack)
    raw: list[Taken] = []
    for number in range(1, rounds + 1):
        for engine in ENGINES:
            _checkpoint(stack)
            before = load_average()
            if engine == GREENLIGHT:
                taken = await take_greenlights_turn(turn, stack=stack)
            else:
                taken = await take_peers_turn(engine, turn, python=python, stack=stack)
            raw.append(Taken(number, engine, before, load_average(), taken))
            rates = ", ".join(f"{STEPS * one.runs / one.seconds:.0f}" for one in taken.levels)
            tell(f"round {number}, {engine}: {rates} steps/s")
    return summarize(raw)


async def take_greenlights_turn(turn: Turn, *, stack: Stack) -> TurnTaken:
    """Greenlight's turn: every run is started over HTTP, and looked at afterwards: completed, with all steps done."""
    async with open_studio(stack) as client:
        taken = await take_turn(
            turn,
            run=lambda: client.complete(EIGHT),
            sequence=lambda: client.complete(FORTY, WAIT),
            configuration={
                "layout": "orchestrator and worker in one process, client in another",
                "bus": "NATS JetStream on file, all streams",
                "event loop": "uvloop",
            },
        )
        await client.verify()
    return taken


def summarize(raw: Sequence[Taken]) -> Throughput:
    """Medians over the rounds, percentiles over all their runs, and ratios."""
    engines = list(dict.fromkeys(one.engine for one in raw))
    levels = list(dict.fromkeys(level.in_flight for one in raw for level in one.turn.levels))
    rates = [_rate(raw, engine, level) for engine in engines for level in levels]
    medians = {(rate.engine, rate.in_flight): rate.steps_per_second.median for rate in rates}
    ratios = {
        f"ratio_{engine}": {level: round(medians[GREENLIGHT, level] / medians[engine, level], 2) for level in levels}
        for engine in engines
        if engine != GREENLIGHT
    }
    sequences = {
        engine: spread([statistics.median(one.turn.sequence_seconds) for one in raw if one.engine == engine], digits=3)
        for engine in engines
    }
    configurations = {one.engine: one.turn.configuration for one in raw}
    return Throughput(rates, sequences, ratios, configurations, raw)


def _rate(raw: Sequence[Taken], engine: str, in_flight: int) -> Rate:
    taken = [level for one in raw if one.engine == engine for level in one.turn.levels if level.in_flight == in_flight]
    each = [STEPS * level.runs / level.seconds for level in taken]
    return Rate(engine, in_flight, spread(each), percentiles([ms for level in taken for ms in level.run_ms]))


def _checkpoint(stack: Stack) -> None:
    """Write out what the last turn left, so that nobody pays for another's pages."""
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        connection.execute("checkpoint")
