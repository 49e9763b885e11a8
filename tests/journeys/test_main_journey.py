"""The main job: a brief becomes a published film, through two gates."""

from __future__ import annotations

import asyncio
import io
import xml.etree.ElementTree as ET
from pathlib import Path

import av
import httpx
import pytest
from common.contracts.values import ArtifactType
from media.probe import loudness, probe
from testkit.studio import Studio, join, running_studio

pytestmark = pytest.mark.journey


@pytest.mark.feature("M2")
@pytest.mark.feature("M28")
@pytest.mark.feature("M40")
@pytest.mark.feature("M48")
@pytest.mark.feature("M51")
def test_a_brief_becomes_a_published_film(studio: Studio, tmp_path: Path) -> None:
    run_id = studio.start("How tides work", seconds=6)
    done = studio.approve_all(run_id)
    assert (done["status"], done["degraded"]) == ("completed", False)
    assert done["origins"] == ["offline"]

    made = studio.artifacts(run_id)
    assert {"ideas", "script", "voice", "music", "video_clip", "captions", "thumbnail", "rendered_video"} <= set(made)
    (video,) = made["rendered_video"]
    film = tmp_path / "film.mp4"
    film.write_bytes(studio.download(video))
    info = probe(film)
    assert (info.width, info.height, round(info.fps), info.video_codec, info.audio_codec) == (
        270,
        480,
        30,
        "h264",
        "aac",
    )
    assert info.faststart
    assert 4_000 <= info.duration_ms <= 7_000
    sound = asyncio.run(loudness(film))
    assert abs(sound.integrated_lufs + 14) <= 1
    assert sound.true_peak_dbtp <= -1

    held = studio.reviewer.get("/v1/airlock/items", params={"run_id": run_id, "gate": "publish"}).json()["items"]
    (item,) = (studio.reviewer.get(f"/v1/airlock/items/{one['id']}").json() for one in held)
    assert studio.download(item["content"]["video"]["sha256"]) == film.read_bytes()
    assert item["content"]["caption"].strip()

    (post,) = studio.posts(run_id)
    assert post["state"] == "public"
    with httpx.Client(trust_env=False) as stranger:
        served = stranger.get(f"{post['url']}video.mp4")
        feed = stranger.get(f"{studio.creator.base_url}/feed/default/atom.xml")
    assert served.content == film.read_bytes()
    assert post["url"] in [
        link.get("href") for link in ET.fromstring(feed.text).iter("{http://www.w3.org/2005/Atom}link")
    ]

    listed = studio.creator.get(f"/v1/runs/{run_id}/artifacts").json()
    assert [one["announced_at"] for one in listed] == sorted(one["announced_at"] for one in listed)
    assert {one["type"] for one in listed} <= {kind.value for kind in ArtifactType}
    makers = {(one["step"], one["made_by"].partition("/")[0]) for one in listed}
    assert makers == {
        ("ideation", "ideation"), ("production", "producer"), ("editing", "editor"), ("publishing", "publisher"),
    }  # fmt: skip

    history = studio.creator.get(f"/v2/runs/{run_id}/history").json()
    assert [entry["node"] for entry in history] == [
        "ideation", "ideation_approval", "production", "wait_for_videos",
        "editing", "wait_for_render", "publish_approval", "publishing",
    ]  # fmt: skip


def test_ideas_are_scored_for_the_audience_and_a_film_wears_its_brand(studio: Studio) -> None:
    kit = """
pack: coast
version: 1.0.0
description: How this house looks.
brand:
  colours: ["#0b3d91", "#ff6b35"]
  film: {typeface: anton, end_card: {title: Blue Coast, line: coast.example, seconds: 1.5}}
rules: [{id: coast.rival, severity: review, text: A rival., remedy: Leave it out., phrases: [acmesoft]}]
"""
    # The creator of this stack is its admin, too.
    studio.creator.put("/v1/policies/coast", json={"source": kit}).raise_for_status()
    unknown = studio.start("How tides work", brand="nowhere")
    failed = studio.wait(unknown, "failed")
    assert (failed["error"]["stage"], failed["error"]["code"]) == ("brand", "brand_unknown")
    assert studio.artifacts(unknown) == {}, "nothing was made for it"

    run_id = studio.start("How tides work", seconds=6, brand="coast", audience="sailors on the sea", tone="calm")
    studio.wait(run_id, "awaiting_ideation_approval")
    steps = {step["id"]: step for step in studio.creator.get(f"/v1/runs/{run_id}/state").json()["steps"]}
    for idea in steps["ideation"]["output"]["ideas"]:
        (part,) = [part for part in idea["score"]["parts"] if part["name"] == "audience"]
        assert "no audience is named" not in part["why"], part
    studio.decide(run_id)
    studio.wait(run_id, "awaiting_publish_approval")
    steps = {step["id"]: step for step in studio.creator.get(f"/v1/runs/{run_id}/state").json()["steps"]}
    timeline = steps["editing"]["output"]
    assert (timeline["brand"]["face"], timeline["palette"]["first"]) == ("anton", "#0b3d91")
    assert (timeline["end_card"]["title"], timeline["end_card"]["frames"]) == ("Blue Coast", 45)
    assert 4_000 <= steps["wait_for_render"]["output"][0]["duration_ms"] <= 7_500


