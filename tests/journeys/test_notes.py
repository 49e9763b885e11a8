"""A note on a film becomes rework of one scene: the others keep their bytes, and the reviewer sees what changed."""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg
import pytest
from testkit.stack import Stack
from testkit.studio import Studio, join, until

pytestmark = pytest.mark.journey


def item_of(studio: Studio, run: dict[str, Any]) -> dict[str, Any]:
    """What the run waits with, as its reviewer sees it."""
    answer = studio.reviewer.get(f"/v1/airlock/items/{run['interrupts'][0]['id']}")
    item: dict[str, Any] = answer.raise_for_status().json()
    return item


def next_item(studio: Studio, run_id: str, item_id: str) -> dict[str, Any] | None:
    """What the run waits with, once that is another item."""
    run = studio.wait(run_id, "awaiting_publish_approval", seconds=240)
    return item_of(studio, run) if run["interrupts"][0]["id"] != item_id else None


def segments(studio: Studio) -> dict[str, str]:
    """Every rendered piece that is kept: its key and the hash of its bytes."""
    pieces = (path for path in (studio.data / "segments").glob("*/??/*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in pieces}


def calls(studio: Studio) -> set[tuple[str, str]]:
    """What was ever asked of models and voices for plans: step and key."""
    with psycopg.connect(Stack(studio.site).superuser_url) as connection:
        rows = connection.execute("select step_id::text, key from producer.calls").fetchall()
    return {(step, key) for step, key in rows}


@pytest.mark.timeout(900)
def test_a_note_redoes_one_scene_and_the_others_keep_their_bytes(studio: Studio) -> None:
    run_id = studio.start("Three facts about honey", seconds=14)
    studio.wait(run_id, "awaiting_ideation_approval", seconds=240)
    studio.approve(run_id)
    first = item_of(studio, studio.wait(run_id, "awaiting_publish_approval", seconds=240))
    content, path = first["content"], f"/v1/airlock/items/{first['item']['id']}"
    assert len(content["scenes"]) >= 3
    studio.reviewer.post(f"{path}/seen", json={}).raise_for_status()
    pieces, asked = segments(studio), calls(studio)

    # A note in the middle of scene 2, by the clock; its scene and stage are found.
    scene = content["scenes"][1]
    middle_ms = (scene["start_frame"] + scene["frames"] // 2) * 1000 // content["fps"]
    words = "Bees make it from the nectar of flowers."
    said = f"This sentence should say '{words}'"
    body = {"text": said, "timecode": f"00:{middle_ms / 1000:06.3f}"}
    note = studio.reviewer.post(f"{path}/notes", json=body).raise_for_status().json()
    assert [one["number"] for one in note["scenes"]] == [2]
    assert (note["scenes"][0]["sentence"], note["stage"]) == (content["narration"][1], "script")
    # A sentence alone may leave the picture as it was, to the byte; so the picture shall be another one, too.
    picture = {"text": "Show another picture", "frame": note["span"]["frame"]}
    other = studio.reviewer.post(f"{path}/notes", json=picture).raise_for_status().json()
    assert other["stage"] == "clip"
    shown = studio.reviewer.get(f"{path}/rework").raise_for_status().json()
    assert shown["kept_scenes"] == len(content["scenes"]) - 1

    answer = studio.decide(run_id, "request-changes", comment="See the note.")
    # One whose answer was lost on a slow machine is refused the second time, and counts.
    assert answer.status_code == 200 or answer.json()["error"] == "gate_already_decided", answer.text
    second = until(lambda: next_item(studio, run_id, first["item"]["id"]), seconds=240, what="the next revision")
    again = second["content"]
    assert again["narration"] == [content["narration"][0], words, *content["narration"][2:]]
    clips = [
        (one["clip_sha256"], two["clip_sha256"]) for one, two in zip(content["scenes"], again["scenes"], strict=True)
    ]
    assert [old == new for old, new in clips] == [place != 1 for place in range(len(clips))]
    for old, _ in clips:
        assert hashlib.sha256(studio.download(old)).hexdigest() == old

    # The renderer made the scene's body, its two transitions and the sound; every other piece is the one of before.
    # What is seen of each of the three is kept, too. And there is another film, with its still and its measures.
    now = segments(studio)
    assert {key: now[key] for key in pieces} == pieces
    assert len(now.keys() - pieces.keys()) == 4 + 3 + 3
    # For the second plan the writer was asked once for each note, and the voice once.
    news = sorted(key for _, key in calls(studio) - asked)
    assert [key.rsplit(":", 1)[0] for key in news] == ["rewrite:0", "rewrite:1", "voice:1"]

    path = f"/v1/airlock/items/{second['item']['id']}"
    carried = studio.reviewer.get(f"{path}/notes").raise_for_status().json()["items"]
    assert [one["id"] for one in carried] == [note["id"], other["id"]]
    assert {one["state"] for one in carried} == {"addressed"}
    assert all(one["answer"] for one in carried)
    changes = studio.reviewer.get(f"{path}/changes").raise_for_status().json()
    assert [one["after"] for one in changes["words"]] == [words]
    assert [one["number"] for one in changes["scenes"]] == [2]
    assert changes["unchanged_scenes"] == len(clips) - 1
    for side in ("before", "after"):
        assert studio.download(changes["scenes"][0][side]["still_sha256"]).startswith(b"\xff\xd8")
    assert abs(changes["sound"]["integrated_lufs"] + 14) <= 1
    assert changes["sound"]["envelope_lufs"] != changes["sound_before"]["envelope_lufs"]
    assert "video" in changes["files"]
    assert studio.reviewer.get(f"{path}/changes?since=1").json()["scenes"] == changes["scenes"]
    with join(studio) as stranger:
        for route in ("notes", "rework", "changes"):
            assert stranger.get(f"{path}/{route}").status_code == 404
    studio.reviewer.post(f"{path}/notes/{note['id']}/resolve").raise_for_status()
    studio.approve(run_id)
    studio.wait(run_id)
