"""Running the tests that a pack brings along: nothing is put in force that does not find what it says it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from safety.checks import CHECK_FAILED, check
from safety.loading import Pack
from safety.pack import TestSpec
from safety.policy import Policy, compose


@dataclass(frozen=True)
class Failure:
    """A test of a pack that did not come out as it says."""

    test: int
    looked_at: str
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]

    def __str__(self) -> str:
        said = [f"did not find {', '.join(self.missing)}"] if self.missing else []
        said += [f"found {', '.join(self.unexpected)}"] if self.unexpected else []
        return f"tests.{self.test}: {self.looked_at!r}: {' and '.join(said)}"


def run_tests(pack: Pack, *, library: Mapping[str, Pack] | None = None) -> list[Failure]:
    """The tests that fail, in order; none is good. Only the pack's own rules and those it extends are looked at.

    Raises `BadPolicy` when what it extends is not there.
    """
    alone = compose([_on_its_own(pack)], library=library)
    return [failure for number, test in enumerate(pack.tests) if (failure := _failure(alone, number, test))]


def untested(pack: Pack) -> list[str]:
    """The pack's own rules that no test of it expects to find anything."""
    expected = {rule for test in pack.tests if test.expect != "none" for rule in test.expect}
    return [rule.id for rule in pack.rules if rule.id not in expected]


def _on_its_own(pack: Pack) -> Pack:
    """What it requires and tightens belongs to other packs; its own tests do not depend on them."""
    return replace(pack, requires=(), tighten=())


def _failure(policy: Policy, number: int, test: TestSpec) -> Failure | None:
    if test.brand is not None:
        policy = replace(policy, brand=test.brand)
    verdict = check(policy, test.subject, (), (), test.facts, test.stage)
    found = {finding.rule for finding in verdict.findings}
    expected = set() if test.expect == "none" else set(test.expect)
    if found == expected and CHECK_FAILED not in expected:
        return None
    looked_at = test.text if test.text is not None else str(test.content)
    return Failure(number, looked_at[:80], tuple(sorted(expected - found)), tuple(sorted(found - expected)))
