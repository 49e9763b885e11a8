"""Rules as expressions: CEL over the content, its objects, measured facts, and thresholds that are data.

    content     what is looked at                   about       kind, stage, platforms, languages
    item        an object of it (`for_each`)        facts       what was measured from its files
    brand       how it keeps to the brand kit       threshold   the rule's own numbers

`characters(text)` counts Unicode characters, `utf16(text)` the units TikTok counts, `size(text)` UTF-8 bytes,
`count(text, part)` how often a part stands in it; `joined(list)` is its texts with a blank between them;
`says(text, [phrase, …])` is true when one of the phrases stands in it as whole words, whatever their case;
`is_tag(text)` when it can be a hashtag. Prefer them to `matches`, which builds its pattern anew each time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cel
from common.contracts.values import JsonObject

from safety.rules.passage import Passage, objects_of

NAMES = frozenset({"content", "item", "about", "facts", "brand", "threshold"})
FUNCTIONS = frozenset(
    {"bool", "characters", "contains", "count", "double", "endsWith", "int", "is_tag", "joined", "matches", "max"}
    | {"min", "says", "size", "startsWith", "string", "type", "uint", "utf16"}
)
_TYPES = frozenset({"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"})
_MACRO = re.compile(r"\.(?:all|exists|exists_one|map|filter)\($")
_TEXT = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_HOLE = re.compile(r"\$\{([^{}]+)\}")


@dataclass(frozen=True)
class Condition:
    """When `when` is true the rule has found something; `evidence` says what, with `${…}` for values."""

    when: str
    for_each: tuple[str, ...] = ()
    """Members an object must have to be an `item`; without any the condition looks at the content as a whole."""
    evidence: str = ""
    threshold: tuple[tuple[str, float | int | str], ...] = ()


class Values:
    """What expressions can name while one content is looked at. Contexts are made once and shared by all rules."""

    def __init__(self, content: JsonObject, *, about: JsonObject, facts: JsonObject, brand: JsonObject | None) -> None:
        self._names: dict[str, Any] = {"content": content, "about": about, "facts": facts, "brand": brand}
        self._objects = list(objects_of(content))
        self._contexts: dict[tuple[str, frozenset[str]], cel.Context] = {}

    def hits(self, condition: Condition) -> Iterator[tuple[str, str]]:
        """Path and evidence for each object the condition holds for. Raises when it cannot be worked out."""
        names = names_in(condition.when) | names_in_holes(condition.evidence)
        for where, item in self._items(condition):
            context = self._context(where, names, item, dict(condition.threshold))
            held = compiled(condition.when).execute(context)
            if not isinstance(held, bool):
                raise TypeError(f"{condition.when!r} is {type(held).__name__}, not true or false")
            if held:
                yield where, _filled(condition.evidence, context)

    def _items(self, condition: Condition) -> Iterator[tuple[str, JsonObject | None]]:
        if not condition.for_each:
            yield "/", None
            return
        for where, value in self._objects:
            if value.keys() >= set(condition.for_each):
                yield where, value

    def _context(
        self, where: str, names: frozenset[str], item: JsonObject | None, threshold: Mapping[str, object]
    ) -> cel.Context:
        key = (where, names - {"threshold"})
        context = self._contexts.get(key)
        if context is None:
            # Handing content over costs its size each time, so an expression is only given what it names.
            context = cel.Context()
            for name in names & self._names.keys():
                context.add_variable(name, self._names[name])
            if "item" in names:
                context.add_variable("item", item)
            context.add_function("characters", _characters)
            context.add_function("utf16", _utf16)
            context.add_function("joined", _joined)
            context.add_function("count", _count)
            context.add_function("says", _says)
            context.add_function("is_tag", _is_tag)
            self._contexts[key] = context
        if "threshold" in names:
            context.add_variable("threshold", threshold)
        return context


@lru_cache(maxsize=4096)
def compiled(expression: str) -> Any:
    """The program of an expression. Raises `ValueError`."""
    return cel.compile(expression)


@lru_cache(maxsize=4096)
def names_in(expression: str) -> frozenset[str]:
    """The names of ours that an expression uses."""
    return frozenset(str(name).split(".", 1)[0] for name in compiled(expression).variables()) & NAMES


@lru_cache(maxsize=4096)
def names_in_holes(text: str) -> frozenset[str]:
    """The names of ours that the `${…}` of a text use."""
    return frozenset(name for hole in _HOLE.findall(text) for name in names_in(hole))


def must_be_usable(condition: Condition) -> None:
    """Raises `ValueError` when an expression cannot be read, names what there is not, or could take very long."""
    for expression in (condition.when, *_HOLE.findall(condition.evidence)):
        program = compiled(expression)
        named = {str(name).split(".", 1)[0] for name in program.variables()}
        if unknown := named - NAMES - _TYPES - _bound_in(expression):
            raise ValueError(f"{expression!r} names {', '.join(sorted(unknown))}; there are {', '.join(sorted(NAMES))}")
        if unknown := {name for name in program.functions() if name.isidentifier()} - FUNCTIONS:
            raise ValueError(f"{expression!r} calls {', '.join(sorted(unknown))}, which there is not")
        if "item" in named and not condition.for_each:
            raise ValueError(f"{expression!r} names `item`, which needs `for_each`")
        if _nests_loops(expression):
            raise ValueError(f"{expression!r} has a loop inside a loop, which takes the product of both lengths")


def _bound_in(expression: str) -> set[str]:
    return set(re.findall(r"\.(?:all|exists|exists_one|map|filter)\(\s*(\w+)\s*,", expression))


def _nests_loops(expression: str) -> bool:
    """Whether `all`, `exists`, `map` or `filter` stands inside of another's brackets."""
    bare = _TEXT.sub("''", expression)
    loops: list[bool] = []
    for place, character in enumerate(bare):
        if character == "(":
            is_loop = _MACRO.search(bare[: place + 1]) is not None
            if is_loop and any(loops):
                return True
            loops.append(is_loop)
        elif character == ")" and loops:
            loops.pop()
    return False


def _filled(evidence: str, context: cel.Context) -> str:
    return _HOLE.sub(lambda hole: _shown(compiled(hole[1]).execute(context)), evidence)


def _shown(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _characters(text: str) -> int:
    if not isinstance(text, str):
        raise TypeError(f"only texts have characters, found {type(text).__name__}")
    return len(text)


def _joined(items: object) -> str:
    if not isinstance(items, list | tuple):
        raise TypeError(f"only lists can be joined, found {type(items).__name__}")
    return " ".join(item for item in items if isinstance(item, str))


def _count(text: str, part: str) -> int:
    return text.count(part) if _characters(part) else 0


def _says(text: object, phrases: object) -> bool:
    if not isinstance(text, str) or not isinstance(phrases, list | tuple):
        return False
    said = f" {' '.join(Passage('', text).words)} "
    return any(f" {' '.join(Passage('', str(phrase)).words)} " in said for phrase in phrases)


def _is_tag(text: object) -> bool:
    if not isinstance(text, str):
        return True
    word = text.removeprefix("#")
    return bool(word) and all(
        letter == "_" or letter.isalnum() or unicodedata.category(letter).startswith("M") for letter in word
    )


def _utf16(text: str) -> int:
    return _characters(text) + sum(ord(character) > 0xFFFF for character in text)
