"""What the producer asks a text model to write."""

from __future__ import annotations

from common.contracts.message import AgentSpec
from common.contracts.production import ProductionInput, Script
from vendors.text_model import WRITE_SCRIPT, TextRequest


def script_request(production: ProductionInput, *, agent: AgentSpec | None = None) -> TextRequest[Script]:
    """The request for the script of an approved idea, in the words of `agent` if the workflow declares one."""
    return TextRequest(
        task=WRITE_SCRIPT,
        output=Script,
        variables=production,
        instructions=agent.instructions if agent else "",
    )
