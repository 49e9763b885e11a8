"""What a drill does, and in which order. No I/O."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What is struck."""

    ORCHESTRATOR = "orchestrator"
    WORKER = "worker"
    NATS = "nats"
    POSTGRES = "postgres"
    REDIS = "redis"
    RELAY = "relay"
    RECOVERER = "recoverer"
    OVERLAP = "overlap"
    PAUSE = "pause"


QUICK: tuple[Target, ...] = tuple(Target)[:-2]
"""Targets that are struck and done with in seconds; an overlap or a pause lasts longer than a lease."""

FULL_KILLS = 1_000
FULL_ROUND = 20
FULL_RUNS = 100
"""Runs in each round of a full drill."""

FULL_SHARES: Mapping[Target, int] = {
    Target.ORCHESTRATOR: 4,
    Target.WORKER: 3,
    Target.NATS: 3,
    Target.POSTGRES: 2,
    Target.REDIS: 1,
    Target.RELAY: 3,
    Target.RECOVERER: 2,
    Target.OVERLAP: 1,
    Target.PAUSE: 1,
}
"""How often each target comes in a full drill's round of twenty."""


@dataclass(frozen=True)
class DrillPlan:
    """One drill: so many runs, and these strikes one after another."""

    runs: int
    strikes: tuple[Target, ...]
    seed: int
    delete_jetstream: bool = False
    pause_seconds: float = 3.0
    """At most so long a random pause is made after a strike is recovered from."""
    overlap_after_seconds: float = 30.0
    """The next strike comes although the last is not recovered from, once this has passed."""
    stuck_after_seconds: float = 30.0
    patience_seconds: float = 120.0
    """After the last strike: how long without any progress until what has not ended counts as lost."""
    past_lease_seconds: float = 15.0
    """How much longer than a lease a process stands still that is paused."""
    with_supervisor: bool = True
    """Whether the supervisor itself may be killed, which only a stack of the drill's own survives."""

    def waves(self) -> Sequence[int]:
        """How many runs are started before each strike: as many before each, so that what queues up stays short."""
        share, left = divmod(self.runs, max(1, len(self.strikes)))
        return [share + (number < left) for number in range(max(1, len(self.strikes)))]


def single(target: Target, *, kills: int) -> tuple[Target, ...]:
    """The same target again and again."""
    return (target,) * kills


def mixed(targets: Sequence[Target], *, kills: int, seed: int) -> tuple[Target, ...]:
    """The targets in turn, each turn in another order."""
    chance = random.Random(seed)
    order: list[Target] = []
    while len(order) < kills:
        order += chance.sample(targets, len(targets))
    return tuple(order[:kills])


def full_round(*, seed: int) -> tuple[Target, ...]:
    """A round of a full drill: twenty strikes in random order."""
    strikes = [target for target, share in FULL_SHARES.items() for _ in range(share)]
    random.Random(seed).shuffle(strikes)
    return tuple(strikes)
