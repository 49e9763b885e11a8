"""A run as a row of stages, folded from the frames of its stream. Pure: nothing here looks at a clock or a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cli.answers import Frame

_ENDINGS = {
    "run.completed": "completed",
    "run.failed": "failed",
    "run.rejected": "rejected",
    "run.cancelled": "cancelled",
}
_MILESTONES = {"agent.started", "agent.completed", "step.waiting", "gate.opened", "gate.decided", *_ENDINGS}
TITLES = {
    "script_approval": "Gate: script",
    "ideation": "Ideas",
    "ideation_approval": "Gate: idea",
    "production": "Script and voice",
    "wait_for_videos": "Clips",
    "editing": "Cut",
    "wait_for_render": "Render",
    "publish_approval": "Gate: release",
    "publishing": "Publish",
}


class StageState(StrEnum):
    """Where a stage is."""

    AHEAD = "ahead"
    RUNNING = "running"
    RETRYING = "retrying"
    GATE = "gate"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass
class Part:
    """One of the things a stage does side by side, such as a clip."""

    done: float = 0.0
    finished: bool = False
    message: str = ""


@dataclass
class Stage:
    """One leg of the journey."""

    id: str
    title: str
    state: StageState = StageState.AHEAD
    began_at: datetime | None = None
    ended_at: datetime | None = None
    done: float = 0.0
    message: str = ""
    parts: dict[int, Part] = field(default_factory=dict)
    waits_for: str | None = None
    visit: int = 1

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it has not ended."""
        if self.began_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.began_at).total_seconds()


@dataclass
class Gate:
    """A gate that waits for a decision."""

    step: str
    item_id: str


class Journey:
    """The stages of one run. Feed it every frame in order; a repeated one changes nothing."""

    def __init__(self, steps: Sequence[str]) -> None:
        self.stages = {step: Stage(step, title_of(step)) for step in steps}
        self.ended: str | None = None
        """How the run ended; None while it goes on."""
        self.gate: Gate | None = None
        self.began_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.downgrades: list[str] = []
        self._current: str | None = None
        self._seq = 0
        self._doing: dict[str, tuple[str, int | None]] = {}

    @property
    def current(self) -> Stage | None:
        """The stage the run is at."""
        return self.stages.get(self._current) if self._current else None

    def parts_of(self, stage: Stage) -> list[Part]:
        """What runs side by side in a stage, or in the stage it waits for, in order."""
        source = self.stages.get(stage.waits_for) if stage.waits_for else stage
        return [part for _, part in sorted(source.parts.items())] if source else []

    def take(self, frame: Frame) -> bool:
        """Fold one frame in. → whether the run's state is worth a closer look now: a stage began or ended, a gate."""
        if frame.type == "progress":
            self._progress(frame.data)
            return False
        if frame.seq is None or frame.seq <= self._seq or frame.at is None:
            return False
        self._seq = frame.seq
        self.began_at = self.began_at or frame.at
        self._history(frame.type, frame.data, frame.at)
        return frame.type in _MILESTONES and frame.data.get("index") is None

    def _history(self, type: str, data: dict[str, Any], at: datetime) -> None:
        match type:
            case "agent.started":
                self._started(data, at)
            case "agent.completed":
                self._completed(data, at)
            case "agent.retrying":
                self._note(data, StageState.RETRYING, f"trying again: {data.get('detail', '')}")
            case "agent.failed":
                self._note(data, StageState.FAILED, str(data.get("detail", "")))
            case "step.waiting":
                self._begin(data["step"], at)
                if stage := self.stages.get(data["step"]):
                    stage.waits_for = data.get("for")
            case "gate.opened":
                self.gate = Gate(data["step"], data["item_id"])
                self._note(data, StageState.GATE, "")
            case "gate.decided":
                self.gate = None
                self._finish(data["step"], at)
            case "run.degraded":
                self.downgrades.append(str(data.get("detail", data.get("code", ""))))
            case _ if type in _ENDINGS:
                self._end(_ENDINGS[type], at)

    def _started(self, data: dict[str, Any], at: datetime) -> None:
        step, index = data["step"], data.get("index")
        self._doing[data["step_id"]] = (step, index)
        if index is None:
            self._begin(step, at)
        elif stage := self.stages.get(step):
            stage.parts[index] = Part()

    def _completed(self, data: dict[str, Any], at: datetime) -> None:
        step, index = data["step"], data.get("index")
        if index is None:
            self._finish(step, at)
        elif (stage := self.stages.get(step)) and index in stage.parts:
            stage.parts[index] = Part(done=1.0, finished=True)

    def _begin(self, step: str, at: datetime) -> None:
        """Enter a step; a wait ends when the next step begins, and a step before the current one is a way back."""
        order = list(self.stages)
        if self._current in self.stages and self._current != step:
            if step in self.stages and order.index(step) < order.index(self._current):
                for passed in order[order.index(step) : order.index(self._current) + 1]:
                    self._forget(self.stages[passed])
            else:
                self._finish(self._current, at)
        self._current = step
        stage = self.stages.get(step)
        if stage is None:
            return
        if stage.state is not StageState.RETRYING:
            stage.began_at, stage.ended_at, stage.done = at, None, 0.0
        stage.state, stage.message = StageState.RUNNING, ""

    def _forget(self, stage: Stage) -> None:
        self.stages[stage.id] = Stage(stage.id, stage.title, visit=stage.visit + 1)

    def _finish(self, step: str | None, at: datetime) -> None:
        stage = self.stages.get(step) if step else None
        if stage and stage.state not in {StageState.DONE, StageState.FAILED}:
            stage.state, stage.ended_at, stage.message = StageState.DONE, at, ""

    def _note(self, data: dict[str, Any], state: StageState, message: str) -> None:
        stage = self.stages.get(data["step"])
        if stage and data.get("index") is None:
            stage.state, stage.message = state, message
        elif stage:
            stage.parts[data["index"]] = Part(message=message)

    def _progress(self, data: dict[str, Any]) -> None:
        step, index = self._doing.get(str(data.get("step_id")), (None, None))
        stage = self.stages.get(step) if step else None
        if stage is None or not isinstance(done := data.get("done"), int | float):
            return
        message = str(data.get("message", ""))
        if index is None:
            stage.done, stage.message = float(done), message
        elif not stage.parts[index].finished:
            stage.parts[index] = Part(done=float(done), message=message)

    def _end(self, how: str, at: datetime) -> None:
        self.ended, self.ended_at, self.gate = how, at, None
        stage = self.current
        if how == "completed":
            for left in self.stages.values():
                self._finish(left.id, at)
        elif stage is not None:
            stage.state = StageState.FAILED if how == "failed" else StageState.STOPPED
            stage.ended_at = at


def title_of(step: str) -> str:
    """A step's name for people."""
    return TITLES.get(step, step.replace("_", " ").capitalize())
