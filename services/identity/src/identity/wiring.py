"""What identity serves and leans on."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

from common.service.erasing import Forgetting
from common.service.generations import Generations
from common.service.principal import Role
from common.service.serve import Platform, Wiring

from identity.accounts import FIRST_ADMIN, Accounts
from identity.api import OPEN_PATHS, routers
from identity.bootstrap import FirstPerson, admit_first_people
from identity.domain import PEOPLES_ROLES
from identity.forgetting import forget_person
from identity.passwords import Passwords
from identity.registry import Registry
from identity.revoking import Revoking
from identity.roles import Roles
from identity.session_api import UNSHIELDED
from identity.sessions import Sessions
from identity.settings import Settings
from identity.signing import Seal
from identity.tokens import Tokens
from identity.uses import KeyUses

_PRUNE_SECONDS = 3600.0


def wire(settings: Settings, platform: Platform) -> Wiring:
    """Identity answers over HTTP, tells compliance what administrators did, and hears who is to be forgotten."""
    seal = Seal(settings.master_key.get_secret_value())
    registry = Registry(platform.work, seal=seal)
    uses = KeyUses(registry)
    lifetime = timedelta(seconds=settings.token_seconds)
    revoking = Revoking(registry, Generations(platform.redis), lifetime=lifetime, clock=platform.clock)
    accounts = Accounts(platform.work, registry=registry, revoking=revoking, clock=platform.clock)
    roles = Roles(platform.work, revoking=revoking, clock=platform.clock)
    tokens = Tokens(
        platform.work,
        registry=registry,
        seal=seal,
        uses=uses,
        service_keys=settings.service_keys,
        lifetime=lifetime,
        clock=platform.clock,
    )

    sessions = Sessions(
        platform.work,
        registry=registry,
        tokens=tokens,
        passwords=Passwords(platform.compute, platform.redis),
        revoking=revoking,
        lifetime=timedelta(seconds=settings.session_seconds),
        clock=platform.clock,
    )

    async def prune() -> None:
        while True:
            await sessions.prune()
            await asyncio.sleep(_PRUNE_SECONDS)

    forgetting = Forgetting(
        platform.work, platform.bus, forget=partial(forget_person, clock=platform.clock), clock=platform.clock
    )

    async def first_start() -> None:
        await registry.ensure_signing_key(platform.clock())
        await admit_first_people(platform.work, _first_people(settings), clock=platform.clock)

    return Wiring(
        service="identity",
        routers=routers(accounts=accounts, roles=roles, tokens=tokens, sessions=sessions, edge_url=settings.edge_url),
        open_paths=OPEN_PATHS,
        unshielded=UNSHIELDED,
        starts=[first_start],
        loops=[uses.run, forgetting.run, revoking.run, prune],
        closes=[uses.flush],
    )


def _first_people(settings: Settings) -> list[FirstPerson]:
    people = []
    if settings.admin_key is not None:
        people.append(FirstPerson(FIRST_ADMIN, PEOPLES_ROLES, settings.admin_key))
    if settings.reviewer_key is not None:
        people.append(FirstPerson("reviewer", (Role.REVIEWER, Role.PUBLISHER), settings.reviewer_key))
    return people
