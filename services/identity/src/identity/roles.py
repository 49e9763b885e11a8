"""Roles of a tenant's own: names for some of the built-in ones. A change counts at once for all who hold them."""

from __future__ import annotations

from collections.abc import Sequence

from common.clock import Clock
from common.db.work import Work
from common.errors import NotFound
from common.service.principal import Principal

from identity.accounts import must_govern
from identity.audit import note_change
from identity.domain import CustomRole, ordered
from identity.errors import RoleInUse
from identity.repository import CustomRoles, Tenants, Users
from identity.revoking import Revoking

_NAMED = 10


class Roles:
    """Acts for the caller, inside the caller's tenant."""

    def __init__(self, work: Work, *, revoking: Revoking, clock: Clock) -> None:
        self._work = work
        self._revoking = revoking
        self._clock = clock

    async def list_all(self, actor: Principal) -> Sequence[CustomRole]:
        """The tenant's own roles, by name."""
        async with self._work.transaction(actor.tenant) as tx:
            return await CustomRoles(tx).list_all()

    async def save(self, actor: Principal, *, name: str, roles: Sequence[str]) -> CustomRole:
        """Make the role, or another of it. Tokens of those who hold it are void from then on."""
        role = CustomRole(name, ordered(roles), changed_by=actor.user_id, changed_at=self._clock())
        async with self._work.transaction(actor.tenant) as tx:
            await Tenants(tx).lock()
            await must_govern(tx, actor)
            known = {one.name: one for one in await CustomRoles(tx).list_all()}
            if name in known and known[name].roles == role.roles:
                return known[name]
            await CustomRoles(tx).save(role)
            await Users(tx).begin_generation(role.changed_at, role=name)
            at, made_of = role.changed_at, list(role.roles)
            before = {"roles": list(known[name].roles)} if name in known else None
            after = {"roles": made_of}
            resource = f"role:{name}"
            note_change(
                tx, "role.changed", resource=resource, actor=actor, at=at, before=before, after=after, roles=made_of
            )
        await self._revoking.tell()
        return role

    async def remove(self, actor: Principal, *, name: str) -> None:
        """Take the role away. Raises `NotFound`, or `RoleInUse` while somebody holds it."""
        async with self._work.transaction(actor.tenant) as tx:
            await Tenants(tx).lock()
            await must_govern(tx, actor)
            if holders := await Users(tx).list_holders(name, limit=_NAMED):
                raise RoleInUse(f"role {name!r} is held: take it from its holders first", user_ids=list(holders))
            known = {one.name: one for one in await CustomRoles(tx).list_all()}
            if not await CustomRoles(tx).remove(name):
                raise NotFound(f"there is no role {name!r}")
            before = {"roles": list(known[name].roles)}
            note_change(tx, "role.removed", resource=f"role:{name}", actor=actor, at=self._clock(), before=before)
