"""What a piece of content is about to become: its kind, where it is meant to go, in which languages, at which stage.

All of it is read from the content itself. A flag that would only make rules look away is never taken from a caller:
`kind` is worked out from what is there, and platforms are those the publisher would really publish on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import Pattern, escape
from re import compile as pattern
from typing import Literal, get_args

from common.contracts.values import JsonObject

from safety.rules.passage import objects_of

Kind = Literal["brief", "prompt", "ideas", "script", "image", "cut", "post", "campaign", "other"]
_CHILDREN = pattern(r"\b(?:kids?|child|children|toddlers?|teens?|minors|kinder|jugendliche)\b")
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True)
class About:
    """What rules with a scope ask for. `stage` is the gate or step it is looked at for, empty when there is none."""

    kind: str = "other"
    stage: str = ""
    platforms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    minors: bool = False
    """Whether children are meant to see it."""


@dataclass(frozen=True)
class Scope:
    """Where a rule applies. What is empty does not limit it.

    A rule for platforms applies to content that names one of them; a rule for languages also to content that names no
    language at all.
    """

    kinds: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()
    platforms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()

    def covers(self, about: About) -> bool:
        """Whether the rule is for such content at all."""
        if self.kinds and about.kind not in self.kinds:
            return False
        if self.platforms and not self.platforms & about.platforms:
            return False
        if self.stages and about.stage and about.stage not in self.stages:
            return False
        return not self.languages or not about.languages or bool(self.languages & about.languages)

    def covers_field(self, where: str) -> bool:
        """Whether the rule is for the value at this JSON pointer."""
        return not self.fields or any(_field(field).search(where) for field in self.fields)


EVERYWHERE = Scope()


def about(content: JsonObject, *, stage: str = "") -> About:
    """What the content says about itself."""
    platforms: set[str] = set()
    languages: set[str] = set()
    names: set[str] = set()
    minors = False
    for _, value in objects_of(content):
        names |= value.keys()
        platforms.update(_words(value.get("platforms")), _words(value.get("platform")))
        languages.update(word.split("-")[0] for word in _words(value.get("language")))
        minors = minors or _for_minors(value)
    return About(_kind(names, content), stage, frozenset(platforms), frozenset(languages), minors)


def _for_minors(value: JsonObject) -> bool:
    if value.get("made_for_kids") is True or value.get("selfDeclaredMadeForKids") is True:
        return True
    return any(_CHILDREN.search(word) for word in _words(value.get("audience")))


def _kind(names: set[str], content: object) -> str:
    is_post = "caption" in names and bool(names & {"video", "image", "platforms"})
    kinds = (
        ("campaign", "posts" in names),
        ("post", is_post),
        ("cut", names & {"video", "cut"}),
        ("ideas", "ideas" in names),
        ("script", names & {"beats", "scenes", "narration", "script"}),
        ("image", names & {"image", "thumbnail", "design"}),
        *((alone, isinstance(content, dict) and set(content) == {alone}) for alone in ("brief", "prompt")),
    )
    return next((kind for kind, it_is in kinds if it_is), "other")


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value.casefold()
    elif isinstance(value, list | tuple):
        yield from (item.casefold() for item in value if isinstance(item, str))


@lru_cache(maxsize=1024)
def _field(field: str) -> Pattern[str]:
    """`caption` is that member anywhere and all below it; `/scenes/*/text` is a path from the top, `*` any one part."""
    if not field.startswith("/"):
        return pattern(rf"/{escape(field)}(?:/|$)")
    parts = ("[^/]*" if part == "*" else escape(part) for part in field.split("/"))
    return pattern(rf"^{'/'.join(parts)}(?:/|$)")
