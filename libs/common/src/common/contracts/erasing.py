"""Forgetting a person: what compliance orders, and every service that knows people does."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from common.contracts.message import Event

ERASED = "erased"
"""What stands where a person's id or name was."""
ERASED_ACTION = "personal_data.erased"
"""The audit entry by which a service answers; its resource is `erasure:<id>`, its detail says how much of what."""


class ErasureOrdered(Event, subject="evt.compliance.erasure_ordered.v1"):
    """A person is to be forgotten. Who hears it blanks what it keeps about them; hearing it again changes nothing."""

    erasure_id: UUID
    user_id: str = Field(description="Whose data. It is needed to find them, and not written down.")
    ordered_at: datetime


class RunForgotten(Event, subject="evt.orchestrator.run_forgotten.v1"):
    """An ended run was asked for by somebody who is to be forgotten: what they wrote goes wherever it is kept."""

    run_id: UUID
