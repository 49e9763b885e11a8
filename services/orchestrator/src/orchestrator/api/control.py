"""Steering runs over HTTP: pause, resume, cancel, terminate, retry, fork, migrate; one at a time or many at once."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Header, Response

from orchestrator.api.shapes import RunAnswer, Started, run_answer, started
from orchestrator.bulk import Bulk, BulkAnswer, BulkRequest
from orchestrator.control import Action, Control
from orchestrator.forking import Forker, ForkRequest
from orchestrator.migrating import MigrateRequest, MigrationAnswer, Migrator

Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Operator = Annotated[Principal, Depends(requires(Role.OPERATOR))]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


def router(*, control: Control, forker: Forker, migrator: Migrator, bulk: Bulk) -> APIRouter:
    """Routes that change how runs go on. Repeating one changes nothing."""
    routes = APIRouter(tags=["runs"])
    refused = refusals(403, 404, 409, 422)

    @routes.post("/v1/runs/bulk", summary="The same for many runs, each by itself", responses=refusals(403, 422))
    async def many(request: BulkRequest, caller: Operator, key: Key = None) -> BulkAnswer:
        return await bulk.do(request, caller, key=key)

    @routes.post("/v1/runs/{run_id}/pause", summary="Hand out nothing new until it is resumed", responses=refused)
    async def pause(run_id: UUID, caller: Creator) -> RunAnswer:
        return run_answer((await control.steer(run_id, caller, Action.PAUSE))[0])

    @routes.post("/v1/runs/{run_id}/resume", summary="Let a paused run go on", responses=refused)
    async def resume(run_id: UUID, caller: Creator) -> RunAnswer:
        return run_answer((await control.steer(run_id, caller, Action.RESUME))[0])

    @routes.post("/v1/runs/{run_id}/cancel", summary="Cancel a run; workers may clean up", responses=refused)
    async def cancel(run_id: UUID, caller: Creator) -> RunAnswer:
        return run_answer((await control.steer(run_id, caller, Action.CANCEL))[0])

    @routes.post("/v1/runs/{run_id}/terminate", summary="Cancel a run; workers are stopped at once", responses=refused)
    async def terminate(run_id: UUID, caller: Creator) -> RunAnswer:
        return run_answer((await control.steer(run_id, caller, Action.TERMINATE))[0])

    @routes.post("/v1/runs/{run_id}/retry", summary="Go on with a failed run where it failed", responses=refused)
    async def retry(run_id: UUID, caller: Creator) -> RunAnswer:
        return run_answer((await control.steer(run_id, caller, Action.RETRY))[0])

    @routes.post(
        "/v1/runs/{run_id}/fork", status_code=202, summary="Start a new run from one of its steps", responses=refused
    )
    async def fork(run_id: UUID, request: ForkRequest, caller: Creator, response: Response, key: Key = None) -> Started:
        return started((await forker.fork(run_id, request, caller, key=key))[0], response)

    @routes.post("/v1/runs/{run_id}/migrate", summary="Go on by the workflow's present version", responses=refused)
    async def migrate(run_id: UUID, request: MigrateRequest, caller: Creator) -> MigrationAnswer:
        return await migrator.migrate(run_id, request, caller)

    return routes
