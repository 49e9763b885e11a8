"""A finished script is filmed: nobody thinks up ideas, a person sees its words, and they are what is spoken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from testkit.studio import Studio, join, until

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


def test_a_script_that_is_sent_back_comes_again_with_what_was_asked_for_and_says_what_is_other(studio: Studio) -> None:
    scenes = [{"text": "Honey never really spoils."}, {"text": "It is too dry to live in."}]
    run_id = studio.start("Honey", script={"title": "Honey", "scenes": scenes})

    def held() -> tuple[str, dict[str, Any]]:
        waiting = studio.wait(run_id, "awaiting_script_approval")
        item = waiting["interrupts"][0]["id"]
        return item, studio.reviewer.get(f"/v1/airlock/items/{item}").raise_for_status().json()

    first, _ = held()
    note = {"text": "Without 'really'", "path": "/script/beats/0/narration"}
    written = studio.reviewer.post(f"/v1/airlock/items/{first}/notes", json=note).raise_for_status().json()
    with ThreadPoolExecutor(2) as both:
        ask = [both.submit(studio.decide, run_id, "request-changes", comment="See the note.") for _ in range(2)]
        assert 200 in {one.result().status_code for one in ask}

    second, shown = until(lambda: found if (found := held())[0] != first else None, seconds=60, what="the next script")
    assert shown["item"]["revision"] == 2
    assert [beat["narration"] for beat in shown["content"]["script"]["beats"]] == [
        "Honey never spoils.",
        scenes[1]["text"],
    ]
    assert [(one["scene"], one["done"]) for one in shown["content"]["remarks"]] == [(0, True)]
    changes = studio.reviewer.get(f"/v1/airlock/items/{second}/changes?since=1").raise_for_status().json()
    assert [one["path"] for one in changes["words"]] == ["/script/beats/0"]
    notes = studio.reviewer.get(f"/v1/airlock/items/{second}/notes").raise_for_status().json()["items"]
    assert [(one["id"], one["state"]) for one in notes] == [(written["id"], "addressed")]

    assert (
        studio.decide(run_id, "request-changes", comment="The ending should say 'Nothing lives in it.'").status_code
        == 200
    )
    _, shown = until(lambda: found if (found := held())[0] != second else None, seconds=60, what="the third script")
    said = ["Honey never spoils.", "Nothing lives in it."]
    assert [beat["narration"] for beat in shown["content"]["script"]["beats"]] == said
    assert studio.decide(run_id, "reject", comment="That is all.").status_code == 200


def test_a_script_that_is_none_ends_the_run_before_anything_is_spoken(studio: Studio) -> None:
    run_id = studio.start("Honey", script={"scenes": [{"words": "Honey never spoils."}]})
    with pytest.raises(AssertionError, match="failed"):
        studio.wait(run_id, "awaiting_script_approval")
    assert "voice" not in studio.artifacts(run_id)
