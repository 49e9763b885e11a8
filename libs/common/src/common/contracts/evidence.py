"""What the orchestrator hands to compliance so that a pack of evidence can be made of a run."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from common.contracts.values import ArtifactRef, JsonObject, Value


class EvidenceArtifact(Value):
    """One artifact of the run, with where it came from."""

    ref: ArtifactRef
    type: str
    name: str
    step: str
    made_by: str
    origin: str
    licence: str | None
    retention_class: str
    announced_at: datetime


class RunRecord(Value):
    """Everything the orchestrator knows of a run. It is larger than a body may be, so it travels as an artifact."""

    id: UUID = Field(description="Of this record: no two are the same bytes, so one may be deleted after use.")
    run_id: UUID
    finished: bool
    run: JsonObject
    definition: str = Field(description="The text whose SHA-256 is the run's `definition_digest`.")
    steps: tuple[JsonObject, ...]
    history: tuple[JsonObject, ...]
    prompts: JsonObject
    posts: tuple[JsonObject, ...]
    artifacts: tuple[EvidenceArtifact, ...]


class EvidenceOrder(Value):
    """Make a pack of what `record` holds. `full`: with the bytes of every artifact, not only of what was decided on."""

    run_id: UUID
    requested_by: str
    record: ArtifactRef
    full: bool = False
