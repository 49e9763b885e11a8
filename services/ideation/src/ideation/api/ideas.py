"""HTTP in: ideas without a run, for trying a brief out."""

from __future__ import annotations

from typing import Annotated

from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import Downgrade, Money, Origin, PublicMoney
from common.service.principal import Principal, Role, requires
from common.shield import Guard
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from vendors.text_model import TextModel

from ideation.trying import try_out


class Preview(BaseModel):
    """Ideas nobody decided about yet; nothing is stored."""

    ideas: IdeationOutput
    origin: Origin
    model: str
    cost_usd: PublicMoney
    notes: tuple[Downgrade, ...]


def router(*, writer: TextModel, guard: Guard) -> APIRouter:
    """Routes of ideation."""
    routes = APIRouter(tags=["ideas"])

    @routes.post("/v1/ideas", summary="Propose ideas for a brief, without starting a run")
    async def propose(brief: IdeationInput, caller: Annotated[Principal, Depends(requires(Role.CREATOR))]) -> Preview:
        written = await try_out(brief, caller, writer=writer, guard=guard, by="POST /v1/ideas")
        return Preview(
            ideas=written.value,
            origin=written.origin,
            model=written.model,
            notes=written.notes,
            cost_usd=Money(usd_micros=written.cost_usd_micros).usd,
        )

    return routes
