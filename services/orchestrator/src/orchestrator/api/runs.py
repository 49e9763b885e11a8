"""`/v1/runs`: start, look at, list, decide about and cancel runs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import httpx
from common.contracts.values import Decision, RunStatus
from common.cursors import decode_cursor
from common.db.work import Work
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.principal import Principal, Role, current_principal, requires
from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.api.shapes import (
    ArtifactAnswer,
    HistoryAnswer,
    RunAnswer,
    Started,
    StateAnswer,
    WorkflowAnswer,
    run_answer,
    state_answer,
)
from orchestrator.control import Action, Control
from orchestrator.library import Library
from orchestrator.repository import get_run, list_artifacts, list_history, list_runs
from orchestrator.starting import Starter, StartRequest

Caller = Annotated[Principal, Depends(current_principal)]
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class SeedStart(BaseModel):
    """The body the seeds' clients send to `/v1/runs/start`."""

    model_config = ConfigDict(extra="forbid")

    workflow: str | None = Field(default=None, pattern=r"^[a-z0-9_]+$")
    project: str | None = Field(default=None, pattern=r"^[a-z0-9_]+$")
    brief: str = Field(max_length=10_000)
    user_id: str | None = None
    telegram_chat_id: str | None = None


class DecisionRequest(BaseModel):
    """A decision on the gate a run waits at. Who decides is in the token, not here."""

    model_config = ConfigDict(extra="forbid")

    interrupt_id: UUID | None = Field(default=None, description="The gate meant; needed only to be safe.")
    approved: bool = True
    comment: str = Field(default="", max_length=4_000)
    data: dict[str, Any] | None = Field(default=None, description="JSON merge patch: approve with these edits.")
    manifest_sha256: str | None = Field(default=None, description="What you saw; another content is refused.")


class Comment(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    interrupt_id: UUID | None = None
    comment: str = Field(min_length=1, max_length=4_000)


def router(
    *, work: Work, library: Library, starter: Starter, control: Control, compliance: httpx.AsyncClient
) -> APIRouter:
    """Routes of runs. Decisions are forwarded to compliance with the caller's own token."""
    routes = APIRouter(tags=["runs"])

    @routes.post("/v1/runs", status_code=202, summary="Start a run")
    async def start(request: StartRequest, caller: Creator, key: Key = None) -> Started:
        return Started(run_id=await starter.start(request, caller, key=key), status=RunStatus.PENDING.value)

    @routes.post("/v1/runs/start", status_code=202, summary="Start a run from a brief")
    @routes.post("/v2/runs/start", status_code=202, include_in_schema=False)
    async def start_from_brief(request: SeedStart, caller: Creator, key: Key = None) -> Started:
        workflow = request.workflow or request.project or "short_video"
        whole = StartRequest(workflow=workflow, input={"brief": request.brief})
        return Started(run_id=await starter.start(whole, caller, key=key), status=RunStatus.PENDING.value)

    @routes.get("/v1/runs", summary="Runs, newest first")
    async def index(
        caller: Caller,
        status: RunStatus | None = None,
        workflow: str | None = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[RunAnswer]:
        after = decode_cursor(cursor, datetime, UUID)
        async with work.transaction(caller.tenant) as tx:
            found = await list_runs(tx, status=status, workflow=workflow, limit=limit + 1, after=after)
        return page_of(found, limit=limit, view=run_answer, key=lambda row: (row["created_at"], row["id"]))

    @routes.get("/v1/runs/{run_id}", summary="One run")
    @routes.get("/v2/runs/{run_id}", include_in_schema=False)
    async def show(run_id: UUID, caller: Caller) -> RunAnswer:
        async with work.transaction(caller.tenant) as tx:
            return run_answer(await get_run(tx, run_id))

    @routes.get("/v1/runs/{run_id}/state", summary="A run, step by step")
    @routes.get("/v2/runs/{run_id}/state", include_in_schema=False)
    async def state(run_id: UUID, caller: Caller) -> StateAnswer:
        async with work.transaction(caller.tenant) as tx:
            row = await get_run(tx, run_id)
            return state_answer(row, await library.definition(tx, row["definition_digest"]))

    @routes.get("/v1/runs/{run_id}/history", summary="What happened, in order")
    @routes.get("/v2/runs/{run_id}/history", include_in_schema=False)
    async def history(
        run_id: UUID, caller: Caller, after_seq: int = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 500
    ) -> list[HistoryAnswer]:
        async with work.transaction(caller.tenant) as tx:
            await get_run(tx, run_id)
            rows = await list_history(tx, run_id, after_seq=after_seq, limit=limit)
        return [HistoryAnswer.model_validate(dict(row)) for row in rows]

    @routes.get("/v1/runs/{run_id}/artifacts", summary="What the run made")
    async def artifacts(run_id: UUID, caller: Caller) -> list[ArtifactAnswer]:
        async with work.transaction(caller.tenant) as tx:
            await get_run(tx, run_id)
            rows = await list_artifacts(tx, run_id)
        return [ArtifactAnswer.model_validate({"id": row["sha256"], **row}) for row in rows]

    @routes.post("/v1/runs/{run_id}/approve", summary="Approve, or decide, at the gate the run waits at")
    @routes.post("/v2/runs/{run_id}/approve", include_in_schema=False)
    async def approve(run_id: UUID, request: DecisionRequest, caller: Caller) -> dict[str, Any]:
        decision = Decision.APPROVED if request.approved else Decision.REJECTED
        body = request.model_dump(exclude={"interrupt_id", "approved"}, exclude_none=True)
        return await control.decide(run_id, caller, decision, body, item=request.interrupt_id, door=compliance)

    @routes.post("/v1/runs/{run_id}/reject", summary="Reject at the gate the run waits at: the run ends")
    @routes.post("/v2/runs/{run_id}/reject", include_in_schema=False)
    async def reject(run_id: UUID, request: Comment, caller: Caller) -> dict[str, Any]:
        body = {"comment": request.comment}
        return await control.decide(run_id, caller, Decision.REJECTED, body, item=request.interrupt_id, door=compliance)

    @routes.post("/v1/runs/{run_id}/request-changes", summary="Send the run back with a comment")
    async def request_changes(run_id: UUID, request: Comment, caller: Caller) -> dict[str, Any]:
        body = {"comment": request.comment}
        asked = Decision.CHANGES_REQUESTED
        return await control.decide(run_id, caller, asked, body, item=request.interrupt_id, door=compliance)

    @routes.post("/v1/runs/{run_id}/cancel", summary="Cancel a run. Repeating it changes nothing")
    async def cancel(run_id: UUID, caller: Creator) -> RunAnswer:
        row, _ = await control.steer(run_id, caller, Action.CANCEL)
        return run_answer(row)

    @routes.get("/v1/workflows", summary="Workflows, also those that cannot be loaded")
    async def workflows(_caller: Caller) -> list[WorkflowAnswer]:
        found = [
            WorkflowAnswer(
                name=definition.name,
                title=definition.title,
                description=definition.description,
                status="ready",
                digest=definition.digest,
                steps=[step.id for step in definition.steps if not step.hidden],
                inputs={name: field.model_dump() for name, field in definition.inputs.items()},
            )
            for definition in library.current.values()
        ]
        broken = [
            WorkflowAnswer(name=one.name, title=one.name, description="", status="error", problem=one.problem)
            for one in library.broken.values()
        ]
        return found + broken

    return routes
