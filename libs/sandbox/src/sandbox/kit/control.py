"""`/__sim/…`: how a test looks at the sandbox and tells it what to do. No vendor has this."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sandbox.kit.callbacks import Listener
from sandbox.kit.faults import Fault
from sandbox.kit.site import Site


class Push(BaseModel):
    """How far the time is pushed."""

    advance_s: float = Field(ge=0)


def router(site: Site) -> APIRouter:
    """The control routes."""
    routes = APIRouter(prefix="/__sim", tags=["control"])

    @routes.get("/ledger", summary="Every request and every effect")
    async def ledger() -> dict[str, Any]:
        return site.ledger.document()

    @routes.post("/faults", summary="Plant a fault", status_code=204)
    async def plant(fault: Fault) -> None:
        site.faults.plant(fault)

    @routes.delete("/faults", summary="Take all faults away", status_code=204)
    async def clear() -> None:
        site.faults.clear()

    @routes.post("/clock", summary="Push the time forward")
    async def push(push: Push) -> dict[str, float]:
        site.clock.advance(push.advance_s)
        return {"now": site.clock.now()}

    @routes.put("/listeners/{vendor}", summary="Say who wants to be called by a vendor", status_code=204)
    async def listen(vendor: str, listener: Listener) -> None:
        site.listeners[vendor] = listener

    return routes
