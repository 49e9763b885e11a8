"""People who review without an account, without I/O: what a link is made of, and what it lets its holder do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from common.contracts.gates import EXTERNAL
from common.service.principal import Principal

SECRET_BYTES = 32
OPEN_PATH = "/review/open/"
PREFIX = "glr_"
"""What a link's token begins with, so that people and scanners for secrets know it when they see it."""
_ID_LENGTH = 22
_FORM = b"greenlight review form "
_NOTHING = bytes(32)


class Grant(StrEnum):
    """What a link lets its holder do."""

    LOOK = "look"
    NOTE = "note"
    HOLD = "hold"
    DECIDE = "decide"


class PreviewState(StrEnum):
    """How far a marked copy of a film is. `waiting`: others are made first, ask again."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


KEPT_STATES = (PreviewState.MAKING, PreviewState.READY, PreviewState.FAILED)


@dataclass(frozen=True)
class Link:
    """One person's way to one item."""

    id: UUID
    item_id: UUID
    person: str
    may: frozenset[Grant]
    created_by: str
    created_at: datetime
    expires_at: datetime
    uses: int
    used: int
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None

    @property
    def actor(self) -> str:
        """Under which name the person acts: the same in decisions, notes, history and audit trail."""
        return f"{EXTERNAL}:{self.id}"

    def refusal(self, now: datetime) -> str | None:
        """Why it does not work any more, for the record; None while it works."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= now else None

    @property
    def is_used_up(self) -> bool:
        """Whether no further browser may open it. Those that did go on."""
        return self.used >= self.uses


@dataclass(frozen=True)
class Guest:
    """Somebody who came by a link, in one browser."""

    tenant: str
    link: Link
    visit_id: UUID
    secret: bytes
    """The visit's own, from the cookie."""

    @property
    def principal(self) -> Principal:
        """The caller, as the airlock knows callers: a person who holds no role but that of an external."""
        return Principal(self.tenant, self.link.actor, frozenset({EXTERNAL}), "")

    @property
    def form_token(self) -> str:
        """What a form of this visit has to carry: nobody who cannot read its pages can know it."""
        return _text(hmac.digest(self.secret, _FORM + self.link.id.bytes, "sha256"))

    def sent(self, form_token: str) -> bool:
        """Whether a form was sent from one of this visit's pages."""
        return hmac.compare_digest(self.form_token.encode(), form_token.encode(errors="replace"))


@dataclass(frozen=True)
class Key:
    """An id and the secret that goes with it, as tokens and cookies carry them."""

    id: UUID
    secret: bytes

    @property
    def sha256(self) -> bytes:
        """All that is stored of the secret."""
        return hashlib.sha256(self.secret).digest()

    def fits(self, stored: bytes | None) -> bool:
        """Whether it is the one that was stored; takes as long when nothing was."""
        return hmac.compare_digest(self.sha256, stored or _NOTHING) and stored is not None

    def text(self) -> str:
        """Id and secret in 65 characters that need no escaping anywhere."""
        return _text(self.id.bytes) + _text(self.secret)


def new_key(id: UUID) -> Key:
    """A key with 256 random bits."""
    return Key(id, secrets.token_bytes(SECRET_BYTES))


def read_key(text: str) -> Key | None:
    """The key that somebody sent; None when it cannot be one."""
    try:
        raw = [base64.urlsafe_b64decode(part + "==") for part in (text[:_ID_LENGTH], text[_ID_LENGTH:])]
        key = Key(UUID(bytes=raw[0]), raw[1])
    except ValueError:
        return None
    # One way to write it only: what differs in unused bits is another text for the same key.
    return key if len(key.secret) == SECRET_BYTES and key.text() == text else None


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
