"""What decides comes from people: text from outside cannot say what is published, where, by whose approval.

A field that is labelled `Deciding` takes what stands in the workflow's file and what people said at gates. What goes
out is what a gate gave, so where it goes is looked at there: the destinations that a gate holds may not be worked out
from what agents wrote, nor from an input that holds text (one that some step is given as `Untrusted`). A person
sees and decides about the rest. At run time the release permit stands for the same: compliance gives it for the very
bytes that people approved, and for nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from common.contracts.catalogue import CAPABILITIES
from common.contracts.provenance import Deciding, Untrusted, labelled
from common.contracts.publishing import PostContent

from orchestrator.definitions.expressions import expressions_in, named_in
from orchestrator.definitions.model import Definition
from orchestrator.kinds.gate import GateStep
from orchestrator.kinds.run import RunStep

_GIVEN = re.compile(r"\bsteps\.([A-Za-z_]\w*)\.output\b")
_INPUT = re.compile(r"\binput\.([A-Za-z_]\w*)")
_DESTINATIONS = labelled(PostContent, Deciding)


@dataclass(frozen=True)
class Undecided:
    """A field that would be decided by nobody."""

    field: str
    sentence: str


def undecided(definition: Definition, capability: str, inputs: Mapping[str, Any]) -> Undecided | None:
    """The first deciding field of an order that is given something no person said, or None."""
    for name, label in labelled(CAPABILITIES[capability].input, Deciding).items():
        for expression in expressions_in(inputs.get(name)):
            if not _is_said_by_people(definition, expression):
                sentence = (
                    f"{name!r} decides {label.what}, so it takes what was said or approved at a gate"
                    f" (steps.<gate>.decision, steps.<gate>.output), not {expression!r}"
                )
                return Undecided(name, sentence)
            if problem := _held(definition, expression):
                return Undecided(name, problem)
    return None


def limit_undecided(definition: Definition, above: str) -> str | None:
    """What is wrong with an expression for the cost above which a person is asked, or None."""
    for expression in expressions_in(above):
        if not _is_said_by_people(definition, expression):
            return (
                f"from which cost on people are asked stands in the file or was said at a gate, not in {expression!r}"
            )
    return None


def _is_said_by_people(definition: Definition, expression: str) -> bool:
    named = named_in(expression)
    if named.all_steps or named.names - {"steps"}:
        return False
    return all(definition.has(step) and isinstance(definition.step(step), GateStep) for step in named.steps)


def _held(definition: Definition, expression: str) -> str | None:
    """What is wrong with the destinations that the gates named in an expression hold, or None."""
    for name in sorted(set(_GIVEN.findall(expression))):
        gate = definition.step(name)
        if not isinstance(gate, GateStep):
            continue
        if not isinstance(gate.holds, Mapping):
            return f"gate {name!r} holds {gate.holds!r}: what is to go out is held member by member"
        for member in sorted(_DESTINATIONS.keys() & gate.holds.keys()):
            for held in expressions_in(gate.holds[member]):
                if outside := sorted(_from_outside(definition, held)):
                    what = _DESTINATIONS[member].what
                    return (
                        f"gate {name!r} holds {member!r}, which decides {what}, as {held!r};"
                        f" {', '.join(outside)} is text from outside and decides nothing"
                    )
    return None


def _from_outside(definition: Definition, expression: str) -> Iterator[str]:
    """What in an expression was written by agents, or holds text that somebody outside may have written."""
    named = named_in(expression)
    if named.all_steps:
        yield "steps"
    for step in named.steps:
        if not definition.has(step) or not isinstance(definition.step(step), GateStep):
            yield f"steps.{step}"
    yield from named.names & {"item"}
    if "input" in named.names:
        given = set(_INPUT.findall(expression))
        if not given:
            yield "input"
        yield from (f"input.{name}" for name in given & _texts(definition))


def _texts(definition: Definition) -> set[str]:
    """The inputs of a workflow that are given to some step as untrusted text."""
    found: set[str] = set()
    for step in definition.steps:
        if isinstance(step, RunStep):
            for name in labelled(CAPABILITIES[step.capability].input, Untrusted):
                for expression in expressions_in(step.inputs.get(name)):
                    found |= set(_INPUT.findall(expression))
    return found
