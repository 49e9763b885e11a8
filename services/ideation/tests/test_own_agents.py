"""Agents of an operator's own, on the real libraries and their real clients, over the real bus."""

from __future__ import annotations

import asyncio
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from common.bus.connection import Bus
from common.bus.runner import CANCEL_GRACE_SECONDS
from common.contracts.agents import AgentInput, RunAgent
from common.contracts.message import AgentSpec, Framework, Outcome, StopOrder
from ideation.settings import Settings
from testkit.chat_model import USD_A_CALL, ChatModel, Trouble
from testkit.orders import Orders
from testkit.plugin import SettingsFor
from testkit.stack import Stack
from testkit.workshop import Rows

if TYPE_CHECKING:
    from services.ideation.tests.conftest import Owning, Stage

LIBRARIES = {Framework.LANGGRAPH: "langgraph", Framework.AG2: "ag2", Framework.ADK: "google.adk"}


def is_installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:
        return False


def each(*frameworks: Framework) -> pytest.MarkDecorator:
    params = []
    for framework in frameworks:
        library = LIBRARIES[framework]
        missing = pytest.mark.skipif(not is_installed(library), reason=f"{library} is an extra")
        params.append(pytest.param(framework, marks=missing))
    return pytest.mark.parametrize("framework", params)


EACH = each(*Framework)
MODEL_CALLS = {Framework.LANGGRAPH: 3, Framework.AG2: 2, Framework.ADK: 2}
USD_MICROS_A_CALL = int(USD_A_CALL * 1_000_000)
TOOL = """
from pathlib import Path

def build(kit):
    model = kit.model()
    {keyword} count(words: int) -> str:
        "Count."
        counted = Path(__file__).with_name("counted")
        counted.write_text((counted.read_text() if counted.exists() else "") + "x")
        return f"counted {{len(counted.read_text())}}"
    {agent}
"""
MAKES = {
    Framework.AG2: 'from ag2 import Agent; return Agent("asker", config=model, tools=[kit.tool(count)])',
    Framework.ADK: "from google.adk.agents import LlmAgent;"
    ' return LlmAgent(name="asker", model=model, tools=[kit.tool(count)])',
}


@EACH
async def test_the_example_answers(own: Owning, stage: Stage, model: ChatModel, framework: Framework) -> None:
    agent = own(framework)
    async with stage():
        finished = await agent.ask("Why are there two tides a day?")
    assert finished.outcome is Outcome.DONE, finished.problem
    assert finished.output is not None
    assert "two tides a day" in model.questions[0]
    assert finished.output["usage"]["model_calls"] == len(model.asked) == MODEL_CALLS[framework]
    assert finished.output["usage"]["input_tokens"] == 11 * len(model.asked)
    assert finished.cost_usd_micros == USD_MICROS_A_CALL * len(model.asked)
    assert finished.origin == "sandbox"
    assert all(body["model"] == "stand-in-1" for body in model.asked)
    assert model.asked[0]["messages"][0]["role"] in {"system", "developer"}
    if framework is Framework.LANGGRAPH:
        assert finished.output["text"].startswith("Heard: Pitch this film")
        assert set(finished.output["data"]) == {"facts", "outline"}
    else:
        assert "1.2 seconds" in finished.output["text"]
    if framework is Framework.ADK:
        assert finished.output["data"] == {"pitch": finished.output["text"]}


@EACH
@pytest.mark.parametrize(
    ("trouble", "code", "retryable"),
    [
        (Trouble(429, headers={"retry-after": "7"}), "vendor_rate_limited", True),
        (Trouble(500), "vendor_unavailable", True),
        (Trouble(401), "vendor_auth_failed", False),
        (Trouble(refusal="I cannot help with that."), "model_refused", False),
    ],
    ids=["429", "500", "401", "refusal"],
)
async def test_what_the_model_will_not_do_is_a_typed_problem(
    own: Owning, stage: Stage, model: ChatModel, *, framework: Framework, trouble: Trouble, code: str, retryable: bool
) -> None:
    agent = own(framework)
    model.troubles[0] = trouble
    async with stage():
        finished = await agent.ask()
    assert finished.outcome is Outcome.FAILED
    assert finished.problem is not None
    assert (finished.problem.code, finished.problem.retryable) == (code, retryable)
    assert finished.problem.retry_after_ms == (7000 if trouble.status == 429 else None)
    # Retries belong to the orchestrator: the library's own client asked once.
    assert len(model.asked) == 1


