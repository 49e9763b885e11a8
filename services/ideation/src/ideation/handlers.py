"""What ideation does when ordered."""

from __future__ import annotations

from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import ArtifactType
from vendors.text_model import PROPOSE_IDEAS, TextModel, TextRequest
from vendors.text_model.asking import ask


async def propose_ideas(input: IdeationInput, step: Step, *, writer: TextModel) -> IdeationOutput:
    """Different ideas that answer the brief. A repeat gives the ideas that were recorded the first time.

    Raises `BriefNotUnderstood` when the brief holds no words a film could be made from.
    """
    request = TextRequest(PROPOSE_IDEAS, IdeationOutput, input)
    written = await ask(step, writer, request, key="ideas")
    document = await step.keep(
        written.value.model_dump_json(indent=2).encode(),
        type=ArtifactType.IDEAS,
        name="ideas.json",
        media_type="application/json",
        made_by=f"ideation/{written.model}",
        origin=written.origin,
    )
    return written.value.model_copy(update={"document": document})
