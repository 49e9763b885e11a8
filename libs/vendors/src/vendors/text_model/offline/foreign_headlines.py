"""Headlines of sentences whose grammar we do not know: the whole, a clause or the beginning, and no words torn out."""

from __future__ import annotations

import re

from common.phrases import is_unspaced, phrases

from vendors.text_model.offline.language import is_small
from vendors.text_model.offline.words import capitalise, unfinished, word_count, word_set

_WORDS, _LETTERS, _FEWEST = 8, 60, 2
_DENSE = 24
"""How many letters of a sentence without spaces are read at a glance, as a few words are."""
_LEAST_DENSE = 4
_CLAUSE = re.compile(r"\s*[,;:–،؛]\s+|\s+–\s+|[、，；：]")
_MARKS = " \"'.,:;!?()…、，。：；！？؟،«»「」『』（）“”"
_JOINING = {
    "de": "und oder aber weil dass wenn denn sondern damit obwohl während bevor nachdem",
    "fr": "et ou mais car parce puisque quand lorsque",
    "es": "y e o u pero porque cuando aunque sino mientras pues",
    "it": "e ed o ma perché quando mentre",
    "pt": "e ou mas porque quando enquanto embora pois",
    "nl": "en of maar omdat want terwijl zodat",
    "sv": "och men eller eftersom när",
    "pl": "i oraz ale lub bo gdy ponieważ",
    "tr": "ve ama veya çünkü",
    "ru": "и но или потому когда",
}
"""Words before which a sentence may end, because another part of it begins."""
_BETWEEN = word_set("zwischen entre tra fra tussen mellan między между")
"""Words that want both sides of what comes next."""


def own_words(say: str, *, language: str) -> tuple[str, tuple[str, ...]]:
    """The headline of a sentence in its own words and order, and the word in colour.

    What was too long is its first whole clause, else its part before a joining word, else its beginning with `…`:
    `Die Gezeiten entstehen, weil der Mond das Wasser anzieht.` is `Die Gezeiten entstehen`.
    """
    whole = unfinished(say)
    joining = word_set(_JOINING.get(language, ""))
    if _fits(whole):
        text = whole + "?" * say.rstrip().endswith("?")
    else:
        clauses = (clause.strip() for clause in _CLAUSE.split(whole))
        # What begins with `if` or `because` waits for what comes behind it.
        main = next((clause for clause in clauses if _stands_alone(clause, joining)), whole)
        text = main if _fits(main) else _before_joining(main, joining) or _beginning(main)
    text = capitalise(text)
    return text, _in_colour(text)


def _fits(text: str) -> bool:
    if is_unspaced(text):
        return len(text) <= _DENSE
    return len(text) <= _LETTERS and word_count(text) <= _WORDS


def _stands_alone(clause: str, joining: frozenset[str]) -> bool:
    if is_unspaced(clause):
        return len(clause) >= _LEAST_DENSE
    return word_count(clause) >= _FEWEST and clause.split(maxsplit=1)[0].lower() not in joining


def _before_joining(text: str, joining: frozenset[str]) -> str:
    words = text.split()
    seams = [at for at in range(_FEWEST, min(_WORDS + 1, len(words))) if words[at].lower() in joining]
    parts = (words[:at] for at in reversed(seams))
    return next((" ".join(part) for part in parts if _BETWEEN.isdisjoint(map(str.lower, part))), "").rstrip(",;:")


def _beginning(text: str) -> str:
    kept = ""
    for phrase in phrases(text[: 4 * _LETTERS]):
        if not _fits((kept + phrase).strip()):
            break
        kept += phrase
    words = kept.split()
    # What nothing may follow is no place to pause, either.
    while len(words) > _FEWEST and is_small(words[-1]):
        words.pop()
    begun = " ".join(words) or text[:_DENSE]
    return f"{unfinished(begun)}…"


def _in_colour(text: str) -> tuple[str, ...]:
    words = [stripped for phrase in phrases(text) if (stripped := phrase.strip(_MARKS))]
    numbers = [word for word in words if any(map(str.isdigit, word))]
    telling = [word for word in words if not is_small(word)]
    return (max(numbers or telling or words, key=len),) if words else ()
