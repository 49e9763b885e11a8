"""What a note asks of a text, as far as rules can tell: other words, fewer words, one word less, these very words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vendors.text_model.offline.requests import addresses_system
from vendors.text_model.offline.words import clean, finish, sentences, tokens, unfinished, word_count

_QUOTED = r"[\"'](?P<{0}>[^\"']{{1,400}}(?:'\w[^\"']{{0,400}})*)[\"']"
_NEW, _OLD = _QUOTED.format("new"), _QUOTED.format("old")
_OTHER = r"(?:with|by|to|into|for)"
_SWAPS = (
    re.compile(rf"\b(?:replace|change|swap|turn)\s+(?:the\s+words?\s+)?{_OLD}\s+{_OTHER}\s+{_NEW}", re.I),
    re.compile(rf"{_NEW}\s+(?:instead of|rather than|not)\s+{_OLD}", re.I),
    re.compile(rf"\b(?:replace|change|swap)\s+(?:the\s+word\s+)?(?P<old>[\w'-]+)\s+{_OTHER}\s+(?P<new>[\w'-]+)", re.I),
    re.compile(r"\b(?:say|use|write)\s+(?P<new>[\w'-]+)\s+(?:instead of|rather than|not)\s+(?P<old>[\w'-]+)", re.I),
)
_DICTATED = re.compile(
    rf"\b(?:says?|reads?|make it|change (?:it|this|that) to|rewrite (?:it|this) as|write|call it|to)\s*:?\s*{_NEW}",
    re.I,
)
_LEAVE = (
    r"\b(?:without|remove|drop|leave out|take out|cut|delete|skip|omit|lose|no more|"
    r"(?:do not|don't) (?:say|use|mention))\s+(?:the\s+)?(?:words?\s+|phrase\s+|hashtag\s+)?"
)
_WITHOUT = (re.compile(rf"{_LEAVE}{_OLD}", re.I), re.compile(rf"{_LEAVE}(?P<old>#?[\w'-]+)", re.I))
_SHORTER = re.compile(
    r"\b(?:shorter|shorten|too long|tighter|more concise|punchier|snappier|briefer|trim|fewer words)\b", re.I
)
_REWORD = re.compile(
    r"\b(?:(?:other|different|simpler|plainer|new) (?:words|wording)|reword|rephrase|paraphrase|put it differently|"
    r"say it (?:differently|another way)|rewrite)\b",
    re.I,
)
_TAIL = re.compile(
    r"(?:,|;|:|\s[–-])\s+\S.*$|\s+(?:because|so that|which|when|while|until|although|unless|whereas)\s+\S.*$", re.I
)
_FILLERS = re.compile(
    r"\b(?:really|very|actually|just|quite|simply|basically|literally|even|also|truly|of course|in fact)\b\s*", re.I
)
_TURNED = re.compile(
    r"^(?P<main>[^,;:]{8,}?)\s+(?P<link>because|when|while|if|until|before|after|although)\s+(?P<rest>[^,;:]{4,})$",
    re.I,
)
_SAME = (
    ("because of", "owing to"), ("because", "since"), ("big", "large"), ("large", "big"), ("huge", "enormous"),
    ("tiny", "very small"), ("fast", "quick"), ("often", "many times"), ("almost", "nearly"), ("maybe", "perhaps"),
    ("everybody", "everyone"), ("starts", "begins"), ("begins", "starts"), ("shows", "reveals"), ("helps", "assists"),
    ("needs", "requires"), ("pulls", "draws"), ("rises", "climbs"), ("moves", "travels"),
    ("twice a day", "two times a day"), ("every day", "day after day"),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a note asks for; the first that is there is what is done."""

    swap: tuple[str, str] | None = None
    dictated: str = ""
    without: str = ""
    shorter: bool = False
    reword: bool = False

    @property
    def anything(self) -> bool:
        """Whether rules can act on it at all."""
        return bool(self.swap or self.dictated or self.without or self.shorter or self.reword)


def read_note(text: str) -> Wanted:
    """What a note asks for. Sentences that give orders to the software are not read."""
    heard = " ".join(part for part in clean(text).splitlines() if part)
    heard = " ".join(sentence for sentence in sentences(heard) if not addresses_system(sentence))
    for pattern in _SWAPS:
        if found := pattern.search(heard):
            return Wanted(swap=(found["old"].strip(), found["new"].strip()))
    for pattern in _WITHOUT:
        if (found := pattern.search(heard)) and tokens(found["old"]):
            return Wanted(without=found["old"].strip(), shorter=bool(_SHORTER.search(heard)))
    if (found := _DICTATED.search(heard)) and tokens(found["new"]):
        return Wanted(dictated=found["new"].strip())
    return Wanted(shorter=bool(_SHORTER.search(heard)), reword=bool(_REWORD.search(heard)))


def changed(text: str, wanted: Wanted, *, language: str = "en") -> str | None:
    """The text as it is wanted, a whole sentence; None when rules cannot do it without spoiling it."""
    if wanted.swap:
        new = _swapped(text, *wanted.swap)
    elif wanted.dictated:
        new = wanted.dictated
    elif wanted.without:
        new = left_out(text, wanted.without)
    elif wanted.shorter:
        new = _shorter(text, english=language == "en")
    elif wanted.reword and language == "en":
        new = _reworded(text)
    else:
        new = None
    if new is None or not tokens(new):
        return None
    told = finish(new)
    return told if told != text else None


def left_out(text: str, phrase: str) -> str | None:
    """The text without a word or phrase; None when it is not there, or nothing would be left."""
    pattern = re.compile(rf"(?<![\w#])(?:\b(?:the|an?)\s+)?{re.escape(phrase)}(?!\w)\s*", re.I)
    rest = pattern.sub("", text)
    return unfinished(re.sub(r"\s+([,.;:!?])", r"\1", rest)) if rest != text and word_count(rest) > 1 else None


def names(text: str, phrase: str) -> bool:
    """Whether a text has a word or phrase in it."""
    return bool(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.I))


def _swapped(text: str, old: str, new: str) -> str | None:
    swapped, count = re.subn(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text, flags=re.I)
    return swapped if count else None


def _shorter(text: str, *, english: bool) -> str | None:
    """The first sentence of several; else what stands before the last turn of the sentence; else without fillers."""
    told = sentences(text)
    if len(told) > 1:
        return " ".join(told[: -(-len(told) // 2)])
    if not english:
        return None
    head = _TAIL.sub("", unfinished(text), count=1)
    if 3 <= word_count(head) < word_count(text):
        return head
    bare = _FILLERS.sub("", text)
    return bare if word_count(bare) < word_count(text) else None


def _reworded(text: str) -> str | None:
    """The sentence turned round at its `because` or `when`; else with one word that means the same."""
    told = unfinished(text)
    if found := _TURNED.match(told):
        main = found["main"]
        lower = (
            main if main.split()[0] in {"I", "I'm"} or main.split()[0][1:2].isupper() else main[:1].lower() + main[1:]
        )
        return f"{found['link']} {found['rest']}, {lower}"
    for word, other in _SAME:
        new = re.sub(rf"(?<![\w-]){word}(?![\w-])", other, told, count=1)
        if new != told:
            return new
    return None
