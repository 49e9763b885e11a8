"""Steering runs: pause, resume, cancel, terminate, retry, fork, migrate; one run, or all that fit."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.exits import ExitCode
from cli.reporting import reported
from cli.trouble import Trouble

Some = Annotated[str | None, typer.Argument(metavar="[RUN]", help="A run's id, a prefix or end of it, or `last`.")]
All = Annotated[bool, typer.Option("--all", help="Every run it makes sense for, instead of one.")]
Workflow = Annotated[str | None, typer.Option("--workflow", help="With --all: only runs of this workflow.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="With --all: only say which they would be.")]


@reported
def pause(wanted: Some = None, every: All = False, workflow: Workflow = None, dry_run: DryRun = False) -> ExitCode:
    """Pause a run: nothing new is handed out until it is resumed."""
    return _steer("pause", wanted, every=every, workflow=workflow, dry_run=dry_run)


@reported
def resume(wanted: Some = None, every: All = False, workflow: Workflow = None, dry_run: DryRun = False) -> ExitCode:
    """Let a paused run go on."""
    return _steer("resume", wanted, every=every, workflow=workflow, dry_run=dry_run)


@reported
def cancel(wanted: Some = None, every: All = False, workflow: Workflow = None, dry_run: DryRun = False) -> ExitCode:
    """Cancel a run: its workers clean up. What it made is kept."""
    return _steer("cancel", wanted, every=every, workflow=workflow, dry_run=dry_run)


@reported
def terminate(wanted: Some = None, every: All = False, workflow: Workflow = None, dry_run: DryRun = False) -> ExitCode:
    """Cancel a run whose workers do not stop: they are stopped at once."""
    return _steer("terminate", wanted, every=every, workflow=workflow, dry_run=dry_run)


@reported
def retry(wanted: Some = None, every: All = False, workflow: Workflow = None, dry_run: DryRun = False) -> ExitCode:
    """Go on with a failed run where it failed. What was done is kept."""
    return _steer("retry", wanted, every=every, workflow=workflow, dry_run=dry_run)


@reported
def fork(
    wanted: Some = None,
    *,
    step: Annotated[str, typer.Option("--from", help="The step to begin at; what was before it is kept.")],
    edits: Annotated[list[str] | None, typer.Option("--set", help="name=value: give this to the step instead.")] = None,
    given: Annotated[list[str] | None, typer.Option("--input", help="name=value: start with this input.")] = None,
    current: Annotated[bool, typer.Option("--current", help="Go by the workflow as it is now.")] = False,
    every: All = False,
    workflow: Workflow = None,
    dry_run: DryRun = False,
) -> ExitCode:
    """Start a new run from a step of another one, or of all that are over."""
    from cli.choosing import find_run, inputs_of
    from cli.output import remark, say, short_id

    _one_or_all("fork", wanted, every=every, narrowed=workflow is not None or dry_run, also=" --from production")
    body: dict[str, Any] = {"from_step": step, "definition": "current" if current else "same"}
    if edits:
        body["with"] = inputs_of(edits, option="--set")
    if given:
        body["input"] = inputs_of(given)
    with _client() as client:
        if wanted is None:
            told = client.fork_all(body, workflow=workflow, dry_run=dry_run)
            if told["more"]:
                remark("There are more, older ones; say which with --workflow.")
            return _say_all(told["results"], dry_run=dry_run)
        forked = client.fork(find_run(client, wanted), body)
    say(str(forked))
    remark(f"Watch it: ./greenlight run --resume {short_id(forked)}")
    return ExitCode.OK


@reported
def migrate(
    wanted: Some = None,
    every: All = False,
    workflow: Workflow = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> ExitCode:
    """Have a run that rests, or all that do, go on by their workflow as it is now."""
    from cli.choosing import find_run
    from cli.output import say

    _one_or_all("migrate", wanted, every=every, narrowed=workflow is not None)
    if wanted is None:
        return _steer_all("migrate", workflow, dry_run=dry_run)
    with _client() as client:
        run_id = find_run(client, wanted)
        told = client.ask("POST", f"/v1/runs/{run_id}/migrate", body={"dry_run": dry_run})
    report = told["report"]
    for change in report["changes"]:
        say(f"{change['step']} {change['change']}: {change['effect']}")
    for obstacle in report["obstacles"]:
        say(obstacle)
    if not report["possible"]:
        return ExitCode.REFUSED
    same = report["from_digest"] == report["to_digest"]
    moved = "goes by that version already" if same else "was moved" if told["applied"] else "can be moved"
    say(f"Run {run_id} {moved}.")
    return ExitCode.OK


def _steer(action: str, wanted: str | None, *, every: bool, workflow: str | None, dry_run: bool) -> ExitCode:
    _one_or_all(action, wanted, every=every, narrowed=workflow is not None or dry_run)
    return _steer_one(action, wanted) if wanted is not None else _steer_all(action, workflow, dry_run=dry_run)


def _one_or_all(action: str, wanted: str | None, *, every: bool, narrowed: bool, also: str = "") -> None:
    """Raises `Trouble` unless one run or all were asked for; what is `narrowed` are all."""
    if every == (wanted is not None) or (not every and narrowed):
        raise Trouble(
            "Say one run, or --all.",
            exit_code=ExitCode.USAGE,
            code="invalid",
            next_step=f"./greenlight {action} last{also} · ./greenlight {action} --all --workflow short_video{also}",
        )


def _steer_one(action: str, wanted: str) -> ExitCode:
    from cli.choosing import find_run
    from cli.output import say

    with _client() as client:
        run_id = find_run(client, wanted)
        one = client.steer(run_id, action)
    was_over = action in {"cancel", "terminate"} and one.state != "cancelled"
    say(f"Run {run_id} {'was over before:' if was_over else 'is'} {one.status}.")
    return ExitCode.OK


def _steer_all(action: str, workflow: str | None, *, dry_run: bool) -> ExitCode:
    with _client() as client:
        return _say_all(client.steer_all(action, workflow=workflow, dry_run=dry_run), dry_run=dry_run)


def _say_all(results: list[dict[str, Any]], *, dry_run: bool) -> ExitCode:
    from cli.output import say

    for one in results:
        say(f"{one['run_id']} {one['outcome']}: {one['detail'] or one.get('forked_to') or one['status']}")
    refused = sum(one["outcome"] == "refused" for one in results)
    done = "would be meant" if dry_run else "done"
    say(f"{len(results) - refused} {done}, {refused} refused." if results else "There is no such run.")
    return ExitCode.REFUSED if refused else ExitCode.OK


def _client() -> Any:
    from cli.connecting import connected
    from cli.settings import Settings

    return connected(Settings())
