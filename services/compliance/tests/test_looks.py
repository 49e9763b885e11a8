"""What changed since somebody last looked, by what is really held."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from common.artifacts import Artifacts
from common.contracts.gates import GateInput, GateOpened, OpenGate
from common.contracts.message import Outcome
from common.contracts.rework import SceneMark
from compliance.looks import compare_scenes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from media.ffmpeg import run_ffmpeg
from testkit.people import Person

LOST = {"sha256": "a" * 64, "size": 10, "media_type": "application/x-film"}


def film(*, clips: str = "012", video: dict[str, Any] = LOST, **members: Any) -> dict[str, Any]:
    scenes = [
        {"index": place, "start_frame": 88 * place, "frames": 100, "clip_sha256": clip * 64, "still_sha256": clip * 64}
        for place, clip in enumerate(clips)
    ]
    return {
        "title": "Why tides rise", "caption": "The moon pulls.", "hashtags": ["#tides", "#AIgenerated"],
        "narration": ["The sea breathes.", "The moon pulls it.", "Twice a day."], "video": video, "fps": 30,
        "scenes": scenes, "duration_ms": 9200, "platforms": ["local_feed"], **members,
    }  # fmt: skip


async def opened(airlock: Any, run: UUID, content: dict[str, Any], *, spent: int | None = None) -> UUID:
    gate = GateInput(
        gate="publish", title="Tides", content=content, requested_by="the-author", place="publish_approval",
        spent_usd_micros=spent,
    )  # fmt: skip
    finished = await airlock.orders.order(OpenGate, gate, tenant=airlock.tenant, run=run, step=uuid4(), attempt=1)
    assert finished.outcome is Outcome.DONE, finished.problem
    return GateOpened.model_validate(finished.output).item_id


async def saw(airlock: Any, item: UUID, person: Person, **body: Any) -> httpx.Response:
    answer: httpx.Response = await airlock.client.post(
        f"/v1/airlock/items/{item}/seen", headers=person.headers, json=body
    )
    return answer


async def changes(airlock: Any, item: UUID, person: Person, since: str = "last") -> dict[str, Any]:
    answer = await airlock.client.get(
        f"/v1/airlock/items/{item}/changes", headers=person.headers, params={"since": since}
    )
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


async def sound(airlock: Any, item: UUID, person: Person) -> httpx.Response:
    answer: httpx.Response = await airlock.client.get(f"/v1/airlock/items/{item}/sound", headers=person.headers)
    return answer


async def test_who_looked_is_told_what_changed_and_who_did_not_is_told_so(airlock: Any) -> None:
    run, reviewer = uuid4(), await airlock.person("reviewer")
    first = await opened(airlock, run, film(), spent=1000)
    look = (await saw(airlock, first, reviewer)).raise_for_status().json()
    assert (await changes(airlock, first, reviewer))["same"] is True
    await airlock.decide(first, decision="changes_requested", comment="Shorter.")
    again = film(
        clips="092", title="Why the tides rise", hashtags=["#tides", "#moon"], platforms=["local_feed", "tiktok"],
        narration=["The sea breathes.", "The moon draws it.", "Twice a day."], video=LOST | {"sha256": "b" * 64},
    )  # fmt: skip
    second = await opened(airlock, run, again, spent=1500)
    found = await changes(airlock, second, reviewer)
    assert (found["since"]["manifest_sha256"], found["since"]["revision"]) == (look["manifest_sha256"], 1)
    assert (found["now"]["revision"], found["same"]) == (2, False)
    [sentence] = found["words"]
    assert [(piece["kind"], piece["text"]) for piece in sentence["pieces"]] == [
        ("same", "The moon "), ("removed", "pulls"), ("added", "draws"), ("same", " it."),
    ]  # fmt: skip
    [scene] = found["scenes"]
    assert (scene["number"], scene["what"]) == (2, ["picture"])
    assert (scene["before"]["still_sha256"], scene["after"]["still_sha256"]) == ("1" * 64, "9" * 64)
    assert found["unchanged_scenes"] == 2
    assert [text["path"] for text in found["post"]] == ["/title"]
    assert (found["hashtags_added"], found["hashtags_removed"]) == (["#moon"], ["#AIgenerated"])
    assert [(change["path"], change["after"]) for change in found["settings"]] == [("/platforms/1", "tiktok")]
    assert found["files"] == ["video"]
    assert found["cost"] == {"before_usd_micros": 1000, "now_usd_micros": 1500, "added_usd_micros": 500}
    # The film's bytes are nowhere: that is said, and the rest is shown all the same.
    assert found["sound"]["problem"].startswith("The film's bytes")
    by_number = await changes(airlock, second, reviewer, "1")
    assert by_number | {"since": None} == found | {"since": None}
    other = await airlock.people.join(airlock.tenant, "reviewer")
    new = await changes(airlock, second, other)
    assert (new["since"], new["same"], new["scenes"]) == (None, False, [])
    await saw(airlock, second, reviewer)
    assert (await changes(airlock, second, reviewer))["same"] is True
    assert len(await airlock.audit(action="item.seen")) == 2


async def test_a_look_at_what_is_no_longer_held_is_refused(airlock: Any) -> None:
    item, reviewer = await opened(airlock, uuid4(), film()), await airlock.person("reviewer")
    stale = await saw(airlock, item, reviewer, manifest_sha256="0" * 64)
    assert (stale.status_code, stale.json()["error"]) == (409, "content_changed")
    assert (await changes(airlock, item, reviewer))["since"] is None
    for since in ("2", "0", "-1", "first"):
        answer = await airlock.client.get(
            f"/v1/airlock/items/{item}/changes", headers=reviewer.headers, params={"since": since}
        )
        assert answer.status_code == (404 if since == "2" else 422), since


async def test_an_edit_before_approval_shows_as_a_change(airlock: Any) -> None:
    item, reviewer = await opened(airlock, uuid4(), film()), await airlock.person("reviewer")
    await saw(airlock, item, reviewer)
    # What was seen is compared with what is held now, though both are the same item.
    await airlock.decide(item, decision="approved", data={"title": "Tides"})
    found = await changes(airlock, item, reviewer)
    if (await airlock.item(item))["item"]["status"] == "approved":
        assert [(text["path"], text["after"]) for text in found["post"]] == [("/title", "Tides")]
    else:
        assert found["same"] is True


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"hashtags": ["#AIgenerated", "#tides"]}, "/hashtags"),
        ({"hashtags": ["#tides", "#tides", "#AIgenerated"]}, "/hashtags"),
        ({"narration": ["The sea breathes.", "The moon pulls it.", "Twice a day.", {"say": "Buy now."}]}, "/narration"),
        ({"video": LOST | {"media_type": "application/x-other-film"}}, "/video/media_type"),
        ({"scenes": [*film()["scenes"][:2], film()["scenes"][2] | {"sentence": "Buy now."}]}, "/scenes/2"),
    ],
)
async def test_what_changed_in_no_usual_way_is_shown_all_the_same(
    airlock: Any, changed: dict[str, Any], path: str
) -> None:
    run, reviewer = uuid4(), await airlock.person("reviewer")
    first = await opened(airlock, run, film())
    await saw(airlock, first, reviewer)
    await airlock.decide(first, decision="changes_requested", comment="Other.")
    found = await changes(airlock, await opened(airlock, run, film(**changed)), reviewer)
    assert found["same"] is False
    assert found["settings"]
    assert all(change["path"].startswith(path) for change in found["settings"])


async def test_sound_is_measured_once_on_the_bytes_of_both_films(airlock: Any, tmp_path: Path) -> None:
    store = Artifacts((airlock.stack.site.data / "artifacts").as_uri())
    videos = []
    for gain in (0.1, 0.4):
        path = tmp_path / f"{gain}.wav"
        await run_ffmpeg(["-f", "lavfi", "-i", f"aevalsrc={gain}*sin(2*PI*440*t):s=48000:d=3", str(path)], timeout_s=60)
        ref = await store.put_file(airlock.tenant, path, media_type="application/x-film")
        videos.append(ref.model_dump(mode="json"))
    run, reviewer = uuid4(), await airlock.person("reviewer")
    first = await opened(airlock, run, film(video=videos[0]))
    await saw(airlock, first, reviewer)
    await airlock.decide(first, decision="changes_requested", comment="Louder.")
    second = await opened(airlock, run, film(video=videos[1]))
    found = await changes(airlock, second, reviewer)
    louder = found["sound"]["integrated_lufs"] - found["sound_before"]["integrated_lufs"]
    assert louder == pytest.approx(12.04, abs=0.2)
    assert len(found["sound"]["envelope_lufs"]) == 3
    assert (await sound(airlock, second, reviewer)).json() == found["sound"]
    # The second answer needs no bytes any more.
    for video in videos:
        sha256 = video["sha256"]
        (airlock.stack.site.data / "artifacts" / airlock.tenant / "sha256" / sha256[:2] / sha256).unlink()
    assert await changes(airlock, second, reviewer) == found
    assert (await sound(airlock, second, reviewer)).json() == found["sound"]
    stranger = await airlock.people.join("another-tenant", "reviewer")
    assert (await sound(airlock, second, stranger)).status_code == 404


async def test_what_cannot_be_heard_is_said(airlock: Any) -> None:
    reviewer = await airlock.person("reviewer")
    lost = (await sound(airlock, await opened(airlock, uuid4(), film()), reviewer)).raise_for_status().json()
    assert (lost["envelope_lufs"], lost["integrated_lufs"]) == ([], None)
    assert lost["problem"].startswith("The film's bytes")
    words = await sound(airlock, await opened(airlock, uuid4(), {"ideas": []}), reviewer)
    assert (words.status_code, words.json()["error"]) == (404, "not_found")
    assert (await sound(airlock, uuid4(), reviewer)).status_code == 404


facts = st.tuples(st.integers(1, 3), st.sampled_from("01"), st.sampled_from(["2" * 64, None]))


def marks(scenes: list[tuple[int, str, str | None]]) -> list[SceneMark]:
    return [
        SceneMark(index=place, start_frame=place, frames=frames, clip_sha256=clip * 64, voice_sha256=voice)
        for place, (frames, clip, voice) in enumerate(scenes)
    ]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(facts, max_size=4).map(marks), st.lists(facts, max_size=4).map(marks))
def test_exactly_the_scenes_that_differ_are_listed(before: list[SceneMark], after: list[SceneMark]) -> None:
    changed = {change.index for change in compare_scenes(before, after)}
    for place in range(max(len(before), len(after))):
        same = before[place : place + 1] == after[place : place + 1]
        assert (place in changed) is not same
