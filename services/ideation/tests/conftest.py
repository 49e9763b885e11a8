"""Ideation with agents of an operator's own: a workflow folder, a model that stands in, and orders to run them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from common.contracts.agents import AgentInput, AgentOutput, RunAgent
from common.contracts.message import AgentSpec, Finished, Framework, Outcome
from common.ids import derived_id
from testkit.chat_model import ChatModel, chat_model
from testkit.orders import Orders
from testkit.plugin import Serving

Stage = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def model() -> AsyncIterator[ChatModel]:
    """A model behind a real server."""
    async with chat_model() as standing_in:
        yield standing_in


@pytest.fixture
def workflows(tmp_path: Path) -> Path:
    """Where this test's workflow folders are."""
    return tmp_path


@pytest.fixture
def stage(serving: Serving, model: ChatModel, workflows: Path) -> Stage:
    """`async with stage():` → ideation runs, with the test's workflow folders and its model."""

    @asynccontextmanager
    async def serve(**overrides: Any) -> AsyncIterator[httpx.AsyncClient]:
        knobs = {
            "workflows_dir": str(workflows),
            "agent_model": "sandbox",
            "agent_model_url": model.url,
            "agent_model_name": "stand-in-1",
        }
        async with serving("ideation", **(knobs | overrides)) as client:
            yield client

    return serve


class Own:
    """An agent of an operator's own, in a folder of its own, and orders to it."""

    def __init__(self, orders: Orders, tenant: str, folder: Path, framework: Framework) -> None:
        self.spec = AgentSpec(
            name="pitcher",
            instructions="Be brief.",
            framework=framework,
            entry="agent.py:build",
            folder=folder.name,
        )
        self.run, self.step = uuid4(), uuid4()
        self._orders = orders
        self._tenant = tenant

    async def give(self, prompt: str = "Why tides?", *, attempt: int = 1) -> UUID:
        """Order an attempt. → the message's id."""
        return await self._orders.give(
            RunAgent,
            AgentInput(prompt=prompt, context={"audience": "sailors"}),
            tenant=self._tenant,
            run=self.run,
            step=self.step,
            attempt=attempt,
            agent=self.spec,
        )

    async def answer(self, *, attempt: int = 1) -> Finished:
        """The answer to an attempt that was ordered."""
        return await self._orders.answer(derived_id(self.step, attempt))

    def come_back(self) -> None:
        """From here on orders are another visit of the step."""
        self.step = uuid4()

    async def ask(self, prompt: str = "Why tides?", *, attempt: int = 1) -> Finished:
        """Order an attempt and wait for its answer."""
        return await self._orders.answer(await self.give(prompt, attempt=attempt))

    async def say(self, prompt: str = "Why tides?", *, attempt: int = 1) -> AgentOutput:
        """What the agent answers; fails with the problem when there is one."""
        finished = await self.ask(prompt, attempt=attempt)
        assert finished.outcome is Outcome.DONE, finished.problem
        return AgentOutput.model_validate(finished.output)


Owning = Callable[..., Own]


@pytest.fixture
def own(orders: Orders, tenant: str, workflows: Path) -> Owning:
    """`own(Framework.AG2, code)` → an agent whose `agent.py` is `code`, or that of the example."""

    def write(framework: Framework, code: str | None = None) -> Own:
        folder = workflows / f"own_{framework.value}"
        folder.mkdir(exist_ok=True)
        example = ROOT / "workflows" / "examples" / f"{framework.value}_agent" / "agent.py"
        (folder / "agent.py").write_text(code or example.read_text())
        return Own(orders, tenant, folder, framework)

    return write
