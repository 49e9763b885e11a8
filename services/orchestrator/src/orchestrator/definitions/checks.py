"""Cross-checks of a definition: what it names exists, and what it gives fits what is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from common.contracts.catalogue import CAPABILITIES

from orchestrator.definitions.expressions import ExpressionFailed, check, expressions_in
from orchestrator.definitions.files import Place
from orchestrator.definitions.model import Children, Definition, ForeachStep, GateStep, RunStep, Step, WaitStep

_TEXT = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_CONTENT_MEMBER = re.compile(r"(?<![.\w])content\.([A-Za-z_]\w*)")


def check_definition(definition: Definition, places: Mapping[str, Place]) -> None:
    """Raises `WorkflowInvalid` for the first thing that cannot work."""
    for position, step in enumerate(definition.steps):
        place = places[step.id]
        for template in _templates(step):
            _check_expressions(template, definition, place)
        match step:
            case RunStep():
                _check_order(step.capability, step.inputs, step.agent, definition, place)
                if step.starts:
                    _check_children(step.starts, definition, place)
            case ForeachStep():
                _check_children(step.children, definition, place)
            case GateStep(changes=changes) if changes is not None:
                if not any(earlier.id == changes.go_to for earlier in definition.steps[:position]):
                    raise place.error(f"'go_to' names {changes.go_to!r}, which is no earlier step")
            case WaitStep():
                starters = [
                    earlier.id
                    for earlier in definition.steps[:position]
                    if isinstance(earlier, RunStep) and earlier.starts
                ]
                if step.joins not in starters:
                    raise place.error(f"'wait' is for {step.joins!r}, which is no earlier step that starts children")
            case _:
                pass


def check_condition(when: str, holds: Any, place: Place) -> None:
    """Raises `WorkflowInvalid` for a gate's condition that could never hold for the content it is to hold."""
    try:
        check(when, names=frozenset({"content"}))
    except ExpressionFailed as error:
        raise place.error(str(error)) from error
    asked = set(_CONTENT_MEMBER.findall(_TEXT.sub("", when)))
    if isinstance(holds, Mapping) and (unknown := sorted(asked - set(holds))):
        raise place.error(f"{when!r} asks for {', '.join(unknown)}, which 'holds' does not give")


def _check_children(children: Children, definition: Definition, place: Place) -> None:
    _check_order(children.capability, children.inputs, children.agent, definition, place)


def _check_order(
    capability: str, inputs: Mapping[str, Any], agent: str | None, definition: Definition, place: Place
) -> None:
    fields = CAPABILITIES[capability].input.model_fields
    if unknown := sorted(set(inputs) - set(fields)):
        raise place.error(f"{capability} takes no {', '.join(unknown)}; it takes {', '.join(sorted(fields))}")
    if missing := sorted(name for name, field in fields.items() if field.is_required() and name not in inputs):
        raise place.error(f"{capability} needs {', '.join(missing)} in 'with'")
    if agent is not None and agent not in definition.agents:
        raise place.error(f"there is no agent {agent!r} in agents.yaml")


def _check_expressions(template: Any, definition: Definition, place: Place) -> None:
    known = {step.id for step in definition.steps}
    for expression in expressions_in(template):
        try:
            named = check(expression)
        except ExpressionFailed as error:
            raise place.error(str(error)) from error
        if unknown := sorted(named - known):
            raise place.error(f"{expression!r} names the step {', '.join(unknown)}, which does not exist")


def _templates(step: Step) -> list[Any]:
    match step:
        case RunStep():
            return [step.inputs, *([step.starts.each, step.starts.inputs] if step.starts else [])]
        case ForeachStep():
            return [step.children.each, step.children.inputs]
        case GateStep():
            return [step.holds, step.title]
        case WaitStep():
            return []
