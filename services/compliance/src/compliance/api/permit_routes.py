"""`/v1/permits`: for the publisher alone."""

from __future__ import annotations

from uuid import UUID

from common.service.principal import Principal, Role, requires
from fastapi import APIRouter, Depends

from compliance.api import permit_shapes
from compliance.release import Release

serves = requires(Role.SERVICE)


def router(release: Release) -> APIRouter:
    """The permits' routes. The tenant is the token's."""
    routes = APIRouter(prefix="/v1/permits", tags=["permits"])

    @routes.post("", status_code=201, summary="Ask to release exactly this. The same again gets the same permit.")
    async def grant(body: permit_shapes.PermitBody, principal: Principal = Depends(serves)) -> permit_shapes.PermitView:
        permit = await release.grant(
            body.item_id, manifest_sha256=body.manifest_sha256, principal=principal, asked=body.asked()
        )
        return permit_shapes.permit_view(permit)

    @routes.post("/check", status_code=204, summary="Would a permit be granted for exactly this? None is.")
    async def check(body: permit_shapes.PermitBody, principal: Principal = Depends(serves)) -> None:
        await release.check(body.item_id, manifest_sha256=body.manifest_sha256, principal=principal, asked=body.asked())

    @routes.post("/{permit_id}/finish", summary="Say how the release went. Saying it again changes nothing.")
    async def finish(
        permit_id: UUID, body: permit_shapes.FinishBody, principal: Principal = Depends(serves)
    ) -> permit_shapes.PermitView:
        permit = await release.finish(permit_id, outcome=body.outcome, detail=body.detail, principal=principal)
        return permit_shapes.permit_view(permit)

    return routes
