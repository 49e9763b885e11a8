"""What can only be checked when all folders are known: workflows that start each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.errors import Invalid

from orchestrator.definitions.expressions import constant_in, expressions_in, whole_in
from orchestrator.definitions.files import WorkflowInvalid
from orchestrator.definitions.loader import Loaded
from orchestrator.definitions.model import Definition, InputField
from orchestrator.definitions.types import INPUTS, TypeMismatch, check_given
from orchestrator.inputs import check_value
from orchestrator.kinds.subrun import SubrunStep


def check_family(loaded: Mapping[str, Loaded]) -> dict[str, WorkflowInvalid]:
    """What is wrong with workflows because of others, by name: a subrun of none that there is, one that leads back to
    itself, so that a run of it would never end, or one that gives what the other does not take."""
    problems: dict[str, WorkflowInvalid] = {}
    for name, one in loaded.items():
        for step in _subruns(one):
            if step.workflow not in loaded:
                known = ", ".join(sorted(loaded))
                problem = f"there is no workflow {step.workflow!r} that can be loaded; there are {known}"
            elif way := _way(loaded, step.workflow, name):
                chain = ", ".join(f"{a} starts {b}" for a, b in zip([name, *way], way, strict=False))
                problem = f"{chain}: a run of it would never end"
            elif given := _misgiven(one.definition, step, loaded[step.workflow].definition):
                problems.setdefault(name, one.nodes[step.id].place("with", *given[0]).error(given[1]))
                continue
            else:
                continue
            problems.setdefault(name, one.nodes[step.id].place("subrun").error(problem))
    return problems


def _misgiven(definition: Definition, step: SubrunStep, other: Definition) -> tuple[tuple[str, ...], str] | None:
    """Which input of the other workflow cannot be given so, and why; None when all may be, as far as files can tell."""
    if unknown := sorted(set(step.inputs) - set(other.inputs)):
        known = ", ".join(sorted(other.inputs)) or "nothing"
        return (unknown[0],), f"{other.name} takes no {', '.join(unknown)}; it takes {known}"
    needed = {name for name, declared in other.inputs.items() if declared.required}
    if missing := sorted(needed - set(step.inputs)):
        return (), f"{other.name} needs {', '.join(missing)} in 'with'"
    for name, given in step.inputs.items():
        try:
            _check_given(definition, step, name, other.inputs[name], given)
        except (Invalid, TypeMismatch) as error:
            return (name,), f"{other.name}: {error}"
    return None


def _check_given(definition: Definition, step: SubrunStep, name: str, declared: InputField, given: Any) -> None:
    whole = whole_in(given) if isinstance(given, str) else None
    value = constant_in(whole) if whole is not None else given
    if value is not None and (value is not given or not list(expressions_in(given))):
        check_value(name, declared, value)
    elif given is not None:
        check_given(definition, step.id, given, INPUTS[declared.type])


def _subruns(one: Loaded) -> list[SubrunStep]:
    return [step for step in one.definition.steps if isinstance(step, SubrunStep)]


def _way(loaded: Mapping[str, Loaded], start: str, end: str) -> list[str]:
    """A way from one workflow to another along what each starts; empty when there is none."""
    before: dict[str, str | None] = {start: None}
    coming = [start]
    for name in coming:
        if name == end:
            way: list[str] = []
            step: str | None = name
            while step is not None:
                way.insert(0, step)
                step = before[step]
            return way
        for following in (step.workflow for step in _subruns(loaded[name]) if step.workflow in loaded):
            if following not in before:
                before[following] = name
                coming.append(following)
    return []
