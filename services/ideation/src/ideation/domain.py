"""What ideation asks a text model, decided without any I/O."""

from __future__ import annotations

from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.message import AgentSpec
from vendors.text_model import PROPOSE_IDEAS, TextRequest


def ideas_request(brief: IdeationInput, *, agent: AgentSpec | None = None) -> TextRequest[IdeationOutput]:
    """The request for ideas to a brief, in the words of `agent` if the workflow declares one."""
    return TextRequest(
        task=PROPOSE_IDEAS,
        output=IdeationOutput,
        variables=brief,
        instructions=agent.instructions if agent else "",
    )
