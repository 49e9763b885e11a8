"""What the suite asks of a text model: one structured question, one validated answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from common.contracts.message import AgentSpec
from common.contracts.values import Downgrade, Origin, Value

from vendors.text_model.chat import ToolCall
from vendors.text_model.tool import Tool

Out = TypeVar("Out", bound=Value)
Said = TypeVar("Said", bound=Value)

PROPOSE_IDEAS = "propose_ideas"
WRITE_SCRIPT = "write_script"
RUN_AGENT = "run_agent"
WRITE_SCREENPLAY = "write_screenplay"
DEVELOP_CHARACTERS = "develop_characters"


@dataclass(frozen=True)
class TextRequest(Generic[Out]):
    """One question to a text model: the task, what shapes the answer, and the class the answer must have.

    `variables` are data, never orders: `untrusted` says that people outside wrote them, and adapters that talk to a
    language model fence them accordingly. The `agent`'s own prompt may be followed; its model and its sampling count.
    """

    task: str
    output: type[Out]
    variables: Value
    agent: AgentSpec | None = None
    untrusted: bool = True
    tools: tuple[Tool, ...] = ()
    """What a model may call before it answers. A writer without a model calls none."""
    model: str | None = None
    """Who is asked for by name; goes before the agent's own, and before the routes."""


class Written(Value, Generic[Out]):
    """A validated answer, who wrote it, what it cost, and every way in which it is less than was asked for."""

    value: Out
    origin: Origin
    model: str
    cost_usd_micros: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    asked: int = 1
    """How many questions it took: more than one when an answer had to be put right."""
    notes: tuple[Downgrade, ...] = ()


@dataclass(frozen=True)
class Asked(Generic[Said]):
    """One question on its way to a vendor: all that is written down of it, and by what it is found again."""

    name: str
    """Of whom: the adapter and its model."""
    key: str
    """The same for the same question of a task; two questions of one task have different ones."""
    returns: type[Said]
    request: Value
    cost_usd_micros: Callable[[Said], int]
    at_most_usd_micros: int | None
    """What it may cost at most; None when nobody knows."""


class Asking(Protocol):
    """Who asks, and the way to the vendor: each question goes through `call`, so that it can be written down."""

    @property
    def tenant(self) -> str:
        """For whom it is written: answers of one tenant are never another's."""

    async def call(self, asked: Asked[Said], fn: Callable[[], Awaitable[Said]]) -> Said:
        """What `fn` gives, or gave when it was asked the same before."""

    async def knows(self, key: str) -> bool:
        """Whether a call of that key was answered before, and is paid for."""

    async def use(self, call: ToolCall, tools: Sequence[Tool], *, key: str) -> str:
        """What the model is told a tool gave. A repeat with the same key is told the same, and runs nothing."""

    async def hear(self, text: str) -> None:
        """Is told an answer in words as it is written."""


@dataclass
class Directly:
    """Asking without a step: nothing is written down, and a repeat is paid for again."""

    tenant: str = ""

    async def call(self, asked: Asked[Said], fn: Callable[[], Awaitable[Said]]) -> Said:
        """What `fn` gives."""
        return await fn()

    async def knows(self, key: str) -> bool:
        """Nothing is known."""
        return False

    async def use(self, call: ToolCall, tools: Sequence[Tool], *, key: str) -> str:
        """Raises `LookupError`: a tool runs in a step only, where it is written down."""
        raise LookupError(f"{call.name!r} is called outside of a step")

    async def hear(self, text: str) -> None:
        """Nobody listens."""


class TextModel(Protocol):
    """Something that writes. It validates its answer and reports its cost; the orchestrator owns retries."""

    @property
    def name(self) -> str:
        """The adapter and its model, such as `offline/rules-1`."""

    @property
    def models(self) -> tuple[str, ...]:
        """What a request may name as its `model`: those that the installation declares, and no other."""

    async def write(self, request: TextRequest[Out], *, asking: Asking) -> Written[Out]:
        """Answer `request`. A repeat with an `asking` that writes down gets, and pays, what was answered before once.

        Raises `UnknownTask` for a task it does not do, `ModelNotOffered` for a `model` that is none of `models`,
        `BriefNotUnderstood` when there is nothing to work from, what
        `vendors.text_model.errors` has, and the vendor errors of `common.errors`.
        """

    async def notice(self) -> str | None:
        """What an operator should know, such as a model that is not there; None when all is well. Costs nothing."""

    async def close(self) -> None:
        """Close the connections, if it has any."""


def written_class(output: type[Out]) -> type[Written[Out]]:
    """`Written` of an answer's class, to read what was recorded."""
    # A class that is only known at run time is no type to mypy; pydantic makes and keeps one for each.
    made: type[Written[Out]] = Written[output]  # type: ignore[valid-type]
    return made
