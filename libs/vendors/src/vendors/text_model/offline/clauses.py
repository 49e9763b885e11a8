"""Turning what people type into what people say: fragments into sentences, long sentences into short ones."""

from __future__ import annotations

import re

from vendors.text_model.offline.numbers import find_date
from vendors.text_model.offline.verbs import VERBS, is_finite
from vendors.text_model.offline.words import (
    DANGLING,
    decapitalise,
    finish,
    spoken_length,
    unfinished,
    word_count,
    word_set,
)

LONGEST = 20
"""Words one narration may have."""

_ENDLESS = 1_200
"""A sentence longer than this many signs has no end; only its beginning is used."""

_SUBJECTS = word_set("i we you he she it they this that these those there who what everyone everybody nobody people")
_OPENERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), template)
    for pattern, template in (
        (
            r"^(?P<r>(?:built|founded|established|born|opened|discovered|invented|designed|written|"
            r"painted)\s.*\b\d{4}\b.*)$", "It was {r}"),
        (r"^launching\s+(?P<r>.+)$", "It launches {r}"),
        (r"^(?:now )?opening\s+(?P<r>.+)$", "It opens {r}"),
        (r"^starting\s+(?P<r>.+)$", "It starts {r}"),
        (r"^arriving\s+(?P<r>.+)$", "It arrives {r}"),
        (r"^coming\s+(?P<r>.+)$", "It's coming {r}"),
        (r"^featuring\s+(?P<r>.+)$", "It features {r}"),
        (r"^including\s+(?P<r>.+)$", "It includes {r}"),
        (
            r"^(?P<r>(?:made|built|designed|brewed|baked|roasted|grown|powered|based|handmade|sourced|"
            r"inspired|set)\s.+)$", "It's {r}"),
        (
            r"^(?P<r>(?:available|free|open|perfect|ideal|suitable|safe|ready|waterproof|lightweight|"
            r"rechargeable|vegan|handmade)(?:\s+(?:for|to|in|at|on|from|with|until|of|by|"
            r"as)\b.*)?)$", "It's {r}"),
        (r"^with\s+(?P<r>.+)$", "It comes with {r}"),
        (r"^for\s+(?P<r>.+)$", "It's for {r}"),
        (r"^no\s+(?P<r>.+)$", "There's no {r}"),
        (r"^(?P<r>\d+\s?(?:%|percent) off.*)$", "You get {r}"),
        (r"^(?P<r>[$€£]\s?\d.*|\d+(?:[.,]\d+)?\s?(?:€|euros?|dollars|pounds)\b.*)$", "It costs {r}"),
    )
)  # fmt: skip
# `It opens tomorrow`, but `it opens on 14 June`.
_NO_ON = re.compile(r"^(?:tomorrow|tonight|this|next|every)\b", re.I)
_CONNECTIVE = re.compile(r"^(?:and|but|so|then|also|or|plus|because|which|while|where|as)\s+", re.I)
_SPLITS = (
    re.compile(r"\s*;\s*"),
    re.compile(r"\s+[–-]\s+"),
    re.compile(r",\s+(?=(?:but|so|yet|because|although|while|whereas)\s)", re.I),
    re.compile(
        r",\s+(?:and|then)\s+(?=(?:i|we|you|he|she|it|they|the|this|that|our|your|there|every|each|most)\s)", re.I
    ),
    re.compile(r"\s+(?=(?:because|although|whereas|but|so that)\s)", re.I),
    re.compile(r",\s+(?=which\s|who\s|where\s|when\s)", re.I),
    re.compile(r",\s+(?:and\s+)?"),
    re.compile(r"\s+(?:and)\s+(?=\w+\s+\w+\s+\w+)", re.I),
    re.compile(
        r"\s+(?=(?:when|while|until|before|after|that|if|where|with|through|during|for|from|into|over)\s)", re.I
    ),
)


def is_clause(text: str) -> bool:
    """Whether `text` can stand as a sentence: it has a verb we know, or a pronoun as its subject."""
    words = [word.strip("\"'.,:;!?()").lower() for word in text.split()]
    if not words:
        return False
    return words[0] in _SUBJECTS or any(word in VERBS or is_finite(word) for word in words)


