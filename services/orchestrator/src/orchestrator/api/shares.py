"""`/v1/runs/{run_id}/shares`: with whom a private run is shared."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from common.service.principal import Principal, current_principal
from common.service.problems import refusals
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from orchestrator.models import ShareLevel
from orchestrator.sharing import ShareRequest, Sharing

Caller = Annotated[Principal, Depends(current_principal)]


class ShareAnswer(BaseModel):
    """One share."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    run_id: UUID
    who: str
    level: ShareLevel
    shared_by: str
    shared_at: datetime


def router(*, sharing: Sharing) -> APIRouter:
    """Routes of shares, for the run's owner, compliance officers and admins."""
    routes = APIRouter(tags=["runs"])
    refused = refusals(403, 404, 409, 422)

    @routes.get("/v1/runs/{run_id}/shares", summary="With whom a private run is shared", responses=refused)
    async def shares(run_id: UUID, caller: Caller) -> list[ShareAnswer]:
        return [ShareAnswer.model_validate(dict(row)) for row in await sharing.list_shares(run_id, caller)]

    @routes.post("/v1/runs/{run_id}/shares", summary="Share it. Again changes nothing", responses=refused)
    async def share(run_id: UUID, request: ShareRequest, caller: Caller) -> ShareAnswer:
        return ShareAnswer.model_validate(dict(await sharing.share(run_id, request, caller)))

    @routes.delete(
        "/v1/runs/{run_id}/shares/{share_id}",
        status_code=204,
        summary="End a share. Again changes nothing",
        responses=refused,
    )
    async def unshare(run_id: UUID, share_id: UUID, caller: Caller) -> None:
        await sharing.unshare(run_id, share_id, caller)

    return routes
