"""The rules in force: packs composed into one frozen policy, named by a digest of exactly what it is made of."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from safety.loading import Pack, load_pack
from safety.matching import Index
from safety.pack import BrandSpec, RiskSpec, Severity, version_key
from safety.reading import BadPolicy
from safety.rule import FindPaths, FindSpans, Rule

PACKS = Path(__file__).with_name("packs")
BASE = PACKS / "base"
_WEIGHT: dict[Severity, int] = {"info": 0, "review": 1, "blocking": 2}


@dataclass(frozen=True)
class Policy:
    """Rules in order, and the version that every verdict and manifest names."""

    version: str
    rules: tuple[Rule, ...]
    packs: tuple[Pack, ...] = ()
    risk: RiskSpec | None = None
    brand: BrandSpec | None = None

    @property
    def unchecked(self) -> tuple[str, ...]:
        """What no rule of this policy looks at, in sentences."""
        return tuple(dict.fromkeys(said for pack in self.packs for said in pack.not_looked_at))

    @cached_property
    def index(self) -> Index:
        """Which rules a text's words may concern: made once, used for every text."""
        return Index([rule.lexicon for rule in self.rules])


def load_policy(folder: Path | None = None) -> Policy:
    """The policy of whoever chose nothing: all shipped packs that are in force by themselves; or just one folder's.

    Raises `BadPolicy`: a rule that cannot be read must not be a rule that is not there.
    """
    if folder is not None:
        pack = load_pack(folder)
        return compose([pack], library={pack.name: pack})
    return default_policy()


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Pack]:
    """Every pack that comes with Greenlight, by name. Read once."""
    packs = [load_pack(folder) for folder in sorted(PACKS.iterdir()) if folder.is_dir()]
    return {pack.name: pack for pack in packs}


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """What is in force for a tenant that chose nothing."""
    return compose([pack for pack in shipped().values() if pack.in_force != "when_chosen"])


def compose(packs: Sequence[Pack], *, library: Mapping[str, Pack] | None = None) -> Policy:
    """One policy of these packs and those they extend, in the order given; the same packs give the same version.

    `library` is what `extends` can name, by default the shipped packs. Raises `BadPolicy` when a pack needs another
    that is not among them, two are called the same, two have a brand kit, or a severity would be lowered.
    """
    known = shipped() if library is None else library
    chosen = list(_with_extended(packs, known))
    names = [pack.name for pack in chosen]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadPolicy(f"{', '.join(twice)}: two packs of this name")
    for pack in chosen:
        _must_have_what_it_needs(pack, {other.name: other for other in chosen})
    brands = [pack.brand for pack in chosen if pack.brand is not None]
    if len(brands) > 1:
        raise BadPolicy("two packs have a brand kit; a tenant has one")
    rules = [rule for pack in chosen for rule in pack.rules]
    if twice := sorted(rule_id for rule_id, times in Counter(rule.id for rule in rules).items() if times > 1):
        raise BadPolicy(f"declared twice: {', '.join(twice)}")
    risk = next((pack.risk for pack in chosen if pack.risk is not None), None)
    return Policy(_version(chosen), tuple(_tightened(rules, chosen)), tuple(chosen), risk, next(iter(brands), None))


def is_shipped_name(name: str) -> bool:
    """Whether a pack or the rules of a pack that comes with Greenlight are called so: no tenant's pack may be."""
    rules = {rule.id.split(".")[0] for pack in shipped().values() for rule in pack.rules}
    return name in shipped() or name in rules


def _with_extended(packs: Iterable[Pack], library: Mapping[str, Pack]) -> Iterator[Pack]:
    given: dict[str, Pack] = {}
    for pack in packs:
        for name in pack.extends:
            if name not in library:
                raise BadPolicy(f"{pack.name} extends {name}, which is not shipped")
            given.setdefault(library[name].digest, library[name])
        given.setdefault(pack.digest, pack)
    yield from given.values()


def _must_have_what_it_needs(pack: Pack, there: Mapping[str, Pack]) -> None:
    for needed in pack.requires:
        name, _, least = needed.partition(" >=")
        if name not in there:
            raise BadPolicy(f"{pack.name} requires {name}, which is not in force")
        if least and version_key(there[name].version) < version_key(least):
            raise BadPolicy(f"{pack.name} requires {name} {least} or later; {there[name].version} is in force")


def _tightened(rules: Sequence[Rule], packs: Sequence[Pack]) -> Iterator[Rule]:
    wanted: dict[str, Severity] = {}
    for pack in packs:
        for rule_id, severity in pack.tighten:
            found = next((rule for rule in rules if rule.id == rule_id), None)
            if found is None:
                raise BadPolicy(f"{pack.name} tightens {rule_id}, which is not in force")
            if _WEIGHT[severity] < _WEIGHT[found.severity]:
                raise BadPolicy(f"{pack.name} would lower {rule_id} from {found.severity} to {severity}")
            # Two packs may tighten the same rule; the stricter one counts, whatever their order.
            if _WEIGHT[severity] > _WEIGHT[wanted.get(rule_id, "info")]:
                wanted[rule_id] = severity
    for rule in rules:
        yield replace(rule, severity=wanted[rule.id]) if rule.id in wanted else rule


def _version(packs: Sequence[Pack]) -> str:
    """A name and 16 digits that change with any byte of any pack."""
    names = "\0".join(f"{pack.name} {pack.version} {pack.digest}" for pack in packs)
    return f"{packs[0].name if packs else 'empty'}-{hashlib.sha256(names.encode()).hexdigest()[:16]}"


__all__ = [
    "BASE",
    "PACKS",
    "BadPolicy",
    "FindPaths",
    "FindSpans",
    "Pack",
    "Policy",
    "Rule",
    "Severity",
    "compose",
    "default_policy",
    "is_shipped_name",
    "load_policy",
    "shipped",
]
