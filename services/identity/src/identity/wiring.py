"""What identity serves and leans on."""

from __future__ import annotations

from datetime import timedelta

from common.service.principal import Role
from common.service.serve import Platform, Wiring

from identity.accounts import FIRST_ADMIN, Accounts
from identity.api import OPEN_PATHS, routers
from identity.bootstrap import FirstPerson, admit_first_people
from identity.domain import PEOPLES_ROLES
from identity.registry import Registry
from identity.settings import Settings
from identity.signing import Seal
from identity.tokens import Tokens
from identity.uses import KeyUses


def wire(settings: Settings, platform: Platform) -> Wiring:
    """Identity listens to nobody: it answers over HTTP, and tells compliance what administrators did."""
    seal = Seal(settings.master_key.get_secret_value())
    registry = Registry(platform.work, seal=seal)
    uses = KeyUses(registry)
    accounts = Accounts(platform.work, registry=registry, clock=platform.clock)
    tokens = Tokens(
        platform.work,
        registry=registry,
        seal=seal,
        uses=uses,
        service_keys=settings.service_keys,
        lifetime=timedelta(seconds=settings.token_seconds),
        clock=platform.clock,
    )

    async def first_start() -> None:
        await registry.ensure_signing_key(platform.clock())
        await admit_first_people(platform.work, _first_people(settings), clock=platform.clock)

    return Wiring(
        service="identity",
        routers=routers(accounts=accounts, tokens=tokens),
        open_paths=OPEN_PATHS,
        starts=[first_start],
        loops=[uses.run],
        closes=[uses.flush],
    )


def _first_people(settings: Settings) -> list[FirstPerson]:
    people = []
    if settings.admin_key is not None:
        people.append(FirstPerson(FIRST_ADMIN, PEOPLES_ROLES, settings.admin_key))
    if settings.reviewer_key is not None:
        people.append(FirstPerson("reviewer", (Role.REVIEWER, Role.PUBLISHER), settings.reviewer_key))
    return people
