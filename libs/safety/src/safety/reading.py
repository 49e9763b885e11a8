"""YAML read strictly into a shape; what is wrong is said with file, line and field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

M = TypeVar("M", bound=BaseModel)
Field = Sequence[int | str]
_ANCHOR = re.compile(r"&[A-Za-z0-9_-]")


class BadPolicy(ValueError):
    """A policy that cannot be used. `problems` are its sentences, with file, line and field where there are any."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[BadPolicy], tuple[str, ...]]:
        return type(self), self.problems


def read(text: str, shape: type[M], *, name: str) -> M:
    """The YAML 1.2 text as `shape`. `name` is the file as problems call it. Raises `BadPolicy`.

    Duplicate and unknown keys are errors. Aliases are too: a few lines of them unfold into gigabytes.
    """
    try:
        # Without an anchor there can be no alias, and most texts are spared a second reading.
        if _ANCHOR.search(text) and any(isinstance(event, AliasEvent) for event in _yaml().parse(text)):
            raise BadPolicy(f"{name}: aliases (*name) are not allowed; write it out")
        value = _yaml().load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadPolicy(f"{name}:{line}: {error.problem or error.context}") from error
    except (YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, BadPolicy):
            raise
        raise BadPolicy(f"{name}: this is no YAML: {error}") from error
    try:
        return shape.model_validate({} if value is None else value)
    except ValidationError as error:
        problems = [(tuple(each["loc"]), each["msg"].removeprefix("Value error, ")) for each in error.errors()]
        raise BadPolicy(*(problem(text, field, said, name=name) for field, said in problems)) from error


def problem(text: str, field: Field, said: str, *, name: str) -> str:
    """`file:line: field: what is wrong`."""
    dotted = ".".join(str(part) for part in field)
    return f"{name}:{line_of(text, field)}: {dotted + ': ' if dotted else ''}{said}"


def line_of(text: str, field: Field) -> int:
    """Where a field stands, counted from 1; for one that is missing, where it should stand."""
    node = _yaml().compose(text)
    line: int = node.start_mark.line + 1 if node is not None else 1
    for part in field:
        node, line = _member(node, part, line)
    return line


def _member(node: Node | None, part: int | str, line: int) -> tuple[Node | None, int]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        found = node.value[part]
        return found, found.start_mark.line + 1
    return None, line


def _yaml() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    return yaml
