"""What a film can truthfully say: the brief's own sentences, and what the fact base knows about its topic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from vendors.text_model.offline.brief import ASKING, Brief, Form, read_brief
from vendors.text_model.offline.central import key_phrases
from vendors.text_model.offline.clauses import as_sentence, is_clause, spoken_parts, subject_of
from vendors.text_model.offline.library import Line, Topic, find_topic
from vendors.text_model.offline.numbers import find_date, find_figure
from vendors.text_model.offline.relations import said_of_arrows, told_together
from vendors.text_model.offline.subject import gerund, short_topic, without_intro
from vendors.text_model.offline.verbs import is_base
from vendors.text_model.offline.words import (
    capitalise,
    content_words,
    decapitalise,
    finish,
    names_in,
    unfinished,
    word_count,
)

_FRAGMENT = re.compile(
    r",\s+(?:and\s+)?|\s+[–-]\s+|\s+(?=(?:with|featuring|including|launching|starting|available)\s)",
    re.I,
)
_WHEN = re.compile(r"\s+(?:on|at|from|this|next|in)\s", re.I)
"""Behind it a title says when or where, which is no part of the thing."""
_RELATIVE = re.compile(r"^(?P<pronoun>which|that|who)\s+(?P<verb>\w+)", re.I)
_CONDITION = re.compile(r"\s(?:when|if|while|because)\s", re.I)
_REAL_LINES = 2


@dataclass(frozen=True)
class Material:
    """Everything there is to work with. `own` comes from the brief, `topic` from the fact base, if it knows it."""

    brief: Brief
    own: tuple[Line, ...]
    items: tuple[Line, ...]
    topic: Topic | None
    rivals: tuple[Topic, ...]
    phrases: tuple[str, ...]
    names: frozenset[str]
    date: str

    @property
    def sourced(self) -> bool:
        """Whether something can be said at all beyond the topic itself."""
        return bool(self.own or self.items or self.topic or self.rivals)

    @property
    def _ordered(self) -> str:
        """What a brief that begins with a verb is about: doing that. `Launch of our bike` names the bike, though."""
        brief = self.brief
        if brief.form is Form.ANNOUNCE and without_intro(brief.lead) != brief.lead:
            return decapitalise(_WHEN.split(brief.title)[0], names=self.names)
        order = re.split(r"[:,;(–]", brief.lead)[0]
        return gerund(short_topic(order[:1].lower() + order[1:]))

    @property
    def about(self) -> str:
        """The topic as a phrase that fits after `about`: of a full sentence, what it turns on."""
        brief = self.brief
        if brief.name:
            return brief.name
        if brief.quote and brief.topic.startswith(("what that", "what this", "what it")):
            return "these words"
        if brief.form in ASKING or brief.form is Form.RECIPE:
            return brief.topic
        if is_base(brief.lead.split(" ", 1)[0]):
            return self._ordered
        if not is_clause(brief.topic):
            return brief.topic
        subject = subject_of(brief.lead)
        return decapitalise(subject, names=self.names) if subject else "this"

    @property
    def number(self) -> Line | None:
        """The line of the brief whose number is worth showing large."""
        return next((line for line in (*self.own, *self.items) if line.figure), None)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line that can be found again by its words."""
        known = self.topic.lines if self.topic else ()
        return (*self.own, *self.items, *known, *(line for rival in self.rivals for line in rival.lines))


@lru_cache(maxsize=32)
def gather(text: str) -> Material:
    """The material of a brief. Raises `BriefNotUnderstood` when it has no words for an audience."""
    brief = read_brief(text)
    own = _own_lines(brief)
    items = tuple(_item(text, index, brief) for index, text in enumerate(brief.items, 1))
    topic, rivals = _known(brief, len(own) + len(items))
    texts = (brief.lead, *brief.said, *brief.items)
    return Material(
        brief=brief,
        own=own,
        items=items,
        topic=topic,
        rivals=rivals,
        phrases=key_phrases(texts),
        names=names_in((*texts, *(line.say for line in (topic.lines if topic else ())), *(r.question for r in rivals)))
        | ({brief.name} if brief.name else set())
        | (frozenset(("Earth", "Moon", "Sun", "Mars")) if topic else frozenset()),
        date=next((found for text in texts if (found := find_date(text))), ""),
    )


def _known(brief: Brief, own: int) -> tuple[Topic | None, tuple[Topic, ...]]:
    """The fact base is asked only where a brief asks; a product called `Cold Brew` is not a lesson about coffee."""
    if brief.language != "en" or brief.form in (Form.ANNOUNCE, Form.EVENT, Form.STORY, Form.RECIPE):
        return None, ()
    if brief.form is Form.COMPARE:
        sides = tuple(find_topic(side) for side in brief.sides)
        found = tuple(topic for topic in sides if topic)
        return None, found if len(found) == len(sides) and len(set(sides)) == len(sides) else ()
    if (brief.form is Form.STATEMENT and own >= _REAL_LINES) or brief.items:
        return None, ()
    # `How to budget when you live alone` is about budgeting.
    topic = find_topic(brief.topic) or find_topic(brief.lead) or find_topic(_CONDITION.split(brief.topic)[0])
    # What the brief brings itself leads; with much of its own it needs no help from us.
    return (topic if own <= 2 * _REAL_LINES else None), ()


