"""`/create-video-content`: a run of its own, started once for a key, and shown as the agent suite's clients knew it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from common.bus.step import Step
from common.contracts.gates import BriefCheckInput, CheckBrief, CheckResult, Verdict, VerdictLevel
from common.contracts.values import ArtifactRef
from common.contracts.video_content import MakeVideoContent, VideoContent, VideoContentInput
from common.errors import VendorRefused
from testkit.engine import Engine, write_workflows
from testkit.listening import eventually

ASKED = {"script": "The sea breathes twice a day.", "voice_style": "warm", "duration": 20, "platform": "tiktok"}
PASSED = Verdict(level=VerdictLevel.ALLOWED, policy_version="1")
MADE = VideoContent(
    video=ArtifactRef(sha256="a" * 64, size=7, media_type="video/mp4"),
    duration_ms=19_500,
    width=1080,
    height=1920,
    provider="descript",
)


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small workflows, and the one that ships."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    shutil.copytree(Path(__file__).parents[3] / "workflows" / "video_content", folder / "video_content")
    return folder


async def allow(input: BriefCheckInput, step: Step) -> CheckResult:
    return CheckResult(verdict=PASSED)


async def ended(engine: Engine, video_id: str) -> dict[str, Any]:
    """The video, once nothing is done about it any more."""

    async def look() -> dict[str, Any]:
        return dict((await engine.get(f"/create-video-content/{video_id}")).json())

    found: dict[str, Any] = await eventually(
        look, until=lambda video: video["status"] in {"completed", "failed"}, seconds=30
    )
    return found


@pytest.mark.feature("A33")
async def test_a_script_becomes_a_video_once_for_a_key(engine: Engine) -> None:
    inputs: list[VideoContentInput] = []

    async def make(input: VideoContentInput, step: Step) -> VideoContent:
        inputs.append(input)
        return MADE

    key = {"Idempotency-Key": uuid4().hex}
    async with engine.on_duty(allow, capability=CheckBrief), engine.on_duty(make, capability=MakeVideoContent):
        first = await engine.post("/create-video-content", ASKED, **key)
        again = await engine.post("/compat/agent-os/create-video-content", ASKED, **key)
        assert (first.status_code, again.status_code) == (202, 202), first.text
        begun = first.json()
        assert (again.json()["video_id"], begun["status"], begun["url"]) == (begun["video_id"], "pending", None)
        video = await ended(engine, begun["video_id"])
    assert (video["status"], video["url"], video["duration"]) == ("completed", f"/v1/artifacts/{'a' * 64}", 19.5)
    assert (video["transcript"], video["chapters"], video["provider"]) == (ASKED["script"], [], "descript")
    assert [one.duration_seconds for one in inputs] == [20]
    assert inputs[0].voice_style == "warm"
    theirs = await engine.get(f"/create-video-content/{begun['video_id']}", tenant=f"{engine.tenant}-2")
    other = await engine.start()
    wrong = await engine.get(f"/create-video-content/{other}")
    assert (theirs.status_code, wrong.status_code) == (404, 404)


@pytest.mark.feature("A33")
async def test_a_vendors_refusal_is_shown_and_no_address_is_made_up(engine: Engine) -> None:
    async def refuse(input: VideoContentInput, step: Step) -> VideoContent:
        raise VendorRefused("Not today.")

    async with engine.on_duty(allow, capability=CheckBrief), engine.on_duty(refuse, capability=MakeVideoContent):
        begun = (await engine.post("/create-video-content", ASKED)).json()
        video = await ended(engine, begun["video_id"])
    assert (video["status"], video["url"], video["duration"]) == ("failed", None, None)
    assert (video["error"]["code"], video["error"]["detail"]) == ("vendor_refused", "Not today.")


@pytest.mark.parametrize(
    "change",
    [{"script": " "}, {"duration": 1}, {"duration": "long"}, {"platform": "nowhere"}, {"voice_style": "x" * 201}],
)
async def test_what_does_not_fit_starts_nothing(engine: Engine, change: dict[str, Any]) -> None:
    assert (await engine.post("/create-video-content", ASKED | change)).status_code == 422
    reviewer = await engine.person("reviewer")
    refused = await engine.client.post("/create-video-content", json=ASKED, headers=reviewer.headers)
    assert refused.status_code == 403
