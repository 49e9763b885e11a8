"""`/v1/airlock/evidence`: for the orchestrator alone, which knows the run and who may see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

from common.contracts.evidence import EvidenceOrder
from common.service.principal import Principal, Role, requires
from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from compliance.evidence.packing import Packing

serves = requires(Role.SERVICE)
_PIECE = 1 << 18


def router(packing: Packing) -> APIRouter:
    """The pack's route. The tenant is the token's."""
    routes = APIRouter(prefix="/v1/airlock", tags=["evidence"])

    @routes.post("/evidence", summary="Make a signed pack of a run's evidence.", response_class=StreamingResponse)
    async def pack(order: EvidenceOrder, principal: Principal = Depends(serves)) -> StreamingResponse:
        opened = AsyncExitStack()
        path = await opened.enter_async_context(packing.pack(principal.tenant, order))
        headers = {"Content-Length": str((await asyncio.to_thread(path.stat)).st_size)}
        return StreamingResponse(_sent(opened, path), media_type="application/zip", headers=headers)

    return routes


async def _sent(opened: AsyncExitStack, path: Path) -> AsyncIterator[bytes]:
    async with opened:
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece
