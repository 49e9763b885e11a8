"""The live view of a run: one line a stage, calm, with bars where something takes long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rich.console import RenderableType
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from cli.journey import Journey, Part, Stage, StageState
from cli.output import AMBER, GREEN, QUIET, RED, span

_MARKS = {
    StageState.AHEAD: Text("·", style=QUIET),
    StageState.RETRYING: Text("↻", style=AMBER),
    StageState.GATE: Text("◆", style=AMBER),
    StageState.DONE: Text("✓", style=GREEN),
    StageState.FAILED: Text("✗", style=RED),
    StageState.STOPPED: Text("■", style=AMBER),
}
_BAR_WIDTH = 24
_CELLS = " ▏▎▍▌▋▊▉█"
_NAME_WIDTH = 22


class StageView:
    """Draws a journey. `facts` are a few words on what a stage gave, by step."""

    def __init__(self) -> None:
        self._spinner = Spinner("dots", style=GREEN)

    def draw(self, journey: Journey, facts: Mapping[str, str], *, now: datetime) -> RenderableType:
        """One line a stage: mark, name, what it does or gave, how long."""
        table = Table.grid(padding=(0, 1), expand=False)
        table.add_column(width=1)
        table.add_column(width=_NAME_WIDTH, no_wrap=True)
        table.add_column(width=52, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", width=12, style=QUIET, no_wrap=True)
        for stage in journey.stages.values():
            table.add_row(
                self._spinner if stage.state is StageState.RUNNING else _MARKS[stage.state],
                _name(stage),
                _doing(journey, stage, facts.get(stage.id, "")),
                _elapsed(stage, now),
            )
        return table


def _name(stage: Stage) -> Text:
    style = {StageState.AHEAD: QUIET, StageState.DONE: ""}.get(stage.state, "bold")
    again = f" · take {stage.visit}" if stage.visit > 1 else ""
    return Text(stage.title, style=style).append(again, style=QUIET)


def _doing(journey: Journey, stage: Stage, fact: str) -> RenderableType:
    match stage.state:
        case StageState.RUNNING:
            return _moving(journey, stage)
        case StageState.GATE:
            return Text("waiting for a decision", style=AMBER)
        case StageState.RETRYING | StageState.FAILED:
            return Text(stage.message, style=AMBER if stage.state is StageState.RETRYING else RED)
        case StageState.DONE:
            return Text(fact, style=QUIET)
        case _:
            return Text("")


def _moving(journey: Journey, stage: Stage) -> RenderableType:
    parts = journey.parts_of(stage)
    if len(parts) > 1:
        return _side_by_side(parts)
    done, message = (parts[0].done, parts[0].message) if parts else (stage.done, stage.message)
    if not done:
        return Text(message, style=QUIET)
    row = Table.grid(padding=(0, 1))
    row.add_row(
        ProgressBar(total=1.0, completed=done, width=_BAR_WIDTH, complete_style=GREEN, finished_style=GREEN),
        Text(f"{done:4.0%}"),
        Text(message, style=QUIET),
    )
    return row


def _side_by_side(parts: list[Part]) -> RenderableType:
    """A bar for all of them, then a small column for each."""
    row = Table.grid(padding=(0, 1))
    whole = sum(part.done for part in parts) / len(parts)
    finished = sum(part.finished for part in parts)
    cells = Text()
    for part in parts:
        cells.append(_CELLS[round(part.done * (len(_CELLS) - 1))], style=f"{GREEN} on grey19")
        cells.append(" ")
    row.add_row(
        ProgressBar(total=1.0, completed=whole, width=_BAR_WIDTH, complete_style=GREEN, finished_style=GREEN),
        Text(f"{finished} of {len(parts)}"),
        cells,
    )
    return row


def _elapsed(stage: Stage, now: datetime) -> str:
    if stage.seconds is not None:
        return span(stage.seconds)
    if stage.began_at is None:
        return ""
    return span(max(0.0, (now - stage.began_at).total_seconds()))
