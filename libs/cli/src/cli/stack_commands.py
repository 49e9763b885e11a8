"""The local stack: up, down, status, doctor."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cli.exits import ExitCode
from cli.reporting import reported
from cli.run_commands import AsJson


class Processes(StrEnum):
    """How the services are spread over processes."""

    ONE = "one"
    EACH = "each"


@reported
def up(
    detach: Annotated[
        bool, typer.Option("--detach", "-d", help="Leave it running and return when it is ready.")
    ] = False,
    processes: Annotated[
        Processes, typer.Option(help="All services in one process, or one process for each.")
    ] = Processes.ONE,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The edge's port; another if it is taken.")] = None,
    sandbox: Annotated[
        bool,
        typer.Option("--sandbox", help="Also the sandbox of vendors at 8090, which writes, films and speaks for them."),
    ] = False,
) -> ExitCode:
    """Start the whole local stack: PostgreSQL, NATS, Redis, eight services and the edge."""
    from cli.places import data_folder
    from cli.settings import Settings
    from cli.stack_views import bring_up

    return bring_up(data_folder(Settings()), detach=detach, layout=processes.value, port=port, sandbox=sandbox)


@reported
def down() -> None:
    """Stop the local stack. Runs are kept and go on with the next one."""
    from cli.output import notes, say
    from cli.places import data_folder, shown
    from cli.settings import Settings
    from cli.supervised import stop_running

    data = data_folder(Settings())
    with notes().status("Stopping the stack …"):
        ran = stop_running(data)
    said = "Stopped; runs are kept and go on with the next ./greenlight up." if ran else "No stack was running."
    say(f"{said} ({shown(data)})")


@reported
def status(as_json: AsJson = False) -> ExitCode:
    """Show what runs: processes, restarts, addresses, memory. Exits with 3 if nothing does."""
    from cli.output import print_json
    from cli.places import data_folder
    from cli.settings import Settings
    from cli.stack_views import show_status, status_document
    from cli.stopping_commands import publishing_state

    settings = Settings()
    document = status_document(data_folder(settings), outside=settings.url)
    document["publishing"] = publishing_state()
    if as_json:
        print_json(document)
    else:
        show_status(document)
    return ExitCode.OK if document["running"] else ExitCode.NO_STACK


@reported
def doctor(as_json: AsJson = False) -> ExitCode:
    """Check this machine, and say what to do about what is missing."""
    from cli.doctor import Level, examine, show_findings
    from cli.output import print_json
    from cli.places import data_folder
    from cli.settings import Settings

    findings = examine(data_folder(Settings()))
    if as_json:
        print_json([finding.document() for finding in findings])
    else:
        show_findings(findings)
    return ExitCode.RUN_FAILED if any(finding.level is Level.FAIL for finding in findings) else ExitCode.OK
