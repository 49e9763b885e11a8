"""The express lane: open only where there is room with somebody, nothing waits, and no limit binds."""

from __future__ import annotations

import pytest
from orchestrator.express import Express

CHECK, PROPOSE = "compliance.check_brief", "ideation.propose_ideas"


@pytest.fixture
def express() -> Express:
    """With room for two checks, and a tenant that a limit binds."""
    made = Express()
    made.open({CHECK: 2}, bound={"bound"})
    return made


def taken(express: Express, capability: str = CHECK, *, tenant: str = "free") -> int:
    """How many go at once."""
    return sum(express.takes(capability, tenant=tenant) for _ in range(5))


def test_as_many_go_as_there_is_room_and_an_answer_makes_some(express: Express) -> None:
    assert (taken(express), taken(express, PROPOSE)) == (2, 0)
    express.give_back(CHECK)
    express.give_back(PROPOSE)
    assert (taken(express), taken(express, PROPOSE)) == (1, 0)


def test_whom_a_limit_binds_waits_for_a_round(express: Express) -> None:
    assert taken(express, tenant="bound") == 0
    express.narrow({CHECK: 5}, bound={"free"})
    assert (taken(express), taken(express, tenant="bound")) == (0, 2)


def test_where_something_waits_nobody_overtakes_it(express: Express) -> None:
    express.close(CHECK)
    express.give_back(CHECK)
    assert taken(express) == 0


@pytest.mark.parametrize(("left", "goes"), [({CHECK: 5}, 2), ({CHECK: 1}, 1), ({CHECK: -3}, 0), ({}, 0)])
def test_a_round_without_room_to_give_leaves_no_more_than_it_saw(
    express: Express, left: dict[str, int], goes: int
) -> None:
    express.narrow(left, bound=())
    assert taken(express) == goes
    express.give_back(CHECK)
    assert taken(express) == (1 if left else 0)


def test_with_the_last_worker_the_room_goes(express: Express) -> None:
    express.keep({CHECK})
    assert taken(express) == 2
    express.give_back(CHECK)
    express.keep({PROPOSE})
    express.give_back(CHECK)
    assert taken(express) == 0
