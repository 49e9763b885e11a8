"""`/v1/runs/{run_id}/orders`: what workers were told to do for a step, word for word, for as long as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from common.bus.relay import KEPT
from common.contracts.erasing import ERASED
from common.contracts.message import AgentSpec, CommandBody
from common.db.work import Transaction, Work
from common.ids import derived_id
from common.masking import masked
from common.service.principal import Principal, current_principal
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from orchestrator.models import ready_steps, run_events, tables
from orchestrator.repository import get_run

_AT_MOST = 50


class OrderAnswer(BaseModel):
    """One attempt of a step, or of a part of it, as its worker got it."""

    seq: int = Field(description="Of its `agent.started` in the run's history.")
    at: datetime
    step_id: UUID
    place: str | None = Field(description="Which part of the step it is of; null: the step itself.")
    capability: str
    attempt: int
    agent: AgentSpec | None
    input: dict[str, Any] | None = Field(
        description=f"What the capability was given. Null when that is gone: it is kept for {KEPT}, and not at all "
        "once the run's author was forgotten."
    )


def router(*, work: Work) -> APIRouter:
    """Reads only."""
    routes = APIRouter(tags=["runs"])

    @routes.get(
        "/v1/runs/{run_id}/orders",
        summary=f"What attempts of steps were given, the newest {_AT_MOST}, in order",
        responses=refusals(404, 422),
    )
    async def index(
        run_id: UUID,
        caller: Annotated[Principal, Depends(current_principal)],
        step: Annotated[
            str | None, Query(max_length=200, pattern=r"^[^\x00]*$", description="Of this step alone.")
        ] = None,
    ) -> list[OrderAnswer]:
        async with work.transaction(caller.tenant) as tx:
            run = await get_run(tx, run_id)
            begun = await _begun(tx, run_id, step)
            kept = {} if run["created_by"] == ERASED else await _kept(tx, begun)
        return [_shown(row, kept.get(_message_of(row))) for row in begun]

    return routes


async def _begun(tx: Transaction, run_id: UUID, step: str | None) -> list[Any]:
    """The entries by which attempts of the step, or of any, began."""
    events = run_events.c
    mine = [events.run_id == run_id, events.type == "agent.started"]
    if step is not None:
        mine.append(events.data["step"].astext == step)
    found = await tx.session.execute(select(run_events).where(*mine).order_by(events.seq.desc()).limit(_AT_MOST))
    return list(found)[::-1]


async def _kept(tx: Transaction, begun: list[Any]) -> dict[UUID, CommandBody]:
    """The orders that are still there, sent or not, by their message's id."""
    outbox, ready = tables.outbox.c, ready_steps.c
    messages = {_message_of(row) for row in begun}
    sent = await tx.session.execute(select(outbox.id, outbox.body).where(outbox.id.in_(messages)))
    kept = {row.id: CommandBody.model_validate_json(row.body) for row in sent}
    steps = {UUID(row.data["step_id"]) for row in begun}
    waiting = await tx.session.execute(
        select(ready.step_id, ready.attempt, ready.command).where(ready.step_id.in_(steps))
    )
    return {derived_id(row.step_id, row.attempt): CommandBody.model_validate(row.command) for row in waiting} | kept


def _message_of(row: Any) -> UUID:
    return derived_id(UUID(row.data["step_id"]), row.data["attempt"])


def _shown(row: Any, order: CommandBody | None) -> OrderAnswer:
    return OrderAnswer(
        seq=row.seq,
        at=row.at,
        step_id=UUID(row.data["step_id"]),
        place=row.data.get("place"),
        capability=row.data["capability"],
        attempt=row.data["attempt"],
        agent=order.agent if order else None,
        input=masked(order.input) if order else None,
    )
