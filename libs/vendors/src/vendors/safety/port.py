"""What the suite asks of a safety model: may this be said, and if not, what is it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

SaidBy = Literal["user", "agent"]
OTHER = "other"
CATEGORIES: dict[str, str] = {
    "violent_crimes": "violent crimes",
    "non_violent_crimes": "non-violent crimes",
    "sex_crimes": "sex-related crimes",
    "child_exploitation": "sexual exploitation of children",
    "defamation": "defamation",
    "specialized_advice": "specialised advice that could do harm",
    "privacy": "privacy",
    "intellectual_property": "intellectual property",
    "indiscriminate_weapons": "indiscriminate weapons",
    "hate": "hate",
    "self_harm": "suicide and self-harm",
    "sexual_content": "sexual content",
    "elections": "false statements about elections",
    "code_interpreter_abuse": "abuse of a code interpreter",
    "violence": "violence",
    "harassment": "harassment",
    "illicit": "illicit acts",
    OTHER: "something that may not be said",
}
"""What a model may name, by our words: the fourteen of Llama Guard, and those of moderations it has no word for."""
_LLAMA_GUARD = tuple(CATEGORIES)[:14]
_SPOKEN = {
    "violent crimes": "violent_crimes",
    "non-violent crimes": "non_violent_crimes",
    "sex crimes": "sex_crimes",
    "sex-related crimes": "sex_crimes",
    "child sexual exploitation": "child_exploitation",
    "child exploitation": "child_exploitation",
    "sexual/minors": "child_exploitation",
    "defamation": "defamation",
    "specialized advice": "specialized_advice",
    "privacy": "privacy",
    "intellectual property": "intellectual_property",
    "indiscriminate weapons": "indiscriminate_weapons",
    "hate": "hate",
    "hate/threatening": "hate",
    "suicide & self-harm": "self_harm",
    "self-harm": "self_harm",
    "self-harm/intent": "self_harm",
    "self-harm/instructions": "self_harm",
    "sexual content": "sexual_content",
    "sexual": "sexual_content",
    "elections": "elections",
    "code interpreter abuse": "code_interpreter_abuse",
    "violence": "violence",
    "violence/graphic": "violence",
    "harassment": "harassment",
    "harassment/threatening": "harassment",
    "illicit": "illicit",
    "illicit/violent": "illicit",
}


@dataclass(frozen=True)
class Judgement:
    """What a model said about a text."""

    allowed: bool
    categories: tuple[str, ...] = ()
    """Of `CATEGORIES`; empty when the text is allowed."""
    latency_ms: float = 0.0
    cached: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """The categories; one at least for what is not allowed, whether or not the model named any."""
        return self.categories or (() if self.allowed else (OTHER,))


class SafetyModel(Protocol):
    """Something that judges text. Adapters neither retry nor guess: what is not understood is `ShieldUnavailable`."""

    @property
    def name(self) -> str:
        """The adapter and its shield, such as `llama_stack/llama-guard`."""

    async def check(self, text: str, *, tenant: str, said_by: SaidBy) -> Judgement:
        """Judge a text. Raises `ShieldUnavailable` when there is no judgement. A repeat may cost as much again."""

    async def verify(self) -> None:
        """Return when the shield is there and answers. Raises `ShieldUnavailable` that says what is missing."""

    async def close(self) -> None:
        """Close the connections."""


def category_of(said: str) -> str:
    """Our word for a category as a model says it: `S1`, `Violent Crimes`, `hate/threatening`."""
    word = said.strip().lower()
    if word[:1] == "s" and word[1:].isdigit():
        number = int(word[1:])
        return _LLAMA_GUARD[number - 1] if 1 <= number <= len(_LLAMA_GUARD) else OTHER
    return _SPOKEN.get(word, word if word in CATEGORIES else OTHER)


def title_of(category: str) -> str:
    """A category in words for people."""
    return CATEGORIES.get(category, CATEGORIES[OTHER])