def _own_lines(brief: Brief) -> tuple[Line, ...]:
    sentences: list[str] = []
    if brief.language != "en":
        sentences = [finish(brief.lead), *(said_of_arrows(text) for text in brief.said)]
    elif brief.form in ASKING:
        sentences = [said_of_arrows(text) for text in brief.said]
    else:
        sentences = [*_lead_lines(brief), *(as_sentence(said_of_arrows(text)) for text in brief.said)]
    parts = [part for sentence in told_together(sentences) for part in spoken_parts(sentence)]
    return tuple(_line(part) for part in dict.fromkeys(parts) if word_count(part) > 1 or brief.language != "en")


def _lead_lines(brief: Brief) -> list[str]:
    """What the first line of a statement says beyond naming its subject."""
    lead = unfinished(brief.lead)
    if brief.form is Form.ANNOUNCE:
        return _announced(brief, lead)
    if brief.form is Form.RECIPE:
        return []
    head, colon, after = lead.partition(": ")
    if colon and word_count(head) <= 6 and is_clause(after):
        return [finish(head), finish(after)]
    head, *rest = _FRAGMENT.split(lead)
    told = [_told(part, head) for part in rest]
    if brief.form is Form.EVENT or is_clause(head) or (rest and not all(told)) or (is_clause(lead) and not rest):
        return [finish(brief.lead)]
    # A bare phrase says nothing yet, unless it introduces what follows.
    says = word_count(head) > 3 if rest else word_count(head) > 4 and bool(brief.said or brief.items)
    return [finish(head) if says else "", *told]


def _told(fragment: str, head: str) -> str:
    """What follows a comma as a sentence of its own; nothing if the comma does not part it from its head."""
    match = _RELATIVE.match(fragment)
    last = head.rsplit(" ", 1)[-1]
    if match and match.group("pronoun").lower() == "who":
        return finish(f"{last} {fragment[match.start('verb') :]}") if last[:1].isupper() else ""
    if match:
        plural = match.group("verb").lower() in ("have", "are", "were")
        return finish(f"{'They' if plural else 'It'} {fragment[match.start('verb') :]}")
    said = as_sentence(fragment)
    own_words = is_clause(fragment) and unfinished(said).lower() == unfinished(fragment).lower()
    return "" if own_words else said


def _announced(brief: Brief, lead: str) -> list[str]:
    bare = without_intro(lead)
    if bare == lead and is_clause(lead):
        return [finish(brief.lead)]
    head, *rest = _FRAGMENT.split(bare)
    name = brief.name
    thing = re.sub(rf"[\"']?{re.escape(name)}[\"']?", "", head).strip(" ,:") if name else head
    if name and not thing and rest and not is_clause(rest[0]):
        thing = rest.pop(0)
    opening = f"Meet {name}, {thing}." if name and thing else f"Meet {name or decapitalise(thing)}."
    return [opening, *(as_sentence(part) for part in rest if part)]


def _line(say: str) -> Line:
    figure = find_figure(say)
    return Line(say, figure=figure) if figure else Line(say)


def _item(text: str, index: int, brief: Brief) -> Line:
    parts = spoken_parts(text)
    say = parts[0] if parts else finish(text)
    return Line(
        say,
        kicker=f"{capitalise(brief.item_word)} {index}"
        if brief.item_word != "point"
        else f"{index} of {len(brief.items)}",
        figure=find_figure(say) if word_count(say) > 3 else None,
    )


def key_of(text: str) -> str:
    """What a sentence is recognised by, whatever its frame (`First, …`, `Three: …`) and punctuation."""
    bare = re.sub(
        r"^(?:(?:step|tip|reason|way|point|fact|number)?\s*(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+):\s+"
        r"|(?:first|next|then|after that|finally|now),\s+|false\.\s+|one more thing:\s+)",
        "",
        text.strip(),
        flags=re.I,
    )
    return re.sub(r"[^\w]+", " ", bare.lower()).strip()


def touching(lines: tuple[Line, ...], words: str) -> tuple[Line, ...]:
    """The lines that speak of `words`, best match first."""
    wanted = content_words(words)
    scored = [(len(wanted & content_words(line.say)), -index, line) for index, line in enumerate(lines)]
    return tuple(line for score, _, line in sorted(scored, key=lambda entry: entry[:2], reverse=True) if score)
