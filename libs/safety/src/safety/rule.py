"""One rule, ready to look: what its written form says, made into things that find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.contracts.values import JsonObject

from safety.about import EVERYWHERE, Scope
from safety.expressions import Condition, must_be_usable
from safety.pack import RuleSpec, Severity
from safety.rules import credentials, disclosure, injection, lexicon, personal
from safety.rules.passage import Passage, Span

FindSpans = Callable[[Passage], Iterable[Span]]
FindPaths = Callable[[JsonObject], Iterable[str]]
Mask = Callable[[str], str]

SPAN_DETECTORS: dict[str, FindSpans] = {
    "email": personal.find_email,
    "phone": personal.find_phone,
    "card": personal.find_card,
    "iban": personal.find_iban,
    "us_ssn": personal.find_us_ssn,
    "ip_address": personal.find_ip_address,
    "hidden_text": injection.find_hidden_text,
}
PATH_DETECTORS: dict[str, FindPaths] = {"undisclosed_post": disclosure.find_undisclosed_post}
"""What a rule may name as its `detector`: the first kind looks at each text, the second at the content as a whole."""


@dataclass(frozen=True)
class Rule:
    """One rule. `lexicon` and `in_text` look at each string, `in_content` and `conditions` at the whole."""

    id: str
    severity: Severity
    text: str
    remedy: str
    in_text: tuple[FindSpans, ...] = ()
    in_content: tuple[FindPaths, ...] = ()
    mask: Mask = personal.mask_personal
    lexicon: lexicon.Lexicon | None = None
    conditions: tuple[Condition, ...] = ()
    scope: Scope = EVERYWHERE
    pack: str = ""
    basis: str = ""
    confidence: float | None = None


def rule_of(spec: RuleSpec, lists: Mapping[str, Sequence[str]], *, pack: str) -> Rule:
    """The rule, ready to look. Raises `ValueError` or `LookupError` saying what is wrong with it."""
    in_text: list[FindSpans] = []
    if spec.literals:
        in_text.append(injection.Literals(tuple(literal.lower() for literal in spec.literals)).find)
    if spec.shapes:
        in_text.append(credentials.Shapes(tuple(credentials.shape(item.start, item.rest) for item in spec.shapes)).find)
    if spec.detector is not None and spec.detector not in SPAN_DETECTORS.keys() | PATH_DETECTORS.keys():
        raise ValueError(f"there is no detector {spec.detector!r}")
    if spec.detector in SPAN_DETECTORS:
        in_text.append(SPAN_DETECTORS[spec.detector])
    return Rule(
        id=spec.id,
        severity=spec.severity,
        text=spec.text,
        remedy=spec.remedy,
        in_text=tuple(in_text),
        in_content=(PATH_DETECTORS[spec.detector],) if spec.detector in PATH_DETECTORS else (),
        mask=credentials.masked_credential if spec.shapes else personal.mask_personal,
        lexicon=_lexicon(spec.phrases, spec.allow, lists),
        conditions=_conditions(spec),
        scope=_scope(spec),
        pack=pack,
        basis=spec.basis,
        confidence=spec.confidence,
    )


def _lexicon(
    phrases: Sequence[str], allow: Sequence[str], lists: Mapping[str, Sequence[str]]
) -> lexicon.Lexicon | None:
    if not phrases:
        return None
    return lexicon.Lexicon(
        tuple(lexicon.phrase(text, lists) for text in phrases), tuple(lexicon.phrase(text, lists) for text in allow)
    )


def _conditions(spec: RuleSpec) -> tuple[Condition, ...]:
    if spec.when is None:
        return ()
    condition = Condition(spec.when, tuple(spec.for_each), spec.evidence, tuple(sorted(spec.threshold.items())))
    must_be_usable(condition)
    return (condition,)


def _scope(spec: RuleSpec) -> Scope:
    return Scope(
        kinds=frozenset(spec.scope.kinds),
        fields=tuple(spec.scope.fields),
        platforms=frozenset(platform.casefold() for platform in spec.scope.platforms),
        languages=frozenset(spec.scope.languages),
        stages=frozenset(spec.scope.stages),
    )
