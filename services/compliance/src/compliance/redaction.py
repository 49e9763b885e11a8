"""What is kept of an entry when a person is forgotten: what was done and how it went, without who."""

from __future__ import annotations

import re
from typing import Any

from common.contracts.erasing import ERASED
from common.contracts.values import JsonObject

WORDS = frozenset({"roles", "scopes", "reviewers", "downgrades", "accepted_downgrades"})
"""Members that hold words of the system: somebody may be called `admin`, and the role is not about them."""
OWN_WORDS = frozenset({"comment", "reason", "note", "cause", "text", "title", "name", "display_name", "reply"})
"""Members in which people write: what the forgotten person wrote goes, whatever it says."""
ADDRESSES = frozenset({"ip", "user_agent"})


def redacted(body: JsonObject, user_id: str) -> JsonObject | None:
    """The entry without the person; None when it does not name them."""
    kept, named = _Redaction(user_id).of(body)
    return kept if named else None


class _Redaction:
    def __init__(self, user_id: str) -> None:
        self._user_id = user_id
        # As a word: `anna` is neither in `annabel` nor in `anna.smith`, but is at the end of a sentence.
        word = r"[\w@-]"
        self._mention = re.compile(rf"(?<!{word})(?<!{word}[.]){re.escape(user_id)}(?![.]?{word})")

    def of(self, value: Any, *, member: str = "", theirs: bool = False) -> tuple[Any, bool]:
        """The value without the person, and whether it named them. `theirs`: they did what it tells of."""
        if isinstance(value, dict):
            # What is kept of an erased entry is an entry inside of another, with an actor of its own.
            theirs = value["actor"] == self._user_id if "actor" in value else theirs
            pairs = {name: self.of(each, member=name, theirs=theirs) for name, each in value.items()}
            kept = {name: each for name, (each, _) in pairs.items() if not (theirs and name in ADDRESSES)}
            return kept, any(named for _, named in pairs.values())
        if isinstance(value, list):
            each = [self.of(one, member=member, theirs=theirs) for one in value]
            return [one for one, _ in each], any(named for _, named in each)
        if not isinstance(value, str) or member in WORDS:
            return value, False
        return self._of_text(value, member, theirs=theirs)

    def _of_text(self, text: str, member: str, *, theirs: bool) -> tuple[str, bool]:
        if text == self._user_id:
            return ERASED, True
        for sign in (":", "/"):
            head, found, last = text.rpartition(sign)
            if found and last == self._user_id:
                return f"{head}{sign}{ERASED}", True
        if self._mention.search(text):
            return ERASED, True
        if theirs and member in OWN_WORDS and text:
            return ERASED, True
        return text, False
