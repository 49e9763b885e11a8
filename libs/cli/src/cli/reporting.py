"""Around every command: its trouble becomes a panel or a JSON document, and an exit code."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec

import typer

from cli.exits import ExitCode
from cli.output import notes, print_json, remark, show_trouble
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
            code = _tell(trouble, as_json=bool(kwargs.get("as_json")))
        except KeyboardInterrupt:
            remark("Interrupted.")
            code = ExitCode.INTERRUPTED
        except BrokenPipeError:
            # Whoever read our output has had enough, as `| head` does.
            code = ExitCode.OK
        except typer.Exit:
            raise
        except Exception as bug:
            # The outermost place there is: what nobody foresaw is still told in words, and in full with --debug.
            code = _tell(unforeseen(bug), as_json=bool(kwargs.get("as_json")))
        raise typer.Exit(int(code))

    return run


def unforeseen(bug: Exception) -> Trouble:
    """A mistake of ours as trouble."""
    return Trouble(
        f"{type(bug).__name__}: {bug}",
        exit_code=ExitCode.RUN_FAILED,
        code="internal_error",
        title="Something broke in the command line itself",
        next_step="Run it again with --debug in front (./greenlight --debug …) to see where, and report it.",
    )


def _tell(trouble: Trouble, *, as_json: bool) -> ExitCode:
    if debugging.get():
        notes().print_exception()
    if as_json:
        print_json(trouble.document())
    else:
        show_trouble(trouble)
    return trouble.exit_code
