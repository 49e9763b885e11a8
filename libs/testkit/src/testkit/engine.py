"""An orchestrator in this process with small workflows of its own, and workers that do what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
from common.artifacts import Artifacts
from common.bus.runner import Act
from common.contracts.ideation import Idea, IdeationInput, IdeationOutput, ProposeIdeas
from common.contracts.message import Capability
from common.ending import end_tasks

from testkit.listening import eventually
from testkit.people import People, Person
from testkit.stack import Stack
from testkit.workshop import Worker, working

WORKFLOWS = {
    "thought": """
  - id: think
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    retry: {attempts: 3, backoff: 20ms}
""",
    "greedy": """
  - id: think
    run: ideation.propose_ideas
    with: {brief: "${input.brief}", platforms: "${input.much}"}
""",
    "checked": """
  - id: check
    run: compliance.check_brief
    with: {brief: "${input.brief}"}
""",
    "gated": """
  - id: agree
    gate: ideation
    shows_as: awaiting_agreement
    holds: {brief: "${input.brief}"}
    decisions: {changes: {go_to: think, at_most: 2}}
""",
}
IDEA = Idea(id="1", title="Tides", hook="The sea breathes.", angle="plain", summary="Why.", points=("a",), why="Short.")
IDEAS = IdeationOutput(ideas=(IDEA,))


async def think(input: IdeationInput, step: object) -> IdeationOutput:
    """An act that answers at once."""
    return IdeationOutput(ideas=(IDEA.model_copy(update={"title": input.brief}),))


def write_workflows(folder: Path) -> Path:
    """A folder with the workflows of these tests."""
    for name, steps in WORKFLOWS.items():
        before = WORKFLOWS["thought"] if name == "gated" else ""
        head = f"workflow_name: {name}\ninput: {{brief: str, much: {{type: 'list[str]', default: []}}}}\nsteps:"
        write_workflow(folder, head + before + steps)
    return folder


def write_workflow(folder: Path, text: str) -> Path:
    """One more workflow, by the name it begins with. → its own folder."""
    own = folder / text.split("\n", 1)[0].removeprefix("workflow_name: ")
    own.mkdir(parents=True)
    (own / "orchestrator.yaml").write_text(text)
    return own


@dataclass
class Engine:
    """The running orchestrator and one tenant's people."""

    stack: Stack
    client: httpx.AsyncClient
    people: People
    tenant: str
    persons: dict[tuple[str, str], Person] = field(default_factory=dict)

    async def person(self, role: str = "creator", *, tenant: str | None = None) -> Person:
        """Somebody with that role, the same in a whole test."""
        key = (tenant or self.tenant, role)
        if key not in self.persons:
            self.persons[key] = await self.people.join(*key)
        return self.persons[key]

    async def post(self, path: str, json: Any = None, *, tenant: str | None = None, **headers: str) -> httpx.Response:
        """Ask as the creator."""
        creator = await self.person(tenant=tenant)
        return await self.client.post(path, json=json, headers=creator.headers | headers)

    async def get(self, path: str, *, tenant: str | None = None, **headers: str) -> httpx.Response:
        """Look as the creator."""
        creator = await self.person(tenant=tenant)
        return await self.client.get(path, headers=creator.headers | headers)

    async def start(self, workflow: str = "thought", *, tenant: str | None = None, **input: Any) -> UUID:
        """Start a run. → its id."""
        body = {"workflow": workflow, "input": {"brief": "How tides work"} | input}
        answer = await self.post("/v1/runs", body, tenant=tenant)
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["run_id"])

    async def run(self, run_id: UUID) -> dict[str, Any]:
        """The run now."""
        answer = await self.get(f"/v1/runs/{run_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def shows(self, run_id: UUID, status: str) -> dict[str, Any]:
        """The run, once it shows `status`."""

        async def look() -> dict[str, Any] | None:
            run = await self.run(run_id)
            return run if run["status"] == status else None

        return dict(await eventually(look, seconds=20))

    async def history(self, run_id: UUID) -> list[str]:
        """The types of its history, whose numbers have no gap."""
        entries = (await self.get(f"/v1/runs/{run_id}/history")).json()
        assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
        return [entry["type"] for entry in entries]

    @asynccontextmanager
    async def on_duty(
        self, act: Act = think, *, capability: Capability[Any, Any] = ProposeIdeas, slots: int = 4
    ) -> AsyncIterator[Worker]:
        """While it is entered, orders of `capability` are done by `act`, and the dispatcher knows of the slots."""
        store = Artifacts((self.stack.site.data / "artifacts").as_uri())
        async with working(self.stack, act, artifacts=store, capability=capability, slots=slots) as worker:
            announcing = asyncio.create_task(announce(worker, capability, slots=slots))
            try:
                yield worker
            finally:
                await end_tasks([announcing])
                await say_slots(worker, capability, slots=0)


async def announce(worker: Worker, capability: Capability[Any, Any], *, slots: int) -> None:
    """Say for ever how much room there is."""
    while True:
        await say_slots(worker, capability, slots=slots)
        await asyncio.sleep(1)


async def say_slots(worker: Worker, capability: Capability[Any, Any], *, slots: int) -> None:
    """Say once how much room there is; the dispatcher believes it for five seconds."""
    body = {"worker": str(id(worker)), "slots": {capability.name: slots}}
    await worker.bus.say(f"ctl.worker.{capability.service}", orjson.dumps(body))
