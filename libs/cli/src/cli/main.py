"""`greenlight`: the studio on the command line. Every command loads what it needs when it runs, so help is quick."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import (
    audit_commands,
    bench_commands,
    control_commands,
    dead_letter_commands,
    dev_commands,
    drill_commands,
    evidence_commands,
    limit_commands,
    notes_commands,
    queue_commands,
    run_commands,
    schedule_commands,
    share_commands,
    sign_in_commands,
    stack_commands,
    stopping_commands,
)
from cli.exits import MEANINGS
from cli.reporting import debugging

STUDIO, RUNS, WORK = "The studio", "Runs", "Working on Greenlight"
_EPILOG = (
    "Exit codes: "
    + " · ".join(f"{int(code)} {meaning}" for code, meaning in MEANINGS.items())
    + "\n\nGREENLIGHT_URL and GREENLIGHT_TOKEN point the commands at another stack; "
    + "GREENLIGHT_DATA is where the local one lives."
)

app = typer.Typer(
    name="greenlight",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def greenlight(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks instead of hiding them.")] = False,
) -> None:
    """A studio run by agents: from a brief to a published film, with people at the gates."""
    debugging.set(debug)


app.command(rich_help_panel=STUDIO)(run_commands.demo)
app.command(rich_help_panel=STUDIO)(stack_commands.up)
app.command(rich_help_panel=STUDIO)(stack_commands.down)
app.command(rich_help_panel=STUDIO)(stack_commands.status)
app.command(rich_help_panel=STUDIO)(stack_commands.doctor)
app.command("sign-in", rich_help_panel=STUDIO)(sign_in_commands.sign_in)
app.command(rich_help_panel=STUDIO)(stopping_commands.stop_publishing)
app.command(rich_help_panel=STUDIO)(stopping_commands.resume_publishing)
app.command(rich_help_panel=RUNS)(run_commands.run)
app.command(rich_help_panel=RUNS)(run_commands.runs)
app.command(rich_help_panel=RUNS)(run_commands.show)
app.command(rich_help_panel=RUNS)(queue_commands.queue)
app.command(rich_help_panel=RUNS)(run_commands.approve)
app.command(rich_help_panel=RUNS)(run_commands.changes)
app.command(rich_help_panel=RUNS)(run_commands.reject)
app.command(rich_help_panel=RUNS)(notes_commands.notes)
app.command(rich_help_panel=RUNS)(control_commands.pause)
app.command(rich_help_panel=RUNS)(control_commands.resume)
app.command(rich_help_panel=RUNS)(control_commands.cancel)
app.command(rich_help_panel=RUNS)(control_commands.terminate)
app.command(rich_help_panel=RUNS)(control_commands.retry)
app.command(rich_help_panel=RUNS)(control_commands.fork)
app.command(rich_help_panel=RUNS)(control_commands.migrate)
app.command(rich_help_panel=RUNS)(share_commands.share)
app.command(rich_help_panel=RUNS)(share_commands.unshare)
app.command("open", rich_help_panel=RUNS)(run_commands.open_artifacts)
app.command(rich_help_panel=RUNS)(evidence_commands.evidence)
app.command(rich_help_panel=RUNS)(run_commands.workflows)
app.add_typer(limit_commands.limits, name="limits", rich_help_panel=RUNS)
app.add_typer(schedule_commands.schedules, name="schedules", rich_help_panel=RUNS)
app.add_typer(dead_letter_commands.dead_letters, name="dead-letters", rich_help_panel=RUNS)
app.add_typer(audit_commands.audit, name="audit", rich_help_panel=STUDIO)
app.command("test", rich_help_panel=WORK)(dev_commands.run_tests)
app.command(rich_help_panel=WORK)(drill_commands.drill)
app.add_typer(bench_commands.bench, name="bench", rich_help_panel=WORK)
app.add_typer(dev_commands.dev, name="dev", rich_help_panel=WORK)


def main() -> None:
    """The console script."""
    app()
