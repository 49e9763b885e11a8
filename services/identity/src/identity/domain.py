"""Who may hold what: decisions without I/O."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from common.contracts.values import Role
from common.ids import new_id

PersonRole = Literal[Role.CREATOR, Role.REVIEWER, Role.PUBLISHER, Role.COMPLIANCE_OFFICER, Role.OPERATOR, Role.ADMIN]
"""Every role but `service`, which only a service's own key gives."""

PEOPLES_ROLES: tuple[PersonRole, ...] = (
    Role.CREATOR,
    Role.REVIEWER,
    Role.PUBLISHER,
    Role.COMPLIANCE_OFFICER,
    Role.OPERATOR,
    Role.ADMIN,
)


class KeySource(StrEnum):
    """Where an API key came from."""

    ISSUED = "issued"
    SETTINGS = "settings"


class SignInWay(StrEnum):
    """How somebody showed who they are."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105 — a word
    KEY = "key"


@dataclass(frozen=True)
class Tenant:
    """Somebody's own, closed part of the suite."""

    tenant_id: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class User:
    """A person of one tenant."""

    tenant_id: str
    user_id: str
    display_name: str
    roles: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None = None
    custom_roles: tuple[str, ...] = ()
    """Names of roles of the tenant's own."""
    generation: UUID = field(default_factory=new_id)
    """Their tokens name it, and count until it is void."""

    @property
    def governs(self) -> bool:
        """Whether this person can administer the tenant right now."""
        return Role.ADMIN in self.roles and self.disabled_at is None

    @property
    def may_do(self) -> object:
        """What is other when this person may do other things."""
        return self.roles, self.custom_roles, self.disabled_at is None


@dataclass(frozen=True)
class CustomRole:
    """A role of a tenant's own: a name for some of the built-in ones."""

    name: str
    roles: tuple[str, ...]
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class ApiKey:
    """What is kept of an API key; the key itself is not."""

    id: UUID
    tenant_id: str
    user_id: str
    name: str
    prefix: str
    sha256: str
    scopes: tuple[str, ...]
    source: str
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def opens(self, key_sha256: str, *, at: datetime) -> bool:
        """Whether the key with this hash is this one and is good at `at`."""
        same = hmac.compare_digest(self.sha256, key_sha256)
        return same and self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


@dataclass(frozen=True)
class Session:
    """A browser somebody is signed in with. What it may do is asked anew whenever its token is."""

    id: UUID
    tenant_id: str
    user_id: str
    sha256: str
    way: str
    key_id: UUID | None
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_good(self, *, at: datetime) -> bool:
        """Whether it goes on at `at`."""
        return self.ended_at is None and self.expires_at > at


@dataclass(frozen=True)
class SignInLink:
    """What is kept of a link that signs somebody in, once; its token is not."""

    sha256: str
    tenant_id: str
    user_id: str
    created_by: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Grant:
    """What a token will say: who, where, as what, and how long at most."""

    tenant: str
    user_id: str
    roles: tuple[str, ...]
    until: datetime | None = None
    generation: UUID | None = None
    """None for services, whose rights never change."""
    limited: bool = False
    """It was given by a key that has scopes or an end."""


def sha256_of(key: str) -> str:
    """How keys are kept and found.

    Plain SHA-256: a slow, salted hash protects what people choose and reuse. These keys are 256 random bits, which no
    dictionary holds, and a plain hash can be looked up by an index on every request.
    """
    return hashlib.sha256(key.encode()).hexdigest()


def find_service(key_sha256: str, known: Mapping[str, str]) -> str | None:
    """Which service's key has this hash. Compares with all of them, so the time taken says nothing."""
    found = [service for service, sha256 in known.items() if hmac.compare_digest(sha256, key_sha256)]
    return found[0] if found else None


def ordered(roles: Iterable[str]) -> tuple[PersonRole, ...]:
    """The roles of people among `roles`, each once, in the order they are declared in."""
    wanted = set(roles)
    return tuple(role for role in PEOPLES_ROLES if role in wanted)


def narrowed(roles: Iterable[str], *, scopes: Iterable[str]) -> tuple[PersonRole, ...]:
    """The roles a key gives: those of its person, narrowed to its scopes if it has any.

    An administrator may do what every other role may, so their key can be narrowed to any role.
    """
    held, wanted = set(roles), set(scopes)
    if not wanted:
        return ordered(held)
    return ordered(wanted if Role.ADMIN in held else held & wanted)
