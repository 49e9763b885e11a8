"""A finished script is filmed: nobody thinks up ideas, a person sees its words, and they are what is spoken."""

from __future__ import annotations

from typing import Any

import pytest
from testkit.studio import Studio, join

pytestmark = pytest.mark.journey
TEXTS = ["Honey never spoils.", "It is too dry to live in."]
FOUNTAIN = f"Title: Honey\n\nINT. KITCHEN\n\nADA\n{TEXTS[0]}\n\nINT. JAR\n\nADA\n{TEXTS[1]}\n"


@pytest.mark.feature("F85")
def test_a_script_from_a_file_becomes_a_film_of_its_words(studio: Studio) -> None:
    read = studio.creator.post("/v1/scripts/read", params={"name": "honey.fountain"}, content=FOUNTAIN.encode())
    assert read.status_code == 200, read.text
    run_id = studio.start("Honey", script=read.json()["script"])
    waiting = studio.wait(run_id, "awaiting_script_approval")
    item = studio.reviewer.get(f"/v1/airlock/items/{waiting['interrupts'][0]['id']}").raise_for_status().json()
    beats: list[dict[str, Any]] = item["content"]["script"]["beats"]
    assert [beat["narration"] for beat in beats] == TEXTS

    silent = studio.decide(run_id, data={"script": {"beats": [beats[0] | {"narration": " "}]}})
    assert silent.status_code in {409, 422}, silent.text
    edited = beats[1] | {"narration": "Nothing can live in it.", "headline": ""}
    assert studio.decide(run_id, data={"script": {"beats": [beats[0], edited]}}).status_code == 200

    release = studio.wait(run_id, "awaiting_publish_approval")
    post = studio.reviewer.get(f"/v1/airlock/items/{release['interrupts'][0]['id']}").raise_for_status().json()
    assert post["content"]["narration"] == [TEXTS[0], "Nothing can live in it."]
    assert post["content"]["title"] == "Honey"
    studio.approve(run_id)
    studio.wait(run_id)
    state = studio.creator.get(f"/v1/runs/{run_id}/state").json()
    assert {step["id"]: step["state"] for step in state["steps"][:2]} == {
        "ideation": "skipped", "ideation_approval": "skipped",
    }  # fmt: skip
    with join(studio) as stranger:
        assert stranger.get(f"/v1/runs/{run_id}").status_code == 404


def test_a_script_that_is_none_ends_the_run_before_anything_is_spoken(studio: Studio) -> None:
    run_id = studio.start("Honey", script={"scenes": [{"words": "Honey never spoils."}]})
    with pytest.raises(AssertionError, match="failed"):
        studio.wait(run_id, "awaiting_script_approval")
    assert "voice" not in studio.artifacts(run_id)
