"""Benchmarks: programs of the repository's `bench` folder, which bring servers of their own."""

from __future__ import annotations

from collections.abc import Sequence
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


class DashboardPart(StrEnum):
    """What `bench dashboard` measures."""

    VISITS = "visits"
    INTERACTIONS = "interactions"
    PAINTING = "painting"
    CROWD = "crowd"
    SCROLL = "scroll"


class RenderEngine(StrEnum):
    """What `bench render` renders with."""

    GREENLIGHT = "greenlight"
    MOVIEPY = "moviepy"
    REMOTION = "remotion"


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
    from cli.benches import run_reported_bench
    from cli.settings import Settings

    arguments = _told(quick=quick, rounds=rounds, only=only, as_json=as_json)
    return run_reported_bench(Settings(), "engine", arguments, report=report)


@bench.command()
@reported
def airlock(
    quick: Annotated[bool, typer.Option("--quick", help="One round, with 1,000 items.")] = False,
    rounds: Annotated[int | None, typer.Option(min=1, max=100, help="5, with --quick 1.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON document.")] = False,
) -> int:
    """Measure creating, listing and deciding airlock items: 20 clients, with 10,000 open items there already."""
    from cli.benches import run_bench
    from cli.settings import Settings

    return run_bench(Settings(), "airlock", _told(quick=quick, rounds=rounds, as_json=as_json))


@bench.command()
@reported
def dashboard(
    quick: Annotated[bool, typer.Option("--quick", help="One round, 1,000 and 3,000 runs, 5 seconds.")] = False,
    rounds: Annotated[int | None, typer.Option(min=1, max=100, help="5, with --quick 1.")] = None,
    only: Annotated[list[DashboardPart] | None, typer.Option(help="Only this part; may be given again.")] = None,
) -> int:
    """Measure the dashboard in Chromium: weight, first picture, keys and clicks, 500 entries of history a second with
    200 sockets open, and a list of 100,000 runs scrolled to its end. Prints Markdown.
    """
    from cli.benches import run_bench
    from cli.settings import Settings

    return run_bench(Settings(), "dashboard", _told(quick=quick, rounds=rounds, only=only))


@bench.command()
@reported
def render(
    *,
    rounds: Annotated[int | None, typer.Option(min=1, max=100, help="Alternating rounds: 5.")] = None,
    seconds: Annotated[int | None, typer.Option(min=1, max=600, help="How long a cut of four clips is: 20.")] = None,
    clips: Annotated[
        list[int] | None,
        typer.Option(min=1, max=400, help="How many clips, each as long as one of four: 4. May be given again."),
    ] = None,
    scale: Annotated[float | None, typer.Option(min=0.1, max=2, help="1 is 1080x1920, 0.5 is 540x960.")] = None,
    only: Annotated[list[RenderEngine] | None, typer.Option(help="Only this engine; may be given again.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a Markdown report here, raw numbers beside it.")] = None,
) -> int:
    """Render the same cut with our engine, MoviePy and Remotion, in alternating rounds.

    The other two are installed into the data folder the first time.
    """
    from cli.benches import run_reported_bench
    from cli.settings import Settings

    arguments = ["--seconds", str(seconds)] if seconds else []
    arguments += [word for many in clips or () for word in ("--clips", str(many))]
    arguments += ["--scale", str(scale)] if scale else []
    arguments += _told(rounds=rounds, only=only)
    return run_reported_bench(Settings(), "render", arguments, report=report)


def _told(
    *, quick: bool = False, rounds: int | None = None, only: Sequence[StrEnum] | None = None, as_json: bool = False
) -> list[str]:
    """What most benches take, as their own command lines have it."""
    arguments = ["--quick"] if quick else []
    arguments += ["--rounds", str(rounds)] if rounds else []
    arguments += [word for part in only or () for word in ("--only", part.value)]
    return arguments + (["--json"] if as_json else [])
