"""What is shown large while a sentence is spoken: fewer words than the sentence, the telling ones in colour."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vendors.text_model.offline.clauses import is_clause
from vendors.text_model.offline.foreign_headlines import own_words
from vendors.text_model.offline.library import Line, shown
from vendors.text_model.offline.numbers import find_date
from vendors.text_model.offline.relations import find_change
from vendors.text_model.offline.words import (
    DANGLING,
    STOP_WORDS,
    capitalise,
    content_words,
    decapitalise,
    tokens,
    unfinished,
    word_count,
    word_set,
)

LONGEST = 8
_BEST = 7
_CLAUSE = re.compile(
    r"[,;:–]\s+|\s+(?=(?:because|so that|but|which|when|while|until|although|if|whose|who)\s)|\.\s+|\?\s+|!\s+", re.I
)
_LEADING = re.compile(
    r"^(?:(?:first|then|next|after that|finally|also|now|one more thing)[,:]?\s+|(?:one|two|three|four|five|"
    r"six|seven|eight|nine|ten):\s+"
    r"|and\s+|but\s+|so\s+|because\s+|which\s+|that\s+|it's\s+|it is\s+|it was\s+|it has\s+|it\s+|"
    r"there's\s+|there is\s+|there are\s+|that's\s+|this is\s+|you get\s+|the\s+|an?\s+)",
    re.I,
)
_TOLD_OF = re.compile(r"\b(?:is|are|was|were|has been|have been)\s+(?P<what>[^,.;:?!]+)", re.I)
"""What is told of something: it begins behind the verb."""
_PRONOUNS = ("she", "he", "it", "they", "we", "i")
_SEAM = word_set(
    """in on at by for from with without into onto and or through during as after before until per over under she
    he it they we i"""
)


def headline_of(line: Line, *, avoid: str = "", language: str = "en") -> tuple[str, tuple[str, ...]]:
    """The headline of a line and its one or two words in colour; it does not repeat the narration or `avoid`."""
    preferred = line.figure.value if line.figure else ""
    if line.show:
        text, emphasis = shown(line.show)
        if tokens(text) not in (tokens(line.say), tokens(avoid)):
            return text, emphasis[:2] or emphasis_in(text, preferred=preferred)
    if language != "en":
        return own_words(line.say, language=language)
    text = _derived(line.say)
    if tokens(text) in (tokens(line.say), tokens(avoid)):
        text = _shorter(text)
    return text, emphasis_in(text, preferred=preferred)


def told_by_number(say: str) -> str:
    """A sentence that turns on its number, as it is set large; empty if there is none, or it is too long for that.

    `Only 8 percent of plastic is recycled.` is `8% of plastic is recycled`; what rose or fell is both its numbers.
    """
    change = find_change(say)
    if change and change.before_label.lower() == "from" and any(map(str.isdigit, change.before + change.after)):
        both = f"From {decapitalise(change.before)} to {decapitalise(change.after)}"
        return both if fits(both) else ""
    told = re.sub(r"(?<=\d)\s?per ?cent\b", "%", unfinished(say), flags=re.I)
    bare = re.sub(r"^(?:only|just|about|nearly|almost|some)\s+(?=\d)", "", told, flags=re.I)
    return capitalise(bare) if "%" in bare and tokens(bare) != tokens(say) and word_count(bare) <= _BEST else ""


def beside_figure(headline: str, line: Line) -> str:
    """The headline of a line whose number stands large above it; one that says no more than that tells the rest.

    `Only 9 percent of all plastic has been recycled` with `9% of all plastic` above it is `Recycled`.
    """
    said = f"{line.figure.value.rstrip('% ')} {line.figure.label} percent only about" if line.figure else ""
    rest = _TOLD_OF.search(line.say)
    if not said or not rest or content_words(headline) - content_words(said):
        return headline
    told = capitalise(unfinished(rest["what"]))
    return told if fits(told) else headline


def emphasis_in(text: str, *, preferred: str = "") -> tuple[str, ...]:
    """One or two words of `text` that carry it: its number, else a name, else its longest content word."""
    words = [word.strip("\"'.,:;!?()…") for word in text.split()]
    wanted = [word for word in preferred.split() if word in words]
    if wanted:
        return tuple(wanted[:2])
    digits = [word for word in words if any(char.isdigit() for char in word)]
    if digits:
        after = words[words.index(digits[0]) + 1 :][:1]
        return (digits[0], *(word for word in after if find_date(f"{digits[0]} {word}")))
    content = [word for word in words if word and word.lower() not in STOP_WORDS]
    if not content:
        return tuple(word for word in words[-1:] if word)
    names = [word for index, word in enumerate(words) if index and word[:1].isupper() and word in content]
    return (names[0],) if names else (max(content, key=len),)


def _derived(say: str) -> str:
    clauses = [clause for part in _CLAUSE.split(say) if (clause := _stripped(part))]
    if not clauses:
        return unfinished(say)[:48]
    best = max(range(len(clauses)), key=lambda index: (_weight(clauses[index]), -index))
    return capitalise(_cut(clauses[best]))


def _weight(clause: str) -> float:
    content = [word for word in tokens(clause) if word not in STOP_WORDS]
    return min(len(content), 3) + (1.5 if any(char.isdigit() for char in clause) else 0)


def _stripped(clause: str) -> str:
    text = unfinished(clause.strip().strip('"'))
    for _ in range(3):
        text = _LEADING.sub("", text, count=1)
    return text


def _cut(clause: str) -> str:
    words = clause.split()
    if len(words) == 1:
        return unfinished(words[0])[:48]
    if len(words) > _BEST:
        # Before a small connecting word a cut leaves both sides whole.
        seams = [index for index in range(2, _BEST + 1) if words[index].lower() in _SEAM]
        words = _settled(words[: seams[-1] if seams else _BEST])
    return unfinished(" ".join(words))


def _settled(words: list[str]) -> list[str]:
    kept = list(words)
    while len(kept) > 1 and kept[-1].lower().strip(".,;:") in DANGLING:
        kept.pop()
    return kept


def _shorter(text: str) -> str:
    """The part of `text` that carries more: what is before its last seam, or what is after it."""
    words = text.split()
    seams = [index for index in range(1, len(words) - 1) if words[index].lower() in (*_SEAM, "to", "of")]
    if not seams and len(words) > 2 and (words[0].lower() in _PRONOUNS or not is_clause(text)):
        # `We cut two products` keeps what was done, and `Free test rides` what there is.
        return capitalise(" ".join(words[1:]))
    if not seams:
        return capitalise(" ".join(_settled(words[:-1] if len(words) > 2 else words[:1])))
    before = _settled(words[: seams[-1]])
    pronoun = words[seams[-1]].lower() in _PRONOUNS
    after = before if pronoun else _stripped(" ".join(words[seams[-1] + 1 :])).split()
    return capitalise(" ".join(after if _carries(after) > _carries(before) else before))


def _carries(words: Sequence[str]) -> float:
    """How much of a sentence a part holds: its words with a meaning, above all numbers and addresses."""
    content = [word for word in words if word.lower() not in STOP_WORDS]
    return len(content) + sum(1.5 for word in words if any(map(str.isdigit, word)) or "." in word[1:-1])


def fits(text: str) -> bool:
    """Whether `text` is short enough to be a headline."""
    return 0 < word_count(text) <= LONGEST and len(text) <= 60
