"""HTTP in: parse, authorise, delegate, answer."""

from __future__ import annotations

from common.clock import Clock
from common.db.work import Work
from fastapi import APIRouter

from compliance.airlock import Airlock
from compliance.api import airlock_routes, audit_routes, permit_routes, policy_routes
from compliance.policy import Policy
from compliance.release import Release


def router(work: Work, *, airlock: Airlock, release: Release, policy: Policy, clock: Clock) -> APIRouter:
    """Every route of the service."""
    routes = APIRouter()
    routes.include_router(airlock_routes.router(work, airlock=airlock, release=release, clock=clock))
    routes.include_router(permit_routes.router(release))
    routes.include_router(audit_routes.router(work))
    routes.include_router(policy_routes.router(policy))
    return routes
