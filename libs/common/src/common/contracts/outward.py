"""What the outward stream's types are called by clients of the originals: the one mapping.

Ours are the types of a run's history (`run.created`, `agent.completed`) and of what is said beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Protocol(StrEnum):
    """In whose words a socket speaks: `/ws?protocol=…`."""

    GREENLIGHT = "greenlight"
    SEED = "seed"
    CHAT = "chat"


_SEED = {
    "run.created": "user_message",
    "run.started": "workflow_start",
    "agent.started": "agent_start",
    "agent.completed": "agent_response",
    "run.completed": "workflow_complete",
    "run.failed": "workflow_complete",
    "run.rejected": "workflow_complete",
    "run.cancelled": "workflow_complete",
}
_CHAT = {
    "run.started": "chat.run_start",
    "agent.started": "chat.select_speaker",
    "agent.completed": "chat.text",
    "gate.opened": "chat.input_request",
    "gate.decided": "chat.input_ack",
    "run.completed": "chat.run_complete",
    "run.failed": "chat.error",
    "run.rejected": "chat.run_complete",
    "run.cancelled": "chat.run_complete",
    "replay.boundary": "chat.resume_boundary",
}
NAMES: Mapping[Protocol, Mapping[str, str]] = MappingProxyType({Protocol.SEED: _SEED, Protocol.CHAT: _CHAT})
"""For each of the others' protocols, what it calls those of our types that it knows."""
ANSWERS = frozenset({"replay.boundary", "error", "pong"})
"""What answers the client itself; it comes in every protocol, under our name where the protocol has none."""


def translated(frame: Mapping[str, Any], protocol: Protocol) -> dict[str, Any] | None:
    """The frame in the words of a protocol. → None for what the protocol has no word for.

    All but `type` is as it was; only `after_seq` is null, because entries without a word are left out in between.
    Resuming from the last `seq` that was seen works as ever.
    """
    if protocol is Protocol.GREENLIGHT:
        return dict(frame)
    name = NAMES[protocol].get(frame["type"])
    if name is None and frame["type"] not in ANSWERS:
        return None
    return {**frame, "type": name or frame["type"], "after_seq": None}
