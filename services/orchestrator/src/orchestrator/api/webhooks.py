"""`/v1/runs/{id}/signals/{name}`: telling a run what one of its steps waits for."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Header, Path

from orchestrator.webhooks import SignalAnswer, SignalRequest, Signals

Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
# `vendor:id` is what a vendor's signed delivery is known by; nobody else may say it.
Name = Annotated[str, Path(pattern=r"^[^:/\x00-\x1f]{1,200}$")]


def router(*, signals: Signals) -> APIRouter:
    """The one route."""
    routes = APIRouter(tags=["runs"])

    @routes.post(
        "/v1/runs/{run_id}/signals/{name}",
        summary="Tell a run what one of its steps waits for, or will",
        responses=refusals(403, 404, 409, 422),
    )
    async def send(
        run_id: UUID, name: Name, caller: Creator, request: SignalRequest | None = None, key: Key = None
    ) -> SignalAnswer:
        return await signals.send(run_id, name, request or SignalRequest(), caller, key=key)

    return routes
