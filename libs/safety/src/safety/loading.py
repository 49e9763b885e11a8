"""A pack's files, or its one text, become a `Pack`; whatever is wrong with them is said with file, line and field."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from safety.pack import TEXT_LIMIT, BrandSpec, InForce, PackFile, PartFile, RiskSpec, RuleSpec, Severity, TestSpec
from safety.reading import BadPolicy, Field, problem, read
from safety.rule import Rule, rule_of
from safety.rules import lexicon

HEADER = "pack.yaml"
RULES_LIMIT = 300


@dataclass(frozen=True)
class Pack:
    """A pack that can be put in force. `digest` is of the very bytes it was read from."""

    name: str
    version: str
    description: str
    in_force: InForce
    digest: str
    rules: tuple[Rule, ...]
    tests: tuple[TestSpec, ...] = ()
    extends: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    tighten: tuple[tuple[str, Severity], ...] = ()
    not_looked_at: tuple[str, ...] = ()
    brand: BrandSpec | None = None
    risk: RiskSpec | None = None


@dataclass(frozen=True)
class _Part:
    name: str
    text: str = field(repr=False)
    file: PartFile


def load_pack(folder: Path) -> Pack:
    """The pack in a folder: `pack.yaml` and the YAML files beside it. Raises `BadPolicy`.

    A rule that cannot be read must not be a rule that is not there, so one error is an error of the whole pack.
    """
    header = folder / HEADER
    if not header.is_file():
        raise BadPolicy(f"{folder.name} has no {HEADER}")
    paths = [header, *(path for path in sorted(folder.glob("*.yaml")) if path != header)]
    data = [(f"{folder.name}/{path.name}", path.read_bytes()) for path in paths]
    first = read(data[0][1].decode(), PackFile, name=data[0][0])
    parts = [_Part(data[0][0], data[0][1].decode(), first)]
    parts += [_Part(name, raw.decode(), read(raw.decode(), PartFile, name=name)) for name, raw in data[1:]]
    return _pack(first, parts, digest=_digest(data))


def read_pack(text: str, *, name: str = "pack.yaml") -> Pack:
    """The pack of a tenant, from its one text. Raises `BadPolicy`.

    Its rules are called after it (`<pack>.<rule>`) and may hold no patterns (`shapes`): a pattern can be made to take
    for ever, words and CEL cannot.
    """
    if len(text) > TEXT_LIMIT:
        raise BadPolicy(f"{name}: a pack has at most {TEXT_LIMIT} characters")
    file = read(text, PackFile, name=name)
    part = _Part(name, text, file)
    problems = [problem(text, where, said, name=name) for where, said in _not_for_tenants(file)]
    if problems:
        raise BadPolicy(*problems)
    return _pack(file, [part], digest=_digest([(name, text.encode())]))


def _not_for_tenants(file: PackFile) -> Iterator[tuple[Field, str]]:
    if file.in_force != "when_chosen":
        yield ("in_force",), "a tenant's pack is in force when it is activated"
    if file.risk is not None:
        yield ("risk",), "how risk is counted is the same for all tenants"
    if len(file.rules) > RULES_LIMIT:
        yield ("rules",), f"a pack has at most {RULES_LIMIT} rules"
    for number, rule in enumerate(file.rules):
        if not rule.id.startswith(f"{file.pack}."):
            yield ("rules", number, "id"), f"rules of this pack are called {file.pack}.<name>, not {rule.id}"
        if rule.shapes:
            yield ("rules", number, "shapes"), "patterns are for shipped packs; use phrases, literals or `when`"


def _pack(header: PackFile, parts: Sequence[_Part], *, digest: str) -> Pack:
    problems: list[str] = []
    rules: list[Rule] = []
    seen: set[str] = set()
    for part in parts:
        for number, spec in enumerate(part.file.rules):
            try:
                rules.append(rule_of(spec, part.file.lists, pack=header.pack))
            except (ValueError, LookupError) as error:
                at = ("rules", number, _blamed(spec, error))
                problems.append(problem(part.text, at, str(error), name=part.name))
            if spec.id in seen:
                problems.append(
                    problem(part.text, ("rules", number, "id"), f"{spec.id} is there twice", name=part.name)
                )
            seen.add(spec.id)
    rules += _brand_rules(header, problems, parts[0])
    tests = tuple(test for part in parts for test in part.file.tests)
    problems += _unknown_in_tests(parts, {rule.id for rule in rules}, extended=bool(header.extends))
    if not rules and not header.extends and not header.tighten:
        problems.append(f"{parts[0].name}: the pack holds no rules")
    if problems:
        raise BadPolicy(*problems)
    risk = next((part.file.risk for part in parts if part.file.risk is not None), None)
    return Pack(
        name=header.pack,
        version=header.version,
        description=header.description,
        in_force=header.in_force,
        digest=digest,
        rules=tuple(rules),
        tests=tests,
        extends=tuple(header.extends),
        requires=tuple(header.requires),
        tighten=tuple(sorted(header.tighten.items())),
        not_looked_at=tuple(header.not_looked_at),
        brand=header.brand,
        risk=risk,
    )


def _brand_rules(header: PackFile, problems: list[str], part: _Part) -> Iterator[Rule]:
    """The words of a brand kit are rules like others."""
    brand = header.brand
    if brand is None:
        return
    said = (
        ("forbidden_words", brand.forbidden_words, "A word this brand does not use.", "Choose another word."),
        ("tone", brand.tone.avoid, "This does not sound like the brand.", "Say it the way the brand kit describes."),
    )
    for name, phrases, text, remedy in said:
        if not phrases:
            continue
        spec = RuleSpec(
            id=f"{header.pack}.{name}", severity="review", text=text, remedy=remedy, phrases=phrases, basis="Brand kit"
        )
        try:
            yield rule_of(spec, part.file.lists, pack=header.pack)
        except (ValueError, LookupError) as error:
            problems.append(problem(part.text, ("brand",), str(error), name=part.name))


def _unknown_in_tests(parts: Sequence[_Part], known: set[str], *, extended: bool) -> Iterator[str]:
    if extended:
        # Rules that come from other packs are only known once the pack is composed; running the tests finds them.
        return
    for part in parts:
        for number, test in enumerate(part.file.tests):
            if test.expect != "none" and (missing := sorted(set(test.expect) - known)):
                at = ("tests", number, "expect")
                yield problem(part.text, at, f"there is no rule {', '.join(missing)}", name=part.name)


def _blamed(spec: RuleSpec, error: Exception) -> str:
    """The field of a rule that an error is about."""
    said = str(error)
    if spec.detector and repr(spec.detector) in said:
        return "detector"
    if any(repr(shape.rest) in said for shape in spec.shapes):
        return "shapes"
    if any(repr(text) in said for text in spec.allow):
        return "allow"
    return "phrases" if isinstance(error, lexicon.BadPhrase) else "when" if spec.when else "id"


def _digest(data: Sequence[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, raw in sorted(data):
        digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
    return digest.hexdigest()
