"""The built-in fact base: general knowledge for briefs that bring only a topic.

Each file in `facts/` is a list of topics of one field. A line that is said and shown is `[say, show]` or
`[say, show, kicker]`; words between asterisks in `show` are set in the accent colour.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from common.contracts.production import Figure

from vendors.text_model.offline.words import STOP_WORDS, stem, tokens, word_set


@dataclass(frozen=True)
class Line:
    """A sentence to be spoken, and how it is shown if somebody has thought about that."""

    say: str
    show: str = ""
    kicker: str = ""
    figure: Figure | None = None


@dataclass(frozen=True)
class Topic:
    """What we know about one subject. Facts are in the order of an explanation."""

    name: str
    label: str
    keywords: tuple[str, ...]
    tags: tuple[str, ...]
    question: str
    hook: str
    facts: tuple[Line, ...]
    number: Line
    myth: str
    truth: Line
    analogy: Line
    notice: Line
    close: Line
    tips: tuple[Line, ...] = ()
    in_order: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything that is said about it, for finding a line again by its words."""
        return (*self.facts, self.number, self.truth, self.analogy, self.notice, self.close, *self.tips)


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic of the fact base, read once per process."""
    folder = files("vendors.text_model.offline") / "facts"
    found: list[Topic] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".json"):
            found.extend(_topic(entry) for entry in json.loads(file.read_text(encoding="utf-8")))
    return tuple(found)


def find_topic(subject: str) -> Topic | None:
    """The topic that `subject` is about, when its words are covered by that topic's keywords; else None."""
    named = [word for word in tokens(subject) if word not in STOP_WORDS]
    if not named:
        return None
    bag = {stem(word) for word in named if word not in _ASKING}
    text = f" {' '.join(stem(word) for word in named)} "
    best: tuple[float, Topic] | None = None
    for topic, keywords in _index():
        hits = [keyword for keyword in keywords if f" {keyword} " in text]
        if not hits:
            continue
        covered = {word for keyword in hits for word in keyword.split()}
        unknown = bag - covered - _context(topic)
        # Beside two words we know, a third may be colour (`deep ocean tides`); beside one it changes the subject
        # (`tide detergent`).
        if len(unknown) > 1 or (unknown and len(covered) == 1):
            continue
        score = sum(len(keyword.split()) for keyword in hits) + len(covered) / max(1, len(bag)) - len(unknown)
        if best is None or score > best[0]:
            best = (score, topic)
    return best[1] if best else None


_ASKING = STOP_WORDS | word_set(
    """work works working worked happen happens form formed forms made make explained explain really actually
    basics science basic introduction facts fact tips tip better good great home simple easy beginner beginners
    everyday people come comes turn turns ways reasons things mistakes steps question matter matters mean means
    called exactly world use uses important start starting get getting build building learn learning improve
    improving top best healthy help helps 2 3 4 5 6 7 8 9 10 two three four five six seven eight nine ten"""
)


@cache
def _index() -> tuple[tuple[Topic, tuple[str, ...]], ...]:
    return tuple(
        (
            topic,
            tuple(
                " ".join(stem(word) for word in tokens(keyword) if word not in STOP_WORDS) for keyword in topic.keywords
            ),
        )
        for topic in topics()
    )


@cache
def _context(topic: Topic) -> frozenset[str]:
    """Words that belong to a topic without naming it: they do not count as unknown."""
    said = " ".join((topic.question, topic.hook, topic.label, *(line.say for line in topic.lines)))
    return frozenset(stem(word) for word in tokens(said))


def _topic(entry: dict[str, Any]) -> Topic:
    value, label, *number = entry["number"]
    claim, *truth = entry["myth"]
    return Topic(
        name=entry["name"],
        label=entry["label"],
        keywords=tuple(entry["keywords"]),
        tags=tuple(entry["tags"]),
        question=entry["question"],
        hook=entry["hook"],
        facts=tuple(_line(line) for line in entry["facts"]),
        number=Line(number[0], number[1], "The number", Figure(value=value, label=label)),
        myth=claim,
        truth=_line([*truth, "The truth"]),
        analogy=_line([*entry["analogy"], "Picture it"]),
        notice=_line([*entry["notice"], "Try it"]),
        close=_line(entry["close"]),
        tips=tuple(_line(line) for line in entry.get("tips", ())),
        in_order=entry.get("in_order", False),
    )


def _line(parts: list[str]) -> Line:
    say, show, kicker = (*parts, "", "")[:3]
    return Line(say, show, kicker)


def shown(text: str) -> tuple[str, tuple[str, ...]]:
    """A marked headline as its plain text and its emphasised words: `The *Moon* pulls` gives `Moon`."""
    emphasis = tuple(
        bare for part in re.findall(r"\*([^*]+)\*", text) for word in part.split() if (bare := word.strip(".,:;!?"))
    )
    return text.replace("*", ""), emphasis
