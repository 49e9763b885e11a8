"""Waiting for somebody else's work: looked at now and then, for the last time when patience ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from common.bus.waiting import Patience

ORDERED = datetime(2026, 11, 22, 12, tzinfo=UTC)


def patience_at(seconds: int) -> Patience:
    """A minute of patience, so long after the order."""
    now = ORDERED + timedelta(seconds=seconds)
    return Patience(poll=timedelta(seconds=20), lasts=timedelta(minutes=1), clock=lambda: now)


def test_it_looks_again_after_a_while_and_for_the_last_time_at_the_end() -> None:
    for now, again in ((0, 20), (35, 55), (45, 60), (59, 60)):
        waiting = patience_at(now).wait("vendor:7", ordered_at=ORDERED)
        assert waiting.handle == "vendor:7"
        assert waiting.check_after == ORDERED + timedelta(seconds=again)


def test_who_waits_says_why_it_took_too_long_before_the_engine_does() -> None:
    assert not patience_at(59).is_over(ORDERED)
    over = patience_at(60)
    assert over.is_over(ORDERED)
    deadline = over.wait("vendor:7", ordered_at=ORDERED).deadline
    assert deadline is not None
    assert deadline == ORDERED + over.longest > ORDERED + over.lasts
    assert f"{over.minutes:g}" == "1"
