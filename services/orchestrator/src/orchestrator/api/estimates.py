"""`/v1/runs/estimate`, `/v1/runs/{id}/estimate`: what a run may cost and take, before it starts and to its end."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from common.contracts.values import PublicMoney, RunStatus
from common.db.work import Work
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.engine.state import RunState
from orchestrator.estimates import RUNS_LOOKED_AT, Source, StepEstimate, capabilities_of, estimate, measure
from orchestrator.inputs import check_input
from orchestrator.library import Library
from orchestrator.repository import get_run

OVER = frozenset({RunStatus.COMPLETED, RunStatus.REJECTED, RunStatus.CANCELLED})
"""Nothing more comes of these; a run that failed may be retried."""
Caller = Annotated[Principal, Depends(current_principal)]
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]


class EstimateRequest(BaseModel):
    """What would be run, and on what."""

    model_config = ConfigDict(extra="forbid")

    workflow: str = Field(default="short_video", pattern=r"^[a-z0-9_]{1,64}$")
    input: dict[str, Any] = Field(examples=[{"brief": "How tides work"}])


class StepEstimateAnswer(BaseModel):
    """One step, each time it runs. What is not known is null and its source says `unknown`."""

    step: str
    capability: str | None = Field(description="Null for what no worker does: gates, waits and other runs.")
    times: int | None = Field(description="How often, if all goes well; null when the run has to find that out.")
    cost_usd: PublicMoney | None
    cost_source: Source
    duration_ms: int | None = Field(description="From its order to its answer, waiting for a worker included.")
    duration_source: Source
    samples: int = Field(description="Answers the measured medians are of.")


class EstimateAnswer(BaseModel):
    """The steps, and the sum of what is known of them."""

    workflow: str
    steps: list[StepEstimateAnswer]
    known_cost_usd: PublicMoney
    known_duration_ms: int = Field(description="One after another; what runs side by side takes less.")
    cost_unknown_for: list[str] = Field(description="Steps the sum leaves out.")
    duration_unknown_for: list[str]
    runs_looked_at: int = Field(description="Measured are the answers in at most this many of the tenant's last runs.")


def router(*, work: Work, library: Library) -> APIRouter:
    """Both routes."""
    routes = APIRouter(tags=["runs"])

    @routes.post(
        "/v1/runs/estimate",
        summary="What a run may cost and take. Starts nothing",
        responses=refusals(403, 404, 422),
    )
    async def ask(request: EstimateRequest, caller: Creator) -> EstimateAnswer:
        definition = library.get(request.workflow)
        values = check_input(definition, request.input)
        async with work.transaction(caller.tenant) as tx:
            measured = await measure(tx, capabilities_of(definition))
        return _answer(definition.name, estimate(definition, values, measured))

    @routes.get(
        "/v1/runs/{run_id}/estimate",
        summary="What a run may still cost and take, from where it is to its end. Steps that ended well are left out",
        responses=refusals(404, 422),
    )
    async def ask_for_the_rest(run_id: UUID, caller: Caller) -> EstimateAnswer:
        async with work.transaction(caller.tenant) as tx:
            row = await get_run(tx, run_id)
            definition = await library.definition(tx, row["definition_digest"])
            measured = await measure(tx, capabilities_of(definition))
        over = RunStatus(row["status"]) in OVER
        state = RunState.model_validate(row["state"])
        rest = [] if over else estimate(definition, row["input"], measured, state=state)
        return _answer(definition.name, [step for step in rest if step.times != 0])

    return routes


def _answer(workflow: str, steps: list[StepEstimate]) -> EstimateAnswer:
    cost = sum((step.cost_usd_micros or 0) * (step.times or 0) for step in steps)
    untimed = [step.step for step in steps if step.times != 0 and (step.times is None or step.duration_ms is None)]
    return EstimateAnswer(
        workflow=workflow,
        steps=[_step_answer(step) for step in steps],
        known_cost_usd=_usd(cost),
        known_duration_ms=sum((step.duration_ms or 0) * (step.times or 0) for step in steps),
        cost_unknown_for=[step.step for step in steps if not step.is_known],
        duration_unknown_for=untimed,
        runs_looked_at=RUNS_LOOKED_AT,
    )


def _step_answer(step: StepEstimate) -> StepEstimateAnswer:
    return StepEstimateAnswer(
        step=step.step,
        capability=step.capability,
        times=step.times,
        cost_usd=None if step.cost_usd_micros is None else _usd(step.cost_usd_micros),
        cost_source=step.cost_source,
        duration_ms=step.duration_ms,
        duration_source=step.duration_source,
        samples=step.samples,
    )


def _usd(micros: int) -> Decimal:
    return Decimal(micros) / 1_000_000
