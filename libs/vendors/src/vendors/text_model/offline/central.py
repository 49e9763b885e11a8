"""What a text is mostly about: key phrases, and the sentences that carry most of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from vendors.text_model.offline.verbs import is_finite
from vendors.text_model.offline.words import STOP_WORDS, content_words, stem, tokens, word_set

_CHUNK = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]|\n", re.UNICODE)
_LIGHT = word_set(
    """really quite thing things something anything everything lot lots way ways good great nice best better big
    small today people time year years day days week first last next come comes go goes take takes use uses used
    work works need needs want wants help helps keep keeps see look find show shows tell tells know say says
    made right free off start starts open opens bring launch launching launches introducing announce meet
    welcome using one two three four five six seven eight nine ten cut put buying anything whole half many much
    simple real million billion thousand percent"""
)


def key_phrases(texts: Sequence[str], *, most: int = 8) -> tuple[str, ...]:
    """The phrases of one to three words that `texts` turn on, most telling first, as they are written."""
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    order: dict[str, int] = {}
    for position, text in enumerate(texts):
        for chunk in _chunks(text):
            key = " ".join(stem(word) for word in chunk)
            shown.setdefault(key, " ".join(chunk))
            order.setdefault(key, len(order))
            # Two-word phrases say more than one word; the first sentence of a brief says what it is about.
            counts[key] += (1, 3, 3)[len(chunk) - 1] + (2 if position == 0 else 0)
            counts[key] += any(word[:1].isupper() for word in chunk)
    ranked = sorted(counts, key=lambda key: (-counts[key], order[key]))
    chosen: list[str] = []
    taken: set[str] = set()
    for key in ranked:
        if not set(key.split()) <= taken:
            chosen.append(shown[key])
            taken |= set(key.split())
        if len(chosen) == most:
            break
    return tuple(chosen)


def _chunks(text: str) -> list[tuple[str, ...]]:
    """Runs of words between small words and punctuation, at most three words each."""
    found: list[tuple[str, ...]] = []
    run: list[str] = []
    for token in [*_CHUNK.findall(text), "."]:
        word = token.lower().removesuffix("'s")
        if (
            token[:1].isalnum()
            and word not in STOP_WORDS
            and word not in _LIGHT
            and not word.isdigit()
            and not is_finite(word)
        ):
            run.append(token.removesuffix("'s"))
            continue
        if run:
            found.append(tuple(run[-3:]))
        run = []
    return found


def most_central(sentences: Sequence[str], most: int) -> list[str]:
    """At most `most` of the sentences: those whose words recur, in their own order. Repeated sentences count once."""
    unique = list(dict.fromkeys(sentence.strip() for sentence in sentences))
    if len(unique) <= most:
        return unique
    words = [content_words(sentence) for sentence in unique]
    frequency: Counter[str] = Counter(word for bag in words for word in bag)
    scores = [
        sum(min(frequency[word], 12) for word in bag) / (6 + len(tokens(sentence))) + (2.0 if index == 0 else 0.0)
        for index, (sentence, bag) in enumerate(zip(unique, words, strict=True))
    ]
    best = sorted(range(len(unique)), key=lambda index: -scores[index])[:most]
    return [unique[index] for index in sorted(best)]
