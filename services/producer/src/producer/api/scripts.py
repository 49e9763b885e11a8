"""`/v1/scripts`: a script without a run, for trying things out."""

from __future__ import annotations

from typing import Annotated

from common.contracts.production import ProductionInput, Script
from common.contracts.values import Downgrade, Money, Origin, PublicMoney
from common.service.principal import Principal, Role, requires
from common.service.shielding import said_to
from common.shield import Guard
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from vendors.text_model import WRITE_SCRIPT, Directly, TextModel, TextRequest


class Preview(BaseModel):
    """A script nobody decided about yet; nothing is stored, and its length is not measured."""

    script: Script
    origin: Origin
    model: str
    cost_usd: PublicMoney
    notes: tuple[Downgrade, ...]


def router(*, writer: TextModel, guard: Guard) -> APIRouter:
    """The one route."""
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

    return routes
