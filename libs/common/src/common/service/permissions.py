"""What each role may do: read from the routes themselves, written down by `./greenlight dev gen`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.routing import WebSocketRoute

from common.contracts.values import PLATFORM_TENANT, Role
from common.service.middleware import is_open
from common.service.principal import Principal

FILE = "permissions.json"
_NOUN = re.compile(r"^/(?:compat/[^/]+/|v1/|admin/)?((?:v2/)?[^/{]+)")


@dataclass(frozen=True)
class Permission:
    """Something that may be done, named by noun and verb such as `runs.cancel`, and by whom."""

    name: str
    service: str
    routes: tuple[str, ...]
    """`POST /v1/runs/{run_id}/cancel`; more than one where the same is done at several doors."""
    roles: tuple[Role, ...] | None
    """None: everybody with a token. What a certain item asks for besides, such as not to be its author, is its own."""
    platform: bool
    """Only in the installation's own tenant."""


def routes_of(routers: Sequence[APIRouter]) -> list[APIRoute]:
    """Every HTTP route of a service's routers. Raises `TypeError` for a router inside of one: nobody would see it."""
    routes = [route for router in routers for route in router.routes if not isinstance(route, WebSocketRoute)]
    if hidden := [route for route in routes if not isinstance(route, APIRoute)]:
        raise TypeError(f"a service's routers hold routes, and no {type(hidden[0]).__name__}")
    return [route for route in routes if isinstance(route, APIRoute)]


def permissions_of(service: str, routers: Sequence[APIRouter], *, open_paths: Sequence[str]) -> list[Permission]:
    """The permissions of a service's routes, by name. Raises `ValueError` when one name is given to two rights."""
    found: dict[str, Permission] = {}
    for route in routes_of(routers):
        if is_open(route.path, open_paths):
            continue
        demands = list(_demands(route.dependant))
        roles = [roles for roles, _ in demands if roles is not None]
        routes = tuple(f"{method} {route.path}" for method in sorted(route.methods or ()))
        made = Permission(
            name=_name_of(route),
            service=service,
            routes=routes,
            roles=_everybody_among(roles),
            platform=any(platform for _, platform in demands),
        )
        known = found.setdefault(made.name, made)
        if (known.roles, known.platform) != (made.roles, made.platform):
            raise ValueError(f"{made.name} is two things: {known.routes[0]} and {routes[0]}; rename a function")
        if known is not made:
            found[made.name] = Permission(made.name, service, (*known.routes, *routes), made.roles, made.platform)
    return sorted(found.values(), key=lambda permission: permission.name)


@cache
def all_permissions() -> tuple[Permission, ...]:
    """Those of all services, as they were written down."""
    text = files("common").joinpath(FILE).read_bytes()
    return TypeAdapter(tuple[Permission, ...]).validate_json(text)


def _everybody_among(demands: Sequence[tuple[Role, ...]]) -> tuple[Role, ...] | None:
    if not demands:
        return None
    return tuple(
        role
        for role in Role
        if all(Principal(PLATFORM_TENANT, "", frozenset({role.value}), "").may(*roles) for roles in demands)
    )


def _demands(dependant: Dependant) -> Iterator[tuple[tuple[Role, ...] | None, bool]]:
    yield getattr(dependant.call, "roles", None), getattr(dependant.call, "platform", False)
    for inner in dependant.dependencies:
        yield from _demands(inner)


def _name_of(route: APIRoute) -> str:
    noun = _NOUN.match(route.path)
    return f"{noun[1] if noun else route.path}.{route.endpoint.__name__}".replace("/", "_")
