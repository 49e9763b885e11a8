"""The first people: keys given by the settings become keys of real users of the platform's own tenant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from common.clock import Clock
from common.contracts.values import PLATFORM_TENANT
from common.db.work import Transaction, Work
from common.ids import new_id
from common.observability.logging import get_logger
from pydantic import SecretStr

from identity.audit import SETTINGS, note_change
from identity.domain import ApiKey, KeySource, PersonRole, Tenant, User, ordered, sha256_of
from identity.keys import prefix_of
from identity.repository import Keys, Tenants, Users, lock_out_other_starts

log = get_logger(__name__)


@dataclass(frozen=True)
class FirstPerson:
    """Somebody who is there because the settings hold their key."""

    user_id: str
    roles: tuple[PersonRole, ...]
    key: SecretStr


async def admit_first_people(work: Work, people: Sequence[FirstPerson], *, clock: Clock) -> None:
    """See that each person exists and their key works. Starting again, or two at once, changes nothing.

    The settings speak when they change: a key never seen before replaces the one before it, and gives its person their
    roles back. One that was revoked or replaced stays so, whatever an old container starts with; what people decided
    about the user since stays too.
    """
    if not people:
        return
    now = clock()
    async with work.transaction(PLATFORM_TENANT) as tx:
        await lock_out_other_starts(tx, "identity:first_people")
        await Tenants(tx).add(Tenant(PLATFORM_TENANT, created_by=SETTINGS, created_at=now))
        for person in people:
            await _admit(tx, person, now)


async def _admit(tx: Transaction, person: FirstPerson, now: datetime) -> None:
    key = person.key.get_secret_value()
    known = await Keys(tx).find_by_hash(sha256_of(key))
    if known is not None:
        if known.revoked_at is not None:
            log.warning("bootstrap.key_was_revoked", user_id=person.user_id, advice="put a fresh key in the settings")
        return
    await _restore(tx, person, now)
    replaced = await Keys(tx).revoke_from_settings(person.user_id, at=now)
    if replaced:
        await Users(tx).begin_generation(now, user_id=person.user_id)
    fresh = ApiKey(
        id=new_id(),
        tenant_id=PLATFORM_TENANT,
        user_id=person.user_id,
        name="from the settings",
        prefix=prefix_of(key),
        sha256=sha256_of(key),
        scopes=(),
        source=KeySource.SETTINGS,
        created_by=SETTINGS,
        created_at=now,
    )
    await Keys(tx).add(fresh)
    resource = f"key:{fresh.id}"
    note_change(tx, "key.created", resource=resource, actor=SETTINGS, at=now, user=person.user_id, replaced=replaced)


async def _restore(tx: Transaction, person: FirstPerson, now: datetime) -> None:
    """The person with at least their roles, enabled: a fresh key in the settings is how a lost tenant is recovered."""
    fresh = User(PLATFORM_TENANT, person.user_id, person.user_id.capitalize(), roles=person.roles, created_at=now)
    if not await Users(tx).add(fresh):
        known = await Users(tx).get(person.user_id)
        await Users(tx).save(replace(known, roles=ordered({*known.roles, *person.roles}), disabled_at=None))