def subject_of(sentence: str) -> str:
    """The words before the first verb of a sentence, if they are a short phrase and no bare pronoun; else nothing."""
    kept: list[str] = []
    for word in sentence.split():
        bare = word.strip("\"',.;:!?").lower()
        if is_finite(bare) or (kept and bare in VERBS):
            break
        kept.append(word)
        if word[-1] in ",;:" or len(kept) > 5:
            return ""
    phrase = unfinished(" ".join(kept))
    return (
        ""
        if not kept or len(kept) > 5 or kept[0].lower() in _SUBJECTS or len(kept) == len(sentence.split())
        else phrase
    )


def as_sentence(fragment: str) -> str:
    """A spoken sentence that says what `fragment` says, without adding anything to it."""
    bare = unfinished(_CONNECTIVE.sub("", fragment.strip()) if not is_clause(fragment) else fragment.strip())
    if not bare:
        return ""
    for pattern, template in _OPENERS:
        if match := pattern.match(bare):
            rest = decapitalise(match.group("r"))
            dated = find_date(rest)
            return finish(
                template.format(
                    r=f"on {rest}"
                    if dated and rest.startswith(dated) and dated[0].isalnum() and not _NO_ON.match(dated)
                    else rest
                )
            )
    return finish(fragment if is_clause(fragment) else bare)


def spoken_parts(sentence: str, *, longest: int = LONGEST) -> tuple[str, ...]:
    """`sentence` as pieces of at most `longest` words, each a sentence that does not hang in the air."""
    sentence = sentence if len(sentence) <= _ENDLESS else sentence[:_ENDLESS].rsplit(" ", 1)[0]
    text = re.sub(r"\s*\((?:[^()]*)\)", "", sentence) if spoken_length(sentence) > longest else sentence
    if spoken_length(text) <= longest:
        return (finish(text),) if text.strip() else ()
    for split in _SPLITS:
        pieces = _halves(text, split)
        if pieces:
            first, second = pieces
            return (*spoken_parts(first, longest=longest), *spoken_parts(_restart(second), longest=longest))
    return _chopped(text, longest)


def _halves(text: str, split: re.Pattern[str]) -> tuple[str, str] | None:
    """`text` cut at the place nearest its middle that leaves two pieces of some substance; None if there is none."""
    total = len(text)
    usable = [
        match
        for match in split.finditer(text)
        if word_count(text[: match.start()]) >= 3
        and word_count(text[match.end() :]) >= 3
        and text[: match.start()].rsplit(maxsplit=1)[-1].lower() not in DANGLING
    ]
    if not usable:
        return None
    best = min(usable, key=lambda match: abs(match.start() - total / 2))
    return text[: best.start()], text[best.end() :]


def _restart(piece: str) -> str:
    """The second half of a cut sentence as a beginning: `which …` becomes `This …`."""
    piece = piece.strip()
    if match := re.match(r"^(?:and|then)\s+(.*)$", piece, re.I | re.S):
        piece = match.group(1)
    if match := re.match(r"^which\s+(.*)$", piece, re.I | re.S):
        piece = f"That {match.group(1)}"
    return piece


def _chopped(text: str, longest: int) -> tuple[str, ...]:
    """Text without any seam, in pieces of bounded length that avoid ending on a small word."""
    words = text.split()
    if len(words) == 1 or spoken_length(words[0]) > longest:
        # A script without spaces: cut by characters, which is where its captions break anyway.
        step = max(10, longest)
        return tuple(finish(text[index : index + step]) for index in range(0, min(len(text), 40 * step), step))
    pieces: list[str] = []
    while words:
        size = 0
        while size < len(words) and spoken_length(" ".join(words[: size + 1])) <= longest:
            size += 1
        size = max(size, 1)
        end = size
        while end < len(words) and end > 4 and words[end - 1].lower().strip(",;:") in DANGLING:
            end -= 1
        pieces.append(finish(" ".join(words[:end])))
        words = words[end:]
    return tuple(pieces)
