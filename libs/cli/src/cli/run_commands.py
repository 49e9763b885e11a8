"""Runs: starting them, going along with them, looking at them, deciding about them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from cli.exits import ExitCode
from cli.reporting import reported
from cli.trouble import Trouble

if TYPE_CHECKING:
    from cli.client import Client
    from cli.gates import Decider
    from cli.settings import Settings

DEMO_BRIEF = (
    "How tides work: the Moon pulls the oceans into two bulges, and the turning Earth carries every coast "
    "through both of them, so the sea rises twice a day. In 20 seconds."
)
RunRef = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, a prefix or end of it, or `last`.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
Seconds = Annotated[int | None, typer.Option("--seconds", min=3, max=180, help="The film's length.")]
ScriptFile = Annotated[
    Path | None,
    typer.Option(
        "--script",
        exists=True,
        dir_okay=False,
        readable=True,
        help="A finished script to film: Final Draft (.fdx), .fountain, .csv or .txt.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Approve at every gate, as the local stack's reviewer.")]
Comment = Annotated[str, typer.Option("--comment", "-m", help="Why, for the author and the record.")]
Why = Annotated[str, typer.Option("--comment", "-m", help="Why; the author reads it.", prompt=True)]


@reported
def demo(
    brief: Annotated[str | None, typer.Argument(help="What the film is about.", show_default=False)] = None,
    yes: Yes = False,
    seconds: Seconds = None,
    script: ScriptFile = None,
) -> ExitCode:
    """Make a film from a brief, through both gates, and publish it to the local feed.

    A length in the brief ("in 20 seconds") is understood. Starts a stack if none is running, and stops it again.
    """
    if brief is None and script is None:
        brief = DEMO_BRIEF
    return _begin(brief, workflow="short_video", values=_length(brief or "", seconds), script=script, yes=yes)


@reported
def run(  # noqa: PLR0917 — Typer passes all by name
    brief: Annotated[str | None, typer.Argument(help="What the film is about.")] = None,
    seconds: Seconds = None,
    workflow: Annotated[str, typer.Option(help="What to run; see `workflows`.")] = "short_video",
    key: Annotated[str | None, typer.Option(help="Idempotency-Key: the same key starts one run only.")] = None,
    given: Annotated[list[str] | None, typer.Option("--input", help="name=value, as often as needed.")] = None,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Start it, print its id, and leave.")] = False,
    resume: Annotated[str | None, typer.Option(metavar="RUN", help="Go along with a run that exists.")] = None,
    private: Annotated[bool, typer.Option("--private", help="Only for you and those you `share` it with.")] = False,
    audience: Annotated[str | None, typer.Option(help="Who it is for; ideas are scored for them.")] = None,
    tone: Annotated[str | None, typer.Option(help="How it speaks, such as `calm and dry`.")] = None,
    brand: Annotated[str | None, typer.Option(help="Whose look it has: a brand kit, by its pack's name.")] = None,
    script: ScriptFile = None,
    yes: Yes = False,
) -> ExitCode:
    """Start a run and go along with it: progress, questions at its gates, and the film."""
    from cli.choosing import inputs_of
    from cli.settings import Settings

    if resume is not None:
        return _resume(Settings(), resume, yes=yes)
    said = {"audience": audience, "tone": tone, "brand": brand}
    values = {name: value for name, value in said.items() if value is not None} | inputs_of(given or [])
    if brief is None and not values and script is None:
        raise Trouble(
            "There is no brief.",
            exit_code=ExitCode.USAGE,
            code="brief_missing",
            next_step="./greenlight run “How tides work, in 20 seconds”",
        )
    values = _length(brief or "", seconds) | values
    if detach:
        return _start_and_leave(
            Settings(), brief, workflow=workflow, values=values, script=script, key=key, private=private
        )
    return _begin(brief, workflow=workflow, values=values, script=script, key=key, private=private, yes=yes)


@reported
def runs(
    status: Annotated[str | None, typer.Option(help="Only runs in this state, such as `waiting`.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    as_json: AsJson = False,
) -> None:
    """List runs, the newest first."""
    from cli.output import print_json
    from cli.run_views import show_runs

    with _client(quiet=as_json) as client:
        found = client.runs(status=status, limit=limit)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    else:
        show_runs(found)


@reported
def show(
    wanted: RunRef = "last",
    history: Annotated[bool, typer.Option("--history", help="Everything that happened, in order.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a run: where it stands, what it made, and what it waits for."""
    from cli.choosing import find_run
    from cli.gates import Held
    from cli.gates import show as show_gate
    from cli.output import console, print_json
    from cli.run_views import show_history, show_run

    with _client(quiet=as_json) as client:
        run_id = find_run(client, wanted)
        one, steps, made = client.run(run_id), client.steps(run_id), client.artifacts(run_id)
        told = client.history(run_id) if history else None
        held = client.held(one.gate.id) if one.gate and not as_json else None
    if as_json:
        document = one.model_dump(mode="json") | {
            "steps": [step.model_dump(mode="json") for step in steps.steps],
            "artifacts": [artifact.model_dump(mode="json") for artifact in made],
        }
        print_json(document | ({"history": told} if told is not None else {}))
        return
    show_run(one, steps, made)
    if one.gate and held:
        console().print(show_gate(Held(one.gate.step, held)))
    if told is not None:
        show_history(told)


