"""Running any declared agent: on the text model, or an operator's own in its own library."""

from __future__ import annotations

import asyncio
import importlib
import inspect
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from common.bus.step import Step
from common.contracts.agents import AgentInput, AgentOutput, AgentUsage
from common.contracts.message import AgentSpec, Framework
from common.contracts.values import Origin
from common.errors import GreenlightError, VendorUnavailable
from vendors.text_model import RUN_AGENT, TextModel, TextRequest
from vendors.text_model.asking import ask

from ideation.errors import AgentBroke, FrameworkNotInstalled
from ideation.frameworks.answers import Answer
from ideation.frameworks.calls import OURS, Calls, is_passing
from ideation.frameworks.entry import Build, load_build
from ideation.frameworks.kit import Endpoint, Kit, open_client
from ideation.toolbox import Toolbox, tools_of

_PACKAGES = frozenset({"langgraph", "langchain_core", "langchain_openai", "ag2", "google", "openai", "psycopg_pool"})
T = TypeVar("T")


@dataclass(frozen=True)
class Workplace:
    """Where operators' agents run: their files, their model, and the database that keeps their checkpoints."""

    workflows: Path
    endpoint: Endpoint
    origin: Origin | None
    """What the model's answers are; None when there is no model."""
    database_url: str = field(repr=False)


async def run_agent(
    input: AgentInput, step: Step, *, writer: TextModel, workplace: Workplace, toolbox: Toolbox
) -> AgentOutput:
    """What the step's agent answers to a prompt.

    A repeat asks no model and calls no tool whose answer was recorded; a LangGraph graph goes on from its checkpoint.
    Raises the errors of `ideation.errors`, and the vendor's for what the model's endpoint said.
    """
    if step.agent is None or step.agent.framework is None:
        request = TextRequest(RUN_AGENT, AgentOutput, input, tools=tools_of(step.agent, toolbox))
        written = await ask(step, writer, request, key="answer")
        usage = AgentUsage(
            model_calls=written.asked, input_tokens=written.input_tokens, output_tokens=written.output_tokens
        )
        return written.value.model_copy(update={"usage": usage})
    calls = Calls(step)
    try:
        answer = await _until_cancelled(step, _run_own(input, step.agent, calls, workplace))
    except AgentBroke as error:
        # Some libraries say that the model failed where others raise it; the cause is the better answer.
        raise calls.failure or error from error
    except OURS:
        raise
    except Exception as error:
        raise calls.failure or _error_of(error, step.agent) from error
    if calls.failure:
        raise calls.failure
    if calls.usage.model_calls:
        step.origin = workplace.origin
    return AgentOutput(text=answer.text, data=answer.data, usage=calls.usage)


async def _run_own(input: AgentInput, agent: AgentSpec, calls: Calls, workplace: Workplace) -> Answer:
    # Importing takes a second or more; the loop goes on meanwhile.
    adapter, build = await asyncio.to_thread(_load, agent, workplace.workflows)
    async with _kit(adapter, agent, calls, workplace) as kit:
        built = build(kit)
        if inspect.isawaitable(built):
            built = await built
        answer: Answer = await adapter.run(built, kit, input)
        return answer


@asynccontextmanager
async def _kit(adapter: Any, agent: AgentSpec, calls: Calls, workplace: Workplace) -> AsyncIterator[Kit]:
    async with AsyncExitStack() as stack:
        checkpointer = None
        if agent.framework is Framework.LANGGRAPH:
            checkpoints = adapter.open_checkpoints(workplace.database_url, calls.step)
            checkpointer = await stack.enter_async_context(checkpoints)
            # Its checkpoints say what need not be done again; an answer recorded for an earlier node, found by asking
            # the same in a later one, would be taken for that one's.
            calls.scope = str(calls.step.owner)
        client = await stack.enter_async_context(open_client(calls, workplace.endpoint))
        yield Kit(
            agent=agent,
            run_id=calls.step.run_id,
            calls=calls,
            endpoint=workplace.endpoint,
            client=client,
            make_model=adapter.make_model,
            checkpointer=checkpointer,
        )


def _load(agent: AgentSpec, workflows: Path) -> tuple[Any, Build]:
    framework = agent.framework
    if framework is None:
        raise AgentBroke(f"Agent {agent.name!r} names no framework.")
    try:
        adapter = importlib.import_module(f"ideation.frameworks.{framework.value}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _PACKAGES:
            raise
        raise FrameworkNotInstalled(
            f"Agent {agent.name!r} is written in {framework.value}, and {error.name} is not installed here."
            f" Install the extra greenlight-ideation[{framework.value}]:"
            " uv pip install --require-hashes --no-deps -r deploy/locks/agents.txt"
        ) from error
    return adapter, load_build(agent, workflows)


def _error_of(error: Exception, agent: AgentSpec) -> GreenlightError:
    sentence = f"Agent {agent.name!r} raised {type(error).__name__}: {str(error)[:300]}"
    return VendorUnavailable(sentence) if is_passing(error) else AgentBroke(sentence)


async def _until_cancelled(step: Step, work: Awaitable[T]) -> T:
    """The work's result. When the run is cancelled, the work is, and `CancelledError` is raised."""
    working = asyncio.ensure_future(work)
    cancelled = asyncio.create_task(step.cancelled.wait())
    try:
        await asyncio.wait({working, cancelled}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise asyncio.CancelledError
    finally:
        for task in (working, cancelled):
            task.cancel()
        # What the agent has open is closed before the attempt ends.
        await asyncio.gather(working, cancelled, return_exceptions=True)
