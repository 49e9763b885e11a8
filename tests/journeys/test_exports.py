"""A film goes to other programs: exported by a run of its own, and fetched at the artifacts' door."""

from __future__ import annotations

from typing import Any

import opentimelineio as otio
import pytest
from testkit.studio import Studio, join

pytestmark = pytest.mark.journey


@pytest.mark.feature("F85")
def test_a_finished_film_is_exported_for_other_programs(studio: Studio, published: str) -> None:
    steps = outputs(studio, published)
    given = {
        "timeline": steps["editing"],
        "cut": steps["wait_for_render"][0],
        "kinds": ["otio", "hls", "contact_sheet"],
    }

    started = studio.creator.post("/v1/runs", json={"workflow": "film_exports", "input": given})
    assert started.status_code in {201, 202}, started.text
    run_id = started.json()["run_id"]
    studio.wait(run_id, "completed")

    files = {file["name"]: file["file"]["sha256"] for file in outputs(studio, run_id)["exporting"]["files"]}
    assert list(files) == ["timeline.otio", "preview.m3u8", "preview.m4s", "contact-sheet.jpg"]
    told = otio.adapters.read_from_string(studio.download(files["timeline.otio"]).decode(), adapter_name="otio_json")
    (first, *_) = told.find_clips()
    clip = first.media_reference.target_url
    assert studio.creator.get(clip).status_code == 200, "the media is where the timeline says"
    playlist = studio.download(files["preview.m3u8"]).decode()
    assert f'URI="{files["preview.m4s"]}"' in playlist
    assert studio.download(files["contact-sheet.jpg"]).startswith(b"\xff\xd8")

    with join(studio) as stranger:
        assert stranger.get(f"/v1/artifacts/{files['timeline.otio']}").status_code == 404


def outputs(studio: Studio, run_id: str) -> dict[str, Any]:
    """What each step of a run answered."""
    state = studio.creator.get(f"/v1/runs/{run_id}/state").json()
    return {step["id"]: step["output"] for step in state["steps"]}
