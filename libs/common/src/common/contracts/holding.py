"""Legal holds: what compliance sets, and every service that could delete something obeys."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from common.contracts.message import Event


class HoldChanged(Event, subject="evt.compliance.hold_changed.v1"):
    """A legal hold was set, or lifted. Who hears it deletes nothing of what is held; one that was lifted stays so."""

    hold_id: UUID
    run_id: UUID | None = Field(default=None, description="The run that is held; none: everything of the tenant.")
    lifted: bool = False
