"""One look at a text's words for all rules together: which phrases of which rules could be in it at all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from safety.rules.lexicon import Lexicon, Phrase
from safety.rules.passage import Passage

_EVERYWHERE = frozenset(
    re.findall(
        r"\w+",
        """
    a all an and are as be by can do for from get go have how i in is it like made make making me my new no not of on
    one or our people say so some that the their them this time to up use we what when will with you your
    aber auf aus das dass dem den der des die dir du ein eine einen er es euch fur hat ich ihr im in ist kann man mein
    mit nicht oder sein sich sie sind so und uns vom von was wer wie wir wird zu zum zur
        """,
    )
)
"""Words of nearly every text: waking a rule for them would wake it always. Only speed depends on this list."""


class Index:
    """For each telling word the phrases that need it. What it does not name cannot match, so nothing else is tried."""

    def __init__(self, lexicons: Sequence[Lexicon | None]) -> None:
        self._phrases: dict[str, list[tuple[int, int]]] = {}
        for rule, lexicon in enumerate(lexicons):
            for number, phrase in enumerate(lexicon.phrases if lexicon else ()):
                for word in _telling_words(phrase):
                    self._phrases.setdefault(word, []).append((rule, number))

    def awake(self, passage: Passage) -> dict[int, set[int]]:
        """For each rule that may have something to say: the numbers of its phrases."""
        found: dict[int, set[int]] = {}
        for word in passage.places.keys() & self._phrases.keys():
            for rule, number in self._phrases[word]:
                found.setdefault(rule, set()).add(number)
        return found


def _telling_words(phrase: Phrase) -> frozenset[str]:
    """The words of one place of the phrase: any match has one of them. The first place has whole words in any case."""
    whole = [element.words for element in phrase if not element.beginnings]
    return min(whole, key=lambda words: (bool(words & _EVERYWHERE), len(words)))
