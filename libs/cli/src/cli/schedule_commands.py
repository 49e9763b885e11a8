"""Schedules: workflows that are started by the clock."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.reporting import reported
from cli.run_commands import AsJson

schedules = typer.Typer(name="schedules", no_args_is_help=True, help="Start workflows by the clock.")
Schedule = Annotated[str, typer.Argument(metavar="SCHEDULE", help="A schedule's id, or its name if only one has it.")]


@schedules.callback()
def by_the_clock() -> None:
    """Start workflows by the clock."""


@schedules.command("list")
@reported
def list_all(as_json: AsJson = False) -> None:
    """List schedules, the newest first."""
    from cli.operations import all_schedules
    from cli.operations_views import show_schedules

    with _client(quiet=as_json) as client:
        found = all_schedules(client)
    _print(found) if as_json else show_schedules(found)


@schedules.command()
@reported
def show(wanted: Schedule, as_json: AsJson = False) -> None:
    """Show a schedule: when it is due next, and what became of the newest instants."""
    from cli.operations import find_schedule
    from cli.operations_views import show_schedule

    with _client(quiet=as_json) as client:
        found = client.ask("GET", f"/v1/schedules/{find_schedule(client, wanted)}")
    _print(found) if as_json else show_schedule(found)


@schedules.command()
@reported
def create(  # noqa: PLR0917 — Typer passes all by name
    cron: Annotated[str, typer.Argument(help="Minute, hour, day, month, weekday: `30 6 * * MON-FRI`.")],
    brief: Annotated[str | None, typer.Argument(help="What each film is about.")] = None,
    name: Annotated[str, typer.Option(help="What to call it.")] = "",
    timezone: Annotated[str, typer.Option(help="Whose clock, such as Europe/Berlin.")] = "UTC",
    workflow: Annotated[str, typer.Option(help="What to run; see `workflows`.")] = "short_video",
    given: Annotated[list[str] | None, typer.Option("--input", help="name=value, as often as needed.")] = None,
    catch_up: Annotated[
        str, typer.Option(help="About instants missed while the studio was down: skip, last or all.")
    ] = "last",
    overlap: Annotated[
        str, typer.Option(help="While a run of it is still under way: allow another, or skip.")
    ] = "allow",
    as_json: AsJson = False,
) -> None:
    """Make a schedule that starts a run whenever the cron expression is due."""
    from uuid import uuid4

    from cli.choosing import inputs_of
    from cli.operations_views import show_schedule

    values = inputs_of(given or []) | ({"brief": brief} if brief else {})
    body = {"name": name or brief or workflow, "cron": cron, "timezone": timezone, "workflow": workflow}
    body["name"] = " ".join(str(body["name"]).split())[:100].strip()
    asked = body | {"input": values, "catch_up": catch_up, "overlap": overlap}
    with _client(quiet=as_json) as client:
        made = client.ask("POST", "/v1/schedules", body=asked, key=str(uuid4()))
        found = client.ask("GET", f"/v1/schedules/{made['id']}")
    _print(found) if as_json else show_schedule(found)


@schedules.command()
@reported
def pause(wanted: Schedule) -> None:
    """Start nothing by it until it is resumed."""
    _tell("POST", wanted, "/pause", "Paused")


@schedules.command()
@reported
def resume(wanted: Schedule) -> None:
    """Go on with a paused schedule; what was due meanwhile is left out."""
    _tell("POST", wanted, "/resume", "Resumed")


@schedules.command()
@reported
def delete(wanted: Schedule) -> None:
    """Delete a schedule. Its runs stay."""
    _tell("DELETE", wanted, "", "Deleted")


@schedules.command()
@reported
def run(wanted: Schedule) -> None:
    """Start a run of it now, beside its instants."""
    from uuid import uuid4

    from cli.operations import find_schedule
    from cli.output import say

    with _client() as client:
        door = f"/v1/schedules/{find_schedule(client, wanted)}/run"
        say(str(client.ask("POST", door, key=str(uuid4()))["run_id"]))


def _tell(method: str, wanted: str, door: str, said: str) -> None:
    from cli.operations import find_schedule
    from cli.output import say

    with _client() as client:
        schedule_id = find_schedule(client, wanted)
        client.ask(method, f"/v1/schedules/{schedule_id}{door}")
    say(f"{said}: schedule {schedule_id}")


def _print(document: Any) -> None:
    from cli.output import print_json

    print_json(document)


def _client(*, quiet: bool = False) -> Any:
    """A client of the stack there is, or of one that is started for this command."""
    from cli.connecting import connected
    from cli.settings import Settings

    return connected(Settings(), quiet=quiet)
