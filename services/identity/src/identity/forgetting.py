"""Forgetting a person: their name goes, their keys are revoked, and they cannot come back in."""

from __future__ import annotations

from collections.abc import Mapping

from common.clock import Clock
from common.contracts.erasing import ERASED, ErasureOrdered
from common.db.work import Transaction
from sqlalchemy import delete, func, select, update

from identity.models import api_keys, custom_roles, passwords, sign_in_links, users
from identity.repository import BrowserSessions, Tenants, Users


async def forget_person(tx: Transaction, order: ErasureOrdered, *, clock: Clock) -> Mapping[str, int]:
    """Blank what identity knows of a person of the tenant. → how much of what.

    Their id stays, without a name, so that nobody else is given it. The last administrator only loses their name:
    a tenant nobody can govern would help nobody.
    """
    user_id = order.user_id
    await Tenants(tx).lock()
    person = await Users(tx).find(user_id)
    if person is None:
        return {"users": 0}
    stays = person.governs and not await Users(tx).has_other_admin(user_id)
    now = clock()
    disabled = users.c.disabled_at if stays else func.coalesce(users.c.disabled_at, now)
    await tx.session.execute(
        update(users).where(users.c.user_id == user_id).values(display_name=ERASED, disabled_at=disabled)
    )
    theirs = api_keys.c.user_id == user_id
    if not stays:
        await Users(tx).begin_generation(now, user_id=user_id)
        await BrowserSessions(tx).end(at=now, user_id=user_id)
        await tx.session.execute(delete(passwords).where(passwords.c.user_id == user_id))
    keys = len((await tx.session.execute(select(api_keys.c.id).where(theirs))).all())
    await tx.session.execute(update(api_keys).where(theirs).values(name=ERASED))
    if not stays:
        await tx.session.execute(update(api_keys).where(theirs, api_keys.c.revoked_at.is_(None)).values(revoked_at=now))
    signature = f"{tx.tenant}/{user_id}"
    await tx.session.execute(update(api_keys).where(api_keys.c.created_by == signature).values(created_by=ERASED))
    for table, by in ((custom_roles, custom_roles.c.changed_by), (sign_in_links, sign_in_links.c.created_by)):
        await tx.session.execute(update(table).where(by == user_id).values({by.name: ERASED}))
    return {"users": 1, "keys": keys, "kept_last_admin": int(stays)}
