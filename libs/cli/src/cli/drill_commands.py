"""`./greenlight drill`: kill processes of the local stack while runs go on, and prove that nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.drill.plan import QUICK, Target
from cli.exits import ExitCode
from cli.reporting import reported
from cli.run_commands import AsJson

if TYPE_CHECKING:
    from cli.drill.plan import DrillPlan


@reported
def drill(  # noqa: PLR0917 — Typer passes all by name
    kill: Annotated[
        list[Target] | None,
        typer.Option(
            "--kill", help="What to kill; more than one are taken in turn. Without it: each of the quick ones."
        ),
    ] = None,
    runs: Annotated[int, typer.Option(min=1, max=10_000, help="How many runs go on meanwhile.")] = 200,
    kills: Annotated[int, typer.Option(min=0, max=10_000, help="How often.")] = 10,
    delete_jetstream: Annotated[
        bool, typer.Option("--delete-jetstream", help="Also delete NATS's store each time NATS is killed.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="A thousand kills over all targets: hours. Goes on where it stopped.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Where --full writes its table. Default: docs/drill-results.md.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed makes the same random choices.")] = None,
    as_json: AsJson = False,
) -> ExitCode:
    """Kill processes of the local stack while runs go on, and count what was lost, repeated or stuck.

    Uses the stack that runs if it was started with --processes each; starts one for as long as it takes if none runs.
    Everything happens in a tenant of its own. Exits with 0 only when nothing was lost, repeated or stuck.
    """
    from cli.drill.full import drill_fully, drill_once
    from cli.output import print_json
    from cli.places import REPOSITORY, data_folder
    from cli.settings import Settings

    data = data_folder(Settings())
    if full:
        passed = drill_fully(data, report=report or REPOSITORY / "docs" / "drill-results.md", print_document=as_json)
        return ExitCode.OK if passed else ExitCode.RUN_FAILED
    plan = _plan(kill or [], runs=runs, kills=kills, seed=seed, delete_jetstream=delete_jetstream)
    document, passed = drill_once(data, plan)
    if as_json:
        print_json(document)
    else:
        _show(document)
    return ExitCode.OK if passed else ExitCode.RUN_FAILED


def _plan(kill: list[Target], *, runs: int, kills: int, seed: int | None, delete_jetstream: bool) -> DrillPlan:
    import secrets

    from cli.drill.plan import DrillPlan, mixed

    if seed is None:
        seed = secrets.randbelow(1 << 32)
    targets = kill or ([Target.NATS] if delete_jetstream else list(QUICK))
    strikes = mixed(targets, kills=kills, seed=seed)
    return DrillPlan(runs=runs, strikes=strikes, seed=seed, delete_jetstream=delete_jetstream)


def _show(document: dict[str, object]) -> None:
    from cli.drill.view import show
    from cli.output import console

    console().print(show(document))
