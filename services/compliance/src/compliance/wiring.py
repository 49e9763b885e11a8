"""What compliance listens to, answers, and leans on."""

from __future__ import annotations

from functools import partial

from common.bus.runner import serves
from common.contracts.brand import ReadBrand
from common.contracts.gates import CheckBrief, OpenGate
from common.service.serve import Platform, Wiring
from common.service.sharing import SharedRuns

from compliance import api, handlers, trail
from compliance.audit import audit_of
from compliance.brands import Brands
from compliance.collector import Collector
from compliance.evidence.packing import packing_of
from compliance.examiner import Examiner
from compliance.forgetting import ForgettingRuns
from compliance.guesting import OPEN_PATHS, UNSHIELDED, guesting_of
from compliance.models import run_shares
from compliance.noting import noting_of
from compliance.policies import Policies
from compliance.reevaluation import Reevaluation
from compliance.reviewing import due_after_ms, reviewing_of
from compliance.scanners.ahead import Ahead
from compliance.scanners.scanning import scans_of
from compliance.settings import Settings

_JUDGES = "It judges text itself, by more rules than the shield has, and shows people what it found."

JUDGING_ROUTES = (
    "POST /v1/policies/test",
    "POST /v1/policies/check",
    "PUT /v1/policies/{pack}",
    "POST /v1/policies/{pack}/versions",
    "POST /validate-action",
    "POST /check-compliance",
    "POST /compat/agent-os/validate-action",
    "POST /compat/agent-os/check-compliance",
)
"""Packs are made of what must not be said, and who asks whether something may be said has not said it yet."""


def wire(settings: Settings, platform: Platform) -> Wiring:
    """The airlock, its rules and its audit trail on the platform's servers."""
    work, clock, scratch = platform.work, platform.clock, platform.scratch.path
    policies = Policies(work, compute=platform.compute, clock=clock)
    scans = scans_of(settings, work=work, artifacts=platform.artifacts, clock=clock, scratch=scratch)
    ahead = Ahead(work, platform.bus, scans=scans)
    examiner = Examiner(
        policies,
        artifacts=platform.artifacts,
        compute=platform.compute,
        limit_bytes=settings.caption_limit_bytes,
        media=scans,
        measured=scans,
    )
    reevaluation = Reevaluation(
        work, policies=policies, examiner=examiner, clock=clock, every_seconds=settings.reevaluation_check_seconds
    )
    reviewing = reviewing_of(
        settings, work=work, bus=platform.bus, examiner=examiner, reevaluation=reevaluation, clock=clock
    )
    open_gate = partial(handlers.open_gate, examiner=examiner, clock=clock, due_after_ms=due_after_ms(settings))
    noting = noting_of(work, artifacts=platform.artifacts, clock=clock, scratch=scratch)
    guesting = guesting_of(
        settings,
        work=work,
        artifacts=platform.artifacts,
        guard=platform.guard,
        reviewing=reviewing,
        notes=noting.notes,
        clock=clock,
        scratch=scratch,
    )
    brands = Brands(policies, artifacts=platform.artifacts, compute=platform.compute)
    audit = audit_of(settings, work=work, bus=platform.bus, artifacts=platform.artifacts, clock=clock)
    packing = packing_of(platform, audit=audit, policies=policies)
    forgetting = ForgettingRuns(work, platform.bus, chaining=audit.chaining, clock=clock)
    collector = Collector(work, platform.bus, clock=clock, batch=settings.audit_batch)
    return Wiring(
        service="compliance",
        routers=api.routers(
            work,
            audit=audit,
            packing=packing,
            reviewing=reviewing,
            noting=noting,
            guesting=guesting,
            policies=policies,
            examiner=examiner,
            clock=clock,
        ),
        serves=[
            serves(OpenGate, open_gate, unshielded=_JUDGES),
            serves(ReadBrand, partial(handlers.read_brand, brands=brands)),
            serves(CheckBrief, partial(handlers.check_brief, examiner=examiner, clock=clock), unshielded=_JUDGES),
        ],
        starts=[audit.start],
        loops=[
            reviewing.timers.run,
            reviewing.withdrawals.run,
            collector.run,
            ahead.run,
            reevaluation.run,
            SharedRuns(work, platform.bus, table=run_shares).run,
            forgetting.run,
            forgetting.run_again,
            audit.chaining.run,
            audit.anchoring.run,
            audit.erasing.run,
            audit.retention.run,
        ],
        open_paths=OPEN_PATHS,
        unshielded=dict.fromkeys(JUDGING_ROUTES, _JUDGES) | UNSHIELDED,
        closes=[scans.close, audit.anchoring.stop, guesting.close],
        notices={"publishing": reviewing.release.notice},
        append=trail.record_requests,
    )