def test_captions_are_the_words_of_the_script(studio: Studio) -> None:
    run_id = studio.start("Three facts about honey", seconds=8)
    studio.wait(run_id, "awaiting_ideation_approval")
    studio.decide(run_id)
    studio.wait(run_id, "awaiting_publish_approval")
    steps = {step["id"]: step for step in studio.creator.get(f"/v1/runs/{run_id}/state").json()["steps"]}
    spoken = " ".join(beat["narration"] for beat in steps["production"]["output"]["script"]["beats"]).split()
    vtt = studio.download(steps["wait_for_render"]["output"][0]["captions"]["sha256"]).decode()
    lines = [line for line in vtt.split("\n\n", 1)[1].splitlines() if line and "-->" not in line and not line.isdigit()]
    assert " ".join(lines).split() == spoken


@pytest.mark.feature("M29")
def test_a_rejected_film_is_not_published(studio: Studio) -> None:
    run_id = studio.start("Why cats purr")
    studio.wait(run_id, "awaiting_ideation_approval")
    assert studio.decide(run_id).status_code == 200
    studio.wait(run_id, "awaiting_publish_approval")
    assert studio.decide(run_id, "reject", comment="Not this one.").status_code == 200
    run = studio.wait(run_id, "rejected")
    assert run["rejection"] == "Not this one."
    assert studio.posts(run_id) == []


def test_requested_changes_bring_other_ideas(studio: Studio) -> None:
    run_id = studio.start("Why cats purr")
    first = studio.wait(run_id, "awaiting_ideation_approval")
    assert studio.decide(run_id, "request-changes", comment="Make it about kittens.").status_code == 200
    gate = first["interrupts"][0]["id"]
    second = studio.wait(run_id, "awaiting_ideation_approval")
    while second["interrupts"][0]["id"] == gate:
        second = studio.wait(run_id, "awaiting_ideation_approval")
    titles = [
        {idea["title"] for idea in studio.reviewer.get(f"/v1/airlock/items/{item}").json()["content"]["ideas"]}
        for item in (gate, second["interrupts"][0]["id"])
    ]
    assert titles[0] != titles[1]
    studio.decide(run_id, "reject", comment="Enough.")


@pytest.mark.feature("M43")
def test_the_chosen_idea_is_the_one_that_is_filmed(studio: Studio) -> None:
    run_id = studio.start("How volcanoes erupt")
    run = studio.wait(run_id, "awaiting_ideation_approval")
    item = studio.reviewer.get(f"/v1/airlock/items/{run['interrupts'][0]['id']}").json()
    assert studio.decide(run_id, data={"chosen": 2}).status_code == 200
    studio.wait(run_id, "awaiting_publish_approval")
    steps = {step["id"]: step for step in studio.creator.get(f"/v1/runs/{run_id}/state").json()["steps"]}
    assert steps["ideation_approval"]["output"]["chosen"] == 2
    assert steps["ideation_approval"]["output"]["ideas"] == item["content"]["ideas"]
    assert (item["item"]["gate"], item["item"]["content_type"]) == ("ideation", "ideas")
    assert steps["production"]["output"]["script"]["title"] == item["content"]["ideas"][2]["title"]
    studio.decide(run_id, "reject", comment="Enough.")


def test_an_edit_that_does_not_fit_leaves_the_gate_open(studio: Studio) -> None:
    run_id = studio.start("How bridges hold")
    studio.wait(run_id, "awaiting_ideation_approval")
    for data, said in (
        ({"chosen": 9}, "Choose one of the ideas by its index."),
        ({"chosen": 1.5}, "Choose one of the ideas by its index."),
        ({"ideas": 1}, "/ideas must stay a list"),
    ):
        answer = studio.decide(run_id, data=data)
        assert answer.status_code == 422, data
        assert said in answer.json()["detail"]
    assert studio.run(run_id)["status"] == "awaiting_ideation_approval"
    assert studio.decide(run_id, "reject", comment="Enough.").status_code == 200
    assert studio.wait(run_id, "rejected")["rejection"] == "Enough."


