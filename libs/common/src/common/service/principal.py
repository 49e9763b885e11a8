"""Who is asking, and what they may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Depends
from starlette.requests import HTTPConnection

from common.contracts.values import Role
from common.errors import Forbidden, Unauthenticated


@dataclass(frozen=True)
class Principal:
    """A verified caller. `tenant` is the token's `app_id`, byte for byte."""

    tenant: str
    user_id: str
    roles: frozenset[str]
    token: str
    """The caller's own token, to be forwarded when another service must decide with the caller's rights."""

    def may(self, *roles: Role) -> bool:
        """Whether the caller holds one of `roles`; an admin holds all but `service`."""
        wanted = {role.value for role in roles}
        return bool(wanted & self.roles) or (Role.ADMIN in self.roles and wanted != {Role.SERVICE.value})


def current_principal(connection: HTTPConnection) -> Principal:
    """FastAPI dependency: the verified caller. The middleware put it there; without it nothing is served."""
    principal = connection.scope.get("principal")
    if not isinstance(principal, Principal):
        raise Unauthenticated("This needs a token or an API key.")
    return principal


def requires(*roles: Role) -> Callable[[Principal], Principal]:
    """FastAPI dependency: the caller, if they hold one of `roles`; else 403."""

    def check(principal: Principal = Depends(current_principal)) -> Principal:
        if not principal.may(*roles):
            raise Forbidden(f"This needs one of these roles: {', '.join(role.value for role in roles)}.")
        return principal

    return check


__all__ = ["Principal", "Role", "current_principal", "requires"]
