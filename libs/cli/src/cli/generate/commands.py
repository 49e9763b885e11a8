"""`docs/cli.md`: every command with its arguments and options, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

from cli.exits import MEANINGS

PATH = "docs/cli.md"
_HEAD = """\
<!-- Written by `./greenlight dev gen` from the commands themselves. Do not edit. -->

# The command line

`./greenlight` sets itself up the first time (`.venv` from `requirements.lock`) and then runs these commands.

**Which stack.** `GREENLIGHT_URL` with `GREENLIGHT_TOKEN` (an API key or a token) points every command at a stack
somewhere else. Without them it is the local one in `.greenlight` (or `GREENLIGHT_DATA`). If none runs, a command that
needs one starts it for as long as it runs, and stops it again; runs are kept, and go on with the next stack.

**As whom.** On the local stack runs are started as `admin` and decided about as `reviewer`, because nobody may decide
about their own work. With `GREENLIGHT_TOKEN` everything is done as that principal.

**For scripts.** Commands with `--json` write exactly one JSON document to stdout; everything else goes to stderr.
If such a command fails, the document has `error`, `detail`, `next_action` and `exit_code`.
"""


def generate() -> dict[str, str]:
    """The one file."""
    return {PATH: "\n".join(_lines()) + "\n"}


def list_commands() -> dict[str, Any]:
    """Full name → command, in the order of the help; groups are passed through."""
    from cli.main import app

    return dict(_walk(typer.main.get_command(app), ""))


def _walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, below in getattr(command, "commands", {}).items():
        full = f"{path} {name}".strip()
        if hasattr(below, "commands"):
            yield from _walk(below, full)
        else:
            yield full, below


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "| exit code | meaning |"
    yield "|---|---|"
    for code, meaning in MEANINGS.items():
        yield f"| {int(code)} | {meaning} |"
    for name, command in list_commands().items():
        yield ""
        yield f"## `./greenlight {name}`"
        yield ""
        yield _paragraphs(command.help or "")
        shown = [parameter for parameter in command.params if parameter.name != "help"]
        if shown:
            yield ""
            yield "| | |"
            yield "|---|---|"
            for parameter in shown:
                yield f"| {_name(parameter)} | {_about(parameter)} |"


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _argument(parameter)
    return ", ".join(f"`{option}`" for option in [*parameter.opts, *parameter.secondary_opts])


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name).upper()
    return f"`{name}`" if parameter.required else f"`[{name}]`"


def _about(parameter: Any) -> str:
    parts = [(getattr(parameter, "help", None) or "").replace("|", "\\|")]
    default = parameter.default
    if parameter.required and parameter.param_type_name == "option":
        parts.append("Asked for if it is not given.")
    elif default not in (None, False, "", ()) and not callable(default) and getattr(parameter, "show_default", True):
        parts.append(f"Default: `{getattr(default, 'value', default)}`.")
    return " ".join(part for part in parts if part)


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
