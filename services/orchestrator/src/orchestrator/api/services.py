"""`/v1/services`: which services are there, what they can do, and when they came and went."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from common.db.work import Work
from common.errors import NotFound
from common.service.pages import STORABLE
from common.service.principal import Principal, current_principal
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from orchestrator.models import Presence
from orchestrator.registry import list_changes, list_services

Caller = Annotated[Principal, Depends(current_principal)]


class ServiceAnswer(BaseModel):
    """A service as its heartbeats tell."""

    service: str
    status: Presence
    since: datetime = Field(description="Since when it is so.")
    last_heard: datetime | None
    workers: int = Field(description="Processes that announced themselves within the last seconds.")
    capabilities: dict[str, int] = Field(description="How many steps of each it can work on at once.")


class ChangeAnswer(BaseModel):
    """A service came or went."""

    at: datetime
    status: Presence


def router(*, work: Work) -> APIRouter:
    """Reads only: services announce themselves on the bus."""
    routes = APIRouter(tags=["services"])

    @routes.get("/v1/services", summary="Services, and what they can do now", responses=refusals(401))
    async def index(_caller: Caller) -> list[ServiceAnswer]:
        async with work.system() as tx:
            return [ServiceAnswer.model_validate(row) for row in await list_services(tx)]

    @routes.get(
        "/v1/services/{service}/changes",
        summary="When a service came and went, newest first",
        responses=refusals(404, 422),
    )
    async def changes(
        service: Annotated[str, Path(max_length=200, pattern=STORABLE)],
        _caller: Caller,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> list[ChangeAnswer]:
        async with work.system() as tx:
            if service not in {row["service"] for row in await list_services(tx)}:
                raise NotFound(f"There is no service {service!r}.")
            return [ChangeAnswer.model_validate(row) for row in await list_changes(tx, service, limit=limit)]

    return routes
