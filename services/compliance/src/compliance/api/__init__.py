"""HTTP in: parse, authorise, delegate, answer."""

from __future__ import annotations

from collections.abc import Sequence

from common.clock import Clock
from common.db.work import Work
from fastapi import APIRouter

from compliance.api import (
    airlock_compat_routes,
    airlock_compat_socket,
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
    stand_in_routes,
)
from compliance.audit import Audit
from compliance.evidence.packing import Packing
from compliance.examiner import Examiner
from compliance.guesting import Guesting
from compliance.noting import Noting
from compliance.policies import Policies
from compliance.reviewing import Reviewing


def routers(
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
) -> Sequence[APIRouter]:
    """Every route of the service."""
    return (
        evidence_routes.router(packing),
        airlock_routes.router(work, reviewing=reviewing, clock=clock),
        notes_routes.router(work, noting=noting),
        link_routes.router(guesting.links, edge_url=guesting.edge_url, clock=clock),
        guest_pages.router(guesting),
        review_routes.router(reviewing, clock=clock),
        stand_in_routes.router(reviewing.stand_ins),
        permit_routes.router(reviewing.release),
        audit_routes.router(audit),
        report_routes.router(audit),
        *audit_compat_routes.routers(audit),
        *airlock_compat_routes.routers(work, reviewing=reviewing, notes=noting.notes, clock=clock),
        airlock_compat_socket.router(work),
        keeping_routes.router(audit),
        compat_routes.router(work, examiner=examiner, clock=clock),
        policy_routes.router(work, policies=policies, examiner=examiner, clock=clock),
    )
