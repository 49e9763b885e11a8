"""YAML 1.2 with line numbers: every value knows where it stands, and errors can say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.contracts.values import SAFE_INTEGER
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Control characters, and halves of characters."""
_DEEPEST = 60
"""Levels of a file; what is read of it is worked on by functions that call themselves."""


class WorkflowInvalid(ValueError):
    """A workflow folder has something wrong in it; the message names file, line and field."""


@dataclass(frozen=True)
class Place:
    """Where something stands in a file."""

    file: str
    line: int
    field: str

    def error(self, problem: str) -> WorkflowInvalid:
        """The error to raise about this place."""
        where = f", {self.field!r}" if self.field else ""
        return WorkflowInvalid(f"{self.file}, line {self.line}{where}: {problem}")


class Node:
    """A mapping of a file that is read member by member; what nobody read at the end is an unknown key."""

    def __init__(self, value: CommentedMap, file: str, field: str = "") -> None:
        self._value = value
        self._file = file
        self._field = field
        self._read: set[str] = set()

    def place(self, *path: str | int | None) -> Place:
        """Where this mapping stands, or what is at `path` in it, as far as that is written."""
        value: Any = self._value
        line, field = self._value.lc.line, self._field
        for step in path:
            if isinstance(step, str) and isinstance(value, CommentedMap) and step in value:
                line, field = value.lc.key(step)[0], f"{field}.{step}" if field else step
            elif isinstance(step, int) and isinstance(value, CommentedSeq):
                line, field = value.lc.item(step)[0], f"{field}[{step}]"
            else:
                break
            value = value[step]
        return Place(self._file, line + 1, field)

    def has(self, key: str) -> bool:
        """Whether the member is written."""
        return key in self._value

    def is_mapping(self, key: str) -> bool:
        """Whether the member is written, as a mapping."""
        return isinstance(self._value.get(key), CommentedMap)

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        """The member as plain data of `kind`. Raises `WorkflowInvalid` when it is missing or something else."""
        self._read.add(key)
        if key not in self._value:
            if default is ...:
                raise self.place().error(f"{key!r} is missing")
            return default
        value = plain(self._value[key])
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            names = " or ".join(expected.__name__ for expected in kinds)
            raise self.place(key).error(f"expected {names}, found {type(value).__name__}")
        return value

    def child(self, key: str) -> Node | None:
        """A member that is itself a mapping; None when it is not written."""
        self._read.add(key)
        if key not in self._value:
            return None
        value = self._value[key]
        if not isinstance(value, CommentedMap):
            raise self.place(key).error("expected a mapping")
        return Node(value, self._file, self._path(key))

    def children(self, key: str) -> list[Node]:
        """A member that is a list of mappings."""
        self._read.add(key)
        value = self._value.get(key)
        if not isinstance(value, CommentedSeq):
            raise self.place(key).error("expected a list")
        nodes = []
        for position, item in enumerate(value):
            if not isinstance(item, CommentedMap):
                raise self.place(key).error(f"item {position + 1} is not a mapping")
            nodes.append(Node(item, self._file, f"{self._path(key)}[{position}]"))
        return nodes

    def keys(self) -> list[str]:
        """The members' names, in the order they are written."""
        return [str(key) for key in self._value]

    def finish(self) -> None:
        """Raises `WorkflowInvalid` for the first member nobody took."""
        for key in self._value:
            if key not in self._read:
                raise self.place(key).error("this key is not known here")

    def _path(self, key: str | None) -> str:
        return f"{self._field}.{key}" if self._field and key else (key or self._field)


def read_yaml(path: Path) -> Node:
    """A file whose top is a mapping. Refused are duplicate keys, tags, other documents, and values nobody can keep."""
    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = False
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Place(path.name, 1, "").error("the file is not UTF-8") from error
    except OSError as error:
        raise Place(path.name, 1, "").error(f"the file cannot be read: {error.strerror}") from error
    try:
        value = yaml.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Place(path.name, line, "").error(str(error.problem)) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Place(path.name, line, "").error(f"the character {text[error.position]!r} is not allowed") from error
    except RecursionError as error:
        raise Place(path.name, 1, "").error(f"more than {_DEEPEST} levels deep") from error
    except (ArithmeticError, LookupError, ValueError) as error:
        # A day that no month has, or a `!!int` that is none: the library says so as Python does.
        raise Place(path.name, 1, "").error(f"a value cannot be read: {error}") from error
    if not isinstance(value, CommentedMap):
        raise Place(path.name, 1, "").error("expected a mapping")
    node = Node(value, path.name)
    for way, flaw in _flaws(value, ()):
        raise node.place(*way).error(flaw)
    return node


def _flaws(value: Any, way: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """What is fine for YAML and cannot be kept as JSON in the database: where it stands, and what is wrong."""
    if len(way) > _DEEPEST:
        yield way, f"more than {_DEEPEST} levels deep"
    elif isinstance(value, CommentedMap):
        for key, member in value.items():
            yield from _flaws(key, (*way, key))
            yield from _flaws(member, (*way, key))
    elif isinstance(value, CommentedSeq):
        for position, item in enumerate(value):
            yield from _flaws(item, (*way, position))
    elif isinstance(value, str):
        for odd in _ODD.findall(value):
            yield way, f"the character {odd!r} is not allowed"
    elif isinstance(value, int | float) and not abs(value) <= SAFE_INTEGER:
        # Such as one that is no number at all, which is at most nothing.
        yield way, f"expected a number between -{SAFE_INTEGER} and {SAFE_INTEGER}"


def plain(value: Any) -> Any:
    """The value without its comments and line numbers."""
    if isinstance(value, CommentedMap):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, CommentedSeq):
        return [plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return str(value)
