"""The outward stream over real sockets: history, boundary, live; once each and in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from common.bus.step import Step
from common.bus.wire import read_spoken_subject, spoken_subject
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.outward import Protocol
from common.viewing import Viewer
from orchestrator.mailbox import BEHIND, Frame
from orchestrator.stream import Subscriber
from testkit.engine import Engine, think
from testkit.workshop import Rows
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

FRAME = {"v", "type", "run_id", "seq", "after_seq", "at", "data"}
WHOLE = ["run.created", "run.started", "agent.started", "agent.completed", "run.completed"]


def address(engine: Engine) -> str:
    return str(engine.client.base_url).replace("http", "ws").rstrip("/") + "/ws"


@asynccontextmanager
async def socket(engine: Engine, *, tenant: str | None = None, **options: Any) -> AsyncIterator[ClientConnection]:
    person = await engine.person(tenant=tenant)
    async with connect(address(engine), additional_headers=person.headers, **options) as opened:
        yield opened


async def say(it: ClientConnection, op: str, **more: Any) -> None:
    await it.send(orjson.dumps({"op": op} | more).decode())


async def frame(it: ClientConnection) -> dict[str, Any]:
    """The next frame, which has all members that a frame has."""
    read: dict[str, Any] = orjson.loads(await asyncio.wait_for(it.recv(), 15))
    assert set(read) == FRAME
    return read


async def until(it: ClientConnection, type: str) -> list[dict[str, Any]]:
    """The frames up to the first of `type`."""
    read = [await frame(it)]
    while read[-1]["type"] != type:
        read.append(await frame(it))
    return read


def types(frames: list[dict[str, Any]]) -> list[str]:
    return [one["type"] for one in frames]


@pytest.mark.feature("Z34")
async def test_history_then_the_boundary_then_live(engine: Engine) -> None:
    run_id = await engine.start()
    async with socket(engine) as it:
        await say(it, "subscribe", run_id=str(run_id))
        before = await until(it, "replay.boundary")
        assert types(before) == [*WHOLE[:3], "replay.boundary"]
        assert before[-1]["data"] == {"seq": 3}
        async with engine.on_duty(think_aloud):
            after = await until(it, "run.completed")
    live = [one for one in after if one["seq"] is None]
    assert ("progress", 0.5) in [(one["type"], one["data"]["done"]) for one in live]
    history = [one for one in [*before, *after] if one["seq"] is not None]
    assert types(history) == WHOLE
    assert [(one["seq"], one["after_seq"]) for one in history] == [(seq, seq - 1) for seq in range(1, 6)]
    assert {one["run_id"] for one in history} == {str(run_id)}


async def test_what_is_said_to_a_tenant_reaches_whoever_hears_every_run_there(engine: Engine) -> None:
    told = {"v": 1, "type": "airlock.changed", "run_id": None, "seq": None, "after_seq": None, "at": "now", "data": {}}
    async with (
        socket(engine) as hears_all,
        socket(engine) as hears_nothing,
        socket(engine, tenant=f"{engine.tenant}-b") as stranger,
        engine.on_duty() as worker,
    ):
        for it in (hears_all, stranger):
            await say(it, "subscribe", run_id="*")
        for it in (hears_all, hears_nothing, stranger):
            await say(it, "ping")
            await until(it, "pong")
        await worker.bus.say(spoken_subject("live", tenant=engine.tenant, run=None), orjson.dumps(told))
        assert await frame(hears_all) == told
        for it in (hears_nothing, stranger):
            await say(it, "ping")
            assert types(await until(it, "pong")) == ["pong"]


async def think_aloud(input: IdeationInput, step: Step) -> IdeationOutput:
    step.progress(0.5, "half way")
    return await think(input, step)


@pytest.mark.feature("Z34")
@pytest.mark.parametrize("from_seq", [0, 1, 4, 5, 10**6])
async def test_a_reader_resumes_where_it_was(engine: Engine, from_seq: int) -> None:
    async with engine.on_duty():
        run_id = await engine.start()
        await engine.shows(run_id, "completed")
    async with socket(engine) as it:
        await say(it, "subscribe", run_id=str(run_id), from_seq=from_seq)
        read = await until(it, "replay.boundary")
    assert types(read) == [*WHOLE[from_seq:], "replay.boundary"]
    assert read[-1]["data"] == {"seq": 5}


@pytest.mark.feature("X10")
@pytest.mark.parametrize(
    ("protocol", "whole"),
    [
        ("greenlight", [*WHOLE, "replay.boundary"]),
        ("seed", ["user_message", "workflow_start", "agent_start", "agent_response", "workflow_complete",
                  "replay.boundary"]),
        ("chat", ["chat.run_start", "chat.select_speaker", "chat.text", "chat.run_complete", "chat.resume_boundary"]),
    ],
)  # fmt: skip
async def test_the_same_is_said_in_the_words_of_the_originals(engine: Engine, protocol: str, whole: list[str]) -> None:
    person = await engine.person()
    run_id = await engine.start()
    async with connect(f"{address(engine)}?protocol={protocol}", additional_headers=person.headers) as it:
        await say(it, "subscribe", run_id=str(run_id))
        # What is said live and has no word there (`progress`) is left out; what answers the client is not.
        async with engine.on_duty(think_aloud):
            await engine.shows(run_id, "completed")
        await say(it, "unsubscribe", run_id=str(run_id))
        await say(it, "subscribe", run_id=str(run_id))
        await say(it, "ping")
        read = await until(it, "pong")
    boundary = whole[-1]
    replayed = types(read)[types(read).index(boundary) + 1 :]
    assert replayed[replayed.index(whole[0]) : -1] == whole
    assert "progress" not in types(read) or protocol == "greenlight"
    seqs = [one["seq"] for one in read if one["type"] in whole and one["seq"]]
    assert seqs[-len(whole) + 1 :] == [1 + WHOLE.index(one) for one in WHOLE if protocol != "chat" or one != WHOLE[0]]


async def test_a_protocol_that_nobody_speaks_is_refused(engine: Engine) -> None:
    person = await engine.person()
    with pytest.raises(InvalidStatus):
        async with connect(f"{address(engine)}?protocol=morse", additional_headers=person.headers):
            pass


async def test_what_the_bus_lost_is_found_in_the_tables(engine: Engine, rows: Rows) -> None:
    """An entry that nobody announced: the process that committed it died before it could."""
    run_id = await engine.start("checked")
    async with socket(engine) as it:
        await say(it, "subscribe", run_id=str(run_id))
        await until(it, "replay.boundary")
        rows(
            "with counted as (update orchestrator.runs set state = jsonb_set(state, '{seq}', '4') where id = %s"
            " returning id) insert into orchestrator.run_events (run_id, seq, tenant_id, type, data, at)"
            " select id, 4, %s, 'step.pending', '{}', now() from counted",
            run_id, engine.tenant,
        )  # fmt: skip
        found = await frame(it)
        assert (found["type"], found["seq"]) == ("step.pending", 4)


async def test_everything_of_the_tenant_and_nothing_else(engine: Engine) -> None:
    async with engine.on_duty(), socket(engine) as it, socket(engine, tenant=f"{engine.tenant}-b") as other:
        for one in (it, other):
            await say(one, "subscribe", run_id="*")
            await say(one, "ping")
            assert types(await until(one, "pong")) == ["pong"]
        first, second = await engine.start(), await engine.start()
        theirs = await engine.start(tenant=f"{engine.tenant}-b")
        seen = await until(it, "run.completed") + await until(it, "run.completed")
        assert {one["run_id"] for one in seen} == {str(first), str(second)}
        assert {one["run_id"] for one in await until(other, "run.completed")} == {str(theirs)}
        await say(it, "unsubscribe", run_id="*")
        await say(it, "ping")
        await until(it, "pong")
        await engine.shows(await engine.start(), "completed")
        await say(it, "ping")
        assert types(await until(it, "pong")) == ["pong"]


async def test_what_cannot_be_subscribed_is_said_so(engine: Engine) -> None:
    theirs = await engine.start("checked", tenant=f"{engine.tenant}-b")
    async with socket(engine) as it:
        for run_id, error in ((str(theirs), "not_found"), (str(uuid4()), "not_found"), (None, "invalid")):
            await say(it, "subscribe", run_id=run_id)
            answer = await frame(it)
            assert (answer["type"], answer["data"]["error"]) == ("error", error)
        for wrong in ("{", '{"op": "shout"}', '{"op": "ping", "more": 1}', '{"op": "subscribe", "from_seq": -1}'):
            await it.send(wrong)
            assert (await frame(it))["data"]["error"] == "invalid"
        await say(it, "ping")
        assert (await frame(it))["type"] == "pong"


# Who is let in


@pytest.mark.feature("Z31")
@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer not.a.token"}, {"x-api-key": "gl_" + "0" * 40}])
async def test_a_stranger_is_refused_before_any_work(engine: Engine, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(address(engine), additional_headers=headers)
    assert refused.value.response.status_code == 403
    with pytest.raises(InvalidStatus):
        await connect(address(engine) + f"?token={(await engine.person()).token}")


async def test_a_ticket_lets_in_once(engine: Engine) -> None:
    answer = await engine.post("/v1/tickets")
    assert (answer.status_code, answer.json()["expires_in"]) == (201, 30)
    protocols: Any = ["greenlight.v1", f"greenlight.ticket.{answer.json()['ticket']}"]
    async with connect(address(engine), subprotocols=protocols) as it:
        assert it.subprotocol == "greenlight.v1"
        await say(it, "ping")
        assert (await frame(it))["type"] == "pong"
    with pytest.raises(InvalidStatus):
        await connect(address(engine), subprotocols=protocols)
    assert (await engine.client.post("/v1/tickets")).status_code == 401


async def test_a_ticket_is_worth_its_own_tenant(engine: Engine) -> None:
    theirs = await engine.start("checked", tenant=f"{engine.tenant}-b")
    ticket = (await engine.post("/v1/tickets")).json()["ticket"]
    protocols: Any = [f"greenlight.ticket.{ticket}"]
    async with connect(address(engine), subprotocols=protocols) as it:
        await say(it, "subscribe", run_id=str(theirs))
        assert (await frame(it))["data"]["error"] == "not_found"


async def test_an_open_socket_ends_with_the_rights_it_was_opened_with(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was disabled would otherwise go on reading for as long as they stay connected."""
    monkeypatch.setattr("orchestrator.api.socket.LOOK_SECONDS", 0.05)
    person, other = [await engine.people.join(engine.tenant, "creator") for _ in range(2)]
    protocols: Any = [f"greenlight.ticket.{(await engine.post('/v1/tickets')).json()['ticket']}"]
    async with (
        connect(address(engine), additional_headers=person.headers) as theirs,
        connect(address(engine), additional_headers=other.headers) as others,
        connect(address(engine), subprotocols=protocols) as by_ticket,
    ):
        await engine.people.change(person, disabled=True)
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(theirs.recv(), 15)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
        for stays in (others, by_ticket):
            await say(stays, "ping")
            assert (await frame(stays))["type"] == "pong"
    with pytest.raises(InvalidStatus):
        await connect(address(engine), additional_headers=person.headers)


