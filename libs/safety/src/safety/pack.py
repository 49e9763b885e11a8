"""Policy packs: rules as YAML that somebody can read, with tests that show what they find and what they let pass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from common.contracts.brand import EndWords
from common.contracts.scenes import Anchor, Face
from common.contracts.values import JsonObject, Sha256
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from safety.about import KINDS

Severity = Literal["blocking", "review", "info"]
InForce = Literal["always", "unless_switched_off", "when_chosen"]
PACK_NAME = r"^[a-z][a-z0-9_]{1,39}$"
RULE_ID = r"^[a-z][a-z_0-9]*\.[a-z_0-9]+$"
TEXT_LIMIT = 256 * 1024
"""Characters of a tenant's pack."""

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=1500)]
Name = Annotated[str, StringConstraints(pattern=PACK_NAME)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]


class Strict(BaseModel):
    """A part of a pack: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ShapeSpec(Strict):
    """A credential's shape: how it starts, and a pattern with bounded repeats for the rest."""

    start: str = Field(min_length=2)
    rest: str


class ScopeSpec(Strict):
    """Where a rule applies; what is left out does not limit it."""

    kinds: list[str] = []
    fields: list[Annotated[str, StringConstraints(pattern=r"^(/[^\s]*|[A-Za-z0-9_.-]+)$")]] = []
    platforms: list[str] = []
    languages: list[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]] = []
    stages: list[str] = []

    @model_validator(mode="after")
    def _knows_its_kinds(self) -> Self:
        if unknown := sorted(set(self.kinds) - set(KINDS)):
            raise ValueError(f"there is no kind {', '.join(unknown)}; there are {', '.join(KINDS)}")
        return self


class RuleSpec(Strict):
    """One rule as it is written."""

    id: str = Field(pattern=RULE_ID)
    severity: Severity
    text: Sentence
    remedy: Sentence
    basis: str = Field(default="", max_length=300, description="The law, guideline or limit it rests on.")
    evidence: str = Field(default="", max_length=300, description="What a finding of `when` quotes, with ${…}.")
    confidence: float | None = Field(default=None, gt=0, le=1)
    scope: ScopeSpec = ScopeSpec()
    phrases: list[Words] = []
    allow: list[Words] = []
    literals: list[Annotated[str, StringConstraints(min_length=2, max_length=200)]] = []
    shapes: list[ShapeSpec] = []
    detector: str | None = None
    when: str | None = Field(default=None, min_length=1, max_length=1000)
    for_each: list[str] = []
    threshold: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")], float | int | str] = {}

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not (self.phrases or self.literals or self.shapes or self.detector or self.when):
            raise ValueError(f"rule {self.id!r} looks for nothing")
        if not self.when and (self.for_each or self.threshold or self.evidence):
            raise ValueError(f"rule {self.id!r}: for_each, threshold and evidence go with `when`")
        if self.allow and not self.phrases:
            raise ValueError(f"rule {self.id!r}: `allow` excuses phrases, and there are none")
        return self


class ToneSpec(Strict):
    """How the brand speaks."""

    avoid: list[Words] = []
    most_exclamation_marks: int | None = Field(default=None, ge=0)


class LogoSpec(Strict):
    """The logo: a PNG that was uploaded (`POST /v1/uploads?kind=logo`), by its hash, and where it stands."""

    upload: Sha256
    place: Anchor = Anchor.TOP_RIGHT
    width: float = Field(default=0.08, gt=0, le=0.5, description="As a share of the picture's short side.")
    opacity: float = Field(default=0.9, gt=0, le=1)


class EndSpec(EndWords):
    """The end card: its title, a line below, and how long it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FilmSpec(Strict):
    """What films take over from the kit besides its colours, of which they make their palette."""

    typeface: Face | None = None
    logo: LogoSpec | None = None
    end_card: EndSpec | None = None


class BrandSpec(Strict):
    """A brand kit: what content of the tenant should look and sound like."""

    colours: list[Colour] = Field(default=[], max_length=24)
    neutrals: list[Colour] = Field(default=["#000000", "#FFFFFF"], max_length=24)
    tolerance: float = Field(default=20, gt=0, le=100, description="How far a colour may be off: CIE76 ΔE.")
    forbidden_words: list[Words] = []
    tone: ToneSpec = ToneSpec()
    adherence: float = Field(default=0.8, gt=0, le=1, description="A lower score asks for a look.")
    film: FilmSpec = FilmSpec()


class TestSpec(Strict):
    """What the pack must find, and what it must let pass: exactly these rules of its own, or none."""

    __test__ = False

    text: str | None = None
    content: JsonObject | None = None
    facts: JsonObject = {}
    brand: BrandSpec | None = None
    stage: str = ""
    expect: list[str] | Literal["none"]

    @model_validator(mode="after")
    def _has_something_to_look_at(self) -> Self:
        if (self.text is None) == (self.content is None):
            raise ValueError("a test has either a text or a content")
        return self

    @property
    def subject(self) -> JsonObject:
        """What is looked at."""
        return self.content if self.content is not None else {"text": self.text}


class RiskSpec(Strict):
    """How findings and circumstances add up to a risk from 0 to 100, and where its levels begin."""

    severity: dict[Severity, int]
    another: dict[Severity, int]
    downgrade: int = Field(ge=0)
    stage: dict[str, int] = {}
    platforms: dict[str, int] = {}
    other_platform: int = Field(ge=0)
    minors_in_audience: int = Field(ge=0)
    history: int = Field(ge=0, description="Points for a tenant all of whose recent items were rejected or blocked.")
    at_most: dict[str, int] = {}
    levels: dict[Literal["medium", "high", "critical"], int]


class PartFile(Strict):
    """A further file of a shipped pack."""

    lists: dict[str, list[str]] = {}
    rules: list[RuleSpec] = []
    tests: list[TestSpec] = []
    risk: RiskSpec | None = None


class PackFile(PartFile):
    """`pack.yaml`: what the pack is, and its rules or the first of them."""

    pack: Name
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    description: Sentence
    in_force: InForce = "when_chosen"
    extends: list[Name] = []
    requires: list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}( >=\d+\.\d+\.\d+)?$")]] = []
    not_looked_at: list[Sentence] = []
    tighten: dict[Annotated[str, StringConstraints(pattern=RULE_ID)], Severity] = {}
    brand: BrandSpec | None = None

    def header(self) -> Mapping[str, str]:
        """What the pack is called and which version it is."""
        return {"pack": self.pack, "version": self.version}


def version_key(version: str) -> tuple[int, ...]:
    """For comparing versions."""
    return tuple(int(part) for part in re.findall(r"\d+", version))
