"""Asking a text model from inside a step."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from common.bus.step import Step
from common.contracts.safety import Side
from common.errors import ContentBlocked

from vendors.text_model.chat import ToolCall
from vendors.text_model.errors import PriceUnknown
from vendors.text_model.port import Asked, Out, Said, TextModel, TextRequest, Written
from vendors.text_model.tool import Tool
from vendors.text_model.tools import use_tool

_SENTENCE = re.compile(r"[.!?…。！？]['\"”’)]*\s+|\n")


async def ask(step: Step, writer: TextModel, request: TextRequest[Out], *, key: str) -> Written[Out]:
    """The writer's answer, as the step's agent; a retry gets what was recorded the first time.

    The step takes on the answer's cost, its origin, and every way in which it is less than was asked for. Question and
    answer pass the shield here, before anything is made of them: raises `ContentBlocked` or `ShieldUnavailable`.
    """
    await step.shield(request.variables.model_dump(mode="json"), side=Side.INPUT)
    written = await writer.write(replace(request, agent=step.agent), asking=StepAsking(step, key))
    step.origin = written.origin
    for note in written.notes:
        step.degrade(note)
    await step.shield(written.value.model_dump(mode="json"), side=Side.OUTPUT)
    return written


@dataclass
class StepAsking:
    """A step that asks. Each question is a recorded call of it, and what is written aloud is shown to watchers."""

    step: Step
    key: str
    _unsaid: str = field(default="", init=False)
    _is_silent: bool = field(default=False, init=False)

    @property
    def tenant(self) -> str:
        """Whose step it is."""
        return self.step.tenant

    async def call(self, asked: Asked[Said], fn: Callable[[], Awaitable[Said]]) -> Said:
        """What `fn` gives, or gave in an earlier attempt. Raises `PriceUnknown` where a cap could not be kept."""
        if asked.at_most_usd_micros is None and self.step.budget_usd_micros is not None:
            said = f"Money is capped here, and nobody knows what {asked.name} costs; say it in the models' file."
            raise PriceUnknown(said)
        return await self.step.call(
            asked.name,
            self._key(asked.key),
            fn,
            returns=asked.returns,
            kind="model",
            request=asked.request,
            cost_usd_micros=asked.cost_usd_micros,
            at_most_usd_micros=asked.at_most_usd_micros,
        )

    async def knows(self, key: str) -> bool:
        """Whether an earlier attempt was answered."""
        return await self.step.knows(self._key(key))

    def _key(self, key: str) -> str:
        return f"{self.key}:{key}" if key else self.key

    async def use(self, call: ToolCall, tools: Sequence[Tool], *, key: str) -> str:
        """What the model is told the tool gave, now or in an earlier attempt."""
        return await use_tool(self.step, call, tools, key=self._key(key))

    async def hear(self, text: str) -> None:
        """Show watchers whole sentences, each once it has passed the shield; after one that has not, nothing more.

        The answer goes on nevertheless: it is being paid for, and is judged as a whole at its end.
        """
        if self._is_silent:
            return
        self._unsaid += text
        end = 0
        for match in _SENTENCE.finditer(self._unsaid):
            end = match.end()
        said, self._unsaid = self._unsaid[:end], self._unsaid[end:]
        if not said:
            return
        try:
            await self.step.shield({"text": said}, side=Side.OUTPUT)
        except ContentBlocked:
            self._is_silent = True
        else:
            self.step.token(said)