# Slow readers


async def test_a_reader_that_does_not_read_is_closed_and_may_resume(engine: Engine) -> None:
    run_id = await engine.start("checked")
    heavy = {
        "v": 1,
        "type": "log",
        "run_id": str(run_id),
        "seq": None,
        "after_seq": None,
        "at": "",
        "data": "x" * 300_000,
    }
    async with engine.on_duty() as worker, socket(engine, max_queue=1, compression=None) as it, socket(engine) as quick:
        for one in (it, quick):
            await say(one, "subscribe", run_id=str(run_id))
            await until(one, "replay.boundary")
        for _ in range(60):
            await worker.bus.say(spoken_subject("live", tenant=engine.tenant, run=run_id), orjson.dumps(heavy))
            # Who reads is not disturbed by who does not.
            assert (await frame(quick))["type"] == "log"
        read = 0
        with pytest.raises(ConnectionClosed):
            read = await count_frames(it)
        assert it.close_code == 4008
        assert read < 60
    async with socket(engine) as again:
        await say(again, "subscribe", run_id=str(run_id))
        assert types(await until(again, "replay.boundary"))[-1] == "replay.boundary"


async def count_frames(it: ClientConnection) -> int:
    count = 0
    while True:
        await asyncio.wait_for(it.recv(), 15)
        count += 1


