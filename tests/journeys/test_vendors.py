"""The same brief with vendors: their words, footage and voice, and their calls that resume the run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest
from editor.checks.sync import find_voice
from editor.sound import Take
from numpy.typing import NDArray
from PIL import Image
from testkit.studio import Studio, running_studio

pytestmark = pytest.mark.journey
CREATE = {"method": "POST", "path": "/openai/v1/videos"}
Grey = NDArray[np.float64]


@pytest.fixture
def studio(own_data: Path) -> Iterator[Studio]:
    """A studio with the sandbox of vendors, whose jobs it would next ask about in an hour: only calls resume it."""
    with running_studio(own_data, sandbox=True, environment={"GREENLIGHT_CLIPS_POLL_SECONDS": "3600"}) as running:
        yield running


@pytest.fixture
def vendors(studio: Studio) -> Iterator[httpx.Client]:
    """The sandbox's own door."""
    with httpx.Client(base_url=studio.state.services["sandbox"], trust_env=False) as client:
        yield client


@pytest.mark.feature("M33")
@pytest.mark.feature("M45")
@pytest.mark.feature("M46")
def test_vendors_film_and_speak_and_their_calls_resume_the_run(
    studio: Studio, vendors: httpx.Client, tmp_path: Path
) -> None:
    # One call comes before its order is answered, one twice, one later than all others.
    for number, kind in enumerate(("early_webhook", "duplicate_webhook", "late_webhook")):
        fault = CREATE | {"kind": kind, "skip": number, "delay_ms": 4000}
        vendors.post("/__sim/faults", json=fault).raise_for_status()
    # The sandbox's Llama Guard looks at what no rule stops: this word is bad to it alone.
    stopped = studio.creator.post("/v1/runs", json={"input": {"brief": "The forbidden history of one island"}})
    assert (stopped.status_code, stopped.json()["error"]) == (400, "content_blocked"), stopped.text
    # The workflow declares no prices: under a cap each step asks for what its vendors' calls may cost.
    run_id = studio.start("How tides work", seconds=15, budget_usd="5.00")
    done = studio.approve_all(run_id, seconds=300)
    assert (done["status"], done["degraded"]) == ("completed", False)
    assert "sandbox" in done["origins"]

    steps = {step["id"]: step for step in studio.creator.get(f"/v1/runs/{run_id}/state").json()["steps"]}
    shots = steps["production"]["output"]["shots"]
    assert {shot["speech"]["voice"].partition("/")[0] for shot in shots} == {"elevenlabs"}
    clips: list[dict[str, Any]] = steps["wait_for_videos"]["output"]
    assert [clip["index"] for clip in clips] == list(range(len(shots)))
    assert {clip["provider"] for clip in clips} == {"openai_videos"}

    effects = vendors.get("/__sim/ledger").json()["effects"]
    made = [one["detail"] for one in effects if one["kind"] == "video.created"]
    called = [one["detail"] for one in effects if one["kind"] == "webhook.sent"]
    assert (len(shots) >= 3, len(made)) == (True, len(shots))
    # The ideas and the script are a model's answers, which the run paid for.
    assert {one["detail"]["vendor"] for one in effects if one["kind"] == "model.asked"} == {"llama_stack"}
    history = studio.creator.get(f"/v1/runs/{run_id}/history").json()
    paid = {entry["data"]["step"] for entry in history if entry["data"].get("cost_usd_micros")}
    assert {"ideation", "production"} <= paid
    assert {one["status"] for one in called} == {200}
    assert len(called) == len(shots) + 1, "one was made twice"
    assert 0 < Decimal(done["cost_usd"]) <= 5
    assert done["unknown_usd"] == "0.000000"

    (video,) = studio.artifacts(run_id)["rendered_video"]
    film = tmp_path / "film.mp4"
    film.write_bytes(studio.download(video))
    seen = frames_of(film)
    for clip in clips:
        still = top_of(Image.open(io.BytesIO(studio.download(clip["still"]["sha256"]))))
        assert max(alike(still, frame) for frame in seen) > 0.97, f"clip {clip['index']} is not in the film"
    takes = []
    for number, piece in enumerate(steps["editing"]["output"]["voice"]):
        spoken = tmp_path / f"voice-{number}"
        spoken.write_bytes(studio.download(piece["audio"]["sha256"]))
        takes.append(Take(path=spoken, start_ms=piece["start_ms"]))
    assert {shot["speech"]["audio"]["sha256"] for shot in shots} == {
        piece["audio"]["sha256"] for piece in steps["editing"]["output"]["voice"]
    }
    heard = find_voice(film, takes)
    assert (heard.likeness > 0.5, abs(heard.offset_ms) <= 40) == (True, True), heard


def frames_of(film: Path) -> list[Grey]:
    """Every third frame of a film."""
    with av.open(str(film)) as container:
        frames = container.decode(video=0)
        return [
            top_of(Image.fromarray(frame.to_ndarray(format="rgb24")))
            for number, frame in enumerate(frames)
            if number % 3 == 0
        ]


def top_of(picture: Image.Image) -> Grey:
    """The upper part of a picture, where no caption is, small."""
    grey = picture.convert("RGB").resize((54, 96))
    return np.asarray(grey, float)[:56]


def alike(one: Grey, other: Grey) -> float:
    """How much alike two pictures are: 1 is the same."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])
