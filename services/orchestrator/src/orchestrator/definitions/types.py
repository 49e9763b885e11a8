"""Whether what a template gives can fit what a capability takes, as far as a file alone can tell.

Followed are `input.<name>` and `steps.<id>.output.<member>…` through the declared classes; what an expression works out
is not known before a run.
"""

from __future__ import annotations

import re
import types
from enum import Enum
from typing import Any, Union, get_args, get_origin

from common.contracts.catalogue import CAPABILITIES
from pydantic import BaseModel, TypeAdapter, ValidationError

from orchestrator.definitions.expressions import constant_in, expressions_in, whole_in
from orchestrator.definitions.model import Definition
from orchestrator.kinds.gate import GateStep
from orchestrator.kinds.run import RunStep

_PATH = re.compile(r"\s*[A-Za-z_][\w.\[\]]*\s*")
_MEMBER = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")
INPUTS: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "object": dict[str, Any],
    "list[str]": list[str],
    "list[object]": list[dict[str, Any]],
}
"""What a declared input is, as an annotation."""


class TypeMismatch(ValueError):
    """What is given can never be what is taken."""


def check_given(definition: Definition, step_id: str, given: Any, wanted: Any) -> None:
    """Raises `TypeMismatch` when a value written in a file cannot fit the annotation of what takes it."""
    whole = whole_in(given) if isinstance(given, str) else None
    if whole is not None and (constant := constant_in(whole)) is not None:
        given = constant
    if list(expressions_in(given)):
        # What is put into more text is text; of a list or mapping with expressions in it, only a run can tell.
        found = type_of(definition, whole) if whole is not None else str if isinstance(given, str) else None
        if found is not None and not _may_fit(found, wanted):
            raise TypeMismatch(f"{given} is {_name(found)}, and {_name(wanted)} is needed")
    else:
        try:
            TypeAdapter(wanted).validate_python(given)
        except ValidationError as error:
            raise TypeMismatch(str(error.errors()[0]["msg"])) from error


def type_of(definition: Definition, path: str) -> Any:
    """The declared type of an expression, if it is a path such as `steps.plan.output.shots`; None when only a run can
    tell.

    Raises `TypeMismatch` for a member that its class does not have.
    """
    root, _, rest = path.strip().partition(".")
    first = re.match(r"\w+", rest) if _PATH.fullmatch(path) else None
    if first is None:
        return None
    name, members = first.group(), rest[first.end() :]
    if root == "input":
        declared = definition.inputs.get(name)
        return _follow(INPUTS[declared.type], members, path) if declared else None
    if root != "steps" or not members.startswith(".output") or not definition.has(name):
        return None
    step = definition.step(name)
    if isinstance(step, RunStep):
        return _follow(CAPABILITIES[step.capability].output, members.removeprefix(".output"), path)
    if isinstance(step, GateStep) and isinstance(step.holds, dict):
        return _of_gate(definition, step.holds, members.removeprefix(".output"), path)
    return None


def _of_gate(definition: Definition, holds: dict[str, Any], members: str, path: str) -> Any:
    """What a gate gives is what it holds, edited by a person within the conditions it accepts."""
    member = re.match(r"\.([A-Za-z_]\w*)", members)
    if member is None:
        return None
    if member.group(1) not in holds:
        raise TypeMismatch(f"{path}: the gate holds no {member.group(1)!r}; it holds {', '.join(sorted(holds))}")
    held = holds[member.group(1)]
    whole = whole_in(held) if isinstance(held, str) else None
    found = type_of(definition, whole) if whole is not None else None
    return None if found is None else _follow(found, members[member.end() :], path)


def _follow(found: Any, members: str, path: str) -> Any:
    position = 0
    while position < len(members):
        member = _MEMBER.match(members, position)
        if member is None:
            return None
        position = member.end()
        found = _bare(found)
        if isinstance(found, type) and issubclass(found, BaseModel) and member.group(1):
            field = found.model_fields.get(member.group(1))
            if field is None:
                known = ", ".join(sorted(found.model_fields))
                raise TypeMismatch(f"{path}: {found.__name__} has no {member.group(1)!r}; it has {known}")
            found = field.annotation
        elif get_origin(found) in {list, tuple} and member.group(2):
            found = get_args(found)[0]
        else:
            return None
    return found


def _bare(annotation: Any) -> Any:
    """The annotation without `| None` and `Annotated`; None when it may be several things."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    if get_origin(annotation) in {Union, types.UnionType}:
        kinds = [one for one in get_args(annotation) if one is not type(None)]
        return _bare(kinds[0]) if len(kinds) == 1 else None
    return annotation


def _may_fit(found: Any, wanted: Any) -> bool:
    mine, theirs = _sort(_bare(found)), _sort(_bare(wanted))
    return mine is None or theirs is None or mine == theirs or (mine, theirs) == ("int", "float")


def _sort(annotation: Any) -> str | None:
    """What JSON kind an annotation is; None when that cannot be told."""
    origin = get_origin(annotation) or annotation
    if not isinstance(origin, type):
        return None
    kinds = {list: "list", tuple: "list", BaseModel: "object", dict: "object", Enum: "str"}
    kinds |= {bool: "bool", int: "int", float: "float", str: "str"}
    return next((name for kind, name in kinds.items() if issubclass(origin, kind)), None)


def _name(annotation: Any) -> str:
    return {"object": "an object", "list": "a list", "str": "text", "bool": "true or false"}.get(
        _sort(_bare(annotation)) or "", f"of type {_sort(_bare(annotation))}"
    )
