"""For people who work on Greenlight: tests, checks, generated files, locks, migrations."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exits import ExitCode
from cli.reporting import reported

if TYPE_CHECKING:
    from cli.lanes import Check

dev = typer.Typer(name="dev", no_args_is_help=True, help="Checks, generated files, locks and migrations.")


@reported
def run_tests(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH]...", help="Only these, below the repository.")
    ] = None,
    expression: Annotated[str | None, typer.Option("-k", help="Only tests whose names match this.")] = None,
) -> int:
    """Run every check of the repository: lint, types and architecture first, then the tests in lanes.

    Exits with the code of the first check that failed. With a path or -k only the tests run.
    """
    from cli.lanes import extras, pytest_lanes, run_checks, static_checks
    from cli.places import from_here

    chosen = [from_here(path) for path in paths or []]
    lanes = pytest_lanes(chosen, expression=expression)
    if chosen or expression:
        return run_checks([extras(), *lanes])
    return run_checks([extras(), *static_checks(), *_dashboard_checks(), *_remotion_checks(), *lanes])


@dev.command()
@reported
def check() -> int:
    """Run what takes seconds: lint, format, architecture, types, locks, and whether generated files are up to date."""
    from cli.lanes import run_checks, static_checks
    from cli.output import remark

    code = run_checks(static_checks())
    stale = [*_stale_files(), *_stale_locks()]
    for problem in stale:
        remark(f"✗ {problem}")
    return code or int(bool(stale))


@dev.command()
@reported
def gen(
    only_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if something is out of date.")
    ] = False,
) -> ExitCode:
    """Write the generated files: documents, schemas, nginx and NATS configuration."""
    from cli.generate import write_all
    from cli.output import say
    from cli.places import REPOSITORY

    if only_check:
        stale = _stale_files()
        for problem in stale:
            say(problem)
        return ExitCode.RUN_FAILED if stale else ExitCode.OK
    changed = write_all(REPOSITORY)
    for path in changed:
        say(path)
    say(f"{len(changed)} files changed." if changed else "Everything was up to date.")
    return ExitCode.OK


@dev.command()
@reported
def lock(
    only_check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a lock is out of date.")] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Take the newest versions that fit.")] = False,
) -> ExitCode:
    """Write requirements.lock and deploy/locks/<service>.txt, with hashes and without index addresses."""
    from cli.locks import write_locks
    from cli.output import say
    from cli.places import REPOSITORY

    if only_check:
        stale = _stale_locks()
        for problem in stale:
            say(problem)
        return ExitCode.RUN_FAILED if stale else ExitCode.OK
    for path in write_locks(REPOSITORY, upgrade=upgrade):
        say(path)
    return ExitCode.OK


@dev.command()
@reported
def migrate(
    services: Annotated[list[str] | None, typer.Argument(help="Only these services.")] = None,
) -> ExitCode:
    """Check on a real database that every service's models and migrations say the same."""
    from cli.migrations import check_migrations
    from cli.settings import Settings

    return ExitCode.OK if check_migrations(Settings(), services or []) else ExitCode.RUN_FAILED


@dev.command("compose-env")
@reported
def compose_env() -> ExitCode:
    """Write .env for Compose with a random value for every secret. What is there is kept; what is new is added."""
    from cli.compose.drive import write_environment

    return write_environment()


@dev.command("compose-test")
@reported
def compose_test(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the containers for a look.")] = False,
) -> ExitCode:
    """Build the Compose suite on a real Docker engine, drive it through everything it promises, and remove it again."""
    from cli.compose.drive import run_compose_test
    from cli.settings import Settings

    return run_compose_test(Settings(), keep=keep)


