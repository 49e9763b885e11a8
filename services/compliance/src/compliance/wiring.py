"""What compliance listens to, answers, and leans on."""

from __future__ import annotations

from functools import partial

from common.bus.runner import serves
from common.contracts.gates import CheckBrief, OpenGate
from common.service.serve import Platform, Wiring

from compliance import api, handlers
from compliance.airlock import Airlock
from compliance.collector import Collector
from compliance.examiner import Examiner
from compliance.policy import load_policy
from compliance.release import Release
from compliance.settings import Settings
from compliance.timers import Timers


def wire(settings: Settings, platform: Platform) -> Wiring:
    """The airlock, its rules and its audit trail on the platform's servers."""
    work, clock = platform.work, platform.clock
    policy = load_policy()
    examiner = Examiner(
        policy, artifacts=platform.artifacts, compute=platform.compute, limit_bytes=settings.caption_limit_bytes
    )
    airlock = Airlock(work, examiner=examiner, clock=clock)
    release = Release(work, clock=clock)
    timers = Timers(work, airlock=airlock, clock=clock, every_seconds=settings.overdue_check_seconds)
    collector = Collector(work, platform.bus, clock=clock, batch=settings.audit_batch)
    return Wiring(
        service="compliance",
        routers=[api.router(work, airlock=airlock, release=release, policy=policy, clock=clock)],
        serves=[
            serves(OpenGate, partial(handlers.open_gate, examiner=examiner, clock=clock)),
            serves(CheckBrief, partial(handlers.check_brief, examiner=examiner, clock=clock)),
        ],
        loops=[timers.run, collector.run],
    )
