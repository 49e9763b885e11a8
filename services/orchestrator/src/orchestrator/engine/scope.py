"""What expressions see: the names of design section 9, from a place in a run."""

from __future__ import annotations

from typing import Any

from orchestrator.definitions.expressions import ExpressionFailed, evaluate, fill, named_in
from orchestrator.definitions.model import Definition
from orchestrator.engine.state import At, RunFacts, RunState, StepState
from orchestrator.kinds.foreach import ForeachStep
from orchestrator.kinds.loop import LoopStep


class Scope:
    """Works out templates and conditions of one run. Raises `ExpressionFailed` where they cannot be."""

    def __init__(self, definition: Definition, facts: RunFacts, state: RunState) -> None:
        self._definition = definition
        self._facts = facts
        self._state = state
        self._items: dict[str, list[Any]] = {}

    def fill(self, at: At | None, template: Any) -> Any:
        """A template with every expression worked out, as seen from `at` (None: from outside of all steps)."""
        return fill(template, lambda expression: self._names(at, expression))

    def holds(self, at: At, condition: str, *, inside: bool = False) -> bool:
        """Whether a condition holds; `inside`: as seen from inside of the step."""
        names = self._names(at, condition, inside=inside)
        value = evaluate(condition, names)
        if not isinstance(value, bool):
            raise ExpressionFailed(f"{condition!r} gives {type(value).__name__} and not true or false")
        return value

    def items(self, at: At, *, anew: bool = False) -> list[Any]:
        """The list a `foreach` goes through; `anew` when it begins."""
        if anew or at.key not in self._items:
            step = self._definition.step(at.step)
            assert isinstance(step, ForeachStep)
            items = self.fill(at, step.each)
            if not isinstance(items, list):
                raise ExpressionFailed(f"{step.each!r} is not a list")
            self._items[at.key] = items
        return self._items[at.key]

    def _names(self, at: At | None, expression: str, *, inside: bool = False) -> dict[str, Any]:
        """Only what the expression asks for: all of a run's outputs would be copied for each of them."""
        asked = named_in(expression)
        names: dict[str, Any] = {"input": self._facts.input}
        if asked.steps or asked.all_steps:
            wanted = asked.steps if not asked.all_steps else {step.id for step in self._definition.steps if step.is_own}
            names["steps"] = {step: self._seen(step, at) for step in wanted if self._definition.has(step)}
        if "run" in asked.names:
            facts = self._facts
            names["run"] = {"id": str(facts.id), "workflow": facts.workflow, "created_by": facts.created_by}
        if at is not None and ("item" in asked.names or "index" in asked.names):
            names |= self._item(at, inside=inside)
        return names

    def _seen(self, step: str, at: At | None) -> dict[str, Any]:
        """A step as seen from a place: the one of the same item; nothing, where another foreach is around it."""
        around = self._definition.numbered_by(step)
        mine = self._definition.numbered_by(at.step) if at else ()
        if at is None or mine[: len(around)] != around:
            part = StepState() if around else self._state.at(At(step))
        else:
            part = self._state.at(At(step, at.index[: len(around)]))
        return {"state": part.phase.value, "output": part.output, "decision": part.decision}

    def _item(self, at: At, *, inside: bool) -> dict[str, Any]:
        """`item` of the nearest foreach; `index` of the nearest foreach or loop."""
        names: dict[str, Any] = {}
        around = self._definition.around(at.step)
        for outer in (self._definition.step(at.step), *around) if inside else around:
            place = At(outer.id, at.index[: len(self._definition.numbered_by(outer.id))])
            if isinstance(outer, LoopStep):
                names.setdefault("index", self._state.at(place).attempt - 1)
            elif isinstance(outer, ForeachStep):
                number = at.index[len(place.index)]
                items = self.items(place)
                if number >= len(items):
                    raise ExpressionFailed(f"{outer.id!r} has fewer items than when it began")
                names.setdefault("index", number)
                return names | {"item": items[number]}
        return names
