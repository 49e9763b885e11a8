"""Private runs: who sees them and what is of them, who steers them, and that a share counts at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
import pytest_asyncio
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import ArtifactType, Origin
from common.service.permissions import all_permissions
from testkit.engine import Engine, think, write_workflow, write_workflows
from testkit.listening import eventually
from testkit.local import local_client
from testkit.people import Person
from testkit.workshop import Rows
from websockets.asyncio.client import ClientConnection, connect

Orchestrators = Callable[..., AbstractAsyncContextManager[str]]
PARENT = """workflow_name: parent
input: {brief: str}
steps:
  - {id: inner, subrun: gated, with: {brief: "${input.brief}"}}
"""
BODIES: dict[str, Any] = {
    "fork": {"from_step": "think"},
    "request-changes": {"comment": "no"},
    "shares": {"who": "user:somebody"},
    "decision": {"decision": "approved"},
    "links": {"person": "somebody"},
    "hold": {"reason": "no"},
    "withdraw": {"reason": "no"},
    "reject": {"comment": "no"},
    "notes": {"text": "no"},
    "replies": {"text": "no"},
    "{note_id}": {"text": "no"},
    "{item_id}": {"priority": "high"},
}
"""What a route needs to get as far as looking for the run or item, by the end of its path."""


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workflow that starts another one, which has a gate, besides the usual ones."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    write_workflow(folder, PARENT)
    return folder


async def make(input: IdeationInput, step: Step) -> IdeationOutput:
    """An act that leaves an artifact, of other bytes for each run."""
    await step.keep(
        str(step.run_id).encode(),
        type=ArtifactType.IDEAS,
        name="ideas.json",
        media_type="application/json",
        made_by="a test",
        origin=Origin.OFFLINE,
    )
    return await think(input, step)


@dataclass
class House:
    """An orchestrator with the airlock beside it, and people of one tenant."""

    engine: Engine
    airlock: httpx.AsyncClient

    async def start(self, workflow: str = "thought", **more: Any) -> UUID:
        """A private run of the creator."""
        body = {"workflow": workflow, "input": {"brief": "How tides work"}, "visibility": "private"} | more
        answer = await self.engine.post("/v1/runs", body)
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["run_id"])

    async def join(self, *roles: str, tenant: str | None = None) -> Person:
        """Somebody new."""
        return await self.engine.people.join(tenant or self.engine.tenant, *roles)

    async def ask(self, who: Person, path: str, *, method: str = "GET", body: Any = None) -> httpx.Response:
        """Ask the airlock, or the orchestrator."""
        client = self.airlock if path.startswith("/v1/airlock") else self.engine.client
        return await client.request(method, path, json=body, headers=who.headers)

    async def share(self, run_id: UUID, who: str, **level: str) -> dict[str, Any]:
        """Share it, as its owner."""
        answer = await self.engine.post(f"/v1/runs/{run_id}/shares", {"who": who} | level)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def status(self, who: Person, run_id: UUID) -> int:
        """What looking at it is answered with."""
        return (await self.ask(who, f"/v1/runs/{run_id}")).status_code

    async def listed(self, who: Person, path: str, key: str) -> set[str]:
        """What a list has."""
        return {one[key] for one in (await self.ask(who, path)).raise_for_status().json()["items"]}


@pytest_asyncio.fixture(scope="module")
async def orchestrator(orchestrators: Orchestrators, airlock: str) -> AsyncIterator[str]:
    """An orchestrator that asks the airlock beside it."""
    async with orchestrators(compliance_url=airlock) as url:
        yield url


@pytest.fixture
async def house(engine: Engine, airlock: str) -> AsyncIterator[House]:
    """Both of them, running."""
    async with local_client(airlock) as client:
        yield House(engine, client)


@dataclass
class Shown:
    """Everything there is to see of a run at a gate of a run that it started."""

    run: str
    child: str
    item: str
    artifact: str

    def paths(self) -> list[str]:
        """Each thing by itself."""
        looks = ("", "/state", "/history", "/artifacts", "/children", "/tasks")
        found = [f"/v1/runs/{run}{look}" for run in (self.run, self.child) for look in looks]
        found += [f"/v2/runs/{self.run}{look}" for look in ("", "/state", "/history")]
        found += [f"/v1/artifacts/{self.artifact}"]
        return found

    def held(self) -> list[str]:
        """Each thing in the airlock."""
        return [f"/v1/airlock/items/{self.item}{look}" for look in ("", "/notes", "/changes", "/rework")]


async def at_its_gate(house: House) -> Shown:
    """A private run that waits at the gate of its child."""
    run_id = await house.start("parent")
    child = (await eventually(lambda: children(house, run_id)))[0]
    run = await house.engine.shows(UUID(child), "awaiting_agreement")
    made = (await house.engine.get(f"/v1/runs/{child}/artifacts")).json()
    return Shown(str(run_id), child, run["interrupts"][0]["id"], made[0]["id"])


async def children(house: House, run_id: UUID) -> list[str]:
    return [one["run_id"] for one in (await house.engine.get(f"/v1/runs/{run_id}/children")).json()["items"]]


async def statuses(house: House, who: Person, paths: list[str]) -> set[int]:
    """What is answered to looking at each, as a set: it should be the same for all."""
    return {answer.status_code for answer in await asyncio.gather(*(house.ask(who, path) for path in paths))}


@pytest.mark.feature("P56")
async def test_each_sees_everything_of_a_private_run_or_nothing(house: House) -> None:
    async with house.engine.on_duty(make):
        shown = await at_its_gate(house)
    friend, fellow = await house.join("creator"), await house.join("creator", "operator")
    publisher, operator = await house.join("publisher"), await house.join("operator")
    await house.share(UUID(shown.run), f"user:{friend.user_id}")
    await house.share(UUID(shown.run), "role:publisher")
    seeing = {
        "owner": await house.engine.person(),
        "friend": friend,
        "publisher": publisher,
        "reviewer": await house.join("reviewer"),
        "officer": await house.join("compliance_officer"),
        "admin": await house.join("admin"),
    }
    for name, who in seeing.items():
        assert await statuses(house, who, shown.paths()) == {200}, name
        assert {shown.run, shown.child} <= await house.listed(who, "/v1/runs", "run_id"), name
        assert shown.artifact in await house.listed(who, "/v1/artifacts", "id"), name
        await eventually(partial(statuses, house, who, shown.held()), until=lambda found: found == {200})
        assert await house.listed(who, "/v1/airlock/items", "id") == {shown.item}, name
        assert (await house.ask(who, "/v1/airlock/stats")).json()["by_status"]["open"] == 1, name
    away = f"{house.engine.tenant}-other"
    blind = {"fellow": fellow, "operator": operator, "stranger": await house.join("admin", tenant=away)}
    for name, who in blind.items():
        assert await statuses(house, who, [*shown.paths(), *shown.held()]) == {404}, name
        for path, key in (
            ("/v1/runs", "run_id"),
            ("/v1/artifacts", "id"),
            ("/v1/airlock/items", "id"),
            ("/v1/tasks", "task_id"),
        ):
            assert await house.listed(who, path, key) == set(), (name, path)
        for path in (
            "/v1/runs?q=tides",
            f"/v1/runs?parent_run_id={shown.run}",
            "/v1/runs?created_by=" + friend.user_id,
        ):
            assert await house.listed(who, path, "run_id") == set(), (name, path)
        assert (await house.ask(who, "/v1/airlock/stats")).json()["by_status"]["open"] == 0, name


async def is_not_there(house: House, who: Person, route: str, *, named: str, known: str) -> None:
    """The route answers about it exactly what it does about something that is nowhere."""
    method, path = route.split(" ")
    body = {"budget_usd": "1"} if "/budgets/" in path else BODIES.get(path.rpartition("/")[2], {})
    nobodys, answers = str(uuid4()), []
    for one in (known, nobodys):
        ids = dict.fromkeys(("share_id", "note_id", "link_id", "name"), nobodys)
        told = await house.ask(who, path.format(**ids | {named: one}), method=method, body=body)
        problem = told.json()
        problem.pop("request_id")
        answers.append((told.status_code, orjson.dumps(problem).decode().replace(one, "")))
    assert answers[0] == answers[1], route
    assert answers[0][0] == 404, (route, answers[0])


@pytest.mark.feature("P56")
async def test_every_route_answers_as_if_it_were_not_there(house: House) -> None:
    async with house.engine.on_duty(make):
        shown = await at_its_gate(house)
    fellow = await house.join("creator", "operator", "publisher")
    before = [await house.engine.history(one) for one in (UUID(shown.run), UUID(shown.child))]
    asked = 0
    for route in (route for permission in all_permissions() for route in permission.routes):
        for named, known in (("run_id", shown.run), ("item_id", shown.item)):
            if f"{{{named}}}" in route:
                await is_not_there(house, fellow, route, named=named, known=known)
                asked += 1
    assert asked > 45
    many = {"action": "cancel", "filter": {"ids": [shown.run, str(uuid4())]}}
    told = (await house.ask(fellow, "/v1/runs/bulk", method="POST", body=many)).json()["results"]
    assert [(one["outcome"], one["status"], one["error"]) for one in told] == [("refused", None, "not_found")] * 2
    for workflow in ("parent", "gated"):
        everything = {"action": "cancel", "filter": {"workflow": workflow}}
        assert (await house.ask(fellow, "/v1/runs/bulk", method="POST", body=everything)).json()["matched"] == 0
    task = {"capability": "ideation.propose_ideas", "input": {"brief": "x"}, "parent_id": shown.run}
    assert (await house.ask(fellow, "/v1/tasks", method="POST", body=task)).status_code == 404
    assert (await house.engine.run(UUID(shown.child)))["status"] == "awaiting_agreement"
    assert [await house.engine.history(one) for one in (UUID(shown.run), UUID(shown.child))] == before


@pytest.mark.feature("P56")
async def test_a_reviewer_sees_it_while_its_gate_is_open(house: House) -> None:
    reviewer = await house.join("reviewer")
    run_id = await house.start("gated")
    assert await house.status(reviewer, run_id) == 404
    async with house.engine.on_duty(make):
        run = await house.engine.shows(run_id, "awaiting_agreement")
        assert await house.status(reviewer, run_id) == 200
        said = {"approved": True}
        steered = await house.ask(await house.join("creator", "reviewer"), f"/v1/runs/{run_id}/pause", method="POST")
        assert steered.status_code == 403
        decided = await house.ask(reviewer, f"/v2/runs/{run_id}/resume", method="POST", body=said)
        assert decided.status_code == 200, decided.text
        await house.engine.shows(run_id, "completed")
    assert await house.status(reviewer, run_id) == 404
    assert await house.listed(reviewer, "/v1/runs", "run_id") == set()
    item = run["interrupts"][0]["id"]
    assert (await house.ask(reviewer, f"/v1/airlock/items/{item}")).status_code == 200
    assert (await house.ask(await house.join("publisher"), f"/v1/airlock/items/{item}")).status_code == 404


@pytest.mark.feature("P56")
async def test_a_share_counts_at_once_and_so_does_its_end(house: House, rows: Rows) -> None:
    run_id = await house.start()
    friend = await house.join("creator")
    who = f"user:{friend.user_id}"
    assert await house.status(friend, run_id) == 404
    first, again = await asyncio.gather(*(house.share(run_id, who) for _ in range(2)))
    assert (first["id"], first["level"]) == (again["id"], "read")
    assert await house.status(friend, run_id) == 200
    assert [one["who"] for one in (await house.engine.get(f"/v1/runs/{run_id}/shares")).json()] == [
        f"user:{(await house.engine.person()).user_id}", who,
    ]  # fmt: skip
    for path in (f"/v1/runs/{run_id}/pause", f"/v1/runs/{run_id}/signals/x"):
        assert (await house.ask(friend, path, method="POST", body={})).status_code == 403, path
    steering = await house.share(run_id, who, level="control")
    assert (steering["id"], steering["level"]) == (first["id"], "control")
    assert (await house.ask(friend, f"/v1/runs/{run_id}/pause", method="POST")).status_code == 200
    # Who may steer it does not say who else sees it.
    assert (await house.ask(friend, f"/v1/runs/{run_id}/shares")).status_code == 403
    widened = await house.ask(friend, f"/v1/runs/{run_id}/shares", method="POST", body={"who": "role:creator"})
    assert widened.status_code == 403
    officer = await house.join("compliance_officer")
    for _ in range(2):
        ended = await house.ask(officer, f"/v1/runs/{run_id}/shares/{first['id']}", method="DELETE")
        assert ended.status_code == 204
    assert await house.status(friend, run_id) == 404
    assert await house.listed(friend, "/v1/runs", "run_id") == set()
    said = rows(
        "select convert_from(body, 'utf8')::jsonb ->> 'action', convert_from(body, 'utf8')::jsonb -> 'detail' ->> 'who'"
        " from orchestrator.outbox where run_id = %s and subject = 'cmd.compliance.audit.v1' order by seq",
        run_id,
    )
    assert [told for told in said if "shared" in told[0]] == [
        ("run.shared", who), ("run.shared", who), ("run.unshared", who),
    ]  # fmt: skip


async def test_what_cannot_be_shared_is_refused(house: House) -> None:
    run_id, open_to_all = await house.start(), await house.engine.start()
    shares = f"/v1/runs/{run_id}/shares"
    [owners] = (await house.engine.get(shares)).json()
    assert owners["level"] == "owner"
    creator = await house.engine.person()
    for path, method, body, status, code in (
        (shares, "POST", {"who": "role:emperor"}, 422, "invalid"),
        (shares, "POST", {"who": "ann"}, 422, "invalid"),
        (shares, "POST", {"who": "user:\x00"}, 422, "invalid"),
        (shares, "POST", {"who": "user:ann", "level": "owner"}, 422, "invalid"),
        (f"{shares}/{owners['id']}", "DELETE", None, 409, "owners_share"),
        (f"/v1/runs/{open_to_all}/shares", "POST", {"who": "user:ann"}, 409, "not_private"),
    ):
        answer = await house.ask(creator, path, method=method, body=body)
        assert (answer.status_code, answer.json()["error"]) == (status, code), (path, body, answer.text)
    kept = await house.share(run_id, owners["who"], level="read")
    assert kept["level"] == "owner"


async def test_a_fork_and_a_task_are_as_private_as_what_they_are_of(house: House) -> None:
    async with house.engine.on_duty(make):
        run_id = await house.start()
        await house.engine.shows(run_id, "completed")
    friend, fellow = await house.join("creator"), await house.join("creator")
    share = await house.share(run_id, f"user:{friend.user_id}", level="control")
    forked = await house.ask(friend, f"/v1/runs/{run_id}/fork", method="POST", body={"from_step": "think"})
    fork = UUID(forked.json()["run_id"])
    task = {"capability": "ideation.propose_ideas", "input": {"brief": "x"}, "parent_id": str(run_id)}
    task_id = (await house.engine.post("/v1/tasks", task)).json()["task_id"]
    for path in (f"/v1/runs/{fork}", f"/v1/tasks/{task_id}"):
        assert (await house.ask(fellow, path)).status_code == 404, path
        assert [(await house.ask(who, path)).status_code for who in (friend, await house.engine.person())] == [200, 200]
    assert [await house.listed(who, "/v1/tasks", "task_id") for who in (fellow, friend)] == [set(), {task_id}]
    shares = (await house.ask(friend, f"/v1/runs/{fork}/shares")).json()
    assert [(one["who"], one["level"]) for one in shares] == [
        (f"user:{friend.user_id}", "owner"), (f"user:{(await house.engine.person()).user_id}", "control"),
    ]  # fmt: skip
    # What one run is shared with later does not open the other.
    await house.share(run_id, f"user:{fellow.user_id}")
    assert (await house.status(fellow, run_id), await house.status(fellow, fork)) == (200, 404)
    await house.ask(await house.engine.person(), f"/v1/runs/{run_id}/shares/{share['id']}", method="DELETE")
    assert (await house.status(friend, run_id), await house.status(friend, fork)) == (404, 200)


async def test_letters_about_a_private_run_are_not_for_every_operator(house: House, rows: Rows) -> None:
    run_id, letter = await house.start(), uuid4()
    rows(
        "insert into orchestrator.letters (id, tenant_id, service, subject, code, reason, run_id, headers, size, state,"
        " times, first_seen, last_seen) values (%s, %s, 'ideation', 'cmd.x', 'poison', 'x', %s, '{}', 1, 'open', 1,"
        " now(), now())",
        letter, house.engine.tenant, run_id,
    )  # fmt: skip
    operator = await house.join("operator")
    assert await house.listed(operator, "/admin/dlq", "id") == set()
    assert (await house.ask(operator, f"/admin/dlq/{letter}")).status_code == 404
    said = {"note": "x"}
    assert (await house.ask(operator, "/admin/dlq/resolve", method="POST", body=said)).json()["done"] == []
    assert await house.listed(await house.join("admin"), "/admin/dlq", "id") == {str(letter)}
    await house.share(run_id, f"user:{operator.user_id}")
    assert await house.listed(operator, "/admin/dlq", "id") == {str(letter)}
    assert (await house.ask(operator, f"/admin/dlq/{letter}/resolve", method="POST", body=said)).status_code == 403


# Sockets


@asynccontextmanager
async def socket(house: House, who: Person) -> AsyncIterator[ClientConnection]:
    address = str(house.engine.client.base_url).replace("http", "ws").rstrip("/") + "/ws"
    async with connect(address, additional_headers=who.headers) as opened:
        yield opened


async def say(it: ClientConnection, run_id: UUID | str) -> None:
    await it.send(orjson.dumps({"op": "subscribe", "run_id": str(run_id)}).decode())


async def until(it: ClientConnection, type: str) -> list[tuple[str, str | None]]:
    """Type and run of the frames up to the first of `type`."""
    read: list[tuple[str, str | None]] = []
    while not read or read[-1][0] != type:
        frame = orjson.loads(await asyncio.wait_for(it.recv(), 15))
        read.append((frame["type"], frame["run_id"]))
    return read


@pytest.mark.feature("P56")
async def test_sockets_leave_a_private_run_out_until_it_is_shared_and_again_after(house: House) -> None:
    run_id = await house.start()
    friend, fellow = await house.join("creator"), await house.join("creator")
    share = await house.share(run_id, f"user:{friend.user_id}")
    async with socket(house, friend) as by_name, socket(house, friend) as all_of, socket(house, fellow) as other:
        await say(other, run_id)
        assert (await until(other, "error")) == [("error", None)]
        for it in (all_of, other):
            await say(it, "*")
        await say(by_name, run_id)
        await until(by_name, "replay.boundary")
        # `ping` is answered when what was said before it has been heard.
        for it in (all_of, other):
            await it.send('{"op": "ping"}')
            await until(it, "pong")
        assert (await house.engine.post(f"/v1/runs/{run_id}/pause")).status_code == 200
        assert (await until(by_name, "run.paused"))[-1] == ("run.paused", str(run_id))
        assert (await until(all_of, "run.paused"))[-1] == ("run.paused", str(run_id))
        ended = await house.engine.client.delete(
            f"/v1/runs/{run_id}/shares/{share['id']}", headers=(await house.engine.person()).headers
        )
        assert ended.status_code == 204
        assert (await until(by_name, "error"))[-1] == ("error", None)
        assert (await house.engine.post(f"/v1/runs/{run_id}/resume")).status_code == 200
        shown = await house.engine.start("checked")
        for it in (all_of, other):
            frames = await until(it, "run.started")
            assert frames[-1] == ("run.started", str(shown))
            assert str(run_id) not in {run for _, run in frames}