@pytest.mark.parametrize("tenant", ["a", "a.b", ".a", "a.", "a..b", "...", "-_-"])
def test_every_tenant_has_a_subject_that_can_be_said(tenant: str) -> None:
    run = uuid4()
    subject = spoken_subject("live", tenant=tenant, run=run)
    assert read_spoken_subject(subject) == (tenant, str(run))
    assert all(subject.split("."))
    assert not set(subject) & set("*> ")


def a_frame(run: UUID | str, seq: int | None, **data: str) -> Frame:
    return Frame({"v": 1, "type": "x", "run_id": str(run), "seq": seq, "after_seq": None, "at": "", "data": data})


async def queued(subscriber: Subscriber) -> list[int | None]:
    """What waits, up to a frame of our own."""
    subscriber.put(a_frame("end", None))
    return [frame.value["seq"] for frame in await subscriber.mail.take()][:-1]


async def test_a_subscriber_sees_each_entry_once_and_notices_a_gap() -> None:
    subscriber = Subscriber("t", Viewer(("user:ann",), sees_all=False))
    subscriber.last_seq["r"] = 2
    offered = [subscriber.offer(a_frame("r", seq)) for seq in (1, 2, 3, 3, 5, 4, None)]
    assert offered == [True, True, True, True, False, True, True]
    assert await queued(subscriber) == [3, 4, None]
    assert subscriber.offer(a_frame("another run", 1))
    assert await queued(subscriber) == []