@reported
def approve(
    wanted: RunRef = "last",
    choose: Annotated[int | None, typer.Option(min=1, help="Which idea, counted from 1.")] = None,
    comment: Comment = "",
    edits: Annotated[list[str] | None, typer.Option("--set", help="path=value: approve with this edit.")] = None,
    accept_downgrades: Annotated[
        bool, typer.Option("--accept-downgrades", help="Accept all that a degraded run fell back to.")
    ] = False,
) -> None:
    """Approve what a run waits with, as the reviewer."""
    from common.contracts.values import Decision

    from cli.choosing import edit_of

    edit = edit_of(edits or [])
    _decide(wanted, Decision.APPROVED, comment=comment, edit=edit, choose=choose, accept_downgrades=accept_downgrades)


@reported
def reject(wanted: RunRef, comment: Why) -> None:
    """Reject what a run waits with, as the reviewer; the run ends."""
    from common.contracts.values import Decision

    _decide(wanted, Decision.REJECTED, comment=comment)


@reported
def changes(wanted: RunRef, comment: Why) -> None:
    """Send a run back with a comment, as the reviewer; it makes another take."""
    from common.contracts.values import Decision

    _decide(wanted, Decision.CHANGES_REQUESTED, comment=comment)


@reported
def open_artifacts(
    wanted: RunRef = "last",
    type: Annotated[str | None, typer.Argument(help="Only artifacts of this type, such as `rendered_video`.")] = None,
    folder: Annotated[Path | None, typer.Option("--dir", help="Where to put them.")] = None,
) -> None:
    """Download what a run made, check its hashes, and print where it is."""
    from cli.choosing import find_run
    from cli.run_views import put_artifacts

    with _client() as client:
        put_artifacts(client, find_run(client, wanted), type=type, folder=folder)


