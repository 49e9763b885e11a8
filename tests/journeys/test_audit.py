"""What people did is on record: each service tells its part, and nothing of it can be left out unseen."""

from __future__ import annotations

import httpx
import pytest
from testkit.studio import Studio, until

pytestmark = pytest.mark.journey


def actions(officer: httpx.Client, run_id: str) -> list[tuple[str, str]]:
    """Source and action of each entry about the run, in the order of the chain."""
    items = officer.get("/v1/audit", params={"run_id": run_id, "limit": 200}).raise_for_status().json()["items"]
    return [(item["entry"]["source"], item["entry"]["action"]) for item in items]


@pytest.mark.feature("A49", "A88")
def test_the_record_tells_a_film_from_its_start_to_its_release(studio: Studio, published: str) -> None:
    def told() -> set[tuple[str, str]] | None:
        found = actions(studio.creator, published)
        return set(found) if ("publisher", "post.published") in found else None

    found = until(told, seconds=20, what="the publisher's entry")
    assert ("orchestrator", "run.started") in found
    assert {"orchestrator", "compliance", "publisher"} <= {source for source, _ in found}
    assert ("ideation", "agent.acted") in found
    report = studio.creator.get("/v1/audit/verify").raise_for_status().json()
    assert (report["ok"], report["gaps"]) == (True, []), report


def test_a_cancelled_run_is_on_record_once(studio: Studio) -> None:
    run_id = studio.start("Why owls turn their heads")
    for _ in range(2):
        studio.creator.post(f"/v1/runs/{run_id}/cancel").raise_for_status()

    def told() -> list[tuple[str, str]] | None:
        mine = [entry for entry in actions(studio.creator, run_id) if entry[0] == "orchestrator"]
        return mine if len(mine) >= 2 else None

    found = until(told, seconds=20, what="the orchestrator's entries")
    assert found == [("orchestrator", "run.started"), ("orchestrator", "run.cancelled")]
