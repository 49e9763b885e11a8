"""Jobs that take their time: queued, worked on, and then done or failed for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.kit.clock import Clock
from sandbox.kit.faults import Fault, FaultKind

Stage = Literal["queued", "working", "done", "failed"]


@dataclass
class Job:
    """One job. Its state follows from the time; a state that is final stays."""

    id: str
    created: float
    seconds: float
    """How long it takes from the order to the end; a third of it in the queue."""
    asked: dict[str, Any]
    faults: Sequence[Fault] = ()
    failure: str | None = None
    """Why it will fail; None if it will not."""
    deleted: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ends(self) -> float:
        """When it is over."""
        return self.created + (0 if self.has(FaultKind.EARLY_WEBHOOK) else self.seconds)

    def has(self, kind: FaultKind) -> Fault | None:
        """The fault of that kind it was made with, if any."""
        return next((one for one in self.faults if one.kind is kind), None)

    def stage(self, now: float) -> Stage:
        """Where it is."""
        if now < self.created + self.seconds / 3 and now < self.ends:
            return "queued"
        if self.has(FaultKind.STUCK) or now < self.ends:
            return "working"
        return "failed" if self.failure else "done"

    def progress(self, now: float) -> int:
        """0 to 100; a stuck one stays at 99."""
        match self.stage(now):
            case "queued":
                return 0
            case "working":
                share = (now - self.created) / max(self.seconds, 1e-6)
                return min(99, max(1, round(100 * share)))
            case _:
                return 100


class Jobs:
    """The jobs of one vendor, by their ids."""

    def __init__(self, clock: Clock, *, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._jobs: dict[str, Job] = {}

    def make(self, id: str, asked: dict[str, Any], *, faults: Sequence[Fault], failure: str | None = None) -> Job:
        """Begin one. A planted fault decides what becomes of it."""
        fails = next((one for one in faults if one.kind is FaultKind.FAILS), None)
        why = (fails.reason or "internal_error") if fails else failure
        job = Job(id, self._clock.now(), self._seconds, asked, tuple(faults), why)
        self._jobs[id] = job
        return job

    def find(self, id: str) -> Job | None:
        """The job of that id, unless it was deleted."""
        job = self._jobs.get(id)
        return None if job is None or job.deleted else job

    def all(self) -> list[Job]:
        """Those that are there, newest first."""
        return [job for job in reversed(self._jobs.values()) if not job.deleted]
