"""Asking a text model from inside a step."""

from __future__ import annotations

from dataclasses import replace

from common.bus.step import Step
from common.contracts.safety import Side

from vendors.text_model.port import Out, TextModel, TextRequest, Written


async def ask(
    step: Step, writer: TextModel, request: TextRequest[Out], *, key: str, returns: type[Written[Out]]
) -> Written[Out]:
    """The writer's answer, in the words of the step's agent; a retry gets what was recorded the first time.

    The step takes on the answer's cost, its origin, and every way in which it is less than was asked for. Question and
    answer pass the shield here, before anything is made of them: raises `ContentBlocked` or `ShieldUnavailable`.
    """
    await step.shield(request.variables.model_dump(mode="json"), side=Side.INPUT)
    asked = replace(request, instructions=step.agent.instructions) if step.agent else request
    written = await step.call(
        writer.name,
        key,
        lambda: writer.write(asked, key=step.idempotency_key),
        returns=returns,
        kind="model",
        request=request.variables,
        cost_usd_micros=lambda answer: answer.cost_usd_micros,
    )
    step.origin = written.origin
    for note in written.notes:
        step.degrade(note)
    await step.shield(written.value.model_dump(mode="json"), side=Side.OUTPUT)
    return written