@dev.command()
@reported
def fuzz(
    minutes: Annotated[float, typer.Option(min=0, help="How long; 0 plays the one case of --seed.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="The first case; the next ones count up from it.")] = 0,
) -> ExitCode:
    """Play random workflows with random faults to the engine and to a simple model of it, until they disagree.

    Needs no servers. What it finds is made small and printed with its case number, which plays it again.
    """
    from cli.fuzz.hunt import hunt
    from cli.output import remark, say

    found = hunt(seed, seconds=minutes * 60)
    say(f"{found.cases} workflows, {found.happenings} happenings, from case {seed} on.")
    if found.finding is None:
        return ExitCode.OK
    say(str(found.finding))
    remark(f"✗ Again: ./greenlight dev fuzz --minutes 0 --seed {found.finding.seed}")
    return ExitCode.RUN_FAILED


@dev.command()
@reported
def prices(
    listing: Annotated[Path, typer.Argument(help="LiteLLM's model_prices_and_context_window.json.", exists=True)],
    source: Annotated[str, typer.Option(help="Where it is from, such as 'litellm 1.106.2 (MIT)'.")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day on which these were the prices.")],
) -> ExitCode:
    """Write the table of models' prices anew."""
    from cli.output import remark, say
    from cli.places import shown
    from cli.prices import TABLE, read_listing, table_of

    try:
        table = table_of(read_listing(listing), as_of=as_of.date(), source=source)
    except ValueError as error:
        remark(f"✗ {error}")
        return ExitCode.USAGE
    TABLE.write_text(table, encoding="utf-8")
    say(f"{shown(TABLE)} has {table.count('[') - 1} models.")
    return ExitCode.OK


@dev.command()
@reported
def dashboard() -> ExitCode:
    """Build the dashboard if its sources changed. Needs Node; an edge that runs serves it at once."""
    from cli.dashboard import BUILT, build
    from cli.node import NotBuilt
    from cli.output import remark, say
    from cli.places import shown

    try:
        build()
    except NotBuilt as error:
        remark(f"✗ {error}")
        return ExitCode.RUN_FAILED
    say(f"Built in {shown(BUILT)}.")
    return ExitCode.OK


@dev.command("dashboard-test")
@reported
def dashboard_test() -> int:
    """Check the dashboard: types, its typed client, its units, and journeys in Chromium on a stack of their own."""
    from cli.lanes import run_checks

    return run_checks(_dashboard_checks())


@dev.command()
@reported
def remotion() -> ExitCode:
    """Install and build the Remotion worker, an optional engine with a licence of its own. Needs Node and npm."""
    from cli.node import NotBuilt
    from cli.output import remark, say
    from cli.places import shown
    from cli.remotion import BUILT, LICENCE, build

    try:
        build()
    except NotBuilt as error:
        remark(f"✗ {error}")
        return ExitCode.RUN_FAILED
    say(f"Built in {shown(BUILT)}. {LICENCE}")
    return ExitCode.OK


def _remotion_checks() -> list[Check]:
    """Those of the Remotion worker. Without it, what it would draw is not tested, and that is said."""
    from cli.lanes import remotion_checks
    from cli.node import NotBuilt, find_node
    from cli.output import remark
    from cli.remotion import build

    try:
        build()
    except NotBuilt as error:
        remark(f"✗ Remotion was not checked: {error}")
        return []
    node = find_node()
    return remotion_checks(node.npm) if node else []


@dev.command()
@reported
def pictures() -> int:
    """Take pictures of the dashboard's main pages in both themes into docs/images, on a stack of their own."""
    from cli.dashboard import FOLDER
    from cli.dashboard_journeys import take_pictures
    from cli.node import NotBuilt, find_node, install
    from cli.output import remark
    from cli.places import REPOSITORY

    try:
        if node := find_node():
            install(node, folder=FOLDER)
        return take_pictures(REPOSITORY / "docs" / "images")
    except NotBuilt as error:
        remark(f"✗ No pictures were taken: {error}")
        return ExitCode.RUN_FAILED


def _dashboard_checks() -> list[Check]:
    """Those of the dashboard. There are none without a Node or its packages, and then that is said."""
    from cli.dashboard import FOLDER
    from cli.lanes import dashboard_checks
    from cli.node import NotBuilt, find_node, install
    from cli.output import remark

    node = find_node()
    if node is None:
        remark("✗ The dashboard was not checked: there is no Node on this machine that is new enough.")
        return []
    try:
        install(node, folder=FOLDER)
    except NotBuilt as error:
        remark(f"✗ The dashboard was not checked: {error}")
        return []
    return dashboard_checks(node.npm)


def _stale_files() -> list[str]:
    from cli.dashboard import list_stale_clients
    from cli.generate import list_stale
    from cli.places import REPOSITORY

    return [
        *(f"{path} is out of date: ./greenlight dev gen" for path in list_stale(REPOSITORY)),
        *(f"{path} is out of date: npm --prefix dashboard run gen" for path in list_stale_clients()),
    ]


def _stale_locks() -> list[str]:
    from cli.locks import list_problems
    from cli.places import REPOSITORY

    return list_problems(REPOSITORY)
