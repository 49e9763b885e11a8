"""What ideation does when ordered."""

from __future__ import annotations

from collections.abc import Sequence

from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import ArtifactType
from vendors.text_model import PROPOSE_IDEAS, TextModel, TextRequest
from vendors.text_model.asking import ask

from ideation.judging import judged
from ideation.research import look_up
from ideation.search import Search


async def propose_ideas(
    input: IdeationInput, step: Step, *, writer: TextModel, searches: Sequence[Search] = ()
) -> IdeationOutput:
    """Different ideas that answer the brief, judged, and what was looked up for them. A repeat gives what was recorded.

    Raises `BriefNotUnderstood` when the brief holds no words a film could be made from.
    """
    research = await look_up(input, step, searches=searches)
    asked = input.model_copy(update={"claims": research.claims})
    request = TextRequest(PROPOSE_IDEAS, IdeationOutput, asked)
    written = await ask(step, writer, request, key="ideas")
    output = judged(written.value, asked).model_copy(update={"research": research})
    document = await step.keep(
        output.model_dump_json(indent=2).encode(),
        type=ArtifactType.IDEAS,
        name="ideas.json",
        media_type="application/json",
        made_by=f"ideation/{written.model}",
        origin=written.origin,
    )
    return output.model_copy(update={"document": document})
