"""What any service tells when its shield stops something."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from common.contracts.message import Event


class Side(StrEnum):
    """Where text was looked at: in a person's request, or going into or coming out of what an agent does."""

    REQUEST = "request"
    INPUT = "input"
    OUTPUT = "output"


class ContentViolated(Event, subject="evt.compliance.violation.v1"):
    """A shield stopped something. What it was is not repeated: rules and places are enough to act on.

    Told by whichever service stopped it, and so the one fact that all of them may tell.
    """

    service: str
    side: Side
    actor: str = Field(description="User id from a verified token, or `service:<name>`.")
    resource: str = Field(description="The route or the capability, such as `POST /v1/runs`.")
    rules: tuple[str, ...] = Field(min_length=1, description="Ids, the first is the one that is told as the reason.")
    agent: str | None = None
