"""A concept becomes a screenplay: sent back with a comment, edited and approved, and fetched as files."""

from __future__ import annotations

from typing import Any

import pytest
from testkit.studio import Studio, join, until

pytestmark = pytest.mark.journey
CONCEPT = "A lonely lighthouse keeper discovers that her light draws ships from the past."
WAITING = "awaiting_screenplay_approval"


def held(studio: Studio, run_id: str, *, rounds: int = 1) -> dict[str, Any]:
    """What the gate holds the so manieth time."""

    def look() -> dict[str, Any] | None:
        history = studio.creator.get(f"/v1/runs/{run_id}/history").json()
        opened = [one for one in history if one["type"] == "gate.opened"]
        return opened[-1]["data"] if len(opened) == rounds else None

    data = until(look, seconds=60, what=f"gate number {rounds}")
    content: dict[str, Any] = studio.reviewer.get(f"/v1/airlock/items/{data['item_id']}").json()["content"]
    return content


@pytest.mark.feature("F26", "F27")
def test_a_concept_goes_through_its_gate_to_files(studio: Studio) -> None:
    asked = {"brief": CONCEPT, "minutes": 12, "genre": "mystery"}
    started = studio.creator.post("/v1/runs", json={"workflow": "screenplay", "input": asked})
    assert started.status_code == 202, started.text
    run_id = started.json()["run_id"]
    studio.wait(run_id, WAITING)
    first = held(studio, run_id)
    assert first["screenplay"]["title"] == "The Lighthouse Keeper and the Light"
    assert [one["name"] for one in first["characters"]] == ["Lighthouse Keeper"]

    wish = 'Call it "What the Light Took".'
    assert studio.decide(run_id, "request-changes", comment=wish).status_code == 200
    second = held(studio, run_id, rounds=2)
    assert second["screenplay"]["title"] == "What the Light Took"
    studio.wait(run_id, WAITING)

    broken = studio.decide(run_id, data={"screenplay": {"acts": []}})
    assert broken.status_code in {409, 422}, broken.text
    assert "three acts" in broken.text
    edited = studio.decide(run_id, data={"screenplay": {"logline": "A keeper saves the past and forgets herself."}})
    assert edited.status_code == 200, edited.text
    done = studio.wait(run_id)

    output = done["output"]
    assert output["screenplay"]["logline"] == "A keeper saves the past and forgets herself."
    assert output["written_by"] == "offline/rules-1"
    files = output["files"]
    fountain = studio.download(files["fountain"]["sha256"]).decode()
    assert fountain.startswith("Title: What the Light Took\n")
    assert "A keeper saves the past and forgets herself." in fountain
    assert "INT. LIGHTHOUSE" in fountain
    assert "Lighthouse Keeper (protagonist)" in studio.download(files["text"]["sha256"]).decode()
    assert len(studio.artifacts(run_id)["screenplay"]) >= 6
    with join(studio) as stranger:
        assert stranger.get(f"/v1/artifacts/{files['fountain']['sha256']}").status_code == 404


@pytest.mark.feature("F29")
def test_a_model_that_is_not_there_ends_the_run_with_the_list_of_those_that_are(studio: Studio) -> None:
    offered = studio.creator.get("/v1/models").json()
    assert offered == {"models": ["offline"], "default": "offline/rules-1"}
    body = {"workflow": "screenplay", "input": {"brief": CONCEPT, "model": "gpt-5"}}
    run_id = studio.creator.post("/v1/runs", json=body).json()["run_id"]

    def ended() -> dict[str, Any] | None:
        run = studio.run(run_id)
        return run if run["state"] == "failed" else None

    run = until(ended, seconds=60, what="the run to end")
    assert "There is no model 'gpt-5' here; there are offline." in str(run["error"])
    asked = {"concept": CONCEPT, "model": "gpt-5"}
    refused = studio.creator.post("/api/screenplay/generate", json=asked)
    assert (refused.status_code, refused.json()["models"]) == (422, ["offline"])
