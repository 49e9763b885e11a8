"""Clients of the agent suite before us hold, look, talk and decide as they did; who they are comes from the token."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from compliance.api import airlock_compat_socket
from testkit.listening import eventually

OWN, EDGE = "/api/v1/airlock", "/compat/agent-os/api/v1/airlock"
ITEM = {
    "content_type": "ideation",
    "source_service": "ideation_agent",
    "source_id": "idea-7",
    "title": "Tides",
    "description": "An idea for spring.",
    "content": {"caption": "The moon pulls, the sea follows."},
    "metadata": {"campaign": "spring"},
    "priority": "high",
}


async def call(airlock: Any, role: str, method: str, path: str, *, prefix: str = OWN, **how: Any) -> Any:
    """The answer to somebody of that role."""
    person = await airlock.person(role)
    return await airlock.client.request(method, f"{prefix}{path}", headers=person.headers, **how)


async def held(airlock: Any, **members: Any) -> str:
    """The id of something that a creator holds."""
    answer = await call(airlock, "creator", "POST", "/items", json=ITEM | members)
    item_id: str = answer.raise_for_status().json()["item_id"]
    return item_id


@pytest.mark.feature("A86")
@pytest.mark.parametrize("prefix", [OWN, EDGE])
async def test_what_is_held_is_shown_listed_and_counted(airlock: Any, prefix: str) -> None:
    made = await call(airlock, "creator", "POST", "/items", prefix=prefix, json=ITEM)
    assert (made.status_code, made.json()["status"]) == (201, "created")
    again = await call(airlock, "creator", "POST", "/items", prefix=prefix, json=ITEM)
    assert again.json() == made.json()
    other = await call(airlock, "creator", "POST", "/items", prefix=prefix, json=ITEM | {"content": {"caption": "x"}})
    assert (other.status_code, other.json()["error"]) == (409, "item_differs")
    creator = airlock.persons["creator"]
    shown = (await call(airlock, "reviewer", "GET", f"/items/{made.json()['item_id']}", prefix=prefix)).json()
    same = ("content_type", "source_service", "source_id", "title", "description", "content", "metadata", "priority")
    assert {name: shown[name] for name in same} == {name: ITEM[name] for name in same}
    assert (shown["status"], shown["created_by_agent_id"]) == ("pending_review", creator.user_id)
    # Items of our own gates are there as well.
    await airlock.open()
    listed = (await call(airlock, "reviewer", "GET", "/items", prefix=prefix)).json()
    assert [item["source_service"] for item in listed] == ["publish", "ideation_agent"]
    for query, found in (
        ({"source_service": "ideation_agent"}, 1),
        ({"status": "pending_review", "limit": 1}, 1),
        ({"status": "pending_review", "offset": 1}, 1),
        ({"status": "in_revision"}, 0),
        ({"content_type": "ideation", "priority": "high"}, 1),
        ({"assigned_reviewer": "nobody"}, 0),
    ):
        answer = await call(airlock, "reviewer", "GET", "/items", prefix=prefix, params=query)
        assert len(answer.raise_for_status().json()) == found, query
    counts = (await call(airlock, "reviewer", "GET", "/dashboard/stats", prefix=prefix)).json()
    assert (counts["by_status"]["pending_review"], counts["by_status"]["approved"]) == (2, 0)
    assert (counts["by_priority"]["high"], counts["by_content_type"]["ideas"], counts["overdue_count"]) == (1, 1, 0)


@pytest.mark.feature("A86")
async def test_a_put_decides_for_the_token_and_for_nobody_else(airlock: Any) -> None:
    item_id = await held(airlock)
    creator, reviewer = await airlock.person("creator"), await airlock.person("reviewer")
    put: Any = {"json": {"status": "approved"}}
    # The body cannot say who it was, the query cannot, and the author is refused whoever they say they are.
    named = await call(airlock, "reviewer", "PUT", f"/items/{item_id}", params={"updated_by": "boss"}, **put)
    assert (named.status_code, named.json()["error"]) == (403, "forbidden")
    inside: Any = {"json": {"status": "approved", "reviewed_by": reviewer.user_id}}
    assert (await call(airlock, "creator", "PUT", f"/items/{item_id}", **inside)).status_code == 422
    own = await call(airlock, "creator", "PUT", f"/items/{item_id}", params={"updated_by": creator.user_id}, **put)
    assert (own.status_code, own.json()["error"]) == (403, "not_a_reviewer")
    assert (
        await call(airlock, "creator", "PUT", f"/items/{item_id}", json={"status": "pending_review"})
    ).status_code == 422
    assert (await call(airlock, "reviewer", "PUT", f"/items/{item_id}", json={})).status_code == 422
    unsaid = await call(airlock, "reviewer", "PUT", f"/items/{item_id}", json={"status": "requires_changes"})
    assert unsaid.json()["error"] == "reason_required"
    stale = {"status": "approved", "manifest_sha256": "0" * 64}
    assert (await call(airlock, "reviewer", "PUT", f"/items/{item_id}", json=stale)).json()[
        "error"
    ] == "content_changed"
    back = {"status": "requires_changes", "comment": "Shorter."}
    done = await call(airlock, "reviewer", "PUT", f"/items/{item_id}", json=back)
    assert (done.status_code, done.json()) == (200, {"status": "updated"})
    shown = (await call(airlock, "creator", "GET", f"/items/{item_id}")).json()
    assert (shown["status"], shown["reviewed_by"]) == ("requires_changes", reviewer.user_id)
    late = await call(airlock, "reviewer", "PUT", f"/items/{item_id}", **put)
    assert (late.status_code, late.json()["error"]) == (409, "gate_already_decided")
    [entry] = await airlock.audit(action="gate.decided")
    assert entry["actor"] == reviewer.user_id


async def test_somebody_who_asked_for_it_cannot_approve_it_with_any_role(airlock: Any) -> None:
    admin = await airlock.person("admin")
    made = await airlock.client.post(f"{OWN}/items", headers=admin.headers, json=ITEM)
    item_id = made.raise_for_status().json()["item_id"]
    refused = await call(airlock, "admin", "PUT", f"/items/{item_id}", json={"status": "approved"})
    assert (refused.status_code, refused.json()["error"]) == (403, "own_work")


async def test_assigning_gives_no_right_and_needs_one(airlock: Any) -> None:
    item_id = await held(airlock)
    creator, reviewer = await airlock.person("creator"), await airlock.person("reviewer")
    refused = await call(airlock, "creator", "PUT", f"/items/{item_id}", json={"assigned_reviewer_id": creator.user_id})
    assert refused.status_code == 403
    to = {"assigned_reviewer_id": reviewer.user_id}
    (await call(airlock, "reviewer", "PUT", f"/items/{item_id}", json=to)).raise_for_status()
    mine = await call(airlock, "reviewer", "GET", "/items", params={"assigned_reviewer": reviewer.user_id})
    assert [item["id"] for item in mine.json()] == [item_id]
    counts = await call(airlock, "reviewer", "GET", "/dashboard/stats", params={"reviewer_id": "nobody"})
    assert counts.json()["by_status"]["pending_review"] == 0


async def test_messages_and_feedback_are_notes_by_the_token(airlock: Any) -> None:
    item_id = await held(airlock)
    reviewer = await airlock.person("reviewer")
    message = {"sender_type": "agent", "sender_id": "somebody-else", "content": "Which moon?"}
    (await call(airlock, "reviewer", "POST", f"/items/{item_id}/messages", json=message)).raise_for_status()
    rated = {"feedback_type": "rating", "feedback_data": {"score": 4}, "provided_by": "somebody-else"}
    (await call(airlock, "reviewer", "POST", f"/items/{item_id}/feedback", json=rated)).raise_for_status()
    said = (await call(airlock, "creator", "GET", f"/items/{item_id}/messages")).json()
    assert [(each["sender_id"], each["content"]) for each in said] == [
        (reviewer.user_id, "Which moon?"),
        (reviewer.user_id, "Rating.\nscore: 4.0"),
    ]
    second = (await call(airlock, "creator", "GET", f"/items/{item_id}/messages", params={"offset": 1})).json()
    assert second == said[1:]
    # What looks like a decision is none.
    for verdict in ("approval", "rejection"):
        body = {"feedback_type": verdict, "feedback_data": {"comment": "yes"}, "provided_by": reviewer.user_id}
        assert (await call(airlock, "reviewer", "POST", f"/items/{item_id}/feedback", json=body)).status_code == 422
    long = {"feedback_type": "comment", "feedback_data": {"a": "x" * 1500, "b": "y" * 1500}}
    assert (await call(airlock, "reviewer", "POST", f"/items/{item_id}/feedback", json=long)).status_code == 422
    rejected = {"status": "rejected", "comment": "Dull."}
    (await call(airlock, "reviewer", "PUT", f"/items/{item_id}", json=rejected)).raise_for_status()
    feedback = (await call(airlock, "creator", "GET", f"/items/{item_id}/feedback")).json()
    assert [each["feedback_type"] for each in feedback] == ["rejection", "comment", "comment"]
    assert (feedback[0]["provided_by"], feedback[0]["feedback_data"]["comment"]) == (reviewer.user_id, "Dull.")


async def test_a_revision_is_another_item_that_is_looked_at_anew(airlock: Any) -> None:
    item_id = await held(airlock)
    body = {"content": {"caption": "The sea follows."}, "changes_summary": "Shorter."}
    made = (await call(airlock, "creator", "POST", f"/items/{item_id}/revisions", json=body)).raise_for_status().json()
    assert (await call(airlock, "creator", "POST", f"/items/{item_id}/revisions", json=body)).json() == made
    revisions = (await call(airlock, "reviewer", "GET", f"/items/{made['revision_id']}/revisions")).json()
    assert [(each["revision_number"], each["changes_summary"]) for each in revisions] == [(2, "Shorter."), (1, None)]
    assert [each["content"] for each in revisions] == [body["content"], ITEM["content"]]
    states = [
        (await call(airlock, "reviewer", "GET", f"/items/{one}")).json()["status"]
        for one in (item_id, made["revision_id"])
    ]
    assert states == ["in_revision", "pending_review"]
    # Another's, or a run's, nobody replaces.
    admin = await call(airlock, "admin", "POST", f"/items/{made['revision_id']}/revisions", json=body)
    assert (admin.status_code, admin.json()["error"]) == (403, "forbidden")
    creator = await airlock.person("creator")
    gate = await airlock.open(requested_by=creator.user_id, run=uuid4())
    of_run = await call(airlock, "creator", "POST", f"/items/{gate.item_id}/revisions", json=body)
    assert (of_run.status_code, of_run.json()["error"]) == (409, "conflict")


async def test_nobody_reaches_another_tenants(airlock: Any, people: Any) -> None:
    item_id = await held(airlock)
    stranger = await people.join(f"{airlock.tenant}-b", "admin")
    for method, path, body in (
        ("GET", "", None),
        ("PUT", "", {"status": "approved"}),
        ("GET", "/messages", None),
        ("POST", "/messages", {"content": "hello"}),
        ("GET", "/feedback", None),
        ("GET", "/revisions", None),
        ("POST", "/revisions", {"content": {"caption": "x"}}),
    ):
        url = f"{OWN}/items/{item_id}{path}"
        answer = await airlock.client.request(method, url, headers=stranger.headers, json=body)
        assert answer.status_code == 404, (method, path)
        assert (await airlock.client.request(method, url, json=body)).status_code == 401
    assert (await airlock.client.get(f"{OWN}/items", headers=stranger.headers)).json() == []


async def test_the_socket_tells_what_happens_to_the_item(airlock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airlock_compat_socket, "LOOK_SECONDS", 0.05)
    item_id, reviewer = await held(airlock), await airlock.person("reviewer")
    async with socket(airlock, f"{OWN}/items/{item_id}/ws", reviewer.headers) as open_socket:
        await open_socket.say({"type": "ping"})
        await open_socket.say({"type": "chat_message", "data": {"content": "hello"}})
        message = {"content": "Which moon?"}
        (await call(airlock, "reviewer", "POST", f"/items/{item_id}/messages", json=message)).raise_for_status()
        (await call(airlock, "reviewer", "PUT", f"/items/{item_id}", json={"status": "approved"})).raise_for_status()
        await eventually(lambda: open_socket.has("item_updated"), seconds=20)
        told = {frame["type"]: frame for frame in open_socket.frames()}
    assert set(told) == {"pong", "error", "new_message", "item_updated"}
    assert (told["new_message"]["content"], told["new_message"]["sender_id"]) == ("Which moon?", reviewer.user_id)
    assert (told["item_updated"]["changes"]["status"], told["item_updated"]["updated_by"]) == (
        "approved",
        reviewer.user_id,
    )


@pytest.mark.parametrize("who", ["nobody", "stranger"])
async def test_the_socket_is_closed_to_whom_it_is_not_for(airlock: Any, people: Any, who: str) -> None:
    item_id = await held(airlock)
    stranger = await people.join(f"{airlock.tenant}-b", "admin")
    headers = {} if who == "nobody" else stranger.headers
    async with socket(airlock, f"{EDGE}/items/{item_id}/ws", headers) as closed:
        await eventually(closed.ended, seconds=20)
    assert [sent["type"] for sent in closed.sent] == ["websocket.close"]


class Socket:
    """A socket to the service in this process."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.heard: asyncio.Queue[Any] = asyncio.Queue()

    async def say(self, frame: Any) -> None:
        await self.heard.put({"type": "websocket.receive", "text": json.dumps(frame)})

    def frames(self) -> list[Any]:
        return [json.loads(sent["text"]) for sent in self.sent if sent["type"] == "websocket.send"]

    async def is_answered(self) -> bool:
        return bool(self.sent)

    async def has(self, type: str) -> bool:
        return any(frame["type"] == type for frame in self.frames())

    async def ended(self) -> bool:
        return any(sent["type"] == "websocket.close" for sent in self.sent)


@asynccontextmanager
async def socket(airlock: Any, path: str, headers: dict[str, str]) -> Any:
    """An open socket, which is closed at the end."""
    one = Socket()
    await one.heard.put({"type": "websocket.connect"})
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "subprotocols": [],
        "client": ("10.0.0.1", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }

    async def send(message: Any) -> None:
        one.sent.append(message)

    task = asyncio.create_task(airlock.client._transport.app(scope, one.heard.get, send))
    try:
        await eventually(one.is_answered, seconds=20)
        yield one
    finally:
        await one.heard.put({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(task, 20)
