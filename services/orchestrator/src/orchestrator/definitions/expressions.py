"""Expressions: CEL, and strings with `${…}` in them. Besides CEL's own functions there are those of `credits`.

A string that is nothing but `${expr}` gives the expression's typed value; otherwise the values are put into the text.
`$${` stands for a literal `${`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cel

from orchestrator.definitions.credits import credited, distinct, uncredited

# Inside of a hole, braces come in pairs: maps, and maps in maps.
_HOLE = re.compile(r"\$?\$\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
_STEPS_AS_A_WHOLE = re.compile(r"\bsteps\b(?!\s*\.\s*[A-Za-z_])")
_STEP_REFERENCE = re.compile(r"\bsteps\.([A-Za-z_][A-Za-z0-9_]*)")
_INPUT_REFERENCE = re.compile(r"(?<![.\w])input\s*\.\s*([A-Za-z_]\w*)")
_TEXT = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
NAMES = frozenset({"input", "steps", "item", "index", "run"})
_FUNCTIONS: dict[str, Callable[..., Any]] = {"credited": credited, "distinct": distinct, "uncredited": uncredited}
_NUL = "\0"
_TYPES = frozenset({"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"})


class ExpressionFailed(ValueError):
    """An expression could not be read, or not be worked out with what the run has."""


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> Any:
    try:
        return cel.compile(expression)
    except ValueError as error:
        raise ExpressionFailed(f"{expression!r} is not a valid expression: {error}") from error


@dataclass(frozen=True)
class Named:
    """What an expression names."""

    names: frozenset[str]
    own: frozenset[str]
    """Of the names, those that a macro such as `x.all(y, …)` binds."""
    inputs: frozenset[str]
    steps: frozenset[str]
    all_steps: bool


@lru_cache(maxsize=4096)
def named_in(expression: str) -> Named:
    """The names an expression uses, and which inputs and steps it looks at."""
    names = frozenset(str(name).split(".", 1)[0] for name in _compiled(expression).variables())
    return Named(
        names=names,
        own=frozenset(name for name in names if re.search(rf"\(\s*{re.escape(name)}\s*,", expression)),
        inputs=frozenset(_INPUT_REFERENCE.findall(without_texts(expression))),
        steps=frozenset(_STEP_REFERENCE.findall(expression)),
        all_steps="steps" in names and _STEPS_AS_A_WHOLE.search(expression) is not None,
    )


def without_texts(expression: str) -> str:
    """The expression with nothing in its quotation marks: what looks like a name there is none."""
    return _TEXT.sub("''", expression)


def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
    """The value of a bare CEL expression. Raises `ExpressionFailed` when there is none, or none that can be kept."""
    program = _compiled(expression)
    context: dict[str, Any] | cel.Context = dict(names)
    if not _FUNCTIONS.keys().isdisjoint(program.functions()):
        context = cel.Context(variables=dict(names), functions=_FUNCTIONS)
    try:
        value = program.execute(context)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise ExpressionFailed(f"{expression!r} cannot be worked out: {error}") from error
    # Nothing a run has holds one, so only an escape can bring it in.
    if "\\" in expression and _holds_nul(value):
        raise ExpressionFailed(f"{expression!r} gives a text with the character {_NUL!r}, which cannot be kept")
    return value


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return _NUL in value
    if isinstance(value, Mapping):
        return any(_holds_nul(key) or _holds_nul(member) for key, member in value.items())
    return isinstance(value, list | tuple) and any(_holds_nul(one) for one in value)


Names = Callable[[str], Mapping[str, Any]]
"""What an expression may name, with its value."""


def fill(template: Any, names: Names) -> Any:
    """A template (a string, list or mapping of them) with every expression worked out."""
    if isinstance(template, str):
        return _fill_text(template, names)
    if isinstance(template, Mapping):
        return {key: fill(value, names) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [fill(value, names) for value in template]
    return template


def _fill_text(template: str, names: Names) -> Any:
    if (whole := whole_in(template)) is not None:
        return evaluate(whole, names(whole))

    def put(hole: re.Match[str]) -> str:
        if hole.group().startswith("$$"):
            return hole.group()[1:]
        value = evaluate(hole.group(1), names(hole.group(1)))
        return "" if value is None else str(value)

    return _HOLE.sub(put, template)


def expressions_in(template: Any) -> Iterator[str]:
    """Every expression inside a template."""
    if isinstance(template, str):
        for hole in _HOLE.finditer(template):
            if not hole.group().startswith("$$"):
                yield hole.group(1)
    elif isinstance(template, Mapping):
        for value in template.values():
            yield from expressions_in(value)
    elif isinstance(template, list | tuple):
        for value in template:
            yield from expressions_in(value)


def whole_in(template: str) -> str | None:
    """The expression whose value a text is; None where the value is put into more text, or there is none."""
    whole = _HOLE.fullmatch(template)
    return whole.group(1) if whole and not template.startswith("$$") else None


def constant_in(expression: str) -> Any:
    """The value of an expression that names nothing, else None."""
    try:
        return None if named_in(expression).names else evaluate(expression, {})
    except ExpressionFailed:
        return None


def check(expression: str, *, names: frozenset[str] = NAMES) -> Named:
    """What an expression names. Raises `ExpressionFailed` for bad syntax or a name that is none of `names`."""
    named = named_in(expression)
    # The types of `type(x) == int` come as variables, too.
    if unknown := named.names - named.own - names - _TYPES:
        raise ExpressionFailed(
            f"{expression!r} uses {', '.join(sorted(unknown))}; known are {', '.join(sorted(names))}"
        )
    return named


def check_filled(expression: str) -> Named:
    """The same for one whose value is put into a template: that of one that names nothing can be worked out now."""
    named = check(expression)
    if not named.names:
        evaluate(expression, {})
    return named
