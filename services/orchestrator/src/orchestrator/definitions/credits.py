"""Who has to be named for what others made, in the words that go out with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

CAPTION_LIMIT = 2_200
"""Characters of a caption on the platforms that take fewest words with a film; `accepts` of a gate says the same."""
_HEAD = "\n\nCredits:\n"


def distinct(texts: Sequence[str | None]) -> list[str]:
    """The texts, each once, in their order. Empty ones and nulls are none."""
    if isinstance(texts, str) or not isinstance(texts, Sequence):
        raise TypeError("only a list of texts has distinct ones")
    return list(dict.fromkeys(text.strip() for text in texts if text and text.strip()))


def credited(caption: str, credits: Sequence[str]) -> str:
    """The caption with each credit once, on lines of their own below it.

    Where both are too long for a post, the caption's own words give way, at the end of one: the credits are owed.
    """
    if not isinstance(caption, str):
        raise TypeError("only a text can be given credits")
    # Whoever is named in the caption's own words is named.
    owed = [credit for credit in distinct(credits) if credit not in caption]
    if not owed:
        return caption
    below = _HEAD + "\n".join(owed)
    own = caption.rstrip()
    room = max(0, CAPTION_LIMIT - len(below))
    if len(own) > room:
        own = re.sub(r"\s*\S*$", "", own[:room]).rstrip() + "…" if room > 1 else ""
    return f"{own}{below}".lstrip()


def uncredited(caption: str, credits: Sequence[str]) -> str:
    """The caption's own words: what `credited` set below it is taken off, and anything a person wrote stays."""
    if not isinstance(caption, str):
        raise TypeError("only a text can have credits")
    own, _, below = f"\n\n{caption}".rpartition(_HEAD)
    if below and set(below.splitlines()) <= set(distinct(credits)):
        return own.removeprefix("\n\n")
    return caption
