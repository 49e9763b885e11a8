"""`/v1/runs/{run_id}/evidence`: the signed pack that a stranger can verify."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Annotated
from uuid import UUID

from common.service.principal import Principal, current_principal
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from orchestrator.evidence import Evidence

Full = Annotated[bool, Query(description="With the bytes of every artifact, clips and voices, too.")]


def router(*, evidence: Evidence) -> APIRouter:
    """The pack, as a download."""
    routes = APIRouter(tags=["runs"])

    @routes.get(
        "/v1/runs/{run_id}/evidence",
        summary="Everything about a run as a signed zip file, for its author, officers and admins",
        response_class=StreamingResponse,
        responses=refusals(403, 404, 422, 503) | {200: {"content": {"application/zip": {}}}},
    )
    async def pack(
        run_id: UUID, caller: Annotated[Principal, Depends(current_principal)], full: Full = False
    ) -> StreamingResponse:
        opened = AsyncExitStack()
        pieces = await opened.enter_async_context(evidence.pack(run_id, caller, full=full))
        name = f"evidence-{run_id}.zip"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        return StreamingResponse(_closing(opened, pieces), media_type="application/zip", headers=headers)

    return routes


async def _closing(opened: AsyncExitStack, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async with opened:
        async for piece in pieces:
            yield piece
