"""The state of a run while one happening changes it, and what follows so far."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from common.contracts.values import Downgrade, Problem

from orchestrator.definitions.expressions import ExpressionFailed
from orchestrator.definitions.model import Definition
from orchestrator.engine.effects import Effect, EndRun, HoldRun, Record, SetTimer, StartRun
from orchestrator.engine.happenings import TimerFired, TimerPurpose
from orchestrator.engine.scope import Scope
from orchestrator.engine.state import LIVE, At, Phase, RunFacts, RunState, StepState, step_id

SIGNALS_LIMIT = 200
"""How many signals a run keeps for later: its state is one document."""


class Draft:
    """A copy of a run's state to be changed, and the effects of that."""

    def __init__(self, definition: Definition, facts: RunFacts, state: RunState, now: datetime) -> None:
        self.definition = definition
        self.facts = facts
        self.now = now
        self.effects: list[Effect] = []
        # Outputs are never changed in place, so a copy of what holds them is enough.
        self.state = state.model_copy(
            update={
                "steps": dict(state.steps),
                "signals": dict(state.signals),
                "overrides": dict(state.overrides),
                "downgrades": list(state.downgrades),
                "origins": list(state.origins),
                "spent_below": dict(state.spent_below),
            }
        )
        self.changed = False
        self.at_once = False
        """Whether whom this ends stops without a moment to clean up."""
        self._scope = Scope(definition, facts, self.state)
        self._written: set[str] = set()

    # Reading and writing steps

    def write(self, at: At) -> StepState:
        """The step at a place, to be changed."""
        self.changed = True
        key = at.key
        if key not in self._written:
            self._written.add(key)
            known = self.state.steps.get(key)
            self.state.steps[key] = known.model_copy() if known else StepState()
        return self.state.steps[key]

    def set_part(self, at: At, name: str, phase: Phase) -> None:
        """Note how far one of a step's parts is."""
        part = self.write(at)
        part.parts = {**(part.parts or {}), name: phase}

    def id_of(self, at: At) -> UUID:
        """The id of the present visit of a step."""
        return step_id(self.facts.id, at, self.state.at(at).visit)

    def find(self, wanted: UUID) -> At | None:
        """Which step that has not ended has this id; None when it has, or belongs to an older visit."""
        for key, part in reversed(self.state.steps.items()):
            if part.phase in LIVE and step_id(self.facts.id, at := At.read(key), part.visit) == wanted:
                return at
        return None

    def find_ended(self, wanted: UUID) -> At | None:
        """Which step has this id at its present visit, and has ended."""
        for key, part in reversed(self.state.steps.items()):
            if part.phase not in LIVE and step_id(self.facts.id, at := At.read(key), part.visit) == wanted:
                return at
        return None

    def waiting_for(self, handle: str) -> At | None:
        """Which step waits for a signal with this handle."""
        for key, part in self.state.steps.items():
            if part.phase in {Phase.PENDING, Phase.WAITING} and part.handle == handle:
                return At.read(key)
        return None

    def label(self, at: At) -> str:
        """The step as its author calls it."""
        return at.step.partition(".")[0]

    def record(self, type: str, at: At | None = None, **data: Any) -> None:
        """Put an entry into the history."""
        place: dict[str, Any] = {}
        if at is not None:
            place = {"step": self.label(at)}
            if at.index:
                place |= {"index": at.index[-1], "place": at.key}
        self.changed = True
        self.effects.append(Record(type, place | {name: value for name, value in data.items() if value is not None}))

    # Expressions; what they raise fails the step they belong to

    def fill(self, at: At, template: Any) -> Any:
        """A template with its expressions worked out."""
        return self._scope.fill(at, template)

    def fill_text(self, at: At, template: str) -> str:
        """A template that has to give text."""
        value = self.fill(at, template)
        if not isinstance(value, str) or not value:
            raise ExpressionFailed(f"{template!r} gives {type(value).__name__} and not text")
        return value

    def holds(self, at: At, condition: str, *, inside: bool = False) -> bool:
        """Whether a condition holds."""
        return self._scope.holds(at, condition, inside=inside)

    def items(self, at: At) -> list[Any]:
        """What a `foreach` that begins goes through."""
        return self._scope.items(at, anew=True)

    # What else follows

    def keep_signal(self, handle: str, payload: dict[str, Any]) -> None:
        """Keep what came before anybody waited for it; what came first under a handle stays."""
        if handle in self.state.signals:
            return
        if len(self.state.signals) >= SIGNALS_LIMIT:
            self.record("signal.dropped", handle=handle)
            return
        self.changed = True
        self.state.signals[handle] = payload

    def take_signal(self, handle: str) -> dict[str, Any] | None:
        """The payload of a signal that came before anybody waited for it; it is used up by this."""
        self.changed = True
        return self.state.signals.pop(handle, None)

    def start_run(self, at: At, workflow: str, values: dict[str, Any]) -> UUID:
        """Have another run begin. → its id."""
        run_id = self.id_of(at)
        self.effects.append(StartRun(run_id, workflow, values))
        return run_id

    def end_run(self, at: At) -> None:
        """Have the run that a step started end."""
        self.effects.append(EndRun(self.id_of(at), by=f"run:{self.facts.id}", now=self.at_once))

    def hold_run(self, at: At) -> None:
        """Have the run that a step started do as this one: keep its orders back, or let them out."""
        self.effects.append(HoldRun(self.id_of(at), by=f"run:{self.facts.id}", held=self.state.held))

    def set_timer(self, at: At, purpose: TimerPurpose, *, in_ms: int, attempt: int | None = None) -> None:
        """Have something happen to a step after a while."""
        self.set_timer_at(at, purpose, self.now + timedelta(milliseconds=in_ms), attempt=attempt)

    def set_timer_at(self, at: At, purpose: TimerPurpose, due_at: datetime, *, attempt: int | None = None) -> None:
        """Have something happen to a step at an instant; a later attempt makes it void (see `TimerFired.attempt`)."""
        counts_for = self.state.at(at).attempt if attempt is None else attempt
        timer = TimerFired(at=due_at, purpose=purpose, step_id=self.id_of(at), attempt=counts_for)
        self.effects.append(SetTimer(due_at, timer))

    def degrade(self, at: At, parts: list[str], problem: Problem | None) -> None:
        """Admit that something is missing: the run goes on without these parts."""
        detail = f"{', '.join(parts)} of {self.label(at)} failed: {problem.detail if problem else 'no reason given'}"
        self.add_downgrades((Downgrade(code="part_failed", detail=detail[:500], stage=self.label(at)),))

    def add_downgrades(self, downgrades: tuple[Downgrade, ...]) -> None:
        """Note fallbacks; each is told once, also where several steps met it: a person accepts it once, by its code."""
        for downgrade in downgrades:
            known = [(one.code, one.detail) for one in self.state.downgrades]
            if (downgrade.code, downgrade.detail) not in known:
                self.state.downgrades.append(downgrade)
                self.record("run.degraded", None, **downgrade.model_dump(mode="json"))
