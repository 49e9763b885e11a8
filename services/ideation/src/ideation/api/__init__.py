"""HTTP in: ideas and screenplays without a run, under our names and under those that clients of others know."""

from __future__ import annotations

from common.clock import Clock
from common.shield import Guard
from fastapi import APIRouter
from vendors.text_model import TextModel

from ideation.api import compat_routes, ideas, screenplay_routes


def router(*, writer: TextModel, guard: Guard, clock: Clock) -> APIRouter:
    """Routes of ideation."""
    routes = APIRouter()
    routes.include_router(ideas.router(writer=writer, guard=guard))
    routes.include_router(compat_routes.router(writer=writer, guard=guard, clock=clock))
    routes.include_router(screenplay_routes.router(writer=writer, guard=guard))
    return routes
