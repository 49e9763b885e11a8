"""Schedules and dead letters on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke, SmallApi

ID = "0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f"
OTHER = "0194b7f0-5a7e-7cc3-98c4-dc0c0c070000"
AT = "2026-11-21T12:00:00Z"


def schedule(**changes: Any) -> dict[str, Any]:
    return {
        "id": ID, "name": "Morning", "cron": "30 6 * * *", "timezone": "Europe/Berlin", "workflow": "short_video",
        "input": {"brief": "Tides"}, "priority": "medium", "budget_usd": None, "catch_up": "last", "overlap": "skip",
        "paused": False, "next_at": AT, "created_by": "admin", "created_at": AT, "updated_at": AT,
    } | changes  # fmt: skip


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "id": ID, "service": "ideation", "subject": "cmd.ideation.propose_ideas.v1",
        "capability": "ideation.propose_ideas", "code": "poison", "reason": "It ended its worker.", "state": "open",
        "times": 2, "run_id": OTHER, "step": "think", "attempt": 1, "first_seen": AT, "last_seen": AT,
        "handled_by": None, "handled_at": None, "note": None,
    } | changes  # fmt: skip


@pytest.fixture
def stack(api: SmallApi) -> SmallApi:
    """A stack with one schedule and one dead letter."""
    start = {"due_at": AT, "outcome": "started", "run_id": OTHER, "detail": None, "at": AT}
    api.answer("GET", "/v1/schedules", {"items": [schedule()], "next_cursor": None})
    api.answer("GET", f"/v1/schedules/{ID}", schedule(next=[AT], starts=[start]))
    api.answer("POST", "/v1/schedules", schedule(), status=201)
    api.answer("GET", "/admin/dlq", {"items": [letter()], "next_cursor": None})
    api.answer("GET", f"/admin/dlq/{ID}", letter(headers={"ce-id": "7"}, body={"input": "•••"}, size=12))
    api.answer("POST", f"/admin/dlq/{ID}/replay", {"letter": letter(state="redriven"), "changed": True})
    api.answer("POST", f"/admin/dlq/{ID}/resolve", {"letter": letter(state="resolved"), "changed": False})
    return api


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("schedules", "list"), ("Morning", "short_video", "2026-11-21 12:00:00 UTC")),
        (("schedules", "show", "Morning"), ("30 6 * * *", "on the last instant", OTHER)),
        (("dead-letters", "list"), ("ideation.propose_ideas", "poison: It")),
        (("dead-letters", "show", ID[-6:]), ("poison", "think, attempt 1", "•••")),
    ],
)
def test_what_there_is_is_shown_and_is_json_for_scripts(
    greenlight: Invoke, arguments: tuple[str, ...], said: tuple[str, ...]
) -> None:
    shown = greenlight(*arguments)
    assert shown.exit_code == 0, shown.output
    words = " ".join(shown.output.split())
    for word in said:
        assert word in words
    document = json.loads(greenlight(*arguments, "--json").stdout)
    assert (document[0] if isinstance(document, list) else document)["id"] == ID


def test_a_schedule_is_made_with_a_key(greenlight: Invoke, stack: SmallApi) -> None:
    made = greenlight("schedules", "create", "30 6 * * *", "How tides work", "--timezone", "Europe/Berlin")
    assert made.exit_code == 0, made.output
    [(_, _, headers, sent)] = [one for one in stack.asked if one[:2] == ("POST", "/v1/schedules")]
    assert (sent["cron"], sent["input"], sent["name"]) == ("30 6 * * *", {"brief": "How tides work"}, "How tides work")
    assert {name.lower() for name in headers} >= {"idempotency-key"}


def test_pausing_resuming_deleting_and_running(greenlight: Invoke, stack: SmallApi) -> None:
    stack.answer("POST", f"/v1/schedules/{ID}/pause", schedule(paused=True))
    stack.answer("POST", f"/v1/schedules/{ID}/run", {"run_id": OTHER}, status=202)
    assert ID in greenlight("schedules", "pause", "Morning").stdout
    assert greenlight("schedules", "run", ID).stdout.strip() == OTHER
    assert greenlight("schedules", "resume", "Evening").exit_code == 5


def test_a_letter_is_replayed_and_resolved(greenlight: Invoke, stack: SmallApi) -> None:
    assert "Redriven" in greenlight("dead-letters", "replay", ID).stdout
    assert "Already resolved" in greenlight("dead-letters", "resolve", ID, "-m", "Old.").stdout
    assert stack.asked[-1][3] == {"note": "Old."}
    assert greenlight("dead-letters", "replay").exit_code == 2
    assert greenlight("dead-letters", "replay", ID, "--all").exit_code == 2


def test_all_of_a_kind_are_replayed_and_what_was_refused_is_told(greenlight: Invoke, stack: SmallApi) -> None:
    refused = [{"id": OTHER, "detail": "It still cannot be read."}]
    stack.answer("POST", "/admin/dlq/replay", {"done": [ID], "refused": refused, "more": False})
    said = greenlight("dead-letters", "replay", "--all", "--service", "ideation")
    assert (said.exit_code, "Redriven: 1" in said.stdout) == (4, True)
    assert "It still cannot be read." in said.stderr
    assert stack.asked[-1][3] == {"service": "ideation"}
