"""`greenlight queue`: what waits for somebody to decide."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke, SmallApi

ITEMS = "/v1/airlock/items"


def item(**changed: Any) -> dict[str, Any]:
    """An item, as the airlock lists it."""
    stage = {"name": "client", "number": 2, "of": 2}
    usual = {"run_id": "0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f", "gate": "publish", "title": "Tides", "verdict": "review"}
    rest = {"risk": 41, "overdue": False, "heat": 12, "stage": stage, "claim": None, "assigned_to": "rob"}
    return usual | rest | changed


def test_what_waits_is_listed_with_its_risk_stage_and_time(greenlight: Invoke, api: SmallApi) -> None:
    claimed = item(run_id=None, title="Bees", overdue=True, claim={"by": "eva"}, stage={"name": "review", "of": 1})
    api.answer("GET", ITEMS, {"items": [item(), claimed], "next_cursor": None})
    said = greenlight("queue", "--first", "due")
    assert said.exit_code == 0
    first, second = (line for line in said.stdout.splitlines() if "Tides" in line or "Bees" in line)
    assert all(part in first for part in ("publish, client 2/2", "review", "41", "12 % gone", "rob"))
    assert all(part in second for part in ("Bees", "overdue", "eva"))
    assert api.asked[-1][1].endswith("status=open&order=due&limit=20")


def test_an_empty_queue_says_so_and_json_is_json(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("GET", ITEMS, {"items": [], "next_cursor": None})
    assert "Nothing waits" in greenlight("queue").output
    assert json.loads(greenlight("queue", "--json").stdout) == []
