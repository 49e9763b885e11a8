"""`docs/permissions.md` and what identity tells at `/v1/roles`: who may do what, from the routes of every service."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator, Sequence

from common.contracts.catalogue import SERVICES
from common.contracts.values import Role
from common.service.permissions import FILE, Permission, permissions_of
from common.service.serve import Wiring
from common.service.settings import ServiceSettings
from fastapi import FastAPI
from pydantic import TypeAdapter

DOCS, DATA = "docs/permissions.md", f"libs/common/src/common/{FILE}"
_NOWHERE = {
    "GREENLIGHT_ENVIRONMENT": "test",
    "GREENLIGHT_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing",
    "GREENLIGHT_NATS_URL": "nats://127.0.0.1:1",
    "GREENLIGHT_REDIS_URL": "redis://127.0.0.1:1/0",
    "GREENLIGHT_ARTIFACTS_URL": "memory://",
    "GREENLIGHT_IDENTITY_URL": "http://127.0.0.1:1",
    "GREENLIGHT_COMPLIANCE_URL": "http://127.0.0.1:1",
    "GREENLIGHT_SERVICE_KEY": "none",
    "GREENLIGHT_MASTER_KEY": "0" * 32,
}
"""Enough to wire an app that is never run."""
_HEAD = """\
<!-- Written by `./greenlight dev gen` from the routes of every service. Do not edit. -->

# Permissions

Who may do what, per role. A permission is named by noun and verb; its routes are below it. `every` marks what everybody
of the tenant with a token may do; `home` what only people of the installation's own tenant, `default`, may. An
administrator may do what everybody else may, except for what services ask each other. What a single item asks for
besides is not in the table: its author cannot decide on it, only who holds one of its gate's roles can, and what
belongs to another tenant is not there (404). Neither is what belongs to a private run, but for those it is shared
with, those who may decide at a gate of it that is open, compliance officers and administrators. The same is at
`GET /v1/roles`, where a tenant's own roles are, too.
See [ADR 0031](adr/0031-roles-and-grants.md).
"""


def generate() -> dict[str, str]:
    """Both files."""
    found = permissions()
    data = TypeAdapter(list[Permission]).dump_json(found, indent=1).decode() + "\n"
    return {DOCS: "\n".join(_lines(found)) + "\n", DATA: data}


def permissions() -> list[Permission]:
    """Those of every service, wired as it would be run."""
    found: list[Permission] = []
    for service, app in wired_apps():
        wiring: Wiring = app.state.wiring
        found += permissions_of(service, wiring.routers, open_paths=wiring.open_paths)
    return found


def wired_apps() -> Iterator[tuple[str, FastAPI]]:
    """Every service's app, wired as it would be run, and not running."""
    with tempfile.TemporaryDirectory() as folder:
        for service in SERVICES:
            settings_class: type[ServiceSettings] = importlib.import_module(f"{service}.settings").Settings
            settings = settings_class.from_environment(_NOWHERE | {"GREENLIGHT_DATA_DIR": folder})
            yield service, importlib.import_module(f"{service}.main").app(settings)


def _lines(found: Sequence[Permission]) -> Iterator[str]:
    yield _HEAD
    for service in SERVICES:
        own = [permission for permission in found if permission.service == service]
        if not own:
            continue
        yield f"## {service}"
        yield ""
        yield "| permission | " + " | ".join(role.value for role in Role) + " | routes |"
        yield "|---|" + "---|" * (len(Role) + 1)
        yield from (_row(permission) for permission in own)
        yield ""


def _row(permission: Permission) -> str:
    mark = "home" if permission.platform else "yes"
    cells = ["every" if permission.roles is None else mark if role in permission.roles else "" for role in Role]
    routes = "<br>".join(f"`{route}`" for route in permission.routes)
    return f"| `{permission.name}` | {' | '.join(cells)} | {routes} |"
