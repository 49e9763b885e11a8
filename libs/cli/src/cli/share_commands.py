"""Sharing private runs, which `run --private` starts."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.exits import ExitCode
from cli.reporting import reported
from cli.run_commands import RunRef
from cli.trouble import Trouble

Who = Annotated[str, typer.Argument(metavar="WHO", help="A person's user id, or `role:` and a role.")]


@reported
def share(
    wanted: RunRef,
    who: Who,
    control: Annotated[bool, typer.Option("--control", help="They may steer it, too.")] = False,
) -> None:
    """Let a person, or everybody with a role, see a private run. Repeating it changes nothing."""
    from cli.choosing import find_run
    from cli.connecting import connected
    from cli.output import say
    from cli.settings import Settings

    body = {"who": _named(who), "level": "control" if control else "read"}
    with connected(Settings()) as client:
        run_id = find_run(client, wanted)
        told = client.ask("POST", f"/v1/runs/{run_id}/shares", body=body)
    say(f"Run {run_id} is shared with {told['who']}: {told['level']}.")


@reported
def unshare(wanted: RunRef, who: Who) -> None:
    """Let somebody not see a private run any more."""
    from cli.choosing import find_run
    from cli.connecting import connected
    from cli.output import say
    from cli.settings import Settings

    named = _named(who)
    with connected(Settings()) as client:
        run_id = find_run(client, wanted)
        shares = client.ask("GET", f"/v1/runs/{run_id}/shares")
        found = next((one["id"] for one in shares if one["who"] == named), None)
        if found is None:
            raise Trouble(
                f"Run {run_id} is not shared with {named}.",
                exit_code=ExitCode.NOT_FOUND,
                code="not_found",
                next_step=f"It is shared with {', '.join(one['who'] for one in shares)}.",
            )
        client.ask("DELETE", f"/v1/runs/{run_id}/shares/{found}")
    say(f"Run {run_id} is not shared with {named} any more.")


def _named(who: str) -> str:
    return who if who.startswith(("role:", "user:")) else f"user:{who}"
