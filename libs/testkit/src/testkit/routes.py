"""Every route of a service, for tests that walk all of them."""

from __future__ import annotations

from common.service import permissions
from common.service.serve import Wiring
from fastapi import FastAPI
from fastapi.routing import APIRoute


def routes_of(app: FastAPI) -> list[APIRoute]:
    """What the service itself routes, without health, metrics and documentation."""
    wiring = app.state.wiring
    if not isinstance(wiring, Wiring):
        raise TypeError("the app was not made by `serve`")
    return permissions.routes_of(wiring.routers)
