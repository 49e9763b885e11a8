"""How services address each other: capabilities (orders with an answer) and events (facts)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import Field

from common.contracts.values import ArtifactRecord, Downgrade, JsonObject, Micros, Problem, Value

In = TypeVar("In", bound=Value)
Out = TypeVar("Out", bound=Value)

CATALOGUE: dict[str, type[Event]] = {}
BODY_LIMIT = 64 * 1024
"""Bytes of a message's body; what is larger is an artifact."""


@dataclass(frozen=True)
class Capability(Generic[In, Out]):
    """Something one service can do when ordered: `name` is `<service>.<verb_object>`; input and output are classes."""

    name: str
    input: type[In]
    output: type[Out]
    timeout_ms: int = 120_000
    """How long one attempt may take before the worker gives it up."""
    takes_tools: bool = False
    """Whether the agent of such a step may use the tools that it names."""

    @property
    def service(self) -> str:
        """The one service that serves it."""
        return self.name.split(".", 1)[0]

    @property
    def verb(self) -> str:
        """The part after the service, such as `propose_ideas`."""
        return self.name.split(".", 1)[1]

    @property
    def command_subject(self) -> str:
        """Where the order is sent."""
        return f"cmd.{self.service}.{self.verb}.v1"

    @property
    def finished_subject(self) -> str:
        """Where the answer is sent; only the orchestrator listens."""
        return f"evt.{self.service}.{self.verb}_finished.v1"


class Header(Value):
    """What travels around every message, as CloudEvents 1.0 binary-mode headers on the wire."""

    id: UUID
    source: str
    type: str
    time: datetime
    tenant: str
    run: UUID | None = None
    step: UUID | None = None
    attempt: int | None = None
    cause: UUID | None = None
    traceparent: str | None = None


class Framework(StrEnum):
    """The libraries in which an operator may have written an agent."""

    LANGGRAPH = "langgraph"
    AG2 = "ag2"
    ADK = "adk"


class AgentSpec(Value):
    """The declared agent a step runs as: everything that shapes its answers besides the input.

    With a `framework` it is the operator's own: `entry` (`agent.py:build`) names a file of the workflow folder
    `folder` and the function in it that builds the agent.
    """

    name: str
    role: str = ""
    instructions: str = ""
    model: str | None = None
    tools: tuple[str, ...] = ()
    sampling: JsonObject = Field(default_factory=dict)
    framework: Framework | None = None
    entry: str | None = None
    folder: str | None = None


class CommandBody(Value):
    """The body of every command. `input` is validated as the capability's input class by the receiver."""

    input: JsonObject
    agent: AgentSpec | None = None
    deadline: datetime | None = None
    budget_usd_micros: Micros | None = None
    private_of: UUID | None = None
    """The private run that this is part of; it may be shown only to those it is shared with."""


class StopOrder(Value):
    """The body of `ctl.cancel.<run>`: what of the run to stop (nothing named: all); `now`: without cleaning up."""

    steps: tuple[UUID, ...] = ()
    orders: tuple[UUID, ...] = ()
    """Messages: one attempt each. A later attempt of the same step goes on."""
    now: bool = False


class Outcome(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    PENDING = "pending"
    FAILED = "failed"
    REFUSED = "refused"


class Finished(Value):
    """The answer to a command. `pending` leaves the step open until a signal carries `handle`."""

    outcome: Outcome
    output: JsonObject | None = None
    problem: Problem | None = None
    cost_usd_micros: Micros = 0
    unknown_usd_micros: Micros = 0
    """Of the cost, what calls may have cost at most whose outcome nobody knows."""
    needs_usd_micros: Micros = 0
    """What the call may cost that was not made for want of money: with that much set aside, the attempt may go on."""
    artifacts: tuple[ArtifactRecord, ...] = ()
    downgrades: tuple[Downgrade, ...] = ()
    origin: str | None = None
    handle: str | None = None
    check_after: datetime | None = None
    deadline: datetime | None = None


class Event(Value):
    """A fact one service tells the others: past tense, and never edited once released."""

    subject: ClassVar[str]

    def __init_subclass__(cls, *, subject: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if taken := CATALOGUE.get(subject):
            raise TypeError(f"{subject!r} is already declared by {taken.__qualname__}")
        cls.subject = subject
        CATALOGUE[subject] = cls


class Signal(Value):
    """Something a waiting step may be waiting for. Early, late and repeated signals change nothing twice.

    Sent to `cmd.orchestrator.signal.v1`, the one command that every service may publish.
    """

    handle: str
    payload: JsonObject = Field(default_factory=dict)


SIGNAL_SUBJECT = "cmd.orchestrator.signal.v1"
AUDIT_SUBJECT = "cmd.compliance.audit.v1"
