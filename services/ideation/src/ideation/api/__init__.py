"""HTTP in: ideas and screenplays without a run, under our names and under those that clients of others know."""

from __future__ import annotations

from collections.abc import Sequence

from common.clock import Clock
from common.shield import Guard
from fastapi import APIRouter
from vendors.text_model import TextModel

from ideation.api import compat_routes, ideas, screenplay_routes


def routers(*, writer: TextModel, guard: Guard, clock: Clock) -> Sequence[APIRouter]:
    """Routes of ideation."""
    return (
        ideas.router(writer=writer, guard=guard),
        compat_routes.router(writer=writer, guard=guard, clock=clock),
        screenplay_routes.router(writer=writer, guard=guard),
    )
