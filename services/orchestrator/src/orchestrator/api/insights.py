"""`/v1/insights`: what runs cost, and how far they come. The airlock's own times are at `/v1/airlock/waiting`."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated

from common.clock import Clock
from common.contracts.values import PublicMoney
from common.db.work import Work
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.insights import By, add_up, follow
from orchestrator.library import Library

Caller = Annotated[Principal, Depends(current_principal)]
Looker = Annotated[Principal, Depends(requires(Role.OPERATOR, Role.CREATOR))]
Days = Annotated[int, Query(ge=1, le=92, description="So many days until now, today among them (UTC).")]


class ShareAnswer(BaseModel):
    """Money under one name."""

    name: str = Field(description="A day, a workflow, a user, a run, an agent, or a maker; empty: nobody is named.")
    title: str = Field(description="The same for people: of a run its brief.")
    cost_usd: PublicMoney
    runs: int


class CostsAnswer(BaseModel):
    """What the runs that began in the period cost so far."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "by": "agent",
                    "since": "2026-11-01T00:00:00Z",
                    "total_usd": "1.250000",
                    "rest_usd": "0.050000",
                    "runs": 4,
                    "is_whole": True,
                    "shares": [{"name": "writer", "title": "writer", "cost_usd": "1.200000", "runs": 4}],
                }
            ]
        }
    )

    by: By
    since: datetime
    shares: list[ShareAnswer] = Field(description="The largest first; days in order, those without cost left out.")
    total_usd: PublicMoney
    rest_usd: PublicMoney = Field(
        description="Of the total, what is in no share: smaller ones, steps that failed, work that was stopped."
    )
    runs: int = Field(description="Runs that cost anything.")
    is_whole: bool = Field(description="False: there were more runs than are added up, and the oldest are left out.")


class StageAnswer(BaseModel):
    """A step, and the runs of the period at it."""

    step: str
    kind: str
    passed: int = Field(description="Runs that are past it, or were.")
    here: int = Field(description="Runs that are at it now.")
    ended: int = Field(description="Runs that failed, were rejected or cancelled at it.")


class FunnelAnswer(BaseModel):
    """How far runs came, from the brief to the last step."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "workflow": "short_video",
                    "since": "2026-11-01T00:00:00Z",
                    "began": 12,
                    "is_whole": True,
                    "stages": [{"step": "ideation", "kind": "run", "passed": 11, "here": 1, "ended": 0}],
                }
            ]
        }
    )

    workflow: str
    since: datetime
    began: int
    stages: list[StageAnswer]
    is_whole: bool = Field(description="False: there were more runs than are looked at, and the oldest are left out.")


def router(*, work: Work, library: Library, clock: Clock) -> APIRouter:
    """Routes that only read."""
    routes = APIRouter(prefix="/v1/insights", tags=["insights"])

    @routes.get("/costs", summary="What runs cost, by day, user, run, agent …", responses=refusals(403, 422))
    async def costs(
        caller: Looker, by: By = By.DAY, days: Days = 30, limit: Annotated[int, Query(ge=1, le=100)] = 20
    ) -> CostsAnswer:
        now = clock()
        since = _since(now, days)
        async with work.transaction(caller.tenant) as tx:
            found = await add_up(tx, by, since=since, until=now, limit=limit)
        return CostsAnswer(
            by=by,
            since=since,
            shares=[
                ShareAnswer(name=one.name, title=one.title, cost_usd=_usd(one.cost_usd_micros), runs=one.runs)
                for one in found.shares
            ],
            total_usd=_usd(found.total_usd_micros),
            rest_usd=_usd(found.rest_usd_micros),
            runs=found.runs,
            is_whole=found.is_whole,
        )

    @routes.get("/funnel", summary="How far the runs of a workflow come, step by step", responses=refusals(404, 422))
    async def funnel(
        caller: Caller,
        workflow: Annotated[str, Query(pattern=r"^[a-z0-9_]{1,64}$")] = "short_video",
        days: Days = 30,
    ) -> FunnelAnswer:
        definition, now = library.get(workflow), clock()
        since = _since(now, days)
        async with work.transaction(caller.tenant) as tx:
            found = await follow(tx, definition, since=since, until=now)
        stages = [StageAnswer.model_validate(vars(one)) for one in found.stages]
        return FunnelAnswer(workflow=workflow, since=since, began=found.began, stages=stages, is_whole=found.is_whole)

    return routes


def _since(now: datetime, days: int) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)


def _usd(micros: int) -> Decimal:
    return Decimal(micros) / 1_000_000
