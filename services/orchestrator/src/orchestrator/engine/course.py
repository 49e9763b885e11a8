"""The rules by which a run moves from step to step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, assert_never
from uuid import UUID

from common.contracts.gates import GateOpened, OpenGate
from common.contracts.message import BODY_LIMIT, CommandBody, Finished, Outcome
from common.contracts.values import Decision, Problem, RunStatus
from pydantic import ValidationError

from orchestrator.definitions.expressions import ExpressionFailed, fill
from orchestrator.definitions.model import Children, Definition, ForeachStep, GateStep, RunStep, Step, WaitStep
from orchestrator.engine.effects import Effect, Order, Record, Retract, SetTimer, TellCancelled
from orchestrator.engine.endings import decision_of, failure_of, pause_ms
from orchestrator.engine.happenings import Answered, Decided, Signalled, TimerFired
from orchestrator.engine.lookup import children_of, locate, retry_of
from orchestrator.engine.state import Attempted, Phase, RunFacts, RunState, StepState, step_id

_OPEN_PHASES = {Phase.ORDERED, Phase.RETRYING, Phase.PENDING}


class Course:
    """One advance of one run: changes its own copy of the state and collects the effects."""

    def __init__(self, definition: Definition, facts: RunFacts, state: RunState, at: datetime) -> None:
        self.definition = definition
        self.facts = facts
        self.state = state
        self.at = at
        self.effects: list[Effect] = []

    # What can happen

    def start(self) -> None:
        """Begin with the first step. A second start changes nothing."""
        if self.state.status is not RunStatus.PENDING or self.state.steps:
            return
        self.state.steps = {step.id: StepState() for step in self.definition.steps}
        self.state.status = RunStatus.RUNNING
        self._record("run.started", {"workflow": self.facts.workflow})
        self._enter(self.definition.steps[0])

    def answer(self, answered: Answered) -> None:
        """Take a worker's answer, if it is to the newest attempt of something that is still open."""
        found = self._find(answered.step_id)
        if found is None:
            return
        step, child = found
        part = self._part(step, child)
        if part.attempt != answered.attempt or part.phase not in _OPEN_PHASES:
            return
        finished = answered.finished
        self.effects.append(Retract(answered.step_id))
        self.state.cost_usd_micros += finished.cost_usd_micros
        self._note_origin(finished, step)
        match finished.outcome:
            case Outcome.DONE if isinstance(step, GateStep):
                self._gate_opened(step, finished.output)
            case Outcome.DONE:
                self._done(step, child, finished.output)
            case Outcome.PENDING:
                self._pend(step, child, finished)
            case Outcome.FAILED | Outcome.REFUSED:
                self._failed(step, child, finished.problem or Problem(code="unknown", detail="No reason was given."))
            case _:
                assert_never(finished.outcome)

    def decide(self, decided: Decided) -> None:
        """Take a person's decision, if the gate it belongs to is still closed."""
        found = self._find(decided.item_id)
        if found is None or not isinstance(step := found[0], GateStep):
            return
        part = self.state.steps[step.id]
        if part.phase not in {Phase.OPEN, *_OPEN_PHASES}:
            return
        self.effects.append(Retract(decided.item_id))
        part.decision = decision_of(decided)
        self._record("gate.decided", {"gate": step.gate, "step": step.id, **part.decision})
        match decided.decision:
            case Decision.APPROVED:
                self._done(step, None, decided.content)
            case Decision.REJECTED:
                self._reject(decided.comment or "rejected")
            case Decision.CHANGES_REQUESTED:
                self._go_back(step, decided.comment)
            case _:
                assert_never(decided.decision)

    def signal(self, signalled: Signalled) -> None:
        """Wake the step that waits for this handle, or keep the signal for one that will."""
        for step in self.definition.steps:
            state = self.state.steps.get(step.id, StepState())
            for child, part in [(None, state), *enumerate(state.children or ())]:
                if part.phase is Phase.PENDING and part.handle == signalled.handle:
                    self._order(step, child)
                    return
        self.state.signals[signalled.handle] = signalled.payload

    def timer(self, fired: TimerFired) -> None:
        """Try again, look again or give up; a timer of an older attempt changes nothing."""
        found = self._find(fired.step_id)
        if found is None:
            return
        step, child = found
        part = self._part(step, child)
        if part.attempt != fired.attempt:
            return
        waiting = {"retry": {Phase.RETRYING}, "check": {Phase.PENDING}, "give_up": {Phase.PENDING, Phase.WAITING}}
        if part.phase not in waiting[fired.purpose]:
            return
        if fired.purpose == "give_up":
            late = Problem(code="timed_out", detail=f"{step.id} waited longer than it may.")
            self._fail(step, late)
        else:
            self._order(step, child)

    def cancel(self, by: str) -> None:
        """End the run; whoever works on it is told to stop."""
        self._end(RunStatus.CANCELLED)
        self.effects.append(TellCancelled())
        self._record("run.cancelled", {"by": by})

    # How steps begin

    def _enter(self, step: Step) -> None:
        self.state.current = step.id
        self.state.status = RunStatus.RUNNING
        self.state.shown_status = None
        part = self.state.steps[step.id]
        match step:
            case RunStep() | GateStep():
                self._order(step, None)
            case ForeachStep():
                part.phase = Phase.WAITING
                if self._start_children(step, step.children):
                    self._join(step, step.id)
            case WaitStep():
                part.phase = Phase.WAITING
                part.attempt += 1
                self._show_waiting(step)
                self._record("step.waiting", {"step": step.id, "for": step.joins, "shows_as": step.shows_as})
                if step.timeout_ms is not None:
                    self._set_timer(step, None, "give_up", step.timeout_ms)
                self._join(step, step.joins)
            case _:
                assert_never(step)

    def _order(self, step: Step, child: int | None) -> None:
        """Put the next attempt of a step, or of a child of it, into the backlog."""
        part = self._part(step, child)
        try:
            capability, agent, values = self._what_to_order(step, child)
        except ExpressionFailed as error:
            self._fail(step, Problem(code="expression_failed", detail=str(error)))
            return
        spec = self.definition.agents.get(agent) if agent else None
        size = len(CommandBody(input=values, agent=spec).model_dump_json().encode())
        if size > BODY_LIMIT:
            detail = f"The input of {capability} has {size} bytes; {BODY_LIMIT} are allowed."
            self._fail(step, Problem(code="input_too_large", detail=detail))
            return
        part.attempt += 1
        part.phase = Phase.ORDERED
        part.handle = None
        visit = self.state.steps[step.id].visit
        order = Order(step_id(self.facts.id, step.id, visit, child), step.id, capability, part.attempt, values, spec)
        self.effects.append(order)
        data = {"step": step.id, "step_id": str(order.step_id), "capability": capability, "attempt": part.attempt}
        self._record("agent.started", data | ({"index": child} if child is not None else {}) | {"agent": agent})

    def _what_to_order(self, step: Step, child: int | None) -> tuple[str, str | None, dict[str, Any]]:
        children = children_of(step)
        if child is not None and children:
            item = self._items(children)[child]
            names = self._names() | {"item": item, "index": child}
            return children.capability, children.agent, fill(children.inputs, names)
        if isinstance(step, RunStep):
            return step.capability, step.agent, fill(step.inputs, self._names())
        if isinstance(step, GateStep):
            return OpenGate.name, None, self._gate_input(step)
        raise TypeError(f"{step.id} orders nothing")

    def _gate_input(self, step: GateStep) -> dict[str, Any]:
        timeout_at = self.at + timedelta(milliseconds=step.timeout_ms) if step.timeout_ms else None
        return {
            "gate": step.gate,
            "title": fill(step.title, self._names()) or self.definition.title,
            "content": fill(step.holds, self._names()),
            "requested_by": self.facts.created_by,
            "reviewers": list(step.reviewers),
            "accepts": [condition.model_dump() for condition in step.accepts],
            "remind_after_ms": step.remind_ms,
            "timeout_at": timeout_at.isoformat() if timeout_at else None,
            "downgrades": [downgrade.model_dump(mode="json") for downgrade in self.state.downgrades],
        }

    def _start_children(self, step: Step, children: Children) -> bool:
        """Order one child for each item. → whether that could be worked out."""
        try:
            items = self._items(children)
        except ExpressionFailed as error:
            self._fail(step, Problem(code="expression_failed", detail=str(error)))
            return False
        self.state.steps[step.id].children = [Attempted() for _ in items]
        for index in range(len(items)):
            self._order(step, index)
        return True

    # How steps end

    def _done(self, step: Step, child: int | None, output: Any) -> None:
        part = self._part(step, child)
        part.phase, part.output, part.problem = Phase.DONE, output, None
        if child is not None:
            self._record("agent.completed", {"step": step.id, "index": child})
            self._joined_by_whom(step)
            return
        if isinstance(step, RunStep):
            self._record("agent.completed", {"step": step.id, "capability": step.capability})
            if step.starts and not self._start_children(step, step.starts):
                return
        self._go_on(step)

    def _gate_opened(self, step: GateStep, output: Any) -> None:
        try:
            opened = GateOpened.model_validate(output)
        except ValidationError as error:
            self._fail(step, Problem(code="answer_not_understood", detail=f"{OpenGate.name} answered: {error}"))
            return
        part = self.state.steps[step.id]
        part.phase, part.handle = Phase.OPEN, str(opened.item_id)
        self._show_waiting(step)
        verdict = opened.verdict.level.value
        self._record("gate.opened", {"gate": step.gate, "step": step.id, "item_id": part.handle, "verdict": verdict})

    def _show_waiting(self, step: Step) -> None:
        self.state.status = RunStatus.WAITING
        self.state.shown_status = step.shows_as

    def _pend(self, step: Step, child: int | None, finished: Finished) -> None:
        part = self._part(step, child)
        part.phase, part.handle = Phase.PENDING, finished.handle
        self._record("step.pending", {"step": step.id, "handle": finished.handle})
        if finished.handle in self.state.signals:
            del self.state.signals[finished.handle]
            self._order(step, child)
            return
        for purpose, due_at in (("check", finished.check_after), ("give_up", finished.deadline)):
            if due_at is not None:
                self._set_timer_at(step, child, purpose, due_at)

    def _failed(self, step: Step, child: int | None, problem: Problem) -> None:
        """An attempt failed: try again if that may help and is allowed, else the step has failed."""
        part = self._part(step, child)
        part.failures += 1
        part.problem = problem
        retry = retry_of(step)
        data = {"step": step.id, "code": problem.code, "detail": problem.detail, "attempt": part.attempt}
        if problem.retryable and part.failures < retry.attempts:
            part.phase = Phase.RETRYING
            visit = self.state.steps[step.id].visit
            pause = pause_ms(retry, part.failures, problem, step_id(self.facts.id, step.id, visit, child))
            self._record("agent.retrying", data | {"in_ms": pause})
            self._set_timer(step, child, "retry", pause)
            return
        self._record("agent.failed", data)
        part.phase = Phase.FAILED
        if child is None:
            self._fail(step, problem)
        else:
            self._joined_by_whom(step)

    def _join(self, step: Step, source: str) -> None:
        """Let `step` go on if all children of `source` are done; fail it if one of them failed for good."""
        children = self.state.steps[source].children or []
        if failed := next((child for child in children if child.phase is Phase.FAILED), None):
            self._fail(step, failed.problem or Problem(code="unknown", detail="A part of it failed."))
        elif all(child.phase is Phase.DONE for child in children):
            self.state.steps[step.id].phase = Phase.DONE
            self.state.steps[step.id].output = [child.output for child in children]
            self._go_on(step)

    def _joined_by_whom(self, starter: Step) -> None:
        """After a child ended: whoever waits for its brothers and sisters may go on."""
        if self.state.current is None:
            return
        current = self.definition.step(self.state.current)
        if self.state.steps[current.id].phase is not Phase.WAITING:
            return
        if (isinstance(current, ForeachStep) and current.id == starter.id) or (
            isinstance(current, WaitStep) and current.joins == starter.id
        ):
            self._join(current, starter.id)

    def _go_on(self, step: Step) -> None:
        position = self.definition.position(step.id) + 1
        if position < len(self.definition.steps):
            self._enter(self.definition.steps[position])
            return
        self._end(RunStatus.COMPLETED)
        self._record("run.completed", {"degraded": bool(self.state.downgrades)})

    def _go_back(self, gate: GateStep, comment: str) -> None:
        """Changes were requested: visit the steps from the named one up to the gate again."""
        rule = gate.changes
        if rule is None or self.state.steps[gate.id].visit > rule.at_most:
            self._reject(comment or "changes were requested more often than the workflow allows")
            return
        first, last = self.definition.position(rule.go_to), self.definition.position(gate.id)
        for step in self.definition.steps[first : last + 1]:
            before = self.state.steps[step.id]
            self._retract_open(step.id, before)
            self.state.steps[step.id] = StepState(
                visit=before.visit + 1, output=before.output, decision=before.decision
            )
        self._enter(self.definition.steps[first])

    def _reject(self, comment: str) -> None:
        self._end(RunStatus.REJECTED)
        self.state.rejection = comment
        self._record("run.rejected", {"comment": comment})

    def _fail(self, step: Step, problem: Problem) -> None:
        self.state.steps[step.id].phase = Phase.FAILED
        self.state.steps[step.id].problem = problem
        self._end(RunStatus.FAILED)
        self.state.error = failure_of(self.state, step, problem)
        self.effects.append(TellCancelled())
        self._record("run.failed", self.state.error.model_dump(mode="json"))

    def _end(self, status: RunStatus) -> None:
        self.state.status = status
        self.state.shown_status = None
        for step, part in self.state.steps.items():
            self._retract_open(step, part)

    def _retract_open(self, step: str, part: StepState) -> None:
        for child, open_part in [(None, part), *enumerate(part.children or ())]:
            if open_part.phase in _OPEN_PHASES:
                self.effects.append(Retract(step_id(self.facts.id, step, part.visit, child)))

    # Small things

    def _names(self) -> dict[str, Any]:
        steps = {
            name: {"state": part.phase.value, "output": part.output, "decision": part.decision}
            for name, part in self.state.steps.items()
        }
        run = {"id": str(self.facts.id), "workflow": self.facts.workflow, "created_by": self.facts.created_by}
        return {"input": self.facts.input, "steps": steps, "run": run}

    def _items(self, children: Children) -> list[Any]:
        items = fill(children.each, self._names())
        if not isinstance(items, list):
            raise ExpressionFailed(f"{children.each!r} is not a list")
        return items

    def _part(self, step: Step, child: int | None) -> Attempted:
        state = self.state.steps[step.id]
        return state if child is None else (state.children or [])[child]

    def _find(self, wanted: UUID) -> tuple[Step, int | None] | None:
        return locate(self.definition, self.facts.id, self.state, wanted)

    def _note_origin(self, finished: Finished, step: Step) -> None:
        if finished.origin and finished.origin not in self.state.origins:
            self.state.origins.append(finished.origin)
        for downgrade in finished.downgrades:
            if downgrade not in self.state.downgrades:
                self.state.downgrades.append(downgrade)
                self._record("run.degraded", {"step": step.id, **downgrade.model_dump(mode="json")})

    def _set_timer(self, step: Step, child: int | None, purpose: Any, in_ms: int) -> None:
        self._set_timer_at(step, child, purpose, self.at + timedelta(milliseconds=in_ms))

    def _set_timer_at(self, step: Step, child: int | None, purpose: Any, due_at: datetime) -> None:
        visit = self.state.steps[step.id].visit
        timer = TimerFired(
            at=due_at,
            purpose=purpose,
            step_id=step_id(self.facts.id, step.id, visit, child),
            attempt=self._part(step, child).attempt,
        )
        self.effects.append(SetTimer(due_at, timer))

    def _record(self, type: str, data: dict[str, Any]) -> None:
        self.effects.append(Record(type, data))