@EACH
async def test_a_model_that_is_away_may_be_back(
    own: Owning, stage: Stage, model: ChatModel, framework: Framework
) -> None:
    agent = own(framework)
    async with stage(agent_model_url="http://127.0.0.1:1/v1"):
        finished = await agent.ask()
    assert finished.problem is not None
    assert (finished.problem.code, finished.problem.retryable) == ("vendor_unavailable", True)


@EACH
async def test_a_retry_repeats_nothing_that_was_recorded(
    own: Owning, stage: Stage, model: ChatModel, *, framework: Framework, tenant: str, rows: Rows
) -> None:
    agent = own(framework)
    async with stage():
        first = await agent.ask()
        again = await agent.ask(attempt=2)
    assert first.outcome is Outcome.DONE, first.problem
    assert again.output is not None
    assert first.output is not None
    assert again.output["text"] == first.output["text"]
    assert len(model.asked) == MODEL_CALLS[framework]
    assert again.cost_usd_micros == 0
    kinds = rows("select kind, state from ideation.calls where tenant_id = %s", tenant)
    assert ("model", "done") in kinds
    assert {state for _, state in kinds} == {"done"}


@EACH
async def test_the_next_attempt_goes_on_where_the_last_one_failed(
    own: Owning, stage: Stage, model: ChatModel, framework: Framework
) -> None:
    agent = own(framework)
    model.troubles[1] = Trouble(503)
    async with stage():
        failed = await agent.ask()
        finished = await agent.ask(attempt=2)
    assert failed.problem is not None
    assert failed.problem.code == "vendor_unavailable"
    assert failed.cost_usd_micros == USD_MICROS_A_CALL
    assert finished.outcome is Outcome.DONE, finished.problem
    # Every question once, but for the one that met the trouble.
    assert len(model.asked) == MODEL_CALLS[framework] + 1
    assert model.asked[1] == model.asked[2]
    assert model.asked.count(model.asked[0]) == 1


@EACH
async def test_a_cancelled_run_ends_its_agent(
    own: Owning, stage: Stage, model: ChatModel, *, framework: Framework, stack: Stack, tenant: str, rows: Rows
) -> None:
    agent = own(framework)
    model.silent_from = 0
    bus = Bus(stack.environment("orchestrator")["GREENLIGHT_NATS_URL"], service="orchestrator")
    await bus.connect()
    async with stage():
        await agent.give()
        async with asyncio.timeout(30):
            await model.spoken_to.wait()
        await bus.say(f"ctl.cancel.{agent.run}", StopOrder().model_dump_json().encode())
        # Long before the grace is over: the agent itself was stopped, and its question with it.
        async with asyncio.timeout(CANCEL_GRACE_SECONDS / 2):
            await model.hung_up.wait()
        finished = await agent.answer()
    await bus.close()
    assert finished.problem is not None
    assert (finished.problem.code, finished.problem.retryable) == ("cancelled", False)
    assert rows("select state from ideation.calls where tenant_id = %s", tenant) == [("started",)]


@EACH
async def test_an_entry_that_is_gone_is_told(own: Owning, stage: Stage, framework: Framework) -> None:
    agent = own(framework, "def other(kit):\n    return None\n")
    async with stage():
        finished = await agent.ask()
    assert finished.problem is not None
    assert finished.problem.code == "agent_not_found"
    assert not finished.problem.retryable
    assert "'build'" in finished.problem.detail


@EACH
async def test_something_else_than_an_agent_is_refused(own: Owning, stage: Stage, framework: Framework) -> None:
    agent = own(framework, "async def build(kit):\n    return 42\n")
    async with stage():
        finished = await agent.ask()
    assert finished.problem is not None
    assert finished.problem.code == "agent_broke"
    assert "int" in finished.problem.detail


@EACH
async def test_without_a_model_an_agent_says_what_to_set(own: Owning, stage: Stage, framework: Framework) -> None:
    async with stage(agent_model="off"):
        finished = await own(framework).ask()
    assert finished.problem is not None
    assert finished.problem.code == "model_not_configured"
    assert "GREENLIGHT_AGENT_MODEL_URL" in finished.problem.detail