@pytest.mark.feature("M11")
def test_no_gate_opens_without_a_decision_by_any_api(studio: Studio) -> None:
    run_id = studio.start("How rainbows form")
    run = studio.wait(run_id, "awaiting_ideation_approval")
    item = run["interrupts"][0]["id"]
    # The author may not decide, whichever door they try.
    for path, body in (
        (f"/v1/runs/{run_id}/approve", {"approved": True}),
        (f"/v2/runs/{run_id}/approve", {"approved": True}),
        (f"/v1/airlock/items/{item}/decision", {"decision": "approved"}),
    ):
        assert studio.creator.post(path, json=body).status_code == 403, path
    # Nothing in a body makes somebody else of the caller.
    forged = {"approved": True, "decided_by": "reviewer", "user_id": "reviewer"}
    assert studio.creator.post(f"/v1/runs/{run_id}/approve", json=forged).status_code == 422
    # No permit without an approval, and no permit at all for people.
    permit = {"item_id": item, "manifest_sha256": "0" * 64}
    assert studio.creator.post("/v1/permits", json=permit).status_code == 403
    assert studio.run(run_id)["status"] == "awaiting_ideation_approval"
    studio.decide(run_id, "reject", comment="Enough.")


def test_a_gate_is_decided_once(studio: Studio) -> None:
    run_id = studio.start("How magnets work")
    run = studio.wait(run_id, "awaiting_ideation_approval")
    gate = run["interrupts"][0]["id"]
    assert studio.decide(run_id, interrupt_id=gate).status_code == 200
    again = studio.decide(run_id, "reject", comment="No.", interrupt_id=gate)
    assert (again.status_code, again.json()["error"]) == (409, "gate_already_decided")
    unknown = studio.decide(run_id, interrupt_id="00000000-0000-7000-8000-000000000000")
    assert unknown.status_code == 404
    studio.creator.post(f"/v1/runs/{run_id}/cancel")


@pytest.mark.feature("M40")
def test_the_same_key_starts_one_run(studio: Studio) -> None:
    body = {"workflow": "short_video", "input": {"brief": "How glass is made", "target_seconds": 3}}
    headers = {"Idempotency-Key": "once"}
    first = studio.creator.post("/v1/runs", json=body, headers=headers)
    second = studio.creator.post("/v1/runs", json=body, headers=headers)
    assert first.json()["run_id"] == second.json()["run_id"]
    other = {"workflow": "short_video", "input": {"brief": "How paper is made"}}
    assert studio.creator.post("/v1/runs", json=other, headers=headers).status_code == 422
    studio.creator.post(f"/v1/runs/{first.json()['run_id']}/cancel")


@pytest.mark.feature("Z21")
def test_a_second_tenant_sees_nothing(studio: Studio, published: str) -> None:
    run_id, run = published, studio.run(published)
    (video,) = studio.artifacts(run_id)["rendered_video"]
    (post,) = studio.posts(run_id)
    items = studio.reviewer.get("/v1/airlock/items", params={"run_id": run_id}).json()["items"]
    with join(studio) as stranger:
        for path in (
            f"/v1/runs/{run_id}", f"/v1/runs/{run_id}/state", f"/v1/runs/{run_id}/history",
            f"/v1/runs/{run_id}/artifacts", f"/v1/artifacts/{video}", f"/v1/posts/{post['id']}",
            *(f"/v1/airlock/items/{item['id']}" for item in items),
        ):  # fmt: skip
            assert stranger.get(path).status_code == 404, path
        assert stranger.post(f"/v1/runs/{run_id}/cancel").status_code == 404
        for path in ("/v1/runs", "/v1/posts", "/v1/airlock/items", "/v1/library"):
            assert stranger.get(path).json()["items"] == [], path
    assert studio.run(run_id)["updated_at"] == run["updated_at"]


@pytest.mark.feature("M52")
def test_one_command_brings_everything_and_the_real_size_is_1080_by_1920(own_data: Path, tmp_path: Path) -> None:
    """No program of the machine is found, neither Docker nor a database nor ffmpeg: all of it comes with the wheels."""
    alone = {"GREENLIGHT_RENDER_SCALE": "1", "PATH": str(tmp_path)}
    with running_studio(own_data, environment=alone) as studio:
        run_id = studio.start("Why the sky is blue", seconds=5)
        studio.approve_all(run_id, seconds=240)
        (video,) = studio.artifacts(run_id)["rendered_video"]
        with av.open(io.BytesIO(studio.download(video))) as film:
            stream = film.streams.video[0]
            assert (stream.width, stream.height, float(stream.average_rate or 0)) == (1080, 1920, 30.0)


@pytest.mark.feature("P10")
def test_the_event_loop_is_never_kept_waiting_by_a_run(studio: Studio) -> None:
    """Counted in CPU time of the loop's own thread, so that a slow machine alone does not fail it."""
    studio.approve_all(studio.start("How batteries store energy", seconds=6))
    metrics = httpx.get(f"{studio.site.services['orchestrator']}/metrics", trust_env=False).text
    (line,) = [line for line in metrics.splitlines() if line.startswith("greenlight_loop_stalls_total")]
    log = (studio.data / "logs" / "apps.log").read_text()
    stalls = [entry for entry in log.splitlines() if "loop.stalled" in entry]
    assert float(line.split()[1]) == 0, stalls[-3:]