async def test_following_everything_remembers_no_run() -> None:
    subscriber = Subscriber("t", Viewer(("user:ann",), sees_all=False))
    subscriber.everything = True
    for number in range(100):
        assert subscriber.offer(a_frame(f"run {number}", 1))
    assert (subscriber.last_seq, len(await queued(subscriber))) == ({}, 100)


async def test_what_waits_for_a_reader_is_bounded_whatever_its_frames_weigh() -> None:
    subscriber = Subscriber("t", Viewer(("user:ann",), sees_all=False))
    subscriber.everything = True
    for number in range(100):
        subscriber.offer(a_frame(f"run {number}", 1, text="x" * 100_000))
    assert subscriber.behind.is_set()
    kept = await subscriber.mail.take()
    assert sum(frame.size for frame in kept) < BEHIND + 101_000
    # It is closed for what it did not get, so nothing may come after the gap.
    subscriber.put(a_frame("run", 1))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(subscriber.mail.take(), 0.01)


def test_a_frame_is_written_once_for_all_sockets_of_a_protocol() -> None:
    heard = Frame.heard(orjson.dumps(a_frame("r", 1).value))
    assert heard.text(Protocol.GREENLIGHT) is heard.text(Protocol.GREENLIGHT)
    started = Frame({**heard.value, "type": "run.started"})
    assert orjson.loads(started.text(Protocol.SEED) or "")["type"] == "workflow_start"
    assert started.text(Protocol.SEED) is started.text(Protocol.SEED)
    assert heard.text(Protocol.SEED) is None


async def test_whoever_asks_for_it_gets_what_waits_in_one_message(engine: Engine) -> None:
    run_id = await engine.start()
    person = await engine.person()
    async with connect(f"{address(engine)}?together=true", additional_headers=person.headers) as it:
        await say(it, "subscribe", run_id=str(run_id))
        read: list[dict[str, Any]] = []
        while "replay.boundary" not in types(read):
            read += orjson.loads(await asyncio.wait_for(it.recv(), 15))
        assert types(read) == [*WHOLE[:3], "replay.boundary"]
