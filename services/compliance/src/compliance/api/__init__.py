"""HTTP in: parse, authorise, delegate, answer."""

from __future__ import annotations

from common.clock import Clock
from common.db.work import Work
from fastapi import APIRouter

from compliance.api import (
    airlock_routes,
    audit_compat_routes,
    audit_routes,
    compat_routes,
    evidence_routes,
    guest_pages,
    keeping_routes,
    link_routes,
    notes_routes,
    permit_routes,
    policy_routes,
    report_routes,
    review_routes,
)
from compliance.audit import Audit
from compliance.evidence.packing import Packing
from compliance.examiner import Examiner
from compliance.guesting import Guesting
from compliance.noting import Noting
from compliance.policies import Policies
from compliance.reviewing import Reviewing


def router(
    work: Work,
    *,
    audit: Audit,
    packing: Packing,
    reviewing: Reviewing,
    noting: Noting,
    guesting: Guesting,
    policies: Policies,
    examiner: Examiner,
    clock: Clock,
) -> APIRouter:
    """Every route of the service."""
    routes = APIRouter()
    routes.include_router(evidence_routes.router(packing))
    routes.include_router(airlock_routes.router(work, reviewing=reviewing, clock=clock))
    routes.include_router(notes_routes.router(work, noting=noting))
    routes.include_router(link_routes.router(guesting.links, edge_url=guesting.edge_url, clock=clock))
    routes.include_router(guest_pages.router(guesting))
    routes.include_router(review_routes.router(reviewing, clock=clock))
    routes.include_router(permit_routes.router(reviewing.release))
    routes.include_router(audit_routes.router(audit))
    routes.include_router(report_routes.router(audit))
    routes.include_router(audit_compat_routes.router(audit))
    routes.include_router(keeping_routes.router(audit))
    routes.include_router(compat_routes.router(work, examiner=examiner, clock=clock))
    routes.include_router(policy_routes.router(work, policies=policies, examiner=examiner, clock=clock))
    return routes
