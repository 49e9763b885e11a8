"""`greenlight pause|resume|cancel|terminate|retry|fork|migrate`: what is sent, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke, SmallApi

RUN_ID = "0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f"
OTHER = "0194b7f0-5a7e-7cc3-98c4-dc0c0c073990"


@pytest.mark.parametrize("action", ["pause", "resume", "cancel", "terminate", "retry"])
def test_one_run_is_steered(greenlight: Invoke, api: SmallApi, action: str) -> None:
    api.answer("POST", f"/v1/runs/{RUN_ID}/{action}", api.run(status="cancelled", state="cancelled"))
    said = greenlight(action, "last")
    assert (said.exit_code, api.asked[-1][1]) == (0, f"/v1/runs/{RUN_ID}/{action}")
    assert f"Run {RUN_ID} is cancelled." in said.stdout


def test_what_was_over_before_is_said(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("POST", f"/v1/runs/{RUN_ID}/cancel", api.run(status="completed", state="completed"))
    assert "was over before: completed" in greenlight("cancel", RUN_ID).stdout


def test_all_of_a_workflow_are_cancelled(greenlight: Invoke, api: SmallApi) -> None:
    results = [_result("changed", status="cancelled"), _result("refused", run_id=OTHER, detail="The run is over.")]
    api.answer("POST", "/v1/runs/bulk", {"results": results, "more": False, "counts": {"changed": 1}})
    said = greenlight("cancel", "--all", "--workflow", "short_video")
    sent = api.asked[-1][3]
    assert (sent["action"], sent["filter"]["workflow"], sent["dry_run"]) == ("cancel", "short_video", False)
    assert said.exit_code == 4
    assert f"{OTHER} refused: The run is over." in said.stdout
    assert "1 done, 1 refused." in said.stdout


def test_a_dry_run_asks_once(greenlight: Invoke, api: SmallApi) -> None:
    answer = {"results": [_result("would")], "more": True, "counts": {"changed": 0}}
    api.answer("POST", "/v1/runs/bulk", answer)
    said = greenlight("retry", "--all", "--dry-run")
    assert (said.exit_code, len(api.asked), api.asked[-1][3]["dry_run"]) == (0, 1, True)
    # A filter that says nothing is refused, so it says: all there are now.
    assert set(api.asked[-1][3]["filter"]) == {"created_before"}


@pytest.mark.parametrize("words", [(), ("last", "--all"), ("last", "--workflow", "x"), ("last", "--dry-run")])
def test_one_or_all_has_to_be_said(greenlight: Invoke, api: SmallApi, words: tuple[str, ...]) -> None:
    said = greenlight("pause", *words)
    assert (said.exit_code, api.asked) == (2, [])
    assert "--all" in said.stderr


def test_a_fork_says_where_from_and_what_is_different(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("POST", f"/v1/runs/{RUN_ID}/fork", {"run_id": OTHER, "status": "pending"}, status=202)
    words = ("--from", "production", "--set", 'idea={"title": "T"}', "--input", "target_seconds=30", "--current")
    said = greenlight("fork", "last", *words)
    _, _, headers, body = api.asked[-1]
    assert (said.exit_code, said.stdout.strip()) == (0, OTHER)
    assert body == {
        "from_step": "production",
        "definition": "current",
        "with": {"idea": {"title": "T"}},
        "input": {"target_seconds": 30},
    }
    assert headers["Idempotency-Key"]
    assert greenlight("fork", "last").exit_code == 2


def test_all_that_are_over_are_forked_once(greenlight: Invoke, api: SmallApi) -> None:
    forked = _result("changed") | {"forked_to": OTHER}
    api.answer("POST", "/v1/runs/bulk", {"results": [forked], "more": True, "counts": {"changed": 1}})
    said = greenlight(
        "fork", "--all", "--from", "production", "--input", "target_seconds=30", "--workflow", "short_video"
    )
    [(_, _, headers, body)] = api.asked
    assert (said.exit_code, body["filter"]["workflow"], body["dry_run"]) == (0, "short_video", False)
    assert body["fork"] == {"from_step": "production", "definition": "same", "input": {"target_seconds": 30}}
    # What was forked is found again: asking for more would fork it once more.
    assert headers["Idempotency-Key"]
    assert f"{RUN_ID} changed: {OTHER}" in said.stdout
    assert "There are more" in said.stderr
    assert greenlight("fork", "last", "--all", "--from", "production").exit_code == 2


def test_a_migration_says_what_changes(greenlight: Invoke, api: SmallApi) -> None:
    change = {"step": "editing", "change": "changed", "members": ["inputs"], "effect": "It will be done anew."}
    report = {"from_digest": "a", "to_digest": "b", "possible": True, "obstacles": [], "changes": [change]}
    path = f"/v1/runs/{RUN_ID}/migrate"
    api.answer("POST", path, {"run_id": RUN_ID, "applied": False, "report": report})
    said = greenlight("migrate", RUN_ID, "--dry-run")
    assert (said.exit_code, api.asked[-1][3]) == (0, {"dry_run": True})
    assert "editing changed: It will be done anew." in said.stdout
    stuck = report | {"possible": False, "obstacles": ["The run is running. Pause it first."]}
    api.answer("POST", path, {"run_id": RUN_ID, "applied": False, "report": stuck})
    assert greenlight("migrate", RUN_ID, "--dry-run").exit_code == 4
    api.refuse("POST", path, 409, "cannot_be_migrated", "Pause it first.")
    assert greenlight("migrate", RUN_ID).exit_code == 4


def _result(outcome: str, **members: Any) -> dict[str, Any]:
    return {"run_id": RUN_ID, "outcome": outcome, "status": "running", "error": None, "detail": None} | members


def test_all_that_rest_are_migrated(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("POST", "/v1/runs/bulk", {"results": [_result("changed")], "more": False, "counts": {"changed": 1}})
    said = greenlight("migrate", "--all", "--workflow", "short_video")
    assert (said.exit_code, api.asked[-1][3]["action"]) == (0, "migrate")
    assert "1 done, 0 refused." in said.stdout
    assert greenlight("migrate").exit_code == 2
