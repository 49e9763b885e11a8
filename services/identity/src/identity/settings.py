"""Identity's knobs."""

from __future__ import annotations

from typing import Annotated, Self

from common.contracts.values import Sha256
from common.service.settings import ServiceSettings
from pydantic import Field, SecretStr, model_validator

ServiceName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$")]
LongSecret = Annotated[SecretStr, Field(min_length=32)]


class Settings(ServiceSettings):
    """What identity is told. Nothing here has a default that would let anybody in."""

    master_key: LongSecret
    """Encrypts the private signing keys. Losing it means new signing keys; every replica has the same one."""
    admin_key: LongSecret | None = None
    """API key of user `admin` in tenant `default`. A value never seen before replaces the one before it."""
    reviewer_key: LongSecret | None = None
    """The same for user `reviewer`: authors may not decide their own work, so a local stack has two people."""
    service_keys: dict[ServiceName, Sha256] = Field(default_factory=dict)
    """Service → SHA-256 of its key in hex, as JSON."""
    token_seconds: int = Field(default=900, ge=60, le=3600)
    session_seconds: int = Field(default=7 * 86_400, ge=900, le=90 * 86_400)
    """How long a browser stays signed in. It is never longer than the person, or the key they used, is good."""

    @model_validator(mode="after")
    def _two_people_have_two_keys(self) -> Self:
        if self.admin_key is not None and self.admin_key == self.reviewer_key:
            raise ValueError("admin_key and reviewer_key must differ: one key belongs to one person")
        return self
