"""Cross-checks of a definition: what it names exists, and what it gives fits what is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from common.contracts.catalogue import CAPABILITIES
from common.contracts.gates import OpenGate

from orchestrator.definitions.dollars import micros
from orchestrator.definitions.expressions import (
    ExpressionFailed,
    Named,
    check,
    check_filled,
    expressions_in,
    named_in,
    without_texts,
)
from orchestrator.definitions.files import Node, Place, WorkflowInvalid
from orchestrator.definitions.model import Definition
from orchestrator.definitions.provenance import limit_undecided, undecided
from orchestrator.definitions.types import TypeMismatch, check_given
from orchestrator.kinds import Step
from orchestrator.kinds.loop import LoopStep

_CONTENT_MEMBER = re.compile(r"(?<![.\w])content\.([A-Za-z_]\w*)")


def check_definition(definition: Definition, nodes: Mapping[str, Node]) -> None:
    """Raises `WorkflowInvalid` for the first thing that cannot work."""
    checks = Checks(definition, nodes)
    for step in definition.steps:
        for key, condition in (("when", step.when), ("exit_loop_when", step.exit_loop_when)):
            if condition is not None:
                checks.expression(step.id, condition, key)
        if step.exit_loop_when is not None and not any(
            isinstance(outer, LoopStep) for outer in definition.around(step.id)
        ):
            raise checks.error(step.id, "'exit_loop_when' is for steps inside of a loop", "exit_loop_when")
        for key, template in step.templates():
            for expression in expressions_in(template):
                checks.expression(step.id, expression, key, filled=True)
        step.check(checks)


class Checks:
    """What kinds of steps ask when their definition is checked. Each raises `WorkflowInvalid`."""

    def __init__(self, definition: Definition, nodes: Mapping[str, Node]) -> None:
        self.definition = definition
        self._nodes = nodes

    def error(self, step_id: str, problem: str, *path: str | int) -> WorkflowInvalid:
        """The error about a step, or about what is at `path` in it, to be raised."""
        return self._nodes[step_id].place(*path).error(problem)

    def expression(
        self, step_id: str, expression: str, *path: str | int, inside: bool = False, filled: bool = False
    ) -> None:
        """It can be read, and names only what there is; `inside`: as seen from inside of the step; `filled`: its value
        is put into a template."""
        try:
            named = check_filled(expression) if filled else check(expression)
        except ExpressionFailed as error:
            raise self.error(step_id, str(error), *path) from error
        if unknown := sorted(step for step in named.steps if not self.definition.has(step)):
            problem = f"{expression!r} names the step {', '.join(unknown)}, which does not exist"
            raise self.error(step_id, problem, *path)
        around = self.definition.around(step_id)
        if missing := _missing(self.definition, named, (self.definition.step(step_id), *around) if inside else around):
            raise self.error(step_id, f"{expression!r}: {missing}", *path)
        if outside := self._unseen_from(step_id, named.steps):
            several = f"{expression!r} names {', '.join(outside)}, of which there is one for each item"
            raise self.error(step_id, f"{several}; name the foreach, whose output is the list", *path)

    def _unseen_from(self, step_id: str, named: frozenset[str]) -> list[str]:
        mine = self.definition.numbered_by(step_id)
        if self.definition.step(step_id).numbers_items:
            mine = (*mine, step_id)
        around = {step: self.definition.numbered_by(step) for step in named}
        return sorted(step for step, needed in around.items() if mine[: len(needed)] != needed)

    def order(self, step_id: str, *, capability: str, inputs: Mapping[str, Any], agent: str | None) -> None:
        """A capability is given what it takes, and nothing else."""
        fields = CAPABILITIES[capability].input.model_fields
        if unknown := sorted(set(inputs) - set(fields)):
            known = ", ".join(sorted(fields))
            raise self.error(
                step_id, f"{capability} takes no {', '.join(unknown)}; it takes {known}", "with", unknown[0]
            )
        if capability == OpenGate.name:
            raise self.error(step_id, "people decide at a gate; write one instead of ordering it", "run")
        if missing := sorted(name for name, field in fields.items() if field.is_required() and name not in inputs):
            raise self.error(step_id, f"{capability} needs {', '.join(missing)} in 'with'")
        if agent is not None and agent not in self.definition.agents:
            raise self.error(step_id, f"there is no agent {agent!r} in agents.yaml", "agent")
        if agent is not None and self.definition.agents[agent].tools and not CAPABILITIES[capability].takes_tools:
            let = ", ".join(sorted(one.name for one in CAPABILITIES.values() if one.takes_tools))
            raise self.error(step_id, f"agent {agent!r} has tools, which only these let it use: {let}", "agent")
        if problem := undecided(self.definition, capability, inputs):
            raise self.error(step_id, problem.sentence, "with", problem.field)
        for name, given in inputs.items():
            try:
                check_given(self.definition, step_id, given, fields[name].annotation)
            except TypeMismatch as error:
                raise self.error(step_id, f"{name!r} of {capability}: {error}", "with", name) from error

    def cost(self, step_id: str, *, estimate: str, above: str | None) -> None:
        """Amounts that stand in the file are some; from which on a person is asked is there, or a person said it."""
        for key, written in (("estimate", estimate), ("approve_above", above)):
            if written is not None and not list(expressions_in(written)):
                try:
                    micros(written)
                except ExpressionFailed as error:
                    raise self.error(step_id, str(error), "cost", key) from error
        if above is not None and (sentence := limit_undecided(self.definition, above)):
            raise self.error(step_id, sentence, "cost", "approve_above")

    def acceptance(self, step_id: str, number: int, when: str, *, holds: Any) -> None:
        """A gate's condition could hold for the content it is to hold."""
        try:
            check(when, names=frozenset({"content"}))
        except ExpressionFailed as error:
            raise self.error(step_id, str(error), "accepts", number, "when") from error
        asked = set(_CONTENT_MEMBER.findall(without_texts(when)))
        if isinstance(holds, Mapping) and (unknown := sorted(asked - set(holds))):
            problem = f"{when!r} asks for {', '.join(unknown)}, which 'holds' does not give"
            raise self.error(step_id, problem, "accepts", number, "when")

    def goes_back(self, step_id: str, target: str) -> None:
        """A step names an earlier step of its own block, or of a block around it, to go back to."""
        for one in (self.definition.step(step_id), *self.definition.around(step_id)):
            if any(step.id == target for step in self.earlier_in_block(one.id)):
                return
        raise self.error(
            step_id, f"'go_to' names {target!r}, which is no earlier step", "decisions", "changes", "go_to"
        )

    def earlier_in_block(self, step_id: str) -> tuple[Step, ...]:
        """The steps before a step in its own block."""
        step = self.definition.step(step_id)
        block = self.definition.block(step.parent, step.block)
        return block[: block.index(step)]

    def goes_through(self, step_id: str, template: str) -> None:
        """What a foreach goes through is a list, and cannot depend on what happens inside of it."""
        for expression in expressions_in(template):
            if inside := sorted(named_in(expression).steps & self.definition.inside(step_id)):
                raise self.error(step_id, f"{expression!r} names {', '.join(inside)}, which is inside of it", "foreach")
        try:
            check_given(self.definition, step_id, template, list)
        except TypeMismatch as error:
            raise self.error(step_id, str(error), "foreach") from error


def check_template(definition: Definition, template: Any, place: Place) -> None:
    """A template that belongs to no step can be read, and names only what there is once for a run."""
    for expression in expressions_in(template):
        try:
            named = check_filled(expression)
        except ExpressionFailed as error:
            raise place.error(str(error)) from error
        if unknown := sorted(step for step in named.steps if not definition.has(step) or definition.numbered_by(step)):
            raise place.error(f"{expression!r} names {', '.join(unknown)}, which a whole run does not have")
        if problem := _missing(definition, named, ()):
            raise place.error(f"{expression!r}: {problem}")


def _missing(definition: Definition, named: Named, around: Sequence[Step]) -> str | None:
    """What an expression names that there is not where these steps are around it; None when all is there."""
    if unknown := sorted(named.inputs - set(definition.inputs)):
        known = ", ".join(sorted(definition.inputs)) or "nothing"
        return f"the workflow takes no {', '.join(map(repr, unknown))}; it takes {known}"
    free, items = named.names - named.own, any(step.numbers_items for step in around)
    if "item" in free and not items:
        return "there is an 'item' only inside of a foreach"
    if "index" in free and not items and not any(isinstance(step, LoopStep) for step in around):
        return "there is an 'index' only inside of a foreach or a loop"
    return None
