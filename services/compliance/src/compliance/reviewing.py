"""The airlock's parts, put together."""

from __future__ import annotations

from dataclasses import dataclass

from common.bus.connection import Bus
from common.clock import Clock
from common.db.work import Work

from compliance.airlock import Airlock
from compliance.claims import Claims
from compliance.defining import Definitions
from compliance.examiner import Examiner
from compliance.reevaluation import Reevaluation
from compliance.release import Release
from compliance.reminding import Reminders
from compliance.settings import Settings
from compliance.standing_in import StandIns
from compliance.submitting import Submissions
from compliance.timers import Timers
from compliance.withdrawing import Withdrawals


@dataclass(frozen=True)
class Reviewing:
    """Everything that is done to items."""

    airlock: Airlock
    claims: Claims
    definitions: Definitions
    release: Release
    stand_ins: StandIns
    submissions: Submissions
    timers: Timers
    withdrawals: Withdrawals


def due_after_ms(settings: Settings) -> int:
    """When somebody should have decided, where nobody says."""
    return int(settings.review_due_seconds * 1000)


def reviewing_of(
    settings: Settings, *, work: Work, bus: Bus, examiner: Examiner, reevaluation: Reevaluation, clock: Clock
) -> Reviewing:
    """The parts on the platform's servers."""
    airlock = Airlock(work, examiner=examiner, clock=clock)
    reminders = Reminders(work, clock=clock)
    return Reviewing(
        airlock=airlock,
        claims=Claims(work, clock=clock, lease_seconds=settings.claim_seconds),
        definitions=Definitions(work, clock=clock),
        release=Release(work, reevaluation=reevaluation, clock=clock),
        stand_ins=StandIns(work, clock=clock),
        submissions=Submissions(work, examiner=examiner, clock=clock, due_after_ms=due_after_ms(settings)),
        timers=Timers(
            work, airlock=airlock, reminders=reminders, clock=clock, every_seconds=settings.overdue_check_seconds
        ),
        withdrawals=Withdrawals(work, bus, clock=clock),
    )
