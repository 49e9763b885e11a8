"""Every route of a service, also of routers inside of routers, for tests that walk all of them."""

from __future__ import annotations

from dataclasses import dataclass

from common.service.permissions import served_by
from common.service.serve import Wiring
from fastapi import FastAPI


@dataclass(frozen=True)
class Walked:
    """A route as it is served."""

    path: str
    methods: frozenset[str]


def routes_of(app: FastAPI) -> list[Walked]:
    """What the service itself routes, without health, metrics and documentation."""
    wiring = app.state.wiring
    if not isinstance(wiring, Wiring):
        raise TypeError("the app was not made by `serve`")
    return [Walked(served.path, frozenset(served.route.methods or ())) for served in served_by(wiring.routers)]
