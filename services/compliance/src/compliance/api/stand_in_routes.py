"""`/v1/airlock/stand-ins`: who decides in whose place."""

from __future__ import annotations

from typing import Annotated

from common.service.principal import Principal, current_principal
from fastapi import APIRouter, Depends, Path

from compliance.api.review_shapes import StandInBody, StandInView
from compliance.standing_in import StandIns

User = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


def router(stand_ins: StandIns) -> APIRouter:
    """The routes about people who are away."""
    routes = APIRouter(prefix="/v1/airlock/stand-ins", tags=["airlock"])

    @routes.get("", summary="Who stands in for whom now: at most 200, the soonest over first.")
    async def list_stand_ins(principal: Principal = Depends(current_principal)) -> list[StandInView]:
        return [StandInView.model_validate(row) for row in await stand_ins.list_in_force(principal=principal)]

    @routes.put("/{user_id}", summary="Say who decides where a review names a person who is away. Again: replace.")
    async def appoint_stand_in(
        user_id: User, body: StandInBody, principal: Principal = Depends(current_principal)
    ) -> StandInView:
        row = await stand_ins.appoint(user_id, stand_in=body.stand_in, until=body.until, principal=principal)
        return StandInView.model_validate(row)

    @routes.delete("/{user_id}", status_code=204, summary="Nobody decides in their place any more.")
    async def end_stand_in(user_id: User, principal: Principal = Depends(current_principal)) -> None:
        await stand_ins.end(user_id, principal=principal)

    return routes
