"""`/v1/services`: which services are there, how they are, what waits for them, and when they came and went."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from common.bus.connection import Bus
from common.db.work import Work
from common.errors import NotFound
from common.service.pages import STORABLE
from common.service.principal import Principal, Role, current_principal, governs_platform
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.models import Presence
from orchestrator.queues import list_queues
from orchestrator.registry import list_changes, list_services

Caller = Annotated[Principal, Depends(current_principal)]
Operator = Annotated[Principal, Depends(governs_platform(Role.OPERATOR))]


class ServiceAnswer(BaseModel):
    """A service as its heartbeats tell."""

    service: str
    status: Presence
    since: datetime = Field(description="Since when it is so.")
    last_heard: datetime | None
    workers: int = Field(description="Processes that announced themselves within the last seconds.")
    capabilities: dict[str, int] = Field(description="How many steps of each it can work on at once.")
    versions: list[str] = Field([], description="Of its processes; more than one while they are being replaced.")
    unsent: int = Field(0, description="Messages that it committed and that are not published yet.")
    unsent_since: datetime | None = Field(None, description="When the oldest of these was committed.")
    unwell: dict[str, str] = Field({}, description="What it leans on that does not answer as it should, and how.")


class QueueAnswer(BaseModel):
    """What waits for one reader of a stream, and what it is at, in all tenants together."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(description="The service that reads it and what it reads, such as `editor-render`.")
    stream: str
    service: str
    backlog: int | None = Field(description="Steps that are ready and not handed out; only what agents take has one.")
    waiting: int = Field(description="Messages that nobody has taken yet.")
    under_way: int = Field(description="Messages that were taken and are not done.")
    redelivered: int = Field(description="Of those under way, how many were taken before and not finished.")
    last_taken: datetime | None


class ChangeAnswer(BaseModel):
    """A service came or went."""

    at: datetime
    status: Presence


def router(*, work: Work, bus: Bus) -> APIRouter:
    """Reads only: services announce themselves on the bus."""
    routes = APIRouter(tags=["services"])

    @routes.get("/v1/services", summary="Services, and what they can do now", responses=refusals(401))
    async def index(_caller: Caller) -> list[ServiceAnswer]:
        async with work.system() as tx:
            return [ServiceAnswer.model_validate(row | row["said"]) for row in await list_services(tx)]

    @routes.get(
        "/v1/services/queues", summary="How long the queues between services are", responses=refusals(401, 403, 503)
    )
    async def queues(_caller: Operator) -> list[QueueAnswer]:
        return [QueueAnswer.model_validate(queue) for queue in await list_queues(work, bus)]

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
