"""LangGraph's turn, in the peers' environment: a thread of a `StateGraph` is a run, a node is a step.

Every step is committed before the next begins (`durability="sync"`). A saver lets one task at a time reach its pool,
so the runs in flight are spread over several savers: that is the fastest honest way we found. With `--savers 1` it is
measured as its documentation shows it.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import Any, TypedDict
from uuid import uuid4

import uvloop
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver  # type: ignore[import-not-found,unused-ignore]
from langgraph.graph import END, START, StateGraph  # type: ignore[import-not-found,unused-ignore]
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool  # type: ignore[import-not-found,unused-ignore]

from bench.engine.plan import SEQUENCE, STEP_SECONDS, STEPS, TurnTaken, peer_arguments, print_turn, take_turn

_CONNECTIONS = 20


class State(TypedDict):
    """What a run remembers."""

    done: int


async def null(state: State) -> State:
    """A step that does nothing."""
    return {"done": state["done"] + 1}


async def wait(state: State) -> State:
    """A step that waits."""
    await asyncio.sleep(STEP_SECONDS)
    return {"done": state["done"] + 1}


def build(step: Callable[[State], Awaitable[State]], *, steps: int, saver: AsyncPostgresSaver) -> Any:
    """A graph of so many nodes in a row."""
    graph = StateGraph(State)
    names = [f"step_{number}" for number in range(1, steps + 1)]
    for name in names:
        graph.add_node(name, step)
    for before, after in itertools.pairwise((START, *names, END)):
        graph.add_edge(before, after)
    return graph.compile(checkpointer=saver)


async def complete(graph: Any, *, steps: int) -> None:
    """One run from its start to its end. Raises `RuntimeError` when a step was left out."""
    config = {"configurable": {"thread_id": str(uuid4())}, "recursion_limit": steps + 5}
    state = await graph.ainvoke({"done": 0}, config, durability="sync")
    if state["done"] != steps:
        raise RuntimeError(f"a run ended after {state['done']} of {steps} steps")


async def main() -> TurnTaken:
    """Take the turn that the command line names."""
    asked = peer_arguments()
    options = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    async with AsyncConnectionPool(
        asked.database, min_size=_CONNECTIONS, max_size=_CONNECTIONS, kwargs=options, open=False
    ) as pool:
        savers = [AsyncPostgresSaver(pool) for _ in range(asked.savers)]  # type: ignore[arg-type,unused-ignore]
        await savers[0].setup()
        graphs = itertools.cycle([build(null, steps=STEPS, saver=saver) for saver in savers])
        sequence = build(wait, steps=SEQUENCE, saver=savers[0])
        return await take_turn(
            asked.turn,
            run=lambda: complete(next(graphs), steps=STEPS),
            sequence=lambda: complete(sequence, steps=SEQUENCE),
            configuration={
                "langgraph": version("langgraph"),
                "langgraph-checkpoint-postgres": version("langgraph-checkpoint-postgres"),
                "durability": "sync",
                "event loop": "uvloop",
                "connections": str(_CONNECTIONS),
                "savers": str(asked.savers),
            },
        )


if __name__ == "__main__":
    print_turn(uvloop.run(main()))
