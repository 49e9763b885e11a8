"""How many orders may be out: enough that no worker waits, and so few that nobody waits long behind them."""

from __future__ import annotations

import pytest
from orchestrator.pace import Pace

CAPABILITY = "ideation.propose_ideas"


@pytest.mark.parametrize(
    ("answered", "slots", "room"),
    [(0, 0, 0), (0, 4, 5), (7, 4, 5), (12, 4, 7), (500, 4, 8), (20, 20, 25), (10, 100, 102)],
)
def test_as_much_lies_ahead_as_was_answered_lately(answered: int, slots: int, room: int) -> None:
    pace = Pace(now=lambda: 0.0)
    for _ in range(answered):
        pace.answered(CAPABILITY)
    pace.answered("another.capability")
    assert pace.room(CAPABILITY, slots=slots) == room


def test_what_was_answered_long_ago_counts_no_more() -> None:
    now = [0.0]
    pace = Pace(now=lambda: now[0])
    for _ in range(40):
        pace.answered(CAPABILITY)
    now[0] = 0.9
    assert pace.room(CAPABILITY, slots=20) == 30
    now[0] = 1.1
    assert pace.room(CAPABILITY, slots=20) == 21
