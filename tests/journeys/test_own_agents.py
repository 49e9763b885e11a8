"""The examples of operators' own agents, through orchestrator and ideation, into the next step."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from common.contracts.message import Framework
from orchestrator.main import app
from orchestrator.settings import Settings
from testkit.chat_model import chat_model
from testkit.engine import Engine
from testkit.listening import listening
from testkit.people import People
from testkit.plugin import Serving, SettingsFor
from testkit.stack import Stack

EXAMPLES = Path(__file__).parents[2] / "workflows" / "examples"
INSTALLED = {
    Framework.LANGGRAPH: find_spec("langgraph"),
    Framework.AG2: find_spec("ag2"),
    Framework.ADK: find_spec("google") and find_spec("google.adk"),
}

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    "framework",
    [
        pytest.param(each, marks=pytest.mark.skipif(not found, reason=f"{each.value} is an extra"))
        for each, found in INSTALLED.items()
    ],
)
async def test_the_next_step_goes_on_with_what_an_agent_of_ones_own_said(
    stack: Stack,
    settings_for: SettingsFor,
    serving: Serving,
    *,
    people: People,
    tenant: str,
    tmp_path: Path,
    framework: Framework,
) -> None:
    name = f"{framework.value}_agent"
    shutil.copytree(EXAMPLES / name, tmp_path / name)
    settings = settings_for("orchestrator", workflows_dir=str(tmp_path), poll_ms=100)
    async with (
        chat_model() as model,
        serving(
            "ideation",
            workflows_dir=str(tmp_path),
            agent_model="sandbox",
            agent_model_url=model.url,
            agent_model_name="stand-in-1",
        ) as ideation,
        listening(app(Settings.model_validate(settings.model_dump()))) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client,
    ):
        engine = Engine(stack, client, people, tenant)
        run_id = await engine.start(name, brief="How tides work")
        await engine.shows(run_id, "completed")
        steps = (await engine.get(f"/v1/runs/{run_id}/state")).json()["steps"]
        outputs = {step["id"]: step["output"] for step in steps}
        said = outputs["pitch"]["text"]
        creator = await engine.person()
        # The offline writer gives the same ideas for the same words, so these are those of what the agent said.
        same = await ideation.post("/v1/ideas", json={"brief": said, "count": 2}, headers=creator.headers)
    assert said.startswith(("Heard: Pitch this film", "The tool said "))
    assert outputs["pitch"]["usage"]["model_calls"] == len(model.asked)
    assert outputs["ideas"]["ideas"] == same.json()["ideas"]["ideas"]
