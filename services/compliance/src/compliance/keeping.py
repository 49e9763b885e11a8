"""How long what is kept: classes of entries as data, and what a legal hold keeps whatever its age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from common.contracts.values import JsonObject
from pydantic import BaseModel, ConfigDict, Field, model_validator

PROOFS = ("audit.erased", "audit.archived", "audit.archive_deleted", "audit.archive_rewritten", "audit.anchored")
"""Entries that say what became of others: without them the chain could not be verified, so they are always kept."""


class HoldKind(StrEnum):
    """What a legal hold is on."""

    RUN = "run"
    USER = "user"
    TENANT = "tenant"


class RetentionClass(BaseModel):
    """Entries whose action begins with one of `actions`; an empty one fits all. The first class that fits counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z_]{1,40}$")
    actions: tuple[str, ...] = ("",)
    hot_days: int = Field(ge=1, description="From recording until it goes into an archive.")
    archive_days: int = Field(ge=1, description="From recording until that archive is deleted.")

    @model_validator(mode="after")
    def _archived_before_deleted(self) -> RetentionClass:
        if self.archive_days < self.hot_days:
            raise ValueError("archive_days counts from the recording too, so it is at least hot_days")
        return self


CLASSES = (
    RetentionClass(
        name="decisions",
        actions=("gate.", "permit.", "post.", "kill.", "policy.", "hold.", "erasure."),
        hot_days=730,
        archive_days=3650,
    ),
    RetentionClass(name="ordinary", hot_days=90, archive_days=180),
)


@dataclass(frozen=True)
class Held:
    """Who and what is under a legal hold in one tenant."""

    runs: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    tenant: bool = False

    def covers(self, entry: JsonObject) -> bool:
        """Whether the entry must be kept: its run or its actor is held, or the whole tenant is."""
        return self.tenant or entry.get("run_id") in self.runs or entry.get("actor") in self.users


def class_of(action: str, classes: Sequence[RetentionClass]) -> RetentionClass | None:
    """The entry's class; None is kept for ever."""
    if action in PROOFS:
        return None
    return next((kept for kept in classes if action.startswith(kept.actions)), None)


def is_due(recorded_at: datetime, kept: RetentionClass, *, now: datetime) -> bool:
    """Whether it is time to archive."""
    return recorded_at + timedelta(days=kept.hot_days) <= now
