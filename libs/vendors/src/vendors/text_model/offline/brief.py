"""Reading a brief: what it is about, what it already says, and in which form it asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from vendors.text_model.errors import BriefNotUnderstood
from vendors.text_model.offline import subject
from vendors.text_model.offline.central import most_central
from vendors.text_model.offline.language import detect
from vendors.text_model.offline.numbers import asked_count, find_date
from vendors.text_model.offline.requests import (
    addresses_system,
    audience_of,
    directs_the_film,
    without_request,
    without_say,
)
from vendors.text_model.offline.verbs import is_finite
from vendors.text_model.offline.words import (
    clean,
    finish,
    has_words,
    sentences,
    spoken_length,
    unfinished,
    word_count,
    word_set,
)

_LONGEST_LEAD = 600
MOST_SENTENCES = 24
"""More than a film of three minutes can say; longer briefs are reduced to their most central sentences."""


class Form(StrEnum):
    """How a brief asks."""

    HOW = "how"
    WHY = "why"
    WHAT = "what"
    HOWTO = "howto"
    LIST = "list"
    COMPARE = "compare"
    ANNOUNCE = "announce"
    EVENT = "event"
    STORY = "story"
    RECIPE = "recipe"
    STATEMENT = "statement"


ASKING = frozenset({Form.HOW, Form.WHY, Form.WHAT, Form.HOWTO, Form.LIST, Form.COMPARE})


@dataclass(frozen=True)
class Quote:
    """Words somebody said, as the brief quotes them."""

    text: str
    by: str = ""


@dataclass(frozen=True)
class Brief:
    """A brief, read. `said` and `items` are its own words; everything else was found out about them."""

    language: str
    form: Form
    lead: str
    topic: str
    title: str
    question: str = ""
    noun: str = ""
    name: str = ""
    said: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    item_word: str = "point"
    wanted: int | None = None
    sides: tuple[str, ...] = ()
    quote: Quote | None = None
    call: str = ""
    audience: str = ""
    tone: str = ""
    hashtags: tuple[str, ...] = ()
    left_out: int = 0


_BULLET = re.compile(r"^(?:[-*•–‣◦]\s+|(?:step|tip|day|no\.?)?\s*\d{1,2}\s*[.):]\s+)(?P<text>\S.*)$", re.I)
_INLINE = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]\s+")
_FIELD = re.compile(
    r"^(?P<name>length|duration|format|aspect(?: ratio)?|tone|style|mood|music|voice(?:over)?|"
    r"(?:target )?audience|platforms?|"
    r"product launch|launch|new product|announcement|invitation|language|cta|call to action|goal|objective|"
    r"title|topic|subject|brief|idea|(?:key )?(?:points|messages?|facts)|script|"
    r"hook|hashtags?|keywords?|product|event|story|recipe|ingredients|method|steps|link|website|client|brand|"
    r"quote|zielgruppe|ton|"
    r"thema|titel|länge|dauer|sujet|titre|durée|ton|public|tema|título|duración|público)\s*[:=]\s*(?P<text>.*)$",
    re.I,
)
_SUBJECT_FIELDS = word_set(
    """title topic subject brief idea product event story recipe launch announcement invitation
    thema titel sujet titre tema título"""
) | {"product launch", "new product"}
_PRONOUNS = frozenset(("he", "she", "they", "it", "we", "i", "you", "who", "er", "sie"))
_CONTENT_FIELDS = word_set("points message messages facts script hook quote ingredients method steps goal objective")
_FIELD_FORMS = {
    "product launch": Form.ANNOUNCE,
    "launch": Form.ANNOUNCE,
    "new product": Form.ANNOUNCE,
    "announcement": Form.ANNOUNCE,
    "product": Form.ANNOUNCE,
    "invitation": Form.EVENT,
    "event": Form.EVENT,
    "recipe": Form.RECIPE,
    "story": Form.STORY,
}
_QUOTE = re.compile(
    r'"(?P<text>[^"\n]{12,240})"(?:\s*,?\s*(?:[–-]|by|said|says|from)\s*(?P<by>(?:[A-Z][\w.\'-]*\s?){1,4}))?'
)
_SPEAKER = re.compile(
    r"(?P<by>(?:[A-Z][\w.'-]*\s?){1,4})\s*(?:once )?(?:said|says|wrote|writes|put it like this)\s*[,:]?\s*$"
)
_HASHTAG = re.compile(r"(?<!\w)#(\w{2,40})")
_URL = re.compile(r"https?://(?:www\.)?([^\s/?#]+(?:/[\w./-]*\w)?)\S*", re.I)
_CALL = re.compile(
    r"^(?:visit|sign up|register|book|order|buy|call|join us|come (?:and|by|along|see|visit)|donate|apply|"
    r"rsvp|get your|reserve|"
    r"download|scan|find (?:us|out more)|learn more|subscribe|vote|stop by|drop in|shop|pre-?order|"
    r"tickets?(?: are| at| from|:))\b",
    re.I,
)
_END_WITH = re.compile(r"^(?:please\s+)?(?:end|close|finish)\s+(?:with|by saying|on)\s*[:,]?\s*(?P<text>.+)$", re.I)
_AUDIENCE = re.compile(
    r"^(?:(?:it(?:'s| is)|this is)\s+(?:for|aimed at)|(?:our|the|target)(?: target)? audience (?:is|are)|"
    r"aimed at|target(?:ing)?:?)\s+"
    r"(?P<text>[^.!?]{3,60})[.!]?$",
    re.I,
)
_ANNOUNCE = re.compile(
    r"^(?:announc\w+|introducing|introduce|meet|launch(?:ing)?|we(?:'re| are| have| just|"
    r"'ve)?(?: just)? launch\w*|promot\w+|advertis\w+|"
    r"presenting|unveil\w*|say hello to|new:|now available:?|coming soon:?)\b[:,]?|\b(?:our|"
    r"my) (?:brand[- ])?new\b|\bproduct launch\b"
    r"|\bis (?:now )?(?:here|out|available|live)\b",
    re.I,
)
_EVENT = re.compile(
    r"\b(?:open day|open house|concert|festival|workshop|webinar|meet-?up|market|conference|exhibition|fair|"
    r"gala|hackathon|"
    r"screening|marathon|fun run|class reunion|tour|grand opening|party|fundraiser|clean-?up|tournament|"
    r"premiere|bake sale|match)\b",
    re.I,
)
_STORY = re.compile(
    r"\b(?:when i was|my (?:grand\w+|father|mother|dad|mum|mom|sister|brother|first)|the story of|once upon|"
    r"years ago|one day|"
    r"as a child|i remember|grew up|the day (?:i|we))\b",
    re.I,
)
_RECIPE = re.compile(r"\b(?:recipe|ingredients|preheat|tablespoons?|teaspoons?|tbsp|tsp|knead|simmer|whisk)\b", re.I)


def read_brief(text: str) -> Brief:
    """`text`, understood as far as rules can. The same text always gives the same answer.

    Raises `BriefNotUnderstood` when it holds no words for an audience.
    """
    cleaned = _URL.sub(r"\1", clean(text))
    if not has_words(cleaned):
        raise BriefNotUnderstood("The brief has no words in it. Say in a sentence what the film should be about.")
    return _Reader(cleaned).read()


class _Reader:
    """Sorts the lines of one brief. It exists for one call of `read_brief`."""

    def __init__(self, text: str) -> None:
        self.language = detect(text)
        self.hashtags = tuple(dict.fromkeys(match.group(1) for match in _HASHTAG.finditer(text)))
        self.text = _HASHTAG.sub("", text).strip() or text.replace("#", " ")
        self.said: list[str] = []
        self.items: list[str] = []
        self.lead = self.call = self.audience = self.tone = ""
        self.quote: Quote | None = None
        self.said_form: Form | None = None
        self.left_out = 0

    def read(self) -> Brief:
        for line in self.text.split("\n"):
            if line.strip():
                self._line(line.strip())
        if not self.lead:
            self._recover()
        self._enumeration()
        form = self._form()
        about = subject.find(self.lead, form.value) if self.language == "en" else subject.plain(self.lead)
        name = about.name or (subject.short_name(self.items[0]) if self.items and not about.topic else "")
        return Brief(
            language=self.language,
            form=form,
            lead=self.lead,
            topic=about.topic,
            noun=about.noun,
            title=about.title,
            question=about.question,
            name=name,
            said=tuple(most_central(self.said, MOST_SENTENCES)),
            items=tuple(self.items[:20]),
            item_word="step" if form in (Form.RECIPE, Form.HOWTO) else about.item_word,
            wanted=asked_count(self.lead) if form is Form.LIST else None,
            sides=about.sides,
            quote=self.quote,
            call=self.call,
            audience=self.audience or about.audience,
            tone=self.tone,
            hashtags=self.hashtags,
            left_out=self.left_out,
        )

    def _line(self, line: str) -> None:
        if bullet := _BULLET.match(line):
            text = bullet.group("text").strip()
            if addresses_system(text):
                self.left_out += 1
            elif not directs_the_film(text):
                self._item(text)
            return
        if field := _FIELD.match(line):
            self._field(field.group("name").lower(), field.group("text").strip())
            return
        line = self._quoted(line)
        pieces = _INLINE.split(line)
        if len(pieces) > 2:
            line, *numbered = pieces
            for piece in numbered:
                self._item(piece.strip(" ,;"))
        for sentence in sentences(line):
            self._sentence(sentence)

    def _quoted(self, line: str) -> str:
        """`line` without its quotation, which is kept apart with whoever said it."""
        match = _QUOTE.search(line)
        if match is None or word_count(match.group("text")) < 5 or self.quote or addresses_system(match.group("text")):
            return line
        before, after = line[: match.start()].rstrip(), line[match.end() :].strip(" .")
        speaker = _SPEAKER.search(before)
        by = (match.group("by") or "").strip() or (speaker.group("by") if speaker else "")
        # `She said:` names nobody who could be shown.
        by = "" if by.strip().lower() in _PRONOUNS else by.strip()
        self.quote = Quote(unfinished(match.group("text")), by)
        before = before[: speaker.start()] if speaker else before
        return f"{before} {after}".strip(" ,:")

    def _item(self, text: str) -> None:
        if has_words(text):
            self.items.append(text.strip(" ,;"))

    def _field(self, name: str, text: str) -> None:
        if addresses_system(text):
            self.left_out += 1
        elif name in _SUBJECT_FIELDS and text:
            self.said_form = _FIELD_FORMS.get(name, self.said_form)
            for sentence in sentences(text):
                self._sentence(sentence)
        elif name.endswith("audience") or name in ("zielgruppe", "public", "público"):
            self.audience = unfinished(text)
        elif name in ("tone", "style", "mood", "ton"):
            self.tone = unfinished(text)
        elif name in ("cta", "call to action", "link", "website"):
            self.call = finish(text)
        elif name.rsplit(" ", maxsplit=1)[-1] in _CONTENT_FIELDS and text:
            parts = [part.strip() for part in re.split(r"[;,]\s+", text)]
            if len(parts) >= 3 and all(word_count(part) <= 8 for part in parts):
                for part in parts:
                    self._item(re.sub(r"^and\s+", "", part))
            else:
                for sentence in sentences(text):
                    self._sentence(sentence)

    def _sentence(self, sentence: str) -> None:
        if addresses_system(sentence):
            self.left_out += 1
            return
        if field := _FIELD.match(sentence):
            self._field(field.group("name").lower(), field.group("text").strip())
            return
        if end := _END_WITH.match(sentence):
            text = end.group("text").strip("\" '")
            if not directs_the_film(f"use {text}") and "question" not in text.lower():
                self.call = finish(text)
            return
        if audience := _AUDIENCE.match(sentence):
            self.audience = audience.group("text")
            return
        if directs_the_film(sentence) and not (
            not self.lead and without_request(sentence) != sentence.strip(" ,;:–-.")
        ):
            return
        self.audience = self.audience or audience_of(sentence)
        stripped = without_request(sentence)
        if stripped and not self.lead:
            self.lead = stripped if len(stripped) <= _LONGEST_LEAD else stripped[:_LONGEST_LEAD].rsplit(" ", 1)[0]
            return
        self._content(stripped if stripped else sentence)

    def _content(self, sentence: str) -> None:
        text = without_say(sentence).strip()
        if not has_words(text) or (self.quote and unfinished(text.strip('"')) == self.quote.text):
            return
        if _CALL.match(text) and spoken_length(text) <= 18:
            self.call = self.call or finish(text)
            return
        self.said.append(text)

    def _recover(self) -> None:
        """A brief that is only a list, a quote or a call still has a subject: its first words."""
        for candidates in (self.said, self.items):
            if candidates:
                self.lead = candidates[0]
                if candidates is self.said:
                    self.said = self.said[1:]
                return
        self.lead = self.quote.text if self.quote else self.call
        if not self.lead:
            raise BriefNotUnderstood(
                "Nothing in the brief speaks to an audience: it only gives orders or describes a format. "
                "Say what the film should tell its viewers."
            )

    def _enumeration(self) -> None:
        """`Three reasons to cycle: health, money and time` lists its items after the colon."""
        head, colon, tail = self.lead.partition(": ")
        if not colon or self.items:
            return
        parts = [
            part.strip(" .")
            for part in re.split(r",\s+(?:and\s+|or\s+)?|\s+and\s+(?=[^,]*$)", tail)
            if part.strip(" .")
        ]
        if len(parts) >= 3 and all(word_count(part) <= 6 for part in parts):
            self.lead = head.strip()
            self.items = parts

    def _form(self) -> Form:
        if self.said_form or self.language != "en":
            return self.said_form or Form.STATEMENT
        lead, everything = self.lead, " ".join((self.lead, *self.said, *self.items))
        asked = subject.asked_form(lead)
        if asked:
            return Form(asked)
        if _RECIPE.search(everything) and (self.items or len(self.said) > 1 or "recipe" in lead.lower()):
            return Form.RECIPE
        for form, pattern, where in (
            (Form.EVENT, _EVENT, lead),
            (Form.ANNOUNCE, _ANNOUNCE, " ".join((self.text.split("\n")[0][:160], lead))),
            (Form.STORY, _STORY, everything[:600]),
        ):
            if pattern.search(where):
                return form
        if find_date(lead) and not any(is_finite(word) and word.endswith("ed") for word in lead.lower().split()):
            return Form.EVENT
        return Form.STATEMENT
