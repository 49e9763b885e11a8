"""One advance of one run: how it moves from step to step. What a step does in between is its kind's own business."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from common.contracts.values import TERMINAL_STATUSES, Problem, RunStatus

from orchestrator.definitions.expressions import ExpressionFailed
from orchestrator.definitions.model import Definition
from orchestrator.engine import attempts
from orchestrator.engine.draft import Draft
from orchestrator.engine.effects import Hold, Retract, TellCancelled
from orchestrator.engine.endings import failure_of
from orchestrator.engine.showing import show
from orchestrator.engine.state import ENDED_WELL, LIVE, WORKING, At, Phase, RunFacts, RunState, StepState
from orchestrator.kinds import Step
from orchestrator.kinds.loop import LoopStep
from orchestrator.kinds.run import STARTED, Cost
from orchestrator.kinds.wait import WaitStep

COMINGS_LIMIT = 10_000
"""Loops in loops whose steps are all skipped would keep the engine busy for hours."""


class Course(Draft):
    """Moves a run. Kinds of steps use it to say what shall happen."""

    def __init__(self, definition: Definition, facts: RunFacts, state: RunState, now: datetime) -> None:
        super().__init__(definition, facts, state, now)
        self._coming: deque[At] = deque()

    # Coming and going

    def enter(self, at: At) -> None:
        """Come to a step, once what happens now has been told to everybody."""
        self._coming.append(at)

    def settle(self) -> None:
        """Come to every step that is due, then see what the run shows."""
        for _ in range(COMINGS_LIMIT):
            if not self._coming:
                break
            at = self._coming.popleft()
            if self.state.status not in TERMINAL_STATUSES and self._is_wanted(at):
                self.let(at, _come)
        if self._coming:
            self._coming.clear()
            detail = f"The run came to {COMINGS_LIMIT} steps in one go, without anything having been done in between."
            self.fail_run(self.state.current or "", Problem(code="goes_in_circles", detail=detail))
        show(self)

    def let(self, at: At, act: Callable[..., None], *args: Any) -> None:
        """Do something for a step; an expression that cannot be worked out fails it."""
        try:
            act(self, at, *args)
        except ExpressionFailed as error:
            self.fail(at, Problem(code="expression_failed", detail=str(error)))

    def _is_wanted(self, at: At) -> bool:
        step = self.definition.step(at.step)
        if step.parent is None:
            return True
        outer, part = self._outer(step, at)
        if step.block == STARTED:
            return self._is_kept(outer)
        around = self.state.at(outer)
        return around.phase is Phase.ACTIVE and (around.parts or {}).get(part) is Phase.ACTIVE

    def _is_kept(self, at: At) -> bool:
        """Whether nothing around the place was ended or left: what it started in the background may go on."""
        while (step := self.definition.step(at.step)).parent is not None:
            at, part = self._outer(step, at)
            if (self.state.at(at).parts or {}).get(part) not in {Phase.ACTIVE, Phase.DONE}:
                return False
        return True

    def finish(self, at: At, output: Any, *, phase: Phase = Phase.DONE) -> None:
        """The step has ended well."""
        part = self.write(at)
        part.phase, part.output, part.problem = phase, output, None
        step = self.definition.step(at.step)
        if step.is_own and step.kind != "run" and phase is Phase.DONE:
            self.record("step.completed", at)
        self._leave(at)

    def _leave(self, at: At) -> None:
        step = self.definition.step(at.step)
        leaves = step.exit_loop_when if self.state.at(at).phase is not Phase.SKIPPED else None
        if leaves is not None and self.holds(at, leaves):
            loop = next(outer for outer in self.definition.around(step.id) if isinstance(outer, LoopStep))
            place = At(loop.id, at.index[: len(self.definition.numbered_by(loop.id))])
            self.let(place, loop.leave, self.state.at(at).output)
        elif following := self.definition.after(step):
            self.enter(At(following.id, at.index))
        elif step.parent is None:
            self._complete()
        else:
            outer, part = self._outer(step, at)
            self.let(outer, self.definition.step(outer.step).block_done, part, self.state.at(at).output)

    def fail(self, at: At, problem: Problem) -> None:
        """The step has failed for good; who is around it decides what that means."""
        part = self.write(at)
        part.phase, part.problem = Phase.FAILED, problem
        step = self.definition.step(at.step)
        if step.parent is None:
            self.fail_run(self.label(at), problem)
        else:
            outer, name = self._outer(step, at)
            self.let(outer, self.definition.step(outer.step).block_failed, name, problem)

    def _outer(self, step: Step, at: At) -> tuple[At, str]:
        """The place around a place, and which of its parts this is."""
        assert step.parent is not None
        if self.definition.step(step.parent).numbers_items:
            return At(step.parent, at.index[:-1]), str(at.index[-1])
        return At(step.parent, at.index), step.block

    # Parts of steps

    def start_block(self, at: At, name: str) -> None:
        """Begin one of a step's parts."""
        self.write(at).phase = Phase.ACTIVE
        self.set_part(at, name, Phase.ACTIVE)
        self.enter(self._places(at, name)[0])

    def output_of_block(self, at: At, name: str) -> Any:
        """What the last step of a part gave."""
        return self.state.at(self._places(at, name)[-1]).output

    def _places(self, at: At, name: str) -> list[At]:
        """Where the steps of a part are, in order."""
        step = self.definition.step(at.step)
        if step.numbers_items:
            return [At(one.id, (*at.index, int(name))) for one in self.definition.block(at.step, "each")]
        return [At(one.id, at.index) for one in self.definition.block(at.step, name)]

    def revive_block(self, at: At, name: str) -> None:
        """Go on in a part where it stopped, be it behind its last step."""
        if not self._revive_places(self._places(at, name)):
            self.let(at, self.definition.step(at.step).block_done, name, self.output_of_block(at, name))

    def _revive_places(self, places: list[At]) -> bool:
        for place in places:
            if self.state.at(place).phase not in ENDED_WELL:
                self.revive(place)
                return True
            self._revive_background(place)
        return False

    def revive_background_of(self, at: At, name: str) -> None:
        """Go on with what steps of a part that ended well have started."""
        for place in self._places(at, name):
            self._revive_background(place)

    def _revive_background(self, place: At) -> None:
        background = At(f"{place.step}.{STARTED}", place.index)
        # One that the run never came to belongs to a step at whose end it left a loop, and then could not go on.
        if self.definition.has(background.step) and self.state.at(place).phase is Phase.DONE:
            self.revive(background)
        for name, phase in (self.state.at(place).parts or {}).items():
            if phase in ENDED_WELL:
                self.revive_background_of(place, name)

    def revive(self, at: At) -> None:
        """Go on at a step that did not end well; one the run has not come to is come to now."""
        if self.state.status in TERMINAL_STATUSES:
            return
        if self.state.at(at).phase is Phase.IDLE:
            self.enter(at)
        elif self.state.at(at).phase not in ENDED_WELL:
            self.let(at, self.definition.step(at.step).revive)

    def revive_all(self) -> None:
        """Go on everywhere, also with what was started in the background."""
        outline = [At(step.id) for step in self.definition.outline()]
        if self.state.at(outline[-1]).phase in ENDED_WELL:
            self._complete()
        else:
            self._revive_places(outline)

    # Going another way

    def places_in(self, at: At) -> Iterator[At]:
        """The step and everything inside of it that the run came to."""
        names = self.definition.inside(at.step) | {at.step}
        for key in list(self.state.steps):
            place = At.read(key)
            if place.step in names and place.within(at):
                yield place

    def withdraw_parts(self, at: At) -> None:
        """End what is inside of a step, not the step itself."""
        for place in self.places_in(at):
            if place != at:
                self._withdraw(place)
        for name, phase in (self.state.at(at).parts or {}).items():
            if phase in LIVE:
                self.set_part(at, name, Phase.CANCELLED)

    def withdraw_part(self, at: At, name: str) -> None:
        """End what is left inside of a part that has failed, such as what a step of it had started."""
        for place in self._places(at, name):
            for inner in list(self.places_in(place)):
                self._withdraw(inner)

    def _withdraw(self, at: At) -> None:
        if self.state.at(at).phase in LIVE:
            self.let_go(at)
            part = self.write(at)
            part.phase = Phase.CANCELLED
            part.parts = {name: _ended(phase) for name, phase in part.parts.items()} if part.parts else part.parts

    def let_go(self, at: At) -> None:
        """Tell those outside that what they do for this step is not wanted any more."""
        if self.state.at(at).phase in WORKING:
            self.effects.append(Retract(self.id_of(at)))
            self.effects.append(TellCancelled(steps=(self.id_of(at),)))
        self.definition.step(at.step).withdrawn(self, at)

    def renew(self, at: At) -> None:
        """Make a step, and all inside of it, as if the run had not come there; what they gave stays to be seen."""
        for place in self.places_in(at):
            before = self.state.at(place)
            if before.phase is Phase.IDLE:
                continue
            self._withdraw(place)
            self.write(place)
            self.state.steps[place.key] = StepState(
                visit=before.visit + 1,
                output=before.output,
                decision=before.decision,
                asked=before.asked,
                same=before.same,
            )

    def renew_block(self, at: At, name: str) -> None:
        """Make a part as if the run had not come there."""
        for place in self._places(at, name):
            self.renew(place)

    def go_back(self, at: At, target: str) -> None:
        """Visit the steps from an earlier one on again, up to the one that sent the run back."""
        sent_back = self.state.at(at).sent_back
        for place in self._between(target, at):
            self.renew(place)
        self.write(at).sent_back = sent_back + 1
        self.enter(At(self.definition.begins_at(target), place.index))

    def _between(self, target: str, at: At) -> list[At]:
        """The places of one block from an earlier step on to the one that `at` is, or is inside of."""
        first = self.definition.step(self.definition.begins_at(target))
        place = at
        while (step := self.definition.step(place.step)).parent != first.parent or step.block != first.block:
            place = self._outer(step, place)[0]
        block = self.definition.block(first.parent, first.block)
        wanted = block[block.index(first) : block.index(self.definition.step(place.step)) + 1]
        return [At(step.id, place.index) for step in wanted]

    def cost_since(self, at: At, target: str) -> int:
        """What the present visits of the steps from an earlier one on have cost, in micro-dollars."""
        places = {inner.key for place in self._between(target, at) for inner in self.places_in(place)}
        return sum(self.state.steps[key].cost_usd_micros for key in places)

    def come_back_to(self, at: At) -> None:
        """Everything behind a step that had ended is as if the run had not come there; what is around it goes on."""
        while True:
            step = self.definition.step(at.step)
            block = self.definition.block(step.parent, step.block)
            for later in block[block.index(step) + 1 :]:
                self.renew(At(later.id, at.index))
            if step.parent is None:
                return
            at, name = self._outer(step, at)
            self.write(at).phase = Phase.ACTIVE
            self.set_part(at, name, Phase.ACTIVE)

    # What only somebody outside can do

    def order(
        self,
        at: At,
        capability: str,
        *,
        agent: str | None,
        values: dict[str, Any],
        cost: Cost | None = None,
    ) -> None:
        """Put the next attempt of a step into the backlog; its values are worked out already."""
        attempts.order(self, at, capability, agent=agent, values=values, cost=cost)

    def order_again(self, at: At) -> None:
        """Another attempt of what was ordered before."""
        self.let(at, self.definition.step(at.step).again)

    def joined(self, at: At) -> None:
        """What a step started has ended: whoever waits for it may look."""
        for step in self.definition.steps:
            place = At(step.id, at.index)
            if isinstance(step, WaitStep) and step.joins == at.step and self.state.at(place).phase is Phase.WAITING:
                self.let(place, step.look)

    # The run's own end

    def _complete(self) -> None:
        template = self.definition.output
        try:
            output = self._scope.fill(None, template) if template is not None else self._last_output()
        except ExpressionFailed as error:
            self.fail_run("output", Problem(code="expression_failed", detail=str(error)))
            return
        self.state.output = output
        self.end(RunStatus.COMPLETED)
        self.record("run.completed", degraded=bool(self.state.downgrades))

    def _last_output(self) -> Any:
        shown = [step for step in self.definition.outline() if not step.hidden] or self.definition.outline()
        return self.state.at(At(shown[-1].id)).output

    def reject(self, comment: str) -> None:
        """A person said no: the run ends."""
        self.end(RunStatus.REJECTED)
        self.state.rejection = comment
        self.record("run.rejected", comment=comment)

    def fail_run(self, stage: str, problem: Problem) -> None:
        """The run ends, for what went wrong at `stage`; what goes wrong after its end changes nothing."""
        if self.state.status in TERMINAL_STATUSES:
            return
        self.end(RunStatus.FAILED)
        self.state.error = failure_of(self.state, stage, problem)
        self.record("run.failed", **self.state.error.model_dump(mode="json"))

    def hold(self) -> None:
        """Keep back what the run orders, and what the runs that it started do; or let it out, as it says now."""
        self.effects.append(Hold(self.state.held))
        for key, part in list(self.state.steps.items()):
            if part.phase in LIVE:
                self.definition.step(At.read(key).step).held(self, At.read(key))

    def end(self, status: RunStatus, *, now: bool = False) -> None:
        """End the run; whoever works on it is told to stop. Steps keep their phase, so that a retry can go on."""
        self.changed, self.at_once = True, now
        self.state.status = status
        busy = False
        for key in list(self.state.steps):
            part = self.state.steps[key]
            if part.phase in WORKING:
                busy = True
                self.effects.append(Retract(self.id_of(At.read(key))))
            if part.phase in LIVE:
                self.definition.step(At.read(key).step).withdrawn(self, At.read(key))
            elif part.phase is Phase.DONE and status is RunStatus.CANCELLED and self.definition.has(At.read(key).step):
                self.definition.step(At.read(key).step).revoked(self, At.read(key))
        if busy:
            self.effects.append(TellCancelled(now=now))


def _come(course: Course, at: At) -> None:
    step = course.definition.step(at.step)
    if course.state.at(at).phase is not Phase.IDLE:
        course.renew(at)
    if step.is_own:
        course.state.current = step.id
    if step.when is None or course.holds(at, step.when):
        step.enter(course, at)
    else:
        course.record("step.skipped", at)
        course.finish(at, None, phase=Phase.SKIPPED)


def _ended(phase: Phase) -> Phase:
    return Phase.CANCELLED if phase in LIVE else phase
