"""A draft: one way to tell a brief, before it is trimmed to its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vendors.text_model.offline.library import Line
from vendors.text_model.offline.words import spoken_length

WORDS_PER_SECOND = 2.45
"""A little under natural speech (2.6), because every scene begins and ends with a breath."""

TOLERATED = 2
"""A good line may run over the budget by this many words; the voice is that fast now and then."""

SHORTEST = 6
"""A line with fewer words than this shares a scene with its neighbour."""


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
    order: tuple[str, ...] = ()
    """The order in which lines explain each other; `lines` itself is by importance."""
    whole: bool = False
    """Whether the lines belong together (a list that was asked for) and are not to be cut."""

    def arranged(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        """The chosen lines as they are told: the first stays first, the rest follow the explanation."""
        places = {say: place for place, say in enumerate(self.order)}
        if not places or len(lines) < 3:
            return tuple(lines)
        # A line that is no part of the explanation stays beside the one it followed.
        keys: list[float] = []
        for line in lines[1:]:
            keys.append(places.get(line.say, (keys[-1] if keys else -1) + 0.01))
        ranked = sorted(zip(keys, range(len(keys)), lines[1:], strict=True), key=lambda entry: entry[:2])
        return (lines[0], *(line for _, _, line in ranked))


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
    """The lines of a draft that fit beside its hook and close, as they are told; at least one.

    Lines are taken as long as they fit, so a long one may be passed over for a shorter one behind it. In a very short
    film the first line is worth more than the close.
    """
    if draft.whole:
        return draft.lines
    spare = TOLERATED if target_seconds >= 15 else 1
    left = word_budget(target_seconds) + spare - spoken_length(draft.hook)
    room = left - spoken_length(draft.close.say)
    if spoken_length(draft.lines[0].say) > room:
        room = left
    most = max(1, most_beats(target_seconds) - 2) + (target_seconds > 40) * 3
    kept: list[Line] = []
    for line in draft.lines:
        length = spoken_length(line.say) + bool(draft.numbered)
        small = bool(kept) and min(length, spoken_length(kept[-1].say)) < SHORTEST
        if length <= room and (len(kept) < most or (small and len(kept) < 2 * most)):
            kept.append(line)
            room -= length
    return draft.arranged(kept) or (min(draft.lines, key=lambda line: spoken_length(line.say)),)
