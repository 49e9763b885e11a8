"""What the commands print: results on stdout, everything else on stderr, in words and units for people."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cli.trouble import Trouble

GREEN = "#2fbf71"
AMBER = "#e0a526"
RED = "#e5534b"
QUIET = "grey58"
_WIDTH_LIMIT = 100


@cache
def console() -> Console:
    """Where results go."""
    return _console(stderr=False)


@cache
def notes() -> Console:
    """Where everything else goes: progress, hints, errors."""
    return _console(stderr=True)


def say(text: str, *, style: str = "") -> None:
    """A sentence as a result: plain text, never broken into lines, so that it can be copied and searched."""
    console().print(Text(text, style=style), soft_wrap=True)


def remark(text: str, *, style: str = "") -> None:
    """A sentence beside the result: on stderr, as it is."""
    notes().print(Text(text, style=style), soft_wrap=True)


def print_json(document: Any) -> None:
    """One JSON document on stdout and nothing else; instants and ids become text."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n")


def show_trouble(trouble: Trouble) -> None:
    """The panel that replaces a traceback."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style=QUIET, no_wrap=True)
    rows.add_column(overflow="fold")
    told = (("stage", trouble.stage), ("cause", trouble.cause), ("kept", trouble.kept), ("next", trouble.next_step))
    for name, value in told:
        if value:
            rows.add_row(name, Text(value))
    notes().print(Panel(rows, title=Text(trouble.title, style=f"bold {RED}"), title_align="left", border_style=RED))


def card(body: RenderableType, *, title: str, style: str = QUIET, subtitle: str | None = None) -> Panel:
    """A titled box as wide as the text may be."""
    end = Text(subtitle, style=QUIET) if subtitle else None
    return Panel(
        body,
        title=Text(title, style="bold"),
        title_align="left",
        subtitle=end,
        subtitle_align="right",
        border_style=style,
        padding=(0, 1),
    )


def pairs(*rows: tuple[str, RenderableType | None]) -> Table:
    """Names and values in two columns; a row without a value is left out."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style=QUIET, no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        if value is not None:
            table.add_row(name, Text(value) if isinstance(value, str) else value)
    return table


def listing(*columns: str) -> Table:
    """An empty table in the house's look."""
    table = Table(box=None, header_style=QUIET, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def stacked(*parts: RenderableType | None) -> Group:
    """Parts below each other; missing ones leave no gap."""
    return Group(*(part for part in parts if part is not None))


def short_id(run_id: UUID) -> str:
    """Enough of an id to type it: the end of one that begins with the time (version 7), the beginning of others."""
    return str(run_id)[-12:] if run_id.version == 7 else str(run_id)[:8]


def span(seconds: float) -> str:
    """`0.8 s`, `14 s`, `3 min 05 s`, `2 h 04 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def clock_length(milliseconds: float) -> str:
    """The length of a film: `20.4 s`, `1 min 12 s`."""
    return f"{milliseconds / 1000:.1f} s" if milliseconds < 60_000 else span(milliseconds / 1000)


def size(count: int) -> str:
    """`812 B`, `4.2 MB`."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def ago(instant: datetime, *, now: datetime) -> str:
    """`12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`."""
    seconds = max(0.0, (now - instant).total_seconds())
    for limit, length, unit in ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h")):
        if seconds < limit:
            return f"{int(seconds // length)} {unit} ago"
    return f"{int(seconds // 86_400)} d ago"


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if console.is_terminal and console.width > _WIDTH_LIMIT:
        # Lines longer than this are hard to read, however wide the window is.
        console.width = _WIDTH_LIMIT
    return console
