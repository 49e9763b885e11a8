"""Links that sign a browser in, once."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.exits import ExitCode
from cli.reporting import reported


@reported
def sign_in(
    reviewer: Annotated[
        bool,
        typer.Option("--reviewer", help="As the reviewer of the local stack: authors decide on nothing of theirs."),
    ] = False,
    user: Annotated[
        str | None, typer.Option("--user", help="For somebody else of the tenant; only administrators may.")
    ] = None,
) -> ExitCode:
    """Print a link that signs a browser in to the dashboard. It works once, within a quarter of an hour."""
    from cli.client import Client
    from cli.output import say
    from cli.settings import Settings
    from cli.target import get_target

    target = get_target(Settings())
    with Client(target) as client:
        say(client.sign_in_link(as_reviewer=reviewer, user=user))
    return ExitCode.OK
