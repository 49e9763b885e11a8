"""Around every command: its trouble becomes a panel or a JSON document, and an exit code."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec

import typer

from cli.exits import ExitCode
from cli.output import notes, print_json, show_trouble
from cli.trouble import Trouble

P = ParamSpec("P")
debugging: ContextVar[bool] = ContextVar("debugging", default=False)
"""Whether `--debug` was given: then the traceback is shown as well."""


def reported(command: Callable[P, int | None]) -> Callable[P, None]:
    """The command as Typer runs it. It may return an exit code, ours or a tool's; None means all is well."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs) or 0
        except Trouble as trouble:
            if debugging.get():
                notes().print_exception()
            if kwargs.get("as_json"):
                print_json(trouble.document())
            else:
                show_trouble(trouble)
            code = trouble.exit_code
        except KeyboardInterrupt:
            notes().print("Interrupted.")
            code = ExitCode.INTERRUPTED
        raise typer.Exit(int(code))

    return run
