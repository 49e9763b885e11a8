"""`docs/policies.md`: what each rule looks for, how well it does on labelled texts, and what nobody looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from safety.about import EVERYWHERE, Scope
from safety.loading import Pack
from safety.measuring import Score, labelled_texts, score_rules, total, whole_policy
from safety.policy import Rule, shipped

from cli.places import REPOSITORY

PATH = "docs/policies.md"
LABELLED = "libs/safety/tests/labelled"
_IN_FORCE = {
    "always": "Always in force.",
    "unless_switched_off": "In force unless a tenant switches it off.",
    "when_chosen": "In force for tenants that choose it.",
}
_HEAD = f"""\
<!-- Written by `./greenlight dev gen` from libs/safety/src/safety/packs and {LABELLED}. Do not edit. -->

# Policies

A pack is a folder of YAML: rules, and the tests it has to pass before anybody can put it in force. A rule warns
(`info`), asks for a person (`review`) or stops (`blocking`). A tenant adds packs of its own and makes rules stricter;
what is always in force cannot be switched off or softened. How a pack is written:
[ADR 0025](adr/0025-policies-are-packs.md).
"""
_MEASURED = """\
## How well they do

Measured on {texts} texts in English and German, traps among them ([`{folder}`](../{folder})).
Whoever wrote them labelled them by what they mean, whether the rules find it or not. *Precision*: of what a rule found,
how much is there. *Recall*: of what is there, how much it found. The packs were written with these texts in view, so on
others they will do worse; a rule with few texts is hardly measured at all. Over all rules: precision {precision},
recall {recall}.
A rule below 0.9 misses one text, which says it in words of which each is harmless ("Turn a flashlight into a
suppressor"): a phrase for that text alone would raise the number and find nothing else. A person, or a safety model,
has to see those. What is found and is not there is an address with a number behind the @ (`root@198.51.100.7`).
Rules that look at numbers, fields and measures instead of words are held to the tests in their packs only.
"""


def generate() -> dict[str, str]:
    """The one file."""
    return {PATH: "\n".join(_lines()) + "\n"}


def _lines() -> Iterator[str]:
    texts = labelled_texts(REPOSITORY / LABELLED)
    scores = score_rules(whole_policy(), texts)
    everything = total(list(scores.values()))
    yield _HEAD
    yield _MEASURED.format(
        texts=len(texts),
        folder=LABELLED,
        precision=_share(everything.precision),
        recall=_share(everything.recall),
    )
    for pack in sorted(shipped().values(), key=lambda pack: (list(_IN_FORCE).index(pack.in_force), pack.name)):
        yield from _pack(pack, scores)


def _pack(pack: Pack, scores: Mapping[str, Score]) -> Iterator[str]:
    yield f"## {pack.name} {pack.version}"
    yield ""
    yield f"{pack.description} {_IN_FORCE[pack.in_force]}"
    yield ""
    yield "| rule | severity | what it looks for | precision | recall | texts |"
    yield "|---|---|---|---|---|---|"
    for rule in pack.rules:
        yield _rule(rule, scores.get(rule.id, Score()))
    yield ""
    if pack.not_looked_at:
        yield "Nobody looks at:"
        yield ""
        yield from (f"- {said}" for said in pack.not_looked_at)
        yield ""


def _rule(rule: Rule, score: Score) -> str:
    said = [rule.text, _scope(rule.scope), f"Basis: {rule.basis}." if rule.basis else ""]
    what = " ".join(filter(None, said)).replace("|", "\\|")
    measured = f"{_share(score.precision)} | {_share(score.recall)} | {score.found + score.missed or '–'}"
    return f"| `{rule.id}` | {rule.severity} | {what} | {measured} |"


def _scope(scope: Scope) -> str:
    if scope == EVERYWHERE:
        return ""
    parts = [*sorted(scope.platforms), *sorted(scope.kinds), *scope.fields, *sorted(scope.languages | scope.stages)]
    return f"Only: {', '.join(parts)}."


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.2f}"
