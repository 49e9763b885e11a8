"""One random secret per data folder, and everything that is derived from it."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from secrets import token_hex, token_urlsafe

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_serializer

from embedded.files import create_once


class StackSecrets(BaseModel):
    """What `secrets.json` holds: all that has to stay secret, once and for all."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    master: SecretStr = Field(min_length=64)
    """32 random bytes in hex; never leaves the supervisor, only what is derived from it does."""
    admin_key: SecretStr = Field(min_length=32)
    """The first administrator's API key."""
    reviewer_key: SecretStr = Field(min_length=32)
    """The API key of a second person: authors may not decide about their own work."""

    @field_serializer("master", "admin_key", "reviewer_key")
    def _plain(self, value: SecretStr) -> str:
        return value.get_secret_value()

    def derive(self, kind: str, name: str) -> str:
        """The credential of `name` for `kind`, 64 hex digits; always the same for the same data folder."""
        return derive(self.master.get_secret_value(), kind, name)


def derive(secret: str, kind: str, name: str) -> str:
    """HMAC-SHA256 in hex over kind and name, so that knowing one credential tells nothing about another."""
    message = f"{kind}\x00{name}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def load_secrets(data: Path) -> StackSecrets:
    """The secrets of a data folder, created (0600) on first use. Two at once get the same ones."""
    path = data / "secrets.json"
    if not path.exists():
        fresh = StackSecrets(
            master=SecretStr(token_hex(32)),
            admin_key=SecretStr(f"gl_admin_{token_urlsafe(32)}"),
            reviewer_key=SecretStr(f"gl_reviewer_{token_urlsafe(32)}"),
        )
        create_once(path, fresh.model_dump_json(indent=2) + "\n")
    return StackSecrets.model_validate_json(path.read_text(encoding="utf-8"))
