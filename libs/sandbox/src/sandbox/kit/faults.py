"""Faults that a test plants in advance: what a request meets, and what becomes of the job it makes."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field


class FaultKind(StrEnum):
    """What goes wrong. The first group is done by the door, the second by the vendor whose request it meets."""

    STATUS = "status"
    """Answered with a status and a body, and not processed."""
    STATUS_AFTER = "status_after"
    """Processed, and answered with a status as if it had not been."""
    DELAY = "delay"
    DROP_BEFORE = "drop_before"
    """The connection is closed, and nothing was processed."""
    DROP_AFTER = "drop_after"
    """Processed, and the connection closed without an answer: what nobody knows the outcome of."""
    SILENCE_AFTER = "silence_after"
    """Processed, and never answered."""
    TRUNCATE = "truncate"
    """The answer breaks off in the middle of its body."""
    BAD_JSON = "bad_json"

    STUCK = "stuck"
    """The job it makes never ends."""
    FAILS = "fails"
    """The job it makes fails with `reason`."""
    BAD_FILM = "bad_film"
    """The film of the job it makes is no film."""
    NO_WEBHOOK = "no_webhook"
    LATE_WEBHOOK = "late_webhook"
    """The call comes `delay_ms` later than it would."""
    EARLY_WEBHOOK = "early_webhook"
    """The job is done, and the call made, before the request that makes it is answered."""
    DUPLICATE_WEBHOOK = "duplicate_webhook"
    WRONG_SIGNATURE = "wrong_signature"
    OLD_TIMESTAMP = "old_timestamp"


class Fault(BaseModel):
    """One fault, and which requests meet it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    method: str = "*"
    path: str = Field(default="*", description="A glob over the path, such as `/openai/v1/videos/*`.")
    skip: int = Field(default=0, ge=0, description="How many requests that match go free before.")
    times: int = Field(default=1, ge=1)
    code: int = Field(default=500, ge=100, le=599)
    body: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    delay_ms: int = Field(default=0, ge=0)
    reason: str = ""


class Faults:
    """The planted faults. Each is met so often as it says, and then gone."""

    def __init__(self) -> None:
        self._planted: list[tuple[Fault, int]] = []

    def plant(self, fault: Fault) -> None:
        """Plant one more."""
        self._planted.append((fault, 0))

    def clear(self) -> None:
        """Take all of them away."""
        self._planted.clear()

    def meet(self, method: str, path: str) -> list[Fault]:
        """The faults that this request meets; it counts against them."""
        met, left = [], []
        for fault, seen in self._planted:
            if fault.method not in {"*", method} or not fnmatchcase(path, fault.path):
                left.append((fault, seen))
                continue
            if seen >= fault.skip:
                met.append(fault)
            if seen + 1 < fault.skip + fault.times:
                left.append((fault, seen + 1))
        self._planted = left
        return met
