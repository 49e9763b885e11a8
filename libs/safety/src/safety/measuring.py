"""How well rules do on labelled texts: what they found that is there, what they missed, and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from safety.checks import check
from safety.pack import Strict
from safety.policy import Policy, compose, shipped
from safety.reading import read


class Labelled(Strict):
    """A text, and the rules that a person says apply to it."""

    text: str
    rules: list[str]


class LabelledFile(Strict):
    """Labelled texts."""

    texts: list[Labelled]


@dataclass
class Score:
    """One rule on all labelled texts."""

    found: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float | None:
        """Of what it found, how much is there; None when it found nothing."""
        return self.found / (self.found + self.false) if self.found + self.false else None

    @property
    def recall(self) -> float | None:
        """Of what is there, how much it found; None when nothing is."""
        return self.found / (self.found + self.missed) if self.found + self.missed else None


def labelled_texts(folder: Path) -> list[Labelled]:
    """Every text of the YAML files in a folder. Raises `BadPolicy`."""
    paths = sorted(folder.glob("*.yaml"))
    return [text for path in paths for text in read(path.read_text(), LabelledFile, name=path.name).texts]


def whole_policy() -> Policy:
    """Every shipped pack in force at once."""
    return compose(list(shipped().values()))


def score_rules(policy: Policy, texts: Iterable[Labelled]) -> dict[str, Score]:
    """Each rule's score. Rules that look at more than text have none unless a text sets them off."""
    scores: dict[str, Score] = {}
    for labelled in texts:
        found = {finding.rule for finding in check(policy, {"text": labelled.text}).findings}
        for rule in found | set(labelled.rules):
            score = scores.setdefault(rule, Score())
            score.found += rule in found and rule in labelled.rules
            score.missed += rule not in found
            score.false += rule not in labelled.rules
    return scores


def total(scores: Sequence[Score]) -> Score:
    """All of them together."""
    return Score(*(sum(getattr(score, name) for score in scores) for name in ("found", "missed", "false")))
