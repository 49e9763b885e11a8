"""Limits and budgets: how many steps at once, and how much money."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from cli.reporting import reported
from cli.run_commands import AsJson

limits = typer.Typer(name="limits", no_args_is_help=True, help="How many steps at once, and how much money.")


class Kind(StrEnum):
    """What may be limited, in the words of the command line."""

    STEPS = "steps"
    WORKFLOW = "workflow"
    CAPABILITY = "capability"
    RUN = "usd-run"
    DAY = "usd-day"
    TOTAL = "usd-total"


_SENT = {
    Kind.STEPS: "steps",
    Kind.WORKFLOW: "steps_of_workflow",
    Kind.CAPABILITY: "steps_of_capability",
    Kind.RUN: "usd_micros_of_a_run",
    Kind.DAY: "usd_micros_of_a_day",
    Kind.TOTAL: "usd_micros_in_total",
}
WhatKind = Annotated[
    Kind, typer.Argument(help="Steps at work at once (all, of a workflow, of a capability), or dollars.")
]
Name = Annotated[str, typer.Option("--name", help="The workflow or capability meant.")]


@limits.callback()
def at_most() -> None:
    """Set how many steps may be at work at once and how much may be spent."""


@limits.command("list")
@reported
def list_all(as_json: AsJson = False) -> None:
    """List the limits, with how much of each is in use."""
    with _client(quiet=as_json) as client:
        found = client.ask("GET", "/v1/limits")
    _print(found) if as_json else _show_limits(found)


@limits.command("set")
@reported
def set_limit(
    kind: WhatKind,
    amount: Annotated[str, typer.Argument(help="Steps, or dollars such as 12.50.")],
    name: Name = "",
    as_json: AsJson = False,
) -> None:
    """Set a limit. What is over it goes on; nothing more begins."""
    sent: dict[str, Any] = {"kind": _SENT[kind], "name": name}
    sent["at_most_usd" if kind.value.startswith("usd-") else "at_most"] = amount
    with _client(quiet=as_json) as client:
        now = client.ask("PUT", "/v1/limits", body=sent)
    _print(now) if as_json else _show_limits([now])


@limits.command()
@reported
def remove(kind: WhatKind, name: Name = "") -> None:
    """Take a limit away. Repeating it changes nothing."""
    from cli.output import say

    with _client() as client:
        client.ask("DELETE", "/v1/limits", params={"kind": _SENT[kind], "name": name})
    say(f"No limit on {' '.join(filter(None, [kind.value, name]))}.")


@limits.command()
@reported
def budgets(
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days back.")] = 7, as_json: AsJson = False
) -> None:
    """Show what was spent and set aside: in total, today, and on the days before."""
    with _client(quiet=as_json) as client:
        found = client.ask("GET", "/v1/budgets", params={"days": days})
    _print(found) if as_json else _show_budgets(found)


def _show_limits(found: list[dict[str, Any]]) -> None:
    from cli.output import console, listing, say

    if not found:
        say("No limits. Set one: ./greenlight limits set usd-day 10")
        return
    words = {sent: kind.value for kind, sent in _SENT.items()}
    table = listing("limit", "of", "at most", "in use")
    for one in found:
        if one["at_most_usd"] is not None:
            amounts = (f"${one['at_most_usd']}", f"${one['in_use_usd']}" if one["in_use_usd"] is not None else "")
        else:
            amounts = (str(one["at_most"]), str(one["in_use"]))
        table.add_row(words[one["kind"]], one["name"], *amounts)
    console().print(table)


def _show_budgets(found: list[dict[str, Any]]) -> None:
    from cli.output import console, listing

    table = listing("of", "spent", "set aside", "cap")
    for one in found:
        cap = f"${one['cap_usd']}" if one["cap_usd"] is not None else "none"
        table.add_row(one["of"], f"${one['spent_usd']}", f"${one['reserved_usd']}", cap)
    console().print(table)


def _print(document: Any) -> None:
    from cli.output import print_json

    print_json(document)


def _client(*, quiet: bool = False) -> Any:
    """A client of the stack there is, or of one that is started for this command."""
    from cli.connecting import connected
    from cli.settings import Settings

    return connected(Settings(), quiet=quiet)
