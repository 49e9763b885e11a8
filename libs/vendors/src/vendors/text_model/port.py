"""What the suite asks of a text model: one structured question, one validated answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from common.contracts.values import Downgrade, Origin, Value
from common.errors import Invalid, Permanent

Out = TypeVar("Out", bound=Value)

PROPOSE_IDEAS = "propose_ideas"
WRITE_SCRIPT = "write_script"


class UnknownTask(Permanent):
    """The adapter does not know the task, or not with these classes: a mistake in wiring or in a workflow."""


class BriefNotUnderstood(Invalid):
    """The brief holds no words a film could be made from. Its author must write more; repeating changes nothing."""


@dataclass(frozen=True)
class TextRequest(Generic[Out]):
    """One question to a text model: the task, what shapes the answer, and the class the answer must have.

    `variables` are data, never orders: `untrusted` says that people outside wrote them, and adapters that talk to a
    language model fence them accordingly. `instructions` is the agent's own prompt and may be followed.
    """

    task: str
    output: type[Out]
    variables: Value
    instructions: str = ""
    untrusted: bool = True


class Written(Value, Generic[Out]):
    """A validated answer, who wrote it, what it cost, and every way in which it is less than was asked for."""

    value: Out
    origin: Origin
    model: str
    cost_usd_micros: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    notes: tuple[Downgrade, ...] = ()


class TextModel(Protocol):
    """Something that writes. Adapters validate their answer and report its cost; they neither retry nor fall back."""

    @property
    def name(self) -> str:
        """The adapter and its model, such as `offline/rules-1`."""

    async def write(self, request: TextRequest[Out], *, key: str) -> Written[Out]:
        """Answer `request`. A repeat with the same `key` may be answered from what the vendor remembers.

        Raises `UnknownTask` for a task it does not do and `BriefNotUnderstood` when there is nothing to work from.
        """
