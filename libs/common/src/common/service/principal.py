"""Who is asking, and what they may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Depends
from starlette.requests import HTTPConnection

from common.contracts.values import PLATFORM_TENANT, Role
from common.errors import Forbidden, Unauthenticated
from common.viewing import Viewer

_SEE_ALL = frozenset({Role.COMPLIANCE_OFFICER.value, Role.ADMIN.value, Role.SERVICE.value})


@dataclass(frozen=True)
class Principal:
    """A verified caller. `tenant` is the token's `app_id`, byte for byte."""

    tenant: str
    user_id: str
    roles: frozenset[str]
    token: str
    """The caller's own token, to be forwarded when another service must decide with the caller's rights."""
    limited: bool = False
    """It comes from a key that may do less than its owner, or for a time only: it makes no other way in for them."""

    def may(self, *roles: Role) -> bool:
        """Whether the caller holds one of `roles`; an admin holds all but `service`."""
        wanted = {role.value for role in roles}
        return bool(wanted & self.roles) or (Role.ADMIN in self.roles and wanted != {Role.SERVICE.value})

    @property
    def viewer(self) -> Viewer:
        """The caller as somebody who looks; nothing of the tenant is kept from officers, admins and our services."""
        names = (f"user:{self.user_id}", *(f"role:{role}" for role in sorted(self.roles)))
        return Viewer(names, sees_all=bool(_SEE_ALL & self.roles))


async def current_principal(connection: HTTPConnection) -> Principal:
    """FastAPI dependency: the verified caller. The middleware put it there; without it nothing is served."""
    principal = connection.scope.get("principal")
    if not isinstance(principal, Principal):
        raise Unauthenticated("This needs a token or an API key.")
    return principal


def requires(*roles: Role) -> Callable[[Principal], Awaitable[Principal]]:
    """FastAPI dependency: the caller, if they hold one of `roles`; else 403."""

    async def check(principal: Principal = Depends(current_principal)) -> Principal:
        if not principal.may(*roles):
            raise Forbidden(f"This needs one of these roles: {', '.join(role.value for role in roles)}.")
        return principal

    check.roles = roles  # type: ignore[attr-defined]  # what `common.service.permissions` reads
    return check


def governs_platform(*roles: Role) -> Callable[[Principal], Awaitable[Principal]]:
    """FastAPI dependency: the caller, if they hold one of `roles` in the installation's own tenant; else 403."""

    async def check(principal: Principal = Depends(requires(*roles))) -> Principal:
        if principal.tenant != PLATFORM_TENANT:
            raise Forbidden(f"This is for people of the installation's own tenant, {PLATFORM_TENANT!r}.")
        return principal

    check.platform = True  # type: ignore[attr-defined]  # what `common.service.permissions` reads
    return check


__all__ = ["Principal", "Role", "current_principal", "governs_platform", "requires"]
