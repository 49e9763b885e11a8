"""Which programs make up a stack. Tests put tiny ones in their place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from common.bus.streams import permissions
from common.contracts.catalogue import SERVICES

from embedded.environment import EDGE, Site, migration_environment, service_environment
from embedded.nats_conf import NatsUser
from embedded.sandbox import NAME as SANDBOX
from embedded.secrets import StackSecrets

Layout = Literal["one", "each"]


@dataclass(frozen=True)
class Program:
    """A Python program, what it is told, and the addresses that answer 200 once it is ready."""

    name: str
    arguments: tuple[str, ...]
    """What follows `python`: `-m` and a module, or a file, and the program's own arguments."""
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: tuple[str, ...] = ()
    early: bool = False
    """Whether it is started while what the others need is still being imported."""


Apps = Callable[[Site, Layout], Sequence[Program]]
Migration = Callable[[Site], Program | None]
Preload = Callable[[], Sequence[str] | None]


def preloads(services: Sequence[str] = SERVICES) -> tuple[str, ...]:
    """What the programs of these services import and read at every start, for `common.forkserver`.

    The migration's first: it is the first of them to run.
    """
    server = ("http.auto", "websockets.auto")
    return (
        "alembic.command",
        "common.db.roles",
        "embedded.hosting",
        "uvicorn.lifespan.on",
        "uvicorn.loops.auto",
        *(f"uvicorn.protocols.{name}" for name in server),
        "httpcore",
        *(f"{service}.main" for service in services),
        "safety.shield:always_on",
    )


def host_programs(site: Site, layout: Layout) -> tuple[Program, ...]:
    """The apps: all of them and the edge in one process, or a process for each."""
    names = (*SERVICES, EDGE)
    environments = {name: service_environment(name, site) for name in names}
    ready = {name: f"{site.services[name]}/ready" for name in names}
    host = ("-m", "embedded.host")
    beside = _sandbox_program(site)
    if layout == "one":
        shared = {"GREENLIGHT_SERVICE_ENVIRONMENTS": json.dumps(environments)}
        return (Program("apps", host, shared, tuple(ready.values())), *beside)
    own = (Program(name, (*host, "--service", name), environments[name], (ready[name],)) for name in names)
    return (*own, *beside)


def _sandbox_program(site: Site) -> tuple[Program, ...]:
    """The sandbox of vendors, where the stack has one."""
    if (sandbox := site.sandbox) is None:
        return ()
    told = {"GREENLIGHT_ENVIRONMENT": "embedded"}
    told |= sandbox.environment(orchestrator_url=site.services["orchestrator"])
    return (Program(SANDBOX, sandbox.arguments, told, (f"{sandbox.url}/ready",)),)


def migration_command(site: Site) -> Program:
    """The child that brings every schema up to date, one after another, before an app starts."""
    return Program("migrate", ("-m", "common.db.migrate", *SERVICES), migration_environment(site), early=True)


def nats_users(secrets: StackSecrets) -> tuple[NatsUser, ...]:
    """One user a service, with the rights declared beside the streams."""
    users = []
    for service in SERVICES:
        rights = permissions(service)
        users.append(NatsUser(service, secrets.derive("nats", service), rights.publish, rights.subscribe))
    return tuple(users)
