"""A graph's checkpoints: kept in ideation's schema, behind its policies, and gone on from in another process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from common.contracts.message import Framework, Outcome
from psycopg.rows import dict_row
from testkit.chat_model import ChatModel, Trouble
from testkit.listening import eventually
from testkit.stack import Stack
from testkit.workshop import Rows

if TYPE_CHECKING:
    from services.ideation.tests.conftest import Owning, Stage

pytest.importorskip("langgraph", reason="LangGraph is an extra")

THREE = """
from typing import TypedDict
from langgraph.graph import StateGraph

class State(TypedDict, total=False):
    prompt: str
    path: list[str]
    text: str

def build(kit):
    model = kit.model()
    def node(name):
        async def ask(state: State) -> State:
            await model.ainvoke(f"{name} of {state['prompt']}")
            path = [*state.get("path", []), name]
            return {"path": path, "text": " > ".join(path)}
        return ask
    graph = StateGraph(State)
    for name in ("first", "second", "third"):
        graph.add_node(name, node(name))
    graph.add_edge("__start__", "first")
    graph.add_edge("first", "second")
    graph.add_edge("second", "third")
    return graph
"""
TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")


@pytest.fixture
def process(
    stack: Stack, workflows: Path, model: ChatModel, tmp_path: Path
) -> Callable[[], Awaitable[asyncio.subprocess.Process]]:
    """`await process()` → ideation as a process of its own."""

    async def start() -> asyncio.subprocess.Process:
        variables = {
            **os.environ,  # noqa: TID251 — a child has what we have.
            **stack.environment("ideation"),
            "GREENLIGHT_DATA_DIR": str(tmp_path),
            "GREENLIGHT_PORT": "0",
            "GREENLIGHT_WORKFLOWS_DIR": str(workflows),
            "GREENLIGHT_AGENT_MODEL": "sandbox",
            "GREENLIGHT_AGENT_MODEL_URL": model.url,
            "GREENLIGHT_AGENT_MODEL_NAME": "stand-in-1",
        }
        return await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "common.service.run", "ideation", env=variables
        )

    return start


async def test_a_graph_killed_after_its_second_node_goes_on_at_the_third_in_another_process(
    own: Owning,
    model: ChatModel,
    process: Callable[[], Awaitable[asyncio.subprocess.Process]],
    tenant: str,
    rows: Rows,
) -> None:
    agent = own(Framework.LANGGRAPH, THREE)
    model.silent_from = 2
    first = await process()
    try:
        await agent.give("tides")
        # The second node has ended and the third waits for its answer: kill it there.
        await eventually(lambda: len(model.asked) == 3, seconds=60)
    finally:
        first.send_signal(signal.SIGKILL)
        await first.wait()
    model.silent_from = None
    second = await process()
    try:
        # The same order comes again by itself, once the dead worker's lease is over.
        finished = await agent.answer()
    finally:
        second.terminate()
        await second.wait()
    assert finished.outcome is Outcome.DONE, finished.problem
    assert finished.output is not None
    assert finished.output["text"] == "first > second > third"
    assert model.questions == ["first of tides", "second of tides", "third of tides", "third of tides"]
    threads = rows("select distinct thread_id, tenant_id from ideation.checkpoints where tenant_id = %s", tenant)
    assert threads == [(f"{agent.run}:{agent.step}", tenant)]


async def test_the_next_attempt_begins_at_the_node_that_failed(own: Owning, stage: Stage, model: ChatModel) -> None:
    agent = own(Framework.LANGGRAPH, THREE)
    model.troubles[2] = Trouble(500)
    async with stage():
        failed = await agent.ask("locks")
        finished = await agent.say("locks", attempt=2)
    assert failed.problem is not None
    assert failed.problem.retryable
    assert finished.text == "first > second > third"
    assert model.questions == ["first of locks", "second of locks", "third of locks", "third of locks"]


async def test_a_step_that_a_run_comes_back_to_begins_anew(own: Owning, stage: Stage, model: ChatModel) -> None:
    agent = own(Framework.LANGGRAPH, THREE)
    async with stage():
        await agent.say("sails")
        agent.come_back()
        await agent.say("sails")
    assert model.questions == [f"{name} of sails" for name in ("first", "second", "third")] * 2


async def test_a_graph_that_asks_for_a_person_is_told_of_gates(own: Owning, stage: Stage) -> None:
    asking = THREE.replace(
        "async def ask", "async def ask(state):\n            interrupt('Go on?')\n        async def _"
    )
    agent = own(Framework.LANGGRAPH, f"from langgraph.types import interrupt\n{asking}")
    async with stage():
        finished = await agent.ask()
    assert finished.problem is not None
    assert finished.problem.code == "agent_interrupted"


async def test_checkpoints_are_their_tenants_alone(
    own: Owning, stage: Stage, stack: Stack, tenant: str, rows: Rows
) -> None:
    agent = own(Framework.LANGGRAPH, THREE)
    async with stage():
        await agent.say()
    url = stack.environment("ideation")["GREENLIGHT_DATABASE_URL"].replace("+psycopg", "")
    seen = {}
    for who in (tenant, "somebody-else", ""):
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute(
                "select set_config('role', 'ideation_app', true), set_config('greenlight.tenant', %s, true)", (who,)
            )
            found = await connection.execute("select count(*) from ideation.checkpoints")
            seen[who] = (await found.fetchone() or (0,))[0]
    assert seen == {tenant: 5, "somebody-else": 0, "": 0}
    for table in TABLES:
        assert rows(f"select 1 from ideation.{table} where tenant_id = %s limit 1", tenant)


async def test_our_tables_are_those_the_library_would_make(stack: Stack) -> None:
    """A newer library that wants other columns is noticed here, and gets a migration."""
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

    columns = """
        select table_name, column_name, data_type, is_nullable from information_schema.columns
        where table_schema = %s and table_name = any(%s) and column_name not in ('tenant_id', 'created_at')
        order by 1, 2
    """
    async with await psycopg.AsyncConnection.connect(
        stack.superuser_url, autocommit=True, row_factory=dict_row
    ) as connection:
        await connection.execute("create schema as_the_library_makes_it")
        try:
            await connection.execute("set search_path = as_the_library_makes_it")
            await AsyncPostgresSaver(connection).setup()
            theirs = await (await connection.execute(columns, ("as_the_library_makes_it", list(TABLES)))).fetchall()
        finally:
            await connection.execute("drop schema as_the_library_makes_it cascade")
        ours = await (await connection.execute(columns, ("ideation", list(TABLES)))).fetchall()
    assert ours == theirs
