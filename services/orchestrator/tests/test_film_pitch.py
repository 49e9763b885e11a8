"""The example with agents in a row: each knows what those before it gave, and what comes out has all of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from common.bus.step import Step
from common.contracts.agents import AgentInput, AgentOutput, RunAgent
from common.contracts.gates import GateInput, GateOpened, OpenGate, Verdict, VerdictLevel
from common.contracts.values import JsonObject
from testkit.engine import Engine, write_workflows

ROOT = Path(__file__).parents[3]
AGENTS = ("dramatist", "character_writer", "casting_director", "line_producer")


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, as somebody copies it to their workflows."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    shutil.copytree(ROOT / "workflows" / "examples" / "film_pitch", folder / "film_pitch")
    return folder


@pytest.mark.feature("F48")
async def test_each_agent_is_told_what_those_before_it_gave(engine: Engine) -> None:
    told: list[tuple[str, AgentInput]] = []
    held: list[JsonObject] = []

    async def act(input: AgentInput, step: Step) -> AgentOutput:
        assert step.agent is not None
        told.append((step.agent.name, input))
        return AgentOutput(text=f"what the {step.agent.name} said")

    async def hold(input: GateInput, step: Step) -> GateOpened:
        held.append(input.content)
        verdict = Verdict(level=VerdictLevel.ALLOWED, policy_version="1")
        return GateOpened(item_id=step.id, manifest_sha256="0" * 64, verdict=verdict)

    async with engine.on_duty(act, capability=RunAgent), engine.on_duty(hold, capability=OpenGate):
        run_id = await engine.start("film_pitch", brief="A lighthouse keeper who is afraid of the dark")
        await engine.shows(run_id, "awaiting_reading")
    assert [name for name, _ in told] == list(AGENTS)
    assert all(asked.prompt == "A lighthouse keeper who is afraid of the dark" for _, asked in told)
    for number, (_, asked) in enumerate(told):
        assert list(asked.context.values()) == [f"what the {name} said" for name in AGENTS[:number]]
    [content] = held
    assert [line for line in content["document"].splitlines() if line] == [
        line
        for title, name in zip(("Outline", "Characters", "Casting", "Production notes"), AGENTS, strict=True)
        for line in (f"# {title}", f"what the {name} said")
    ]
    history = (await engine.get(f"/v1/runs/{run_id}/history")).json()
    done = [entry["data"]["step"] for entry in history if entry["type"] == "agent.completed"]
    assert done == ["outline", "characters", "casting", "production_notes"]
    steps = {entry["data"]["step"]: entry for entry in history if entry["type"] == "agent.started"}
    assert [steps[name]["data"]["agent"] for name in done] == list(AGENTS)
