"""`greenlight limits`: what is sent, and what is shown of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke, SmallApi

DAY = {
    "kind": "usd_micros_of_a_day", "name": "", "at_most": None, "in_use": None,
    "at_most_usd": "12.500000", "in_use_usd": "3.000000",
}  # fmt: skip
WORKFLOW = {
    "kind": "steps_of_workflow", "name": "short_video", "at_most": 3, "in_use": 1,
    "at_most_usd": None, "in_use_usd": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sent", "answer"),
    [
        (("usd-day", "12.50"), {"kind": "usd_micros_of_a_day", "name": "", "at_most_usd": "12.50"}, DAY),
        (
            ("workflow", "3", "--name", "short_video"),
            {"kind": "steps_of_workflow", "name": "short_video", "at_most": "3"},
            WORKFLOW,
        ),
    ],
)
def test_a_limit_is_set(
    greenlight: Invoke, api: SmallApi, words: tuple[str, ...], sent: dict[str, Any], answer: dict[str, Any]
) -> None:
    api.answer("PUT", "/v1/limits", answer)
    said = greenlight("limits", "set", *words)
    assert (said.exit_code, api.asked[-1][3]) == (0, sent)
    assert words[0] in said.output


def test_limits_are_listed_with_their_use(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("GET", "/v1/limits", [DAY, WORKFLOW])
    said = greenlight("limits", "list")
    assert [word in said.output for word in ("$12.500000", "$3.000000", "short_video")] == [True] * 3
    assert json.loads(greenlight("limits", "list", "--json").stdout) == [DAY, WORKFLOW]
    api.answer("GET", "/v1/limits", [])
    assert "No limits" in greenlight("limits", "list").output


def test_a_limit_is_removed_and_a_wrong_one_refused(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("DELETE", "/v1/limits", b"", status=204)
    assert greenlight("limits", "remove", "workflow", "--name", "short_video").exit_code == 0
    assert api.asked[-1][1] == "/v1/limits?kind=steps_of_workflow&name=short_video"
    api.refuse("PUT", "/v1/limits", 422, "invalid", "A limit on steps has no name.")
    assert greenlight("limits", "set", "steps", "3", "--name", "x").exit_code == 2
    assert greenlight("limits", "set", "patience", "3").exit_code == 2


def test_budgets_show_what_is_spent(greenlight: Invoke, api: SmallApi) -> None:
    total = {"of": "total", "cap_usd": None, "allotted_usd": "2.0", "reserved_usd": "0.5", "spent_usd": "1.5"}
    api.answer("GET", "/v1/budgets", [total])
    said = greenlight("limits", "budgets")
    assert [word in said.output for word in ("total", "$1.5", "$0.5", "none")] == [True] * 4
