"""One mask for all that is kept or shown besides the content itself: logs, spans, audit entries."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from safety.policy import shipped
from safety.rule import FindSpans, Mask
from safety.rules.passage import Passage
from safety.rules.personal import mask_personal

_FAMILIES = ("credentials.",)
_HINT = re.compile(r"[@\d]|-----BEGIN|[A-Za-z]{2,8}[_-]")
"""Without one of these there is nothing to mask, which is true of most that is logged."""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What most of what is logged consists of: an id of ours is of nobody."""
_TOO_LONG = 20_000
"""A field of a log that long is shortened before it is looked at, so that a log line cannot stop the loop."""

_A_WORD = 100
"""What is no longer may be remembered."""


def mask(text: str) -> str:
    """The text with personal data and keys made unreadable; what else is in it stays as it is."""
    if text.isascii() and (_HINT.search(text) is None or _ID.fullmatch(text)):
        return text
    if len(text) <= _A_WORD:
        return _masked_word(text)
    if len(text) > _TOO_LONG:
        text = text[:_TOO_LONG] + " … (shortened)"
    return _masked(text)


@lru_cache(maxsize=2_000)
def _masked_word(text: str) -> str:
    """Names of routes and tenants, and hashes: what is said of one thing says the same ones over and over."""
    return _masked(text)


def _masked(text: str) -> str:
    passage = Passage("/", text)
    # Looked for in what is read, too: wide letters and signs of other alphabets only show there.
    if _HINT.search(passage.text) is None:
        return text
    masked = passage.text
    found = sorted(
        {(*span, hide) for find, hide in _secrets() for span in find(passage)}, key=lambda one: one[0], reverse=True
    )
    for start, end, hide in found:
        masked = masked[:start] + hide(masked[start:end]) + masked[end:]
    hidden = mask_personal(masked)
    return text if hidden == passage.text else hidden


@cache
def _secrets() -> tuple[tuple[FindSpans, Mask], ...]:
    rules = [rule for rule in shipped()["base"].rules if rule.id.startswith(_FAMILIES)]
    return tuple((find, rule.mask) for rule in rules for find in rule.in_text)
