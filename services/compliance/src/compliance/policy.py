"""The rules as data: a folder of YAML files becomes one frozen policy, named by the digest of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from common.contracts.values import JsonObject
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from compliance.rules import credentials, disclosure, injection, lexicon, personal
from compliance.rules.passage import Passage, Span

BASE = Path(__file__).with_name("policies") / "base"
Severity = Literal["blocking", "review", "info"]
FindSpans = Callable[[Passage], Iterable[Span]]
FindPaths = Callable[[JsonObject], Iterable[str]]
Mask = Callable[[str], str]

_SPAN_DETECTORS: dict[str, FindSpans] = {
    "email": personal.find_email,
    "phone": personal.find_phone,
    "card": personal.find_card,
    "iban": personal.find_iban,
    "us_ssn": personal.find_us_ssn,
    "ip_address": personal.find_ip_address,
    "hidden_text": injection.find_hidden_text,
}
_PATH_DETECTORS: dict[str, FindPaths] = {"undisclosed_post": disclosure.find_undisclosed_post}


class BadPolicy(ValueError):
    """A policy file that cannot be used: says which file and why."""


@dataclass(frozen=True)
class Rule:
    """One rule, ready to look. `in_text` looks at each string, `in_content` at the whole."""

    id: str
    severity: Severity
    text: str
    remedy: str
    in_text: tuple[FindSpans, ...] = ()
    in_content: tuple[FindPaths, ...] = ()
    mask: Mask = personal.mask_personal


@dataclass(frozen=True)
class Policy:
    """Rules in order, and the version that every verdict and manifest names."""

    version: str
    rules: tuple[Rule, ...]


class _ShapeSpec(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: str = Field(min_length=2)
    rest: str


class _RuleSpec(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z_]+\.[a-z_0-9]+$")
    severity: Severity
    text: str = Field(min_length=1, max_length=300)
    remedy: str = Field(min_length=1, max_length=300)
    phrases: list[str] = []
    allow: list[str] = []
    literals: list[str] = []
    shapes: list[_ShapeSpec] = []
    detector: str | None = None

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not (self.phrases or self.literals or self.shapes or self.detector):
            raise ValueError(f"rule {self.id!r} looks for nothing")
        if self.detector and self.detector not in {**_SPAN_DETECTORS, **_PATH_DETECTORS}:
            raise ValueError(f"rule {self.id!r}: there is no detector {self.detector!r}")
        return self


class _PolicyFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lists: dict[str, list[str]] = {}
    rules: list[_RuleSpec] = Field(min_length=1)


@dataclass(frozen=True)
class _Source:
    name: str
    data: bytes = field(repr=False)


def load_policy(folder: Path = BASE) -> Policy:
    """The policy in a folder. Raises `BadPolicy`: a rule that cannot be read must not be a rule that is not there."""
    sources = [_Source(path.name, path.read_bytes()) for path in sorted(folder.glob("*.yaml"))]
    if not sources:
        raise BadPolicy(f"{folder} holds no rules")
    rules = tuple(rule for source in sources for rule in _rules_of(source))
    ids = [rule.id for rule in rules]
    if twice := sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1}):
        raise BadPolicy(f"{folder}: declared twice: {', '.join(twice)}")
    return Policy(f"{folder.name}-{_digest(sources)}", rules)


def _digest(sources: Sequence[_Source]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(f"{source.name}\0{len(source.data)}\0".encode() + source.data)
    return digest.hexdigest()[:16]


def _rules_of(source: _Source) -> Iterator[Rule]:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    try:
        file = _PolicyFile.model_validate(yaml.load(source.data.decode()))
        for spec in file.rules:
            yield _rule(spec, file.lists)
    except (YAMLError, ValidationError, ValueError, LookupError) as error:
        raise BadPolicy(f"{source.name}: {error}") from error


def _rule(spec: _RuleSpec, lists: dict[str, list[str]]) -> Rule:
    in_text: list[FindSpans] = []
    if spec.phrases:
        phrases = tuple(lexicon.phrase(text, lists) for text in spec.phrases)
        allow = tuple(lexicon.phrase(text, lists) for text in spec.allow)
        in_text.append(lexicon.Lexicon(phrases, allow).find)
    if spec.literals:
        in_text.append(injection.Literals(tuple(literal.lower() for literal in spec.literals)).find)
    if spec.shapes:
        in_text.append(credentials.Shapes(tuple(credentials.shape(item.start, item.rest) for item in spec.shapes)).find)
    if spec.detector in _SPAN_DETECTORS:
        in_text.append(_SPAN_DETECTORS[spec.detector])
    return Rule(
        id=spec.id,
        severity=spec.severity,
        text=spec.text,
        remedy=spec.remedy,
        in_text=tuple(in_text),
        in_content=(_PATH_DETECTORS[spec.detector],) if spec.detector in _PATH_DETECTORS else (),
        mask=credentials.masked_credential if spec.shapes else personal.mask_personal,
    )