@each(Framework.AG2, Framework.ADK)
@pytest.mark.parametrize("is_async", [True, False])
async def test_a_tools_effect_happens_once(
    own: Owning, stage: Stage, model: ChatModel, *, framework: Framework, workflows: Path, is_async: bool
) -> None:
    agent = own(framework, TOOL.format(keyword="async def" if is_async else "def", agent=MAKES[framework]))
    model.troubles[1] = Trouble(503)
    async with stage():
        await agent.ask()
        finished = await agent.ask(attempt=2)
    assert finished.outcome is Outcome.DONE, finished.problem
    assert finished.output is not None
    assert "counted 1" in finished.output["text"]
    assert (workflows / str(agent.spec.folder) / "counted").read_text() == "x"


@each(Framework.AG2, Framework.ADK)
async def test_a_tool_that_must_not_happen_twice_leaves_a_doubt_and_not_a_second_effect(
    own: Owning, stage: Stage, model: ChatModel, *, framework: Framework, workflows: Path
) -> None:
    once = TOOL.format(keyword="async def", agent=MAKES[framework].replace("(count)", "(count, repeatable=False)"))
    agent = own(framework, once.replace("        return f", "        raise RuntimeError('gone') if kit else f"))
    async with stage():
        await agent.ask()
        doubted = await agent.ask(attempt=2)
    assert doubted.problem is not None
    # Whatever the library makes of a tool that raised, the attempt does not end well.
    assert (doubted.problem.code, doubted.problem.retryable) == ("outcome_unknown", False)
    assert (workflows / str(agent.spec.folder) / "counted").read_text() == "x"


@EACH
async def test_an_agents_own_mistake_is_told_with_its_words(own: Owning, stage: Stage, framework: Framework) -> None:
    agent = own(framework, "def build(kit):\n    raise KeyError('no such prompt')\n")
    async with stage():
        finished = await agent.ask()
    assert finished.problem is not None
    assert (finished.problem.code, finished.problem.retryable) == ("agent_broke", False)
    assert "no such prompt" in finished.problem.detail


@pytest.mark.parametrize("framework", Framework)
async def test_a_library_that_is_not_installed_is_told_with_the_way_to_it(
    own: Owning, stage: Stage, framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What an import finds when the package is not there; the same as in an installation without the extra.
    monkeypatch.delitem(sys.modules, f"ideation.frameworks.{framework.value}", raising=False)
    monkeypatch.setitem(sys.modules, LIBRARIES[framework], None)
    for name in [name for name in sys.modules if name.startswith(f"{LIBRARIES[framework]}.")]:
        monkeypatch.setitem(sys.modules, name, None)
    async with stage() as client:
        finished = await own(framework).ask()
        ready = await client.get("/ready")
    assert finished.outcome is Outcome.FAILED
    assert finished.problem is not None
    assert finished.problem.code == "framework_not_installed"
    assert not finished.problem.retryable
    assert f"greenlight-ideation[{framework.value}]" in finished.problem.detail
    # An extra is no dependency: without it ideation is as ready as ever.
    assert ready.status_code == 200


async def test_an_agent_of_another_folder_is_not_found(own: Owning, stage: Stage, orders: Orders, tenant: str) -> None:
    known = own(Framework.AG2).spec
    async with stage():
        for changed in ({"folder": ".."}, {"entry": "../other/agent.py:build"}, {"entry": "/etc/hosts:build"}):
            spec = known.model_copy(update=changed)
            finished = await orders.order(RunAgent, AgentInput(prompt="Tides"), tenant=tenant, agent=spec)
            assert finished.problem is not None
            assert finished.problem.code in {"agent_not_found", "framework_not_installed"}, changed


async def test_without_a_framework_the_text_model_is_asked(stage: Stage, orders: Orders, tenant: str) -> None:
    async with stage():
        spec = AgentSpec(name="writer", instructions="Be brief.")
        finished = await orders.order(RunAgent, AgentInput(prompt="Tides"), tenant=tenant, agent=spec)
    assert finished.problem is not None
    # The offline writer knows its own tasks and says so; it makes nothing up.
    assert finished.problem.code == "unknown_task"


def test_a_model_is_named_whole_or_not_at_all(settings_for: SettingsFor) -> None:
    told = settings_for("ideation").model_dump() | {"agent_model": "real", "agent_model_url": "http://model/v1"}
    with pytest.raises(ValueError, match="GREENLIGHT_AGENT_MODEL_URL and _NAME"):
        Settings.model_validate(told)
    in_production = {"environment": "production", "allow_stand_ins": ["text_model"]}
    named = told | {"agent_model_name": "m"} | in_production
    assert Settings.model_validate(named).agent_model == "real"
    with pytest.raises(ValueError, match="must be allowed"):
        Settings.model_validate(named | {"agent_model": "sandbox"})
