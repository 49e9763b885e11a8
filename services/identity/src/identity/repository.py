"""All SQL inside one tenant. Each class takes the transaction of the tenant it reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from common.db.work import Transaction
from common.errors import NotFound
from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from identity.domain import ApiKey, CustomRole, KeySource, Session, SignInLink, Tenant, User
from identity.models import (
    api_keys,
    custom_roles,
    passwords,
    sessions,
    sign_in_links,
    tenants,
    users,
    void_generations,
)


class Tenants:
    """The tenant itself."""

    def __init__(self, tx: Transaction) -> None:
        self._session = tx.session

    async def add(self, tenant: Tenant) -> bool:
        """Make the tenant. → False when it was there already, which changes nothing."""
        added = insert(tenants).values(**asdict(tenant)).on_conflict_do_nothing().returning(tenants.c.tenant_id)
        return (await self._session.execute(added)).first() is not None

    async def lock(self) -> None:
        """Let one change of the tenant's people happen after the other, until this transaction ends."""
        await self._session.execute(select(tenants.c.tenant_id).with_for_update())


class Users:
    """The tenant's people."""

    def __init__(self, tx: Transaction) -> None:
        self._session = tx.session
        self._tenant = tx.tenant

    async def add(self, user: User) -> bool:
        """Make the user. → False when there is one of this id, which changes nothing."""
        added = insert(users).values(**asdict(user)).on_conflict_do_nothing().returning(users.c.user_id)
        return (await self._session.execute(added)).first() is not None

    async def find(self, user_id: str) -> User | None:
        """The user, or None."""
        found = (await self._session.execute(select(users).where(users.c.user_id == user_id))).first()
        return None if found is None else _user(found)

    async def get(self, user_id: str) -> User:
        """The user. Raises `NotFound`."""
        if (user := await self.find(user_id)) is None:
            raise NotFound(f"there is no user {user_id!r}")
        return user

    async def save(self, user: User) -> None:
        """Write what may change about a user: name, roles, whether they are disabled."""
        changed = {
            "display_name": user.display_name,
            "roles": user.roles,
            "custom_roles": user.custom_roles,
            "disabled_at": user.disabled_at,
        }
        await self._session.execute(update(users).where(users.c.user_id == user.user_id).values(**changed))

    async def begin_generation(self, at: datetime, *, user_id: str | None = None, role: str | None = None) -> None:
        """Make void what tokens there are of this user, or of all who hold this role of the tenant's own."""
        whose = users.c.user_id == user_id if role is None else users.c.custom_roles.contains([role])
        held = select(users.c.tenant_id, users.c.generation).where(whose).with_for_update()
        void = [{**row, "voided_at": at} for row in (await self._session.execute(held)).mappings()]
        if void:
            await self._session.execute(insert(void_generations), void)
            await self._session.execute(update(users).where(whose).values(generation=func.gen_random_uuid()))

    async def list_holders(self, role: str, *, limit: int) -> Sequence[str]:
        """The ids of people who hold this role of the tenant's own."""
        found = select(users.c.user_id).where(users.c.custom_roles.contains([role])).order_by(users.c.user_id)
        return (await self._session.execute(found.limit(limit))).scalars().all()

    async def has_other_admin(self, user_id: str) -> bool:
        """Whether somebody else could administer the tenant if this user could not."""
        others = select(func.count()).where(
            users.c.user_id != user_id, users.c.disabled_at.is_(None), users.c.roles.contains(["admin"])
        )
        return bool((await self._session.execute(others)).scalar_one())

    async def list_after(self, after: tuple[str] | None, *, limit: int) -> Sequence[User]:
        """The next users in the order of their ids."""
        page = select(users).order_by(users.c.user_id).limit(limit)
        if after is not None:
            page = page.where(users.c.user_id > after[0])
        return [_user(row) for row in await self._session.execute(page)]

    async def find_password(self, user_id: str) -> str | None:
        """The hash of the user's password, or None."""
        found = select(passwords.c.hash).where(passwords.c.user_id == user_id)
        return (await self._session.execute(found)).scalar_one_or_none()

    async def save_password(self, user_id: str, hashed: str, *, at: datetime) -> None:
        """Keep the hash instead of the one before it."""
        values = {"hash": hashed, "changed_at": at}
        made = insert(passwords).values(tenant_id=self._tenant, user_id=user_id, **values)
        await self._session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "user_id"], set_=values))


