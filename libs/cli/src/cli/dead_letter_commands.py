"""Dead letters: messages that a service gave up, and what to do about them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.exits import ExitCode
from cli.reporting import reported
from cli.run_commands import AsJson

dead_letters = typer.Typer(
    name="dead-letters", no_args_is_help=True, help="Messages that a service gave up; for operators."
)
Letter = Annotated[str | None, typer.Argument(metavar="LETTER", help="A letter's id, or a prefix or end of it.")]
All = Annotated[bool, typer.Option("--all", help="All open ones that the options below name.")]
Service = Annotated[str | None, typer.Option(help="Only those that this service gave up.")]
Capability = Annotated[str | None, typer.Option(help="Only those about this capability.")]
OfRun = Annotated[str | None, typer.Option("--run", help="Only those of this run.")]
Nobodys = Annotated[bool, typer.Option("--nobodys", help="Those that name no tenant; for the platform's operators.")]


@dead_letters.callback()
def given_up() -> None:
    """Messages that a service gave up; for operators."""


@dead_letters.command("list")
@reported
def list_all(  # noqa: PLR0917 — Typer passes all by name
    state: Annotated[str | None, typer.Option(help="open, redriven or resolved.")] = "open",
    service: Service = None,
    capability: Capability = None,
    run: OfRun = None,
    nobodys: Nobodys = False,
    as_json: AsJson = False,
) -> None:
    """List dead letters, the newest first."""
    from cli.operations import all_letters, letter_filter
    from cli.operations_views import show_letters

    wanted = letter_filter(service=service, capability=capability, run=run, nobodys=nobodys)
    with _client(quiet=as_json) as client:
        found = all_letters(client, state=state, **wanted)
    _print(found) if as_json else show_letters(found)


@dead_letters.command()
@reported
def show(letter: Annotated[str, typer.Argument(metavar="LETTER")], as_json: AsJson = False) -> None:
    """Show a dead letter, with what was in it. Secrets are hidden."""
    from cli.operations import find_letter
    from cli.operations_views import show_letter

    with _client(quiet=as_json) as client:
        found = client.ask("GET", f"/admin/dlq/{find_letter(client, letter)}")
    _print(found) if as_json else show_letter(found)


@dead_letters.command()
@reported
def replay(  # noqa: PLR0917 — Typer passes all by name
    letter: Letter = None,
    everything: All = False,
    service: Service = None,
    capability: Capability = None,
    run: OfRun = None,
    nobodys: Nobodys = False,
) -> ExitCode:
    """Send a dead letter on its way again: a poisoned step is tried anew, a message goes out as it was."""
    from cli.operations import letter_filter

    wanted = letter_filter(service=service, capability=capability, run=run, nobodys=nobodys)
    return _treat("replay", letter, wanted if everything else None, {}, "Redriven")


@dead_letters.command()
@reported
def resolve(  # noqa: PLR0917 — Typer passes all by name
    letter: Letter = None,
    note: Annotated[str, typer.Option("--note", "-m", help="Why nothing is to be done.", prompt=True)] = "",
    everything: All = False,
    service: Service = None,
    capability: Capability = None,
    run: OfRun = None,
    nobodys: Nobodys = False,
) -> ExitCode:
    """Note that nothing is to be done about a dead letter."""
    from cli.operations import letter_filter

    wanted = letter_filter(service=service, capability=capability, run=run, nobodys=nobodys)
    return _treat("resolve", letter, wanted if everything else None, {"note": note}, "Resolved")


def _treat(verb: str, letter: str | None, all_of: dict[str, Any] | None, body: dict[str, Any], said: str) -> ExitCode:
    """Do it to one, or to all of a kind, batch by batch. → whether it could be done to each."""
    from cli.operations import find_letter, treat_all
    from cli.output import remark, say
    from cli.trouble import Trouble

    if (letter is None) == (all_of is None):
        raise Trouble(
            "Name one letter, or give --all.",
            exit_code=ExitCode.USAGE,
            code="invalid",
            next_step="See them with ./greenlight dead-letters list.",
        )
    with _client() as client:
        if letter is not None:
            done = client.ask("POST", f"/admin/dlq/{find_letter(client, letter)}/{verb}", body=body or None)
            say(f"{said if done['changed'] else 'Already ' + said.lower()}: {done['letter']['id']}")
            return ExitCode.OK
        count, refused = treat_all(client, verb, (all_of or {}) | body)
    say(f"{said}: {count}")
    for one in refused:
        remark(f"{one['id']}: {one['detail']}")
    return ExitCode.REFUSED if refused else ExitCode.OK


def _print(document: Any) -> None:
    from cli.output import print_json

    print_json(document)


def _client(*, quiet: bool = False) -> Any:
    """A client of the stack there is, or of one that is started for this command."""
    from cli.connecting import connected
    from cli.settings import Settings

    return connected(Settings(), quiet=quiet)
