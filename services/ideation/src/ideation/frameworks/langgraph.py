"""A LangGraph graph as a step: `build(kit)` returns a graph, compiled or not. Its checkpoints are in our database.

The thread is `<run id>:<step id>`, so an attempt goes on where the one before it ended, in whatever process, and a step
that a run comes back to begins anew. A node that ended is not run again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from common.bus.step import Step
from common.contracts.agents import AgentInput
from common.db.roles import TENANT_SETTING
from common.db.work import Transaction
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import StateGraph
from langgraph.pregel import Pregel
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from ideation.errors import AgentBroke, AgentInterrupted
from ideation.frameworks.answers import Answer, as_data, prompt_of
from ideation.frameworks.kit import Kit

_SESSION = (
    "select set_config('role', 'ideation_app', false),"
    f" set_config('{TENANT_SETTING}', %s, false), set_config('search_path', 'ideation', false)"
)


class Checkpoints(AsyncPostgresSaver):
    """LangGraph's saver, fenced: it saves nothing once another worker has the attempt (`LeaseLost`)."""

    def __init__(self, connection: AsyncConnection[Any], step: Step) -> None:
        super().__init__(connection)
        self._step = step

    async def aput(self, config: Any, checkpoint: Any, metadata: Any, new_versions: Any) -> Any:
        """Save a checkpoint, if the attempt is still ours."""
        await self._step.note(_nothing)
        return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(self, config: Any, writes: Sequence[Any], task_id: str, task_path: str = "") -> None:
        """Save what a node wrote, if the attempt is still ours."""
        await self._step.note(_nothing)
        await super().aput_writes(config, writes, task_id, task_path)


@asynccontextmanager
async def open_checkpoints(database_url: str, step: Step) -> AsyncIterator[Checkpoints]:
    """A saver on a connection of its own that is, like a unit of work, `ideation_app` of one tenant.

    The library names no tenant in its statements; the column's default takes it from the connection, and row-level
    security keeps all others' rows out of sight.
    """
    plain = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    connection: AsyncConnection[Any] = await AsyncConnection.connect(
        plain,
        autocommit=True,
        prepare_threshold=None,
        row_factory=dict_row,
        connect_timeout=5,
        application_name="greenlight-ideation-langgraph",
    )
    async with connection:
        await connection.execute(_SESSION, (step.tenant,))
        yield Checkpoints(connection, step)


def make_model(kit: Kit) -> Any:
    """LangChain's chat model for OpenAI-compatible endpoints, bound to ours. It does not retry."""
    return ChatOpenAI(
        model=kit.model_name,
        base_url=kit.endpoint.url,
        api_key=kit.endpoint.key or "none",
        http_async_client=kit.client,
        max_retries=0,
        **kit.agent.sampling,
    )


async def run(built: Any, kit: Kit, input: AgentInput) -> Answer:
    """Run the graph to its end, from its last checkpoint if there is one.

    It begins with the members of `{prompt, context, messages}` that its state has. The answer is the final state's
    `text`, or else its last message; the data is the final state's `data`.
    """
    graph = _compiled(built, kit)
    config: Any = {"configurable": {"thread_id": thread_of(kit.calls.step)}}
    known = await graph.aget_state(config)
    state: Any = known.values
    if known.created_at is None or known.next:
        begun = _first_state(graph, input) if known.created_at is None else None
        # Each checkpoint is saved before the next nodes begin: none that ended is run again.
        state = await graph.ainvoke(begun, config, durability="sync")
        known = await graph.aget_state(config)
    if known.interrupts:
        raise AgentInterrupted(
            f"The graph of agent {kit.agent.name!r} asks for a person; let a gate of the workflow ask."
        )
    return _answer(state, kit)


def thread_of(step: Step) -> str:
    """The thread of a step visit, the same for all its attempts."""
    return f"{step.run_id}:{step.id}"


def _compiled(built: Any, kit: Kit) -> Any:
    if isinstance(built, StateGraph):
        return built.compile(checkpointer=kit.checkpointer)
    if not isinstance(built, Pregel):
        raise AgentBroke(f"Agent {kit.agent.name!r} built a {type(built).__name__}; a LangGraph graph is expected.")
    # One that was compiled without a checkpointer would not survive its process.
    return built.copy({"checkpointer": kit.checkpointer})


def _first_state(graph: Any, input: AgentInput) -> dict[str, Any]:
    offered = {"prompt": input.prompt, "context": input.context, "messages": [("user", prompt_of(input))]}
    return {name: value for name, value in offered.items() if name in graph.channels}


def _answer(state: Any, kit: Kit) -> Answer:
    members = state if isinstance(state, dict) else dict(state)
    text = members.get("text")
    if text is None and members.get("messages"):
        text = members["messages"][-1].text
    if not isinstance(text, str):
        raise AgentBroke(f"The final state of agent {kit.agent.name!r} has neither `text` nor `messages`.")
    return Answer(text, as_data(members.get("data"), kit.agent))


async def _nothing(_tx: Transaction) -> None:
    """Saves nothing: the fence is what is wanted."""
