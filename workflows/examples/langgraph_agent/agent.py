"""A LangGraph graph of three nodes: what is known, an outline, a pitch. Each node is kept once it ended."""

from __future__ import annotations

from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph


class Pitch(TypedDict, total=False):
    """`prompt` and `context` are given; the answer is `text` and `data`."""

    prompt: str
    context: dict[str, Any]
    facts: str
    outline: str
    text: str
    data: dict[str, Any]


def build(kit: Any) -> StateGraph:
    """The graph; Greenlight compiles it with its own checkpoints."""
    model = kit.model()

    async def ask(question: str) -> str:
        answer = await model.ainvoke([("system", kit.agent.instructions), ("user", question)])
        return str(answer.text)

    async def gather(state: Pitch) -> Pitch:
        return {"facts": await ask(f"Say in three sentences what a viewer must know about: {state['prompt']}")}

    async def outline(state: Pitch) -> Pitch:
        return {"outline": await ask(f"Outline a short film in three beats from: {state['facts']}")}

    async def write(state: Pitch) -> Pitch:
        text = await ask(f"Pitch this film in one paragraph: {state['outline']}")
        return {"text": text, "data": {"facts": state["facts"], "outline": state["outline"]}}

    graph = StateGraph(Pitch)
    for name, node in (("gather", gather), ("outline", outline), ("write", write)):
        graph.add_node(name, node)
    graph.add_edge(START, "gather")
    graph.add_edge("gather", "outline")
    graph.add_edge("outline", "write")
    graph.add_edge("write", END)
    return graph
