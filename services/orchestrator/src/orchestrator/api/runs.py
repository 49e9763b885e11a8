"""`/v1/runs`: start, look at, list and decide about runs. What else is done to them is in `api/control.py`."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from common.contracts.values import Decision, RunStatus
from common.cursors import decode_cursor, encode_cursor
from common.db.work import Work
from common.service.holding import HeldRuns
from common.service.pages import STORABLE, Cursor, Limit, Page, Word
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime

from orchestrator.api.outlines import StateAnswer, WorkflowAnswer, state_answer, workflow_answers
from orchestrator.api.shapes import (
    ArtifactAnswer,
    Comment,
    DecisionRequest,
    HistoryAnswer,
    RunAnswer,
    SeedStart,
    Started,
    artifact_answer,
    fields_of,
    run_answer,
    started,
)
from orchestrator.deciding import Decider
from orchestrator.library import Library
from orchestrator.repository import (
    SEARCHED,
    RunFilter,
    get_run,
    list_artifacts,
    list_history,
    list_runs,
)
from orchestrator.settings import TRACE
from orchestrator.starting import Starter, StartRequest

Caller = Annotated[Principal, Depends(current_principal)]
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
Seq = Annotated[int, Query(ge=0, le=2_147_483_647)]
Seconds = Annotated[
    float | None,
    Query(
        ge=0,
        le=1e9,
        description="From a run's start to its end, or until now. A page looks at as many runs as for `q`.",
    ),
]
Fields = Annotated[
    str | None,
    Query(max_length=400, pattern=STORABLE, description="Only these members of each run, with commas between them."),
]


async def _filter(
    *,
    status: Annotated[list[RunStatus] | None, Query(description="Of the state machine; may be repeated.")] = None,
    workflow: Word = None,
    created_after: AwareDatetime | None = None,
    created_before: AwareDatetime | None = None,
    created_by: Word = None,
    session_id: UUID | None = None,
    parent_run_id: UUID | None = None,
    degraded: Annotated[bool | None, Query(description="A page looks at as many runs as for `q`.")] = None,
    min_seconds: Seconds = None,
    max_seconds: Seconds = None,
    q: Annotated[
        str | None,
        Query(
            min_length=2,
            max_length=200,
            pattern=STORABLE,
            description=f"Text in the brief. A page looks at {SEARCHED} runs at most, so it may be short, or "
            "empty, and still have a `next_cursor`.",
        ),
    ] = None,
) -> RunFilter:
    """Which runs a list is of, from the query."""
    return RunFilter(
        status=status or (),
        workflow=workflow,
        created_after=created_after,
        created_before=created_before,
        created_by=created_by,
        session_id=session_id,
        parent_run_id=parent_run_id,
        degraded=degraded,
        min_seconds=min_seconds,
        max_seconds=max_seconds,
        # Briefs are kept in this form.
        text=unicodedata.normalize("NFC", q) if q else None,
    )


def router(
    *, work: Work, library: Library, starter: Starter, decider: Decider, holds: HeldRuns, trace_url: str = ""
) -> APIRouter:
    """Routes of runs. Decisions are forwarded to compliance with the caller's own token."""
    routes = APIRouter(tags=["runs"])

    starting = refusals(403, 404, 422, 429)
    looking = refusals(404, 422)
    deciding = refusals(400, 403, 404, 409, 422, 503)

    @routes.post("/v1/runs", status_code=202, summary="Start a run", responses=starting)
    async def start(request: StartRequest, caller: Creator, response: Response, key: Key = None) -> Started:
        return started(await starter.start(request, caller, key=key), response)

    @routes.post("/v1/runs/start", status_code=202, summary="Start a run from a brief", responses=starting)
    async def start_from_brief(request: SeedStart, caller: Creator, response: Response, key: Key = None) -> Started:
        return started(await starter.start(request.whole(), caller, key=key), response)

    @routes.get("/v1/runs", summary="Runs, newest first", response_model=Page[RunAnswer], responses=refusals(422))
    async def index(
        caller: Caller,
        wanted: Annotated[RunFilter, Depends(_filter)],
        limit: Limit = 50,
        cursor: Cursor = None,
        fields: Fields = None,
    ) -> Page[RunAnswer] | JSONResponse:
        few, after = fields_of(fields), decode_cursor(cursor, datetime, UUID)
        async with work.transaction(caller.tenant) as tx:
            found = await list_runs(tx, wanted, limit=limit, after=after)
        following = encode_cursor(*found.following) if found.following else None
        items = [run_answer(row) for row in found.rows]
        if few is None:
            return Page(items=items, next_cursor=following)
        shown = [one.model_dump(mode="json", include=few) for one in items]
        return JSONResponse({"items": shown, "next_cursor": following})

    @routes.get("/v1/runs/{run_id}", summary="One run", responses=looking)
    async def show(run_id: UUID, caller: Caller) -> RunAnswer:
        async with work.transaction(caller.tenant) as tx:
            found = run_answer(await get_run(tx, run_id))
            return found.model_copy(update={"legal_hold": await holds.is_held(tx, run_id)})

    @routes.get("/v1/runs/{run_id}/state", summary="A run, step by step", responses=looking)
    async def state(run_id: UUID, caller: Caller) -> StateAnswer:
        async with work.transaction(caller.tenant) as tx:
            row = await get_run(tx, run_id)
            shown = state_answer(row, await library.definition(tx, row["definition_digest"]))
        # All orders of a run are one trace, whose id is the run's.
        return shown.model_copy(update={"trace_url": trace_url.replace(TRACE, run_id.hex) or None})

    @routes.get("/v1/runs/{run_id}/history", summary="What happened, in order", responses=looking)
    async def history(
        run_id: UUID, caller: Caller, after_seq: Seq = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 500
    ) -> list[HistoryAnswer]:
        async with work.transaction(caller.tenant) as tx:
            await get_run(tx, run_id)
            rows = await list_history(tx, run_id, after_seq=after_seq, limit=limit)
        return [HistoryAnswer.model_validate(dict(row)) for row in rows]

    @routes.get("/v1/runs/{run_id}/artifacts", summary="What the run made", responses=looking)
    async def artifacts(run_id: UUID, caller: Caller) -> list[ArtifactAnswer]:
        async with work.transaction(caller.tenant) as tx:
            await get_run(tx, run_id)
            return [artifact_answer(row) for row in await list_artifacts(tx, run_id)]

    @routes.get("/v1/runs/{run_id}/children", summary="The runs its steps started, newest first", responses=looking)
    async def children(run_id: UUID, caller: Caller, limit: Limit = 50, cursor: Cursor = None) -> Page[RunAnswer]:
        after = decode_cursor(cursor, datetime, UUID)
        async with work.transaction(caller.tenant) as tx:
            await get_run(tx, run_id)
            found = await list_runs(tx, RunFilter(parent_run_id=run_id), limit=limit, after=after)
        following = encode_cursor(*found.following) if found.following else None
        return Page(items=[run_answer(row) for row in found.rows], next_cursor=following)

    @routes.post("/v1/runs/{run_id}/approve", summary="Approve, or decide, at the gate", responses=deciding)
    async def approve(run_id: UUID, request: DecisionRequest, caller: Caller) -> dict[str, Any]:
        return await decider.decide(run_id, caller, request.decision, request.body(), item=request.interrupt_id)

    @routes.post("/v1/runs/{run_id}/reject", summary="Reject at the gate: the run ends", responses=deciding)
    async def reject(run_id: UUID, request: Comment, caller: Caller) -> dict[str, Any]:
        return await decider.decide(run_id, caller, Decision.REJECTED, request.body(), item=request.interrupt_id)

    @routes.post("/v1/runs/{run_id}/request-changes", summary="Send it back with a comment", responses=deciding)
    async def request_changes(run_id: UUID, request: Comment, caller: Caller) -> dict[str, Any]:
        asked = Decision.CHANGES_REQUESTED
        return await decider.decide(run_id, caller, asked, request.body(), item=request.interrupt_id)

    @routes.get("/v1/workflows", summary="Workflows, also those that cannot be loaded", responses=refusals(401, 422))
    async def workflows(
        _caller: Caller,
        hidden: Annotated[bool, Query(description="Also those that people are not meant to choose.")] = False,
    ) -> list[WorkflowAnswer]:
        return workflow_answers(library.current.values(), library.broken.values(), hidden=hidden)

    return routes
