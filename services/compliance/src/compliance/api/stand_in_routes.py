"""`/v1/airlock/stand-in` and `…/stand-ins`: who decides in whose place."""

from __future__ import annotations

from typing import Annotated

from common.service.principal import Principal, Role, current_principal, requires
from fastapi import APIRouter, Depends, Path

from compliance.api.review_shapes import StandInBody, StandInView
from compliance.standing_in import StandIns

governs = requires(Role.COMPLIANCE_OFFICER)
User = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


def router(stand_ins: StandIns) -> APIRouter:
    """The routes about people who are away: their own, and those of officers for all."""
    routes = APIRouter(prefix="/v1/airlock", tags=["airlock"])

    @routes.get("/stand-ins", summary="Who stands in for whom now: at most 200, the soonest over first.")
    async def list_stand_ins(principal: Principal = Depends(current_principal)) -> list[StandInView]:
        return [StandInView.model_validate(row) for row in await stand_ins.list_in_force(principal=principal)]

    @routes.put("/stand-in", summary="Say who decides where a review names you. Again: replace.")
    async def appoint_stand_in(body: StandInBody, principal: Principal = Depends(current_principal)) -> StandInView:
        return await appoint(principal.user_id, body, principal)

    @routes.delete("/stand-in", status_code=204, summary="Nobody decides in your place any more.")
    async def end_stand_in(principal: Principal = Depends(current_principal)) -> None:
        await stand_ins.end(principal.user_id, principal=principal)

    @routes.put("/stand-ins/{user_id}", summary="Say who decides where a review names somebody. Again: replace.")
    async def appoint_for_somebody(
        user_id: User, body: StandInBody, principal: Principal = Depends(governs)
    ) -> StandInView:
        return await appoint(user_id, body, principal)

    @routes.delete("/stand-ins/{user_id}", status_code=204, summary="Nobody decides in their place any more.")
    async def end_for_somebody(user_id: User, principal: Principal = Depends(governs)) -> None:
        await stand_ins.end(user_id, principal=principal)

    async def appoint(user_id: str, body: StandInBody, principal: Principal) -> StandInView:
        row = await stand_ins.appoint(user_id, stand_in=body.stand_in, until=body.until, principal=principal)
        return StandInView.model_validate(row)

    return routes
