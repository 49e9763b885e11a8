"""A declared agent, answering in words."""

from __future__ import annotations

from common.contracts.agents import AgentInput, AgentOutput
from common.contracts.values import JsonObject

from vendors.text_model.port import RUN_AGENT
from vendors.text_model.tasks.task import Task, Unfit


def _shown(input: AgentInput) -> JsonObject:
    return {"prompt": input.prompt} | ({"context": input.context} if input.context else {})


def _read(text: str, _: AgentInput) -> AgentOutput:
    if not text.strip():
        raise Unfit("The answer is empty.")
    return AgentOutput(text=text.strip())


AGENT = Task(name=RUN_AGENT, takes=AgentInput, gives=AgentOutput, prompt="run_agent.v1", shown=_shown, read=_read)