@reported
def workflows(
    hidden: Annotated[bool, typer.Option("--hidden", help="Also those for machines, such as the drill's.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what can be run, with the inputs it takes."""
    from cli.output import print_json
    from cli.run_views import show_workflows

    with _client(quiet=as_json) as client:
        found = client.workflows(hidden=hidden)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    else:
        show_workflows(found)


def _length(brief: str, seconds: int | None) -> dict[str, Any]:
    from cli.choosing import seconds_in

    wanted = seconds or seconds_in(brief)
    return {"target_seconds": wanted} if wanted else {}


def _begin(
    brief: str | None,
    *,
    workflow: str,
    values: dict[str, Any],
    script: Path | None = None,
    key: str | None = None,
    private: bool = False,
    yes: bool = False,
) -> ExitCode:
    """Start a run on whatever stack there is, and go along with it to its end."""
    from cli.choosing import input_of
    from cli.client import Client
    from cli.settings import Settings
    from cli.target import find_target, reach

    settings = Settings()
    decide = _decider(yes=yes)
    if decide is None and find_target(settings) is None:
        raise Trouble(
            "This needs somebody to decide at its gates, and there is no terminal to ask on.",
            exit_code=ExitCode.USAGE,
            code="person_needed",
            title="A person is needed",
            next_step="Add --yes to approve as the local reviewer; or start a stack that stays (./greenlight up "
            "--detach), run this again, and decide with ./greenlight approve.",
        )
    with reach(settings) as target, Client(target) as client:
        given = values | input_of(client, brief, script)
        return _go_along(client, client.start(workflow, given, key=key, private=private), decide)


def _resume(settings: Settings, wanted: str, *, yes: bool) -> ExitCode:
    from cli.choosing import find_run
    from cli.client import Client
    from cli.target import reach

    with reach(settings) as target, Client(target) as client:
        return _go_along(client, find_run(client, wanted), _decider(yes=yes))


def _go_along(client: Client, run_id: UUID, decide: Decider | None) -> ExitCode:
    from cli.conduct import Companion, exit_code_of
    from cli.endings import show_ending
    from cli.output import remark, short_id

    try:
        stands, journey = Companion(client, run_id, decide=decide).accompany()
    except KeyboardInterrupt:
        goes_on = "It goes on without you." if client.target.lasts else "It is kept, and goes on with the next stack."
        remark(f"\n{goes_on} Come back with: ./greenlight run --resume {short_id(run_id)}")
        raise
    show_ending(client, stands, journey)
    return exit_code_of(stands)


def _start_and_leave(
    settings: Settings,
    brief: str | None,
    *,
    workflow: str,
    values: dict[str, Any],
    script: Path | None,
    key: str | None,
    private: bool,
) -> ExitCode:
    from cli.choosing import input_of
    from cli.client import Client
    from cli.output import remark, say, short_id
    from cli.target import get_target

    with Client(get_target(settings)) as client:
        given = values | input_of(client, brief, script)
        run_id = client.start(workflow, given, key=key, private=private)
    say(str(run_id))
    remark(f"Watch it: ./greenlight run --resume {short_id(run_id)}")
    return ExitCode.OK


def _decide(
    wanted: str,
    decision: Any,
    *,
    comment: str,
    edit: dict[str, Any] | None = None,
    choose: int | None = None,
    accept_downgrades: bool = False,
) -> None:
    from cli.choosing import accepted_of, choice_of, find_run
    from cli.notes_commands import tell_rework
    from cli.output import say

    with _client() as client:
        run_id = find_run(client, wanted)
        gate = client.run(run_id).gate
        codes: tuple[str, ...] = ()
        if decision == "approved" and gate is not None:
            held = client.held(gate.id)
            edit = (edit or {}) | choice_of(held, choose) if choose is not None else edit
            codes = accepted_of(held, accept_all=accept_downgrades)
        if decision == "changes_requested" and gate is not None:
            tell_rework(client, gate.id)
        item_id = gate.id if gate else None
        client.decide(run_id, decision, item_id=item_id, comment=comment, edit=edit, accepts=codes)
        who = client.target.reviewer_name
    as_whom = f" as {who}" if who else ""
    if codes:
        say(f"Accepted: {', '.join(codes)}")
    say(f"{decision.value.replace('_', ' ').capitalize()}{as_whom}: run {run_id}")


def _decider(*, yes: bool) -> Decider | None:
    from cli.gates import approve_all, ask
    from cli.keys import somebody_is_here

    if yes:
        return approve_all
    return ask if somebody_is_here() else None


def _client(*, quiet: bool = False) -> Any:
    """A client of the stack there is, or of one that is started for this command."""
    from cli.connecting import connected
    from cli.settings import Settings

    return connected(Settings(), quiet=quiet)
