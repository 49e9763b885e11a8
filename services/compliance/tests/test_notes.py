"""Notes on held content: written once, by people of the tenant, and asked for once."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from common.contracts.gates import GateDecided, GateInput, GateOpened, OpenGate
from common.contracts.message import Outcome
from testkit.people import Person

CLIPS = ("0" * 64, "1" * 64, "2" * 64)


def film(*, clips: tuple[str, ...] = CLIPS, **members: Any) -> dict[str, Any]:
    """A film of three scenes, 88 frames apart, without bytes: nobody here looks at the picture."""
    scenes = [
        {"index": index, "start_frame": 88 * index, "frames": 100, "clip_sha256": clip}
        for index, clip in enumerate(clips)
    ]
    return {
        "title": "Why tides rise",
        "caption": "The moon pulls, the sea follows.",
        "hashtags": ["#tides", "#AIgenerated"],
        "narration": ["The sea breathes.", "The moon really pulls it.", "Twice a day."],
        "video": {"sha256": "a" * 64, "size": 10, "media_type": "application/x-film"},
        "fps": 30,
        "scenes": scenes,
        "duration_ms": 9200,
        "platforms": ["local_feed"],
        **members,
    }


async def opened(airlock: Any, run: UUID, content: dict[str, Any], *, spent: int | None = None) -> GateOpened:
    """The next revision at the same place of a run."""
    gate = GateInput(
        gate="publish", title="Tides", content=content, requested_by="the-author", place="publish_approval",
        spent_usd_micros=spent,
    )  # fmt: skip
    finished = await airlock.orders.order(OpenGate, gate, tenant=airlock.tenant, run=run, step=uuid4(), attempt=1)
    assert finished.outcome is Outcome.DONE, finished.problem
    return GateOpened.model_validate(finished.output)


async def call(
    airlock: Any, method: str, where: str, /, *, who: Person | None = None, key: str | None = None, **body: Any
) -> httpx.Response:
    person = who or await airlock.person("reviewer")
    headers = person.headers | ({"Idempotency-Key": key} if key else {})
    json = body if method != "GET" else None
    answer: httpx.Response = await airlock.client.request(
        method, f"/v1/airlock/items/{where}", headers=headers, json=json
    )
    return answer


async def written(airlock: Any, item: UUID, /, **body: Any) -> dict[str, Any]:
    answer = await call(airlock, "POST", f"{item}/notes", **body)
    assert answer.status_code == 201, answer.text
    note: dict[str, Any] = answer.json()
    return note


async def test_a_note_names_its_frame_scene_sentence_and_stage(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    note = await written(airlock, item, text="Without the word really. @ada", timecode="00:04.5")
    reviewer = await airlock.person("reviewer")
    assert note["author"] == reviewer.user_id
    assert note["span"]["frame"] == note["span_now"]["frame"] == 135
    assert (note["span"]["timecode"], note["span"]["at_ms"]) == ("00:00:04:15", 4500)
    assert [(scene["number"], scene["sentence"], scene["clip_sha256"]) for scene in note["scenes"]] == [
        (2, "The moon really pulls it.", CLIPS[1])
    ]
    assert (note["stage"], note["stage_is_guess"], note["state"]) == ("script", True, "open")
    assert note["mentions"] == ["ada"]
    chosen = await written(airlock, item, text="Hm", frame=3, end_frame=9, stage="voice", region=None)
    assert (chosen["stage"], chosen["stage_is_guess"]) == ("voice", False)
    entries = await airlock.audit(action="note.written")
    assert [entry["detail"]["note_id"] for entry in entries] == [note["id"], chosen["id"]]
    assert entries[0]["detail"]["frames"] == [135, 135]


async def test_who_is_named_finds_the_item_in_the_queue(airlock: Any) -> None:
    item, other = (await opened(airlock, uuid4(), film())).item_id, (await opened(airlock, uuid4(), film())).item_id
    reviewer, creator = await airlock.person("reviewer"), await airlock.person("creator")

    async def queue(who: Any, **asked: Any) -> list[str]:
        answer = await airlock.client.get("/v1/airlock/items", headers=who.headers, params=asked)
        return [each["id"] for each in answer.raise_for_status().json()["items"]]

    assert await queue(creator, mentions_me=True) == []
    note = await written(airlock, item, text=f"Is this yours? @{creator.user_id}")
    assert await queue(creator, mentions_me=True) == [str(item)]
    assert await queue(reviewer, mentions_me=True) == []
    body = {"text": f"No, ask @{reviewer.user_id}."}
    path = f"/v1/airlock/items/{item}/notes/{note['id']}"
    (await airlock.client.post(f"{path}/replies", headers=creator.headers, json=body)).raise_for_status()
    assert await queue(reviewer, mentions_me=True) == [str(item)]
    # What is resolved asks nobody any more.
    (await airlock.client.post(f"{path}/resolve", headers=creator.headers)).raise_for_status()
    assert (await queue(creator, mentions_me=True), await queue(reviewer, mentions_me=True)) == ([], [])
    assert set(await queue(reviewer, reminded=False)) == {str(item), str(other)}


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""}, {"text": "x", "frame": -1}, {"text": "x", "frame": 276}, {"text": "x", "timecode": "later"},
        {"text": "x", "path": "/nothing"}, {"text": "x", "stage": "magic"}, {"text": "x", "author": "somebody"},
        {"text": "\0"}, {"text": "x" * 3000}, {"text": "x", "region": {"x": 0, "y": 0, "width": 2, "height": 1}},
    ],
)  # fmt: skip
async def test_a_note_that_makes_no_sense_is_refused_and_not_kept(airlock: Any, body: dict[str, Any]) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    assert (await call(airlock, "POST", f"{item}/notes", **body)).status_code == 422
    assert (await call(airlock, "GET", f"{item}/notes")).json()["items"] == []


async def test_who_may_write_and_who_may_change(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    for role in ("creator", "publisher", "compliance_officer"):
        await written(airlock, item, who=await airlock.person(role), text=f"From a {role}")
    operator = await airlock.person("operator")
    assert (await call(airlock, "POST", f"{item}/notes", who=operator, text="x")).status_code == 403
    service = await airlock.client.post(
        f"/v1/airlock/items/{item}/notes", headers=await airlock.service(), json={"text": "x"}
    )
    assert service.status_code == 403
    note = await written(airlock, item, text="Mine", frame=1)
    other = await airlock.people.join(airlock.tenant, "reviewer")
    path = f"{item}/notes/{note['id']}"
    assert (await call(airlock, "PUT", path, who=other, text="Yours", frame=1)).status_code == 403
    edited = (await call(airlock, "PUT", path, text="Mine, but better", frame=100, version=1)).json()
    assert (edited["text"], edited["span"]["frame"], edited["version"]) == ("Mine, but better", 100, 2)
    assert edited["edited_at"] is not None
    stale = await call(airlock, "PUT", path, text="Old", version=1)
    assert (stale.status_code, stale.json()["error"], stale.json()["version"]) == (409, "note_changed", 2)
    [entry] = await airlock.audit(action="note.edited")
    assert entry["before_sha256"] != entry["after_sha256"]


async def test_what_a_note_said_before_stays_to_be_read(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    path = f"{item}/notes/{(await written(airlock, item, text='First'))['id']}"
    for text in ("Second", "Second", "Third"):
        edited = (await call(airlock, "PUT", path, text=text)).json()
    assert (edited["text"], edited["earlier"]) == ("Third", ["First", "Second"])


async def test_who_wrote_a_note_takes_it_back_and_nobody_else_does(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    path = f"{item}/notes/{(await written(airlock, item, text='Too dark', frame=1))['id']}"
    other = await airlock.people.join(airlock.tenant, "reviewer")
    assert (await call(airlock, "POST", f"{path}/withdraw", who=other)).status_code == 403
    answers = await asyncio.gather(*(call(airlock, "POST", f"{path}/withdraw") for _ in range(4)))
    assert {(answer.status_code, answer.json()["state"]) for answer in answers} == {(200, "withdrawn")}
    assert len(await airlock.audit(action="note.withdrawn")) == 1
    # It asks for nothing any more, and is still there to be read.
    assert (await call(airlock, "GET", f"{item}/rework")).json()["orders"] == []
    [note] = (await call(airlock, "GET", f"{item}/notes")).json()["items"]
    assert (note["text"], note["state"]) == ("Too dark", "withdrawn")
    assert (await call(airlock, "PUT", path, text="Darker")).status_code == 409
    for verb in ("reopen", "resolve"):
        assert (await call(airlock, "POST", f"{path}/{verb}", who=other)).status_code == 403
    assert (await call(airlock, "POST", f"{path}/reopen")).json()["state"] == "open"


async def test_another_tenant_sees_no_note_and_cannot_write_one(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    note = await written(airlock, item, text="Ours", frame=1)
    stranger = await airlock.people.join(f"{airlock.tenant}-x", "reviewer", "admin")
    for method, path in (
        ("GET", "notes"), ("POST", "notes"), ("GET", "rework"), ("POST", "seen"), ("GET", "changes"),
        ("PUT", f"notes/{note['id']}"), ("POST", f"notes/{note['id']}/replies"),
        ("POST", f"notes/{note['id']}/resolve"),
    ):  # fmt: skip
        body = {"text": "Theirs"} if path != "seen" and not path.endswith("resolve") else {}
        answer = await call(airlock, method, f"{item}/{path}", who=stranger, **body)
        assert answer.status_code == 404, (method, path)
    other = (await opened(airlock, uuid4(), film())).item_id
    assert (await call(airlock, "POST", f"{other}/notes/{note['id']}/resolve")).status_code == 404


async def test_the_same_note_sent_twice_at_once_is_one(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    await airlock.person("reviewer")
    answers = await asyncio.gather(
        *(call(airlock, "POST", f"{item}/notes", key="click", text="Once", frame=7) for _ in range(6))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await call(airlock, "GET", f"{item}/notes")).json()["items"]) == 1
    other = await call(airlock, "POST", f"{item}/notes", key="click", text="Another", frame=7)
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")


async def test_threads_and_states(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    note = await written(airlock, item, text="Too long", frame=1)
    path = f"{item}/notes/{note['id']}"
    creator = await airlock.person("creator")
    replied = (await call(airlock, "POST", f"{path}/replies", who=creator, text="Which part? @bo")).json()
    assert [(reply["author"], reply["mentions"]) for reply in replied["replies"]] == [(creator.user_id, ["bo"])]
    answers = await asyncio.gather(*(call(airlock, "POST", f"{path}/resolve") for _ in range(4)))
    assert {(answer.status_code, answer.json()["state"]) for answer in answers} == {(200, "resolved")}
    assert len(await airlock.audit(action="note.resolved")) == 1
    assert (await call(airlock, "GET", f"{item}/notes?state=open")).json()["items"] == []
    assert (await call(airlock, "POST", f"{path}/reopen")).json()["state"] == "open"


async def test_pages_follow_each_other_without_a_gap(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    texts = [(await written(airlock, item, text=f"Note {number}"))["text"] for number in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await call(airlock, "GET", f"{item}/notes?limit=2{cursor}")).json()
        seen += [note["text"] for note in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == texts


async def test_a_request_for_changes_turns_open_notes_into_orders(airlock: Any) -> None:
    run = uuid4()
    item = (await opened(airlock, run, film())).item_id
    first = await written(airlock, item, text="Without 'really'", timecode="00:04.5")
    also = await written(airlock, item, text="Say it shorter", path="/narration/1")
    music = await written(airlock, item, text="Other music", frame=0)
    done = await written(airlock, item, text="Never mind", frame=0)
    await call(airlock, "POST", f"{item}/notes/{done['id']}/resolve")
    shown = (await call(airlock, "GET", f"{item}/rework")).json()
    assert (shown["kept_scenes"], shown["whole"]) == (2, False)
    answer = await airlock.decide(item, decision="changes_requested", comment="See the notes.")
    assert answer.status_code == 200
    event = json.loads(await airlock.orders.event(GateDecided.subject, str(item)))
    assert event["comment"] == "See the notes."
    assert event["rework"] == shown["orders"] == [
        {"scene": None, "stage": "sound", "instruction": "Other music", "note_ids": [music["id"]]},
        {
            "scene": 1, "stage": "script", "instruction": "Without 'really'\nSay it shorter",
            "note_ids": [first["id"], also["id"]],
        },
    ]  # fmt: skip
    states = {note["id"]: note["state"] for note in (await call(airlock, "GET", f"{item}/notes")).json()["items"]}
    assert states == {
        first["id"]: "requested", also["id"]: "requested", music["id"]: "requested", done["id"]: "resolved"
    }  # fmt: skip


async def test_the_next_revision_says_what_became_of_the_notes(airlock: Any) -> None:
    run = uuid4()
    item = (await opened(airlock, run, film())).item_id
    heeded = await written(airlock, item, text="Shorter", frame=135)
    refused = await written(airlock, item, text="More energy", frame=10)
    await airlock.decide(item, decision="changes_requested", comment="See the notes.")
    late = await written(airlock, item, text="One more thing", frame=200)
    remarks = [
        {"scene": 1, "stage": "script", "done": True, "said": "It is shorter.", "note_ids": [heeded["id"]]},
        {"scene": 0, "stage": "script", "done": False, "said": "No rule for this.", "note_ids": [refused["id"]]},
    ]
    again = film(clips=(CLIPS[0], "9" * 64, CLIPS[2]), remarks=remarks)
    again["scenes"][1]["frames"], again["scenes"][2]["start_frame"] = 80, 156
    second = (await opened(airlock, run, again)).item_id
    notes = (await call(airlock, "GET", f"{second}/notes")).json()["items"]
    assert {note["id"]: (note["state"], note["answer"]) for note in notes} == {
        heeded["id"]: ("addressed", "It is shorter."),
        refused["id"]: ("open", "No rule for this."),
        late["id"]: ("open", ""),
    }
    moved = {note["id"]: note["span_now"]["frame"] for note in notes}
    # A note on the last scene moves with it: that begins 20 frames earlier now.
    assert moved == {heeded["id"]: 135, refused["id"]: 10, late["id"]: 180}
    assert {note["item_id"] for note in notes} == {str(item)}


async def test_notes_on_words_go_with_the_comment(airlock: Any) -> None:
    run = uuid4()
    item = (await opened(airlock, run, {"ideas": [{"hook": "Bees dance."}], "chosen": 0})).item_id
    await written(airlock, item, text="Focus on honey", path="/ideas/0/hook")
    await airlock.decide(item, decision="changes_requested", comment="Another angle.")
    event = json.loads(await airlock.orders.event(GateDecided.subject, str(item)))
    assert (event["rework"], event["comment"]) == ([], "Another angle.\n/ideas/0/hook: Focus on honey")


async def test_notes_on_a_script_become_orders_for_its_scenes_and_the_next_one_shows_what_is_other(
    airlock: Any,
) -> None:
    run, said = uuid4(), ["The sea breathes.", "The moon really pulls it."]

    def script(*texts: str, headline: str = "Really", **more: Any) -> dict[str, Any]:
        return {
            "script": {"title": "Tides", "beats": [{"narration": text, "headline": headline} for text in texts]},
            **more,
        }

    item = (await opened(airlock, run, script(*said))).item_id
    words = await written(airlock, item, text="Without 'really'", path="/script/beats/1/narration")
    shown = await written(airlock, item, text="It should read 'Tides'", path="/script/beats/0/headline")
    whole = await written(airlock, item, text="Shorter words")
    assert [scene["sentence"] for scene in words["scenes"]] == [said[1]]
    assert (await call(airlock, "GET", f"{item}/rework")).json()["kept_scenes"] == 0
    await airlock.decide(item, decision="changes_requested", comment="See the notes.")
    event = json.loads(await airlock.orders.event(GateDecided.subject, str(item)))
    assert event["comment"] == "See the notes."
    assert [(order["scene"], order["stage"], order["note_ids"]) for order in event["rework"]] == [
        (None, "script", [whole["id"]]), (0, "clip", [shown["id"]]), (1, "script", [words["id"]]),
    ]  # fmt: skip

    remark = {"scene": 1, "stage": "script", "done": True, "said": "It is gone.", "note_ids": [words["id"]]}
    again = script(said[0], "The moon pulls it.", headline="The moon", remarks=[remark])
    second = (await opened(airlock, run, again)).item_id
    found = (await call(airlock, "GET", f"{second}/changes?since=1")).json()
    [told] = found["words"]
    assert (told["path"], told["before"], told["after"]) == ("/script/beats/1", said[1], "The moon pulls it.")
    assert [change["path"] for change in found["settings"]] == ["/script/beats/0/headline", "/script/beats/1/headline"]
    notes = {note["id"]: note["state"] for note in (await call(airlock, "GET", f"{second}/notes")).json()["items"]}
    assert notes == {words["id"]: "addressed", shown["id"]: "open", whole["id"]: "open"}


async def test_more_notes_than_a_request_carries_are_refused_before_anything_is_decided(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    for number in range(4):
        await written(airlock, item, text=f"{number}" * 1999)
    answer = await airlock.decide(item, decision="changes_requested", comment="All of it.")
    assert (answer.status_code, answer.json()["error"]) == (422, "too_many_notes")
    shown = await airlock.item(item)
    assert shown["item"]["status"] == "open"
    assert {note["state"] for note in (await call(airlock, "GET", f"{item}/notes")).json()["items"]} == {"open"}


async def test_what_is_over_takes_no_notes(airlock: Any) -> None:
    item = (await opened(airlock, uuid4(), film())).item_id
    await airlock.decide(item, decision="rejected", comment="No.")
    answer = await call(airlock, "POST", f"{item}/notes", text="Too late")
    assert (answer.status_code, answer.json()["error"]) == (409, "nothing_to_review")
