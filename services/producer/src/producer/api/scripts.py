"""`/v1/scripts`: a script without a run: written to try things out, or read from the file a writer has it in."""

from __future__ import annotations

from typing import Annotated, Any

from common.compute import ComputePool
from common.contracts.production import ProductionInput, Script
from common.contracts.values import Downgrade, Money, Origin, PublicMoney
from common.service.pages import STORABLE
from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from common.service.shielding import said_to
from common.shield import Guard
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from vendors.text_model import WRITE_SCRIPT, Directly, TextModel, TextRequest

from producer.scripts.reading import ReadScript, read_script

_NAME = Query(min_length=1, max_length=200, pattern=STORABLE, description="What the file is called: its ending counts.")
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Preview(BaseModel):
    """A script nobody decided about yet; nothing is stored, and its length is not measured."""

    script: Script
    origin: Origin
    model: str
    cost_usd: PublicMoney
    notes: tuple[Downgrade, ...]


def router(*, writer: TextModel, guard: Guard, compute: ComputePool) -> APIRouter:
    """Routes of scripts."""
    routes = APIRouter(tags=["scripts"])

    @routes.post("/v1/scripts", summary="Write a script for an idea, without starting a run")
    async def write(idea: ProductionInput, caller: Annotated[Principal, Depends(requires(Role.CREATOR))]) -> Preview:
        written = await writer.write(TextRequest(WRITE_SCRIPT, Script, idea), asking=Directly(caller.tenant))
        await guard.pass_through(written.value.model_dump(mode="json"), said_to(caller, by="POST /v1/scripts"))
        return Preview(
            script=written.value,
            origin=written.origin,
            model=written.model,
            notes=written.notes,
            cost_usd=Money(usd_micros=written.cost_usd_micros).usd,
        )

    @routes.post(
        "/v1/scripts/read",
        summary="Read a finished script from a file: Final Draft, Fountain, CSV or plain text. Nothing is stored",
        responses=refusals(413, 422),
        openapi_extra=_BODY,
    )
    async def read(
        request: Request, name: Annotated[str, _NAME], caller: Annotated[Principal, Depends(requires(Role.CREATOR))]
    ) -> ReadScript:
        return await compute(read_script, await request.body(), name)

    return routes
