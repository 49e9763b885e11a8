"""HTTP in: ideas without a run, under our name and under the one that clients of the agent suite know."""

from __future__ import annotations

from common.clock import Clock
from common.shield import Guard
from fastapi import APIRouter
from vendors.text_model import TextModel

from ideation.api import compat_routes, ideas


def router(*, writer: TextModel, guard: Guard, clock: Clock) -> APIRouter:
    """Routes of ideation."""
    routes = APIRouter()
    routes.include_router(ideas.router(writer=writer, guard=guard))
    routes.include_router(compat_routes.router(writer=writer, guard=guard, clock=clock))
    return routes