class CustomRoles:
    """The tenant's own roles."""

    def __init__(self, tx: Transaction) -> None:
        self._session = tx.session
        self._tenant = tx.tenant

    async def save(self, role: CustomRole) -> None:
        """Make the role, or make it other than it was."""
        values = asdict(role)
        made = insert(custom_roles).values(tenant_id=self._tenant, **values)
        await self._session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "name"], set_=values))

    async def remove(self, name: str) -> bool:
        """Take it away. → whether it was there."""
        gone = delete(custom_roles).where(custom_roles.c.name == name).returning(custom_roles.c.name)
        return (await self._session.execute(gone)).first() is not None

    async def list_all(self) -> Sequence[CustomRole]:
        """All of them by name."""
        found = await self._session.execute(select(custom_roles).order_by(custom_roles.c.name))
        return [CustomRole(row.name, tuple(row.roles), row.changed_by, row.changed_at) for row in found]


class Keys:
    """The tenant's API keys."""

    def __init__(self, tx: Transaction) -> None:
        self._session = tx.session

    async def add(self, key: ApiKey) -> None:
        """Keep a new key."""
        await self._session.execute(insert(api_keys).values(**asdict(key)))

    async def find(self, key_id: UUID) -> ApiKey | None:
        """The key, revoked or not, or None."""
        found = (await self._session.execute(select(api_keys).where(api_keys.c.id == key_id))).first()
        return None if found is None else key_of(found)

    async def find_by_hash(self, sha256: str) -> ApiKey | None:
        """The key with this hash, revoked or not, or None."""
        found = (await self._session.execute(select(api_keys).where(api_keys.c.sha256 == sha256))).first()
        return None if found is None else key_of(found)

    async def revoke(self, key_id: UUID, *, at: datetime) -> tuple[ApiKey, bool]:
        """The key, revoked, and whether this call did it. Raises `NotFound`."""
        revoked = (
            update(api_keys)
            .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=at)
            .returning(api_keys)
        )
        if row := (await self._session.execute(revoked)).first():
            return key_of(row), True
        found = (await self._session.execute(select(api_keys).where(api_keys.c.id == key_id))).first()
        if found is None:
            raise NotFound(f"there is no key {key_id}")
        return key_of(found), False

    async def revoke_from_settings(self, user_id: str, *, at: datetime) -> int:
        """Revoke the keys that came from the settings. → how many were still good."""
        revoked = (
            update(api_keys)
            .where(
                api_keys.c.user_id == user_id,
                api_keys.c.source == KeySource.SETTINGS,
                api_keys.c.revoked_at.is_(None),
            )
            .values(revoked_at=at)
            .returning(api_keys.c.id)
        )
        return len((await self._session.execute(revoked)).all())

    async def list_before(self, before: tuple[UUID] | None, *, user_id: str | None, limit: int) -> Sequence[ApiKey]:
        """The next keys, newest first, of everybody or of one user."""
        page = select(api_keys).order_by(api_keys.c.id.desc()).limit(limit)
        if before is not None:
            page = page.where(api_keys.c.id < before[0])
        if user_id is not None:
            page = page.where(api_keys.c.user_id == user_id)
        return [key_of(row) for row in await self._session.execute(page)]


class BrowserSessions:
    """Browsers that the tenant's people are signed in with, and links that sign them in."""

    def __init__(self, tx: Transaction) -> None:
        self._session = tx.session

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        await self._session.execute(insert(sessions).values(**asdict(session)))

    async def add_link(self, link: SignInLink) -> None:
        """Keep a new link."""
        await self._session.execute(insert(sign_in_links).values(**asdict(link)))

    async def end(self, *, at: datetime, session_id: UUID | None = None, user_id: str | None = None) -> None:
        """End one session, or all of a person, with the links that would open more."""
        which = sessions.c.id == session_id if session_id else sessions.c.user_id == user_id
        ended = update(sessions).where(which, sessions.c.ended_at.is_(None)).values(ended_at=at)
        await self._session.execute(ended)
        if user_id is not None:
            await self._session.execute(delete(sign_in_links).where(sign_in_links.c.user_id == user_id))


async def lock_out_other_starts(tx: Transaction, what: str) -> None:
    """Wait until no other process is doing `what`; it is ours until this transaction ends."""
    await tx.session.execute(text("select pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": what})


def key_of(row: Row[Any]) -> ApiKey:
    """A key from a row of `api_keys`."""
    values = row._asdict()
    return ApiKey(**{**values, "scopes": tuple(values["scopes"])})


def tenant_of(row: Row[Any]) -> Tenant:
    """A tenant from a row of `tenants`."""
    return Tenant(row.tenant_id, created_by=row.created_by, created_at=row.created_at)


def _user(row: Row[Any]) -> User:
    values = row._asdict()
    return User(**{**values, "roles": tuple(values["roles"]), "custom_roles": tuple(values["custom_roles"])})
