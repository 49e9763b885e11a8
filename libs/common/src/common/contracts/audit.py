"""What any service tells compliance to keep: who did what, to what, and how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from common.contracts.values import JsonObject, Sha256, Value

# These three are searched by; control characters would make an entry that no search finds.
_Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class AuditEntry(Value):
    """One thing that was done, or refused. Sent to `AUDIT_SUBJECT`; the tenant is in the message's header.

    A message that comes twice is stored once. Keep personal data to what an auditor needs: an entry can be blanked
    later, but not changed.
    """

    actor: _Word = Field(description="User id from a verified token, or `service:<name>`, `system:<what>`.")
    action: _Word = Field(description="Dotted, past tense: `run.cancelled`, `post.published`.")
    resource: _Word = Field(description="Kind and id: `run:0194…`.")
    result: _Word = Field(default="ok", description="`ok`, or the error's code when it was refused.")
    run_id: UUID | None = None
    detail: JsonObject = Field(default_factory=dict)
    at: datetime
    request_id: str | None = Field(default=None, max_length=200, description="Of the request that did it.")
    ip: str | None = Field(default=None, max_length=64, description="The address that request came from.")
    before_sha256: Sha256 | None = Field(default=None, description="Hash of what was there before, where it has one.")
    after_sha256: Sha256 | None = Field(default=None, description="Hash of what is there since.")
    agent: str | None = Field(default=None, max_length=200, description="Where an agent acted: its name.")
    prompt_sha256: Sha256 | None = Field(default=None, description="Version of that agent's prompt.")
    source_seq: int | None = Field(
        default=None,
        ge=1,
        description="The sender's own number for this tenant, from 1 without gaps: a suppressed entry shows as a gap.",
    )
