"""What the permits' routes take and give."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.contracts.values import JsonObject, Sha256
from pydantic import BaseModel, ConfigDict, Field

from compliance.api.shapes import Prose
from compliance.domain import ReleaseOutcome
from compliance.release import Asked
from compliance.repository.permits import Permit


class PermitBody(BaseModel):
    """What is to be released, and its manifest hash as the publisher computed it from what it is about to send."""

    model_config = ConfigDict(extra="forbid")

    item_id: UUID
    manifest_sha256: Sha256
    content: JsonObject | None = Field(
        default=None, description="What it is about to send, as it found it: a refusal then says what is other."
    )
    policy_version: str | None = Field(default=None, max_length=200)

    def asked(self) -> Asked | None:
        """The same, as the airlock takes it."""
        if self.content is None or self.policy_version is None:
            return None
        return Asked(self.content, self.policy_version)


class PermitView(BaseModel):
    """A single-use permit."""

    permit_id: UUID
    item_id: UUID
    manifest_sha256: Sha256
    granted_at: datetime
    finished_at: datetime | None
    outcome: ReleaseOutcome | None


class FinishBody(BaseModel):
    """How the release went."""

    model_config = ConfigDict(extra="forbid")

    outcome: ReleaseOutcome
    detail: Prose | None = None


def permit_view(permit: Permit) -> PermitView:
    """A permit as the publisher sees it."""
    return PermitView(
        permit_id=permit.id,
        item_id=permit.item_id,
        manifest_sha256=permit.manifest_sha256,
        granted_at=permit.granted_at,
        finished_at=permit.finished_at,
        outcome=permit.outcome,
    )
