"""Going along with a run: watching it, answering at its gates, and saying how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from cli.answers import Frame, Run
from cli.client import Client
from cli.exits import ExitCode
from cli.facts import RENDERED, facts_of, film_of, film_path
from cli.gates import Answer, Decider, Held
from cli.journey import Gate, Journey, StageState, title_of
from cli.output import AMBER, GREEN, QUIET, notes, remark, short_id, span, stacked
from cli.progress import StageView
from cli.stream import BOUNDARY, FOUND, LOST, watch
from cli.trouble import Trouble

_PAST = {"approved": "Approved", "rejected": "Rejected", "changes_requested": "Changes asked for"}
_BRIEF_LENGTH = 180
_PATIENCE_SECONDS, _PAUSE_SECONDS = 60.0, 0.5
T = TypeVar("T")


class Companion:
    """Goes along with one run on the terminal."""

    def __init__(self, client: Client, run_id: UUID, *, decide: Decider | None) -> None:
        self._client = client
        self._run_id = run_id
        self._decide = decide
        self._journey = Journey(())
        self._facts: dict[str, str] = {}
        self._view = StageView()
        self._answered: set[str] = set()
        self._said: set[tuple[str, int]] = set()
        self._lost = False
        self._caught_up = False
        self._look_at: float | None = None

    def accompany(self) -> tuple[Run, Journey]:
        """Stay until the run is over or waits for a decision that nobody here gives. → where it then stands."""
        run = self._client.run(self._run_id)
        steps = {workflow.name: workflow.steps for workflow in self._client.workflows(hidden=True)}
        self._journey = Journey(steps.get(run.workflow, []))
        notes().print(_headline(run))
        frames = watch(self._client.target, self._run_id)
        try:
            while True:
                gate = self._watch_until_something(frames.__next__)
                if gate is None or not self._answer(gate):
                    if notes().is_terminal:
                        notes().print(self._draw())
                    return patiently(lambda: self._client.run(self._run_id)), self._journey
        finally:
            frames.close()

    def _watch_until_something(self, next_frame: Callable[[], Frame | None]) -> Gate | None:
        """Draw until a gate opens that we have not answered yet (→ it), or the run is over (→ None)."""
        journey = self._journey
        # Transient: at a gate the table makes room for what is held, and comes back below the answer.
        with Live(console=notes(), refresh_per_second=8, transient=True, redirect_stderr=False) as live:
            while True:
                frame = next_frame()
                if frame is not None:
                    self._take(frame)
                self._look_closer()
                if notes().is_terminal:
                    live.update(self._draw())
                else:
                    self._say_what_ended()
                if journey.ended is not None:
                    return None
                # A gate of the past that is being told once more was decided long ago.
                if self._caught_up and journey.gate and journey.gate.item_id not in self._answered:
                    return journey.gate

    def _draw(self) -> RenderableType:
        table = self._view.draw(self._journey, self._facts, now=datetime.now(UTC))
        lost = Text("\nThe stack does not answer just now; trying again.", style=AMBER) if self._lost else None
        return stacked(table, lost)

    def _take(self, frame: Frame) -> None:
        if frame.type == "error":
            raise Trouble(str(frame.data.get("detail")), exit_code=ExitCode.NOT_FOUND, code="not_found")
        if frame.type in {LOST, FOUND, BOUNDARY}:
            self._lost = frame.type == LOST
            self._caught_up = frame.type == BOUNDARY
        elif self._journey.take(frame):
            self._look_at = time.monotonic()

    def _look_closer(self) -> None:
        """After something happened, ask what the steps gave; again a little later if nobody answers."""
        if self._lost or self._look_at is None or time.monotonic() < self._look_at:
            return
        try:
            self._facts = facts_of(self._client.steps(self._run_id))
            self._look_at = None
        except Trouble:
            # Only words in the margin hang on it; the stream goes on telling what matters.
            self._look_at = time.monotonic() + 1

    def _say_what_ended(self) -> None:
        """Without a terminal to draw on: one line for each stage that is over."""
        for stage in self._journey.stages.values():
            over = stage.state in {StageState.DONE, StageState.FAILED}
            if over and stage.seconds is not None and (stage.id, stage.visit) not in self._said:
                self._said.add((stage.id, stage.visit))
                mark = "✓" if stage.state is StageState.DONE else "✗"
                fact = stage.message or self._facts.get(stage.id, "")
                remark(f"{mark} {stage.title:<18} {span(stage.seconds):>8}  {fact}".rstrip())

    def _answer(self, gate: Gate) -> bool:
        """Let whoever is here decide. → False when the run is left waiting."""
        if self._decide is None:
            return False
        answer = self._decide(patiently(lambda: self._held(gate)))
        if answer is None:
            return False
        self._answered.add(gate.item_id)
        try:
            # Safe to repeat: if the first answer was lost on its way back, the second is told who decided.
            patiently(
                lambda: self._client.decide(
                    self._run_id,
                    answer.decision,
                    item_id=gate.item_id,
                    comment=answer.comment,
                    edit=answer.edit,
                    accepts=answer.accepts,
                )
            )
        except Trouble as trouble:
            if trouble.code != "gate_already_decided":
                raise
            remark(trouble.cause, style=AMBER)
            return True
        notes().print(self._decided_line(gate, answer))
        return True

    def _held(self, gate: Gate) -> Held:
        item = self._client.held(gate.item_id)
        video = item.content.get("video")
        if not isinstance(video, dict):
            return Held(gate.step, item)
        run = self._client.run(self._run_id)
        film = film_of(run, self._client.steps(self._run_id), self._client.artifacts(self._run_id))
        if film is None or film.artifact.type != RENDERED:
            return Held(gate.step, item)
        path = self._client.download(film.artifact, film_path(self._client.target.data, run))
        return Held(gate.step, item, film, path)

    def _decided_line(self, gate: Gate, answer: Answer) -> Text:
        who = self._client.target.reviewer_name
        as_whom = f" as {who}" if who else ""
        how = " (--yes)" if answer.comment == "approved by --yes" else ""
        line = Text(f"{_PAST[answer.decision.value]}{as_whom}{how}: {title_of(gate.step)}", style=GREEN)
        return line if answer.decision == "approved" else Text(line.plain, style=AMBER)


def patiently(ask: Callable[[], T]) -> T:
    """What `ask` gives, tried again while the stack does not answer: it may just be starting a process again."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except Trouble as trouble:
            if trouble.exit_code is not ExitCode.NO_STACK or time.monotonic() > deadline:
                raise
        time.sleep(_PAUSE_SECONDS)


def exit_code_of(run: Run) -> ExitCode:
    """What a script is told about where a run stands."""
    if not run.is_over:
        return ExitCode.USAGE
    return ExitCode.OK if run.state == "completed" else ExitCode.RUN_FAILED


def _headline(run: Run) -> RenderableType:
    brief = " ".join(run.brief.split()) or run.workflow
    told = brief if len(brief) <= _BRIEF_LENGTH else f"{brief[: _BRIEF_LENGTH - 1].rstrip()}…"
    return Group(Text(), Text(told, style="bold"), Text(f"run {short_id(run.run_id)}", style=QUIET), Text())
