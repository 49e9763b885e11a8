"""Benchmarks: programs of the repository's `bench` folder, which bring servers of their own."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.reporting import reported

bench = typer.Typer(name="bench", no_args_is_help=True, help="Benchmarks, on servers of their own.")


class EnginePart(StrEnum):
    """What `bench engine` measures."""

    THROUGHPUT = "throughput"
    STARTS = "starts"
    DECISIONS = "decisions"
    RECEIPTS = "receipts"
    WAITING = "waiting"
    FAIRNESS = "fairness"


@bench.callback()
def benchmarks() -> None:
    """Benchmarks, on servers of their own."""


@bench.command()
@reported
def engine(
    quick: Annotated[bool, typer.Option("--quick", help="One round and small sizes.")] = False,
    rounds: Annotated[int | None, typer.Option(min=1, max=100, help="Alternating rounds: 5, with --quick 1.")] = None,
    only: Annotated[list[EnginePart] | None, typer.Option(help="Only this part; may be given again.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a Markdown report here, raw numbers beside it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON document.")] = False,
) -> int:
    """Measure durable steps against LangGraph and DBOS on one PostgreSQL; starts, decisions, sockets, waiting runs,
    and whether tenants delay each other.

    The other engines are installed from bench/engine/peers.lock into the data folder the first time.
    """
    from cli.benches import run_engine_bench
    from cli.settings import Settings

    arguments = ["--quick"] if quick else []
    arguments += ["--rounds", str(rounds)] if rounds else []
    arguments += [word for part in only or [] for word in ("--only", part.value)]
    arguments += ["--json"] if as_json else []
    return run_engine_bench(Settings(), arguments, report=report)


@bench.command()
@reported
def airlock(
    quick: Annotated[bool, typer.Option("--quick", help="One round, with 1,000 items.")] = False,
    rounds: Annotated[int | None, typer.Option(min=1, max=100, help="5, with --quick 1.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON document.")] = False,
) -> int:
    """Measure creating, listing and deciding airlock items: 20 clients, with 10,000 open items there already."""
    from cli.benches import run_airlock_bench
    from cli.settings import Settings

    arguments = ["--quick"] if quick else []
    arguments += ["--rounds", str(rounds)] if rounds else []
    arguments += ["--json"] if as_json else []
    return run_airlock_bench(Settings(), arguments)
