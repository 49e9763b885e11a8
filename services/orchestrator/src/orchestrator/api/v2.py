"""`/v2/runs`: the same runs as a graph, for clients that think in nodes, checkpoints and interrupts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any
from uuid import UUID

from common.contracts.values import Decision
from common.db.work import Work
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import refusals
from common.viewing import viewing
from fastapi import APIRouter, Depends, Header

from orchestrator.api.shapes import Comment, DecisionRequest, SeedStart
from orchestrator.api.v2_shapes import DECIDED, ENDED, OPENED, Checkpoint, Graph, GraphRun, GraphState
from orchestrator.deciding import Decider
from orchestrator.library import Library
from orchestrator.repository import get_run, list_artifacts, read_history
from orchestrator.resuming import Resumer, ResumeRequest
from orchestrator.starting import Starter

Caller = Annotated[Principal, Depends(current_principal)]
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


def router(
    *,
    work: Work,
    library: Library,
    starter: Starter,
    decider: Decider,
    resumer: Resumer,
) -> APIRouter:
    """Routes of the graph. Decisions are forwarded to compliance with the caller's own token."""
    routes = APIRouter(tags=["runs as graphs"])

    async def graph(run_id: UUID, caller: Principal, types: Collection[str] = (*OPENED, DECIDED)) -> Graph:
        async with work.transaction(caller.tenant) as tx:
            row = await get_run(tx, run_id)
            return Graph(
                row,
                await library.definition(tx, row["definition_digest"]),
                artifacts=await list_artifacts(tx, run_id),
                history=await read_history(tx, run_id, types=types),
            )

    @routes.post(
        "/v2/runs/start", status_code=202, summary="Start a run from a brief", responses=refusals(403, 404, 422, 429)
    )
    async def start(request: SeedStart, caller: Creator, key: Key = None) -> GraphRun:
        run_id = await starter.start(request.whole(), caller, key=key)
        return (await graph(run_id, caller)).run()

    @routes.get("/v2/runs/{run_id}", summary="One run as a graph", responses=refusals(404, 422))
    async def show(run_id: UUID, caller: Caller) -> GraphRun:
        return (await graph(run_id, caller)).run()

    @routes.get("/v2/runs/{run_id}/state", summary="Where the graph stands", responses=refusals(404, 422))
    async def state(run_id: UUID, caller: Caller) -> GraphState:
        return (await graph(run_id, caller)).state()

    @routes.get("/v2/runs/{run_id}/history", summary="Each end of a node, in order", responses=refusals(404, 422))
    async def history(run_id: UUID, caller: Caller) -> list[Checkpoint]:
        return (await graph(run_id, caller, ENDED)).checkpoints()

    refused = refusals(400, 403, 404, 409, 422, 503)

    @routes.post("/v2/runs/{run_id}/approve", summary="Approve, or decide, at the gate", responses=refused)
    @routes.post("/v2/runs/{run_id}/approve/hitl", summary="The same", responses=refused)
    async def approve(run_id: UUID, request: DecisionRequest, caller: Caller) -> dict[str, Any]:
        return await decider.decide(run_id, caller, request.decision, request.body(), item=request.interrupt_id)

    @routes.post("/v2/runs/{run_id}/reject", summary="Reject at the gate: the run ends", responses=refused)
    async def reject(run_id: UUID, request: Comment, caller: Caller) -> dict[str, Any]:
        return await decider.decide(run_id, caller, Decision.REJECTED, request.body(), item=request.interrupt_id)

    @routes.post("/v2/runs/{run_id}/resume", summary="Answer whatever the run waits for", responses=refused)
    async def resume(run_id: UUID, request: ResumeRequest, caller: Caller, key: Key = None) -> GraphRun:
        goes_on = await resumer.resume(run_id, request, caller, key=key)
        # Who may decide at an open gate of a private run sees it; the gate may be closed by now.
        with viewing(None):
            return (await graph(goes_on, caller)).run()

    return routes
