"""What a service says about a message that it gave up."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Base64Bytes, Field

from common.contracts.values import Value


class Death(StrEnum):
    """Why a message was given up."""

    UNREADABLE = "unreadable"
    """Its headers or its body are not what was agreed on."""
    POISON = "poison"
    """It ended its worker each time it was taken up."""
    BROKE = "broke"
    """It can be read, but whoever took it up met an error of its own, every time."""


class DeadLetter(Value):
    """A message that was given up, as it was. Sent to `dead.<service>.<its subject>` by the service that gave it up.

    The letter's own headers name tenant, run, step and attempt as far as the message said so.
    """

    subject: str
    code: Death
    reason: str
    headers: dict[str, str] = Field(default_factory=dict)
    body: Base64Bytes | None = Field(default=None, description="Null when it is too large for a message.")
    size: int = Field(ge=0, description="Bytes of the body.")


DEAD_SUBJECTS = "dead.>"


def dead_subject(service: str, subject: str) -> str:
    """Where `service` tells that it gave up a message of `subject`."""
    return f"dead.{service}.{subject}"
