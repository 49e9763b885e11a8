"""Looks for a workflow and a sequence of happenings that the engine gets wrong, and makes what it finds small."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from orchestrator.definitions.files import WorkflowInvalid

from cli.fuzz.beginnings import Beginning, begin, fork, load
from cli.fuzz.plan import Author, Plan
from cli.fuzz.player import Player

INTERLEAVINGS = 3
"""How often each workflow is played."""
FORKED = 0.4
"""How many of the runs that are over, forks among them, are forked."""
_TRIES_SMALLER = 60
"""How many sequences are tried before a smaller workflow counts as one that works."""
_WRONG = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What an engine that is wrong raises; `Disagreement` is one of them."""


@dataclass(frozen=True)
class Finding:
    """A workflow that went wrong, and how."""

    seed: int
    plan: Plan
    flags: dict[str, bool]
    script: list[str]
    problem: str

    def __str__(self) -> str:
        told = "\n".join(f"  {number + 1}. {word}" for number, word in enumerate(self.script))
        return f"Case {self.seed}: {self.problem}\n{self.plan.text()}\nInput: {self.flags}\nWhat happened:\n{told}"


@dataclass(frozen=True)
class Hunt:
    """What was played, and the first thing that went wrong, made small."""

    cases: int
    happenings: int
    finding: Finding | None


def hunt(seed: int, *, seconds: float) -> Hunt:
    """Play cases from `seed` on until the time is over or one goes wrong. At least one is played, so that zero seconds
    play the case of `seed` again."""
    deadline = time.monotonic() + seconds
    happenings, case = 0, seed
    while True:
        count, finding = play(case)
        happenings += count
        case += 1
        if finding is not None:
            return Hunt(case - seed, happenings, smallest(finding))
        if time.monotonic() >= deadline:
            return Hunt(case - seed, happenings, None)


def play(seed: int) -> tuple[int, Finding | None]:
    """One workflow, a few times. → how many happenings there were, and what went wrong."""
    plan = Author(Random(seed)).write()
    return _play(plan, seed, INTERLEAVINGS)


def _play(plan: Plan, seed: int, times: int) -> tuple[int, Finding | None]:
    definition, happenings = load(plan), 0
    for number in range(times):
        random = Random(f"{seed}/{number}")
        beginning: Beginning | None = begin(plan, random)
        while beginning is not None:
            player = Player(definition, beginning, random)
            try:
                player.play()
                goes_on = random.random() < FORKED
                beginning = fork(definition, player.state, player.model, random) if goes_on else None
            except _WRONG as error:
                problem = f"{type(error).__name__}: {error}"
                return happenings, Finding(seed, plan, player.model.flags, player.script, problem)
            happenings += len(player.script)
            if beginning is not None:
                beginning = replace(beginning, script=(*player.script, *beginning.script))
    return happenings, None


def smallest(finding: Finding) -> Finding:
    """The same kind of mistake in the smallest workflow and the shortest sequence that a few tries find."""
    while (smaller := next(_smaller(finding), None)) is not None:
        finding = smaller
    return finding


def _smaller(finding: Finding) -> Iterator[Finding]:
    for change in _changes(finding.plan):
        plan = copy.deepcopy(finding.plan)
        if not change(plan):
            continue
        plan = Plan(plan.steps)
        try:
            _, found = _play(plan, finding.seed, _TRIES_SMALLER)
        except WorkflowInvalid:
            continue
        if found is not None:
            yield found


def _changes(plan: Plan) -> Iterator[Callable[[Plan], bool]]:
    """Ways to make a workflow smaller, the most daring first. Each says whether it did anything."""
    for step in plan.nodes:
        yield partial(_without, step=step)
    for step in plan.nodes:
        yield partial(_unconditionally, step=step)


def _without(plan: Plan, step: str) -> bool:
    node = plan.nodes[step]
    block = plan.block_of(node)
    with_it = [one for one in block if one.joins == node.id or one.id in {node.id, f"{node.id}.spending"}]
    if node.spending or node.joins or len(block) <= len(with_it):
        return False
    for one in with_it:
        block.remove(one)
    return True


def _unconditionally(plan: Plan, step: str) -> bool:
    node = plan.nodes[step]
    had = node.when or node.leaves or node.until
    node.when = node.leaves = node.until = None
    return had is not None
