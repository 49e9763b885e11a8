"""A draft: one way to tell a brief, before it is trimmed to its length."""

from __future__ import annotations

from dataclasses import dataclass

from vendors.text_model.offline.library import Line
from vendors.text_model.offline.words import spoken_length

WORDS_PER_SECOND = 2.45
"""A little under natural speech (2.6), because every scene begins and ends with a breath."""


@dataclass(frozen=True)
class Draft:
    """Hook, lines and close of one idea, with the words that explain the idea to a reviewer."""

    angle: str
    title: str
    hook: str
    lines: tuple[Line, ...]
    close: Line
    why: str
    numbered: str = ""
    """How points are counted: `down`, `up`, `steps`; empty when they are not."""
    whole: bool = False
    """Whether the lines belong together (a list that was asked for) and are not to be cut."""


def word_budget(target_seconds: int) -> int:
    """How many spoken words fill `target_seconds`."""
    return int(target_seconds * WORDS_PER_SECOND)


def most_beats(target_seconds: int) -> int:
    """How many scenes a film of that length bears, hook and close included."""
    if target_seconds <= 4:
        return 1
    if target_seconds <= 7:
        return 2
    return (
        min(24, max(3, 2 + round(target_seconds / 6.2)))
        if target_seconds < 40
        else min(24, 3 + round(target_seconds / 9.5))
    )


def trimmed(draft: Draft, *, target_seconds: int) -> tuple[Line, ...]:
    """The lines of a draft that fit beside its hook and close, in their order; at least one.

    Lines are taken as long as they fit, so a long one may be passed over for a shorter one behind it.
    """
    if draft.whole:
        return draft.lines
    room = word_budget(target_seconds) - spoken_length(draft.hook) - spoken_length(draft.close.say)
    most = max(1, most_beats(target_seconds) - 2) + (target_seconds > 40) * 3
    kept: list[Line] = []
    for line in draft.lines:
        length = spoken_length(line.say) + bool(draft.numbered)
        if (
            length <= room + (2 if target_seconds >= 15 else 0)
            and len(kept) < 2 * most
            and (len(kept) < most or min(length, spoken_length(kept[-1].say)) < 6)
        ):
            kept.append(line)
            room -= length
    return tuple(kept) or (min(draft.lines, key=lambda line: spoken_length(line.say)),)
