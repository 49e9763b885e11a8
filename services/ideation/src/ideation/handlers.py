"""What ideation does when ordered."""

from __future__ import annotations

from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import ArtifactType, Downgrade, Origin, Value
from vendors.text_model import PROPOSE_IDEAS, TextModel, TextRequest


class Proposal(Value):
    """A text model's answer as it is recorded, so that a retry does not ask again."""

    ideas: IdeationOutput
    origin: Origin
    model: str
    cost_usd_micros: int
    notes: tuple[Downgrade, ...]


async def propose_ideas(input: IdeationInput, step: Step, *, writer: TextModel) -> IdeationOutput:
    """Different ideas that answer the brief. A repeat gives the ideas that were recorded the first time.

    Raises `BriefNotUnderstood` when the brief holds no words a film could be made from.
    """
    instructions = step.agent.instructions if step.agent else ""

    async def ask() -> Proposal:
        request = TextRequest(PROPOSE_IDEAS, IdeationOutput, input, instructions)
        written = await writer.write(request, key=step.idempotency_key)
        return Proposal(
            ideas=written.value,
            origin=written.origin,
            model=written.model,
            cost_usd_micros=written.cost_usd_micros,
            notes=written.notes,
        )

    proposal = await step.call(
        writer.name,
        "ideas",
        ask,
        returns=Proposal,
        kind="model",
        request=input,
        cost_usd_micros=lambda answer: answer.cost_usd_micros,
    )
    step.origin = proposal.origin
    for note in proposal.notes:
        step.degrade(note)
    document = await step.keep(
        proposal.ideas.model_dump_json(indent=2).encode(),
        type=ArtifactType.IDEAS,
        name="ideas.json",
        media_type="application/json",
        made_by=f"ideation/{proposal.model}",
        origin=proposal.origin,
    )
    return proposal.ideas.model_copy(update={"document": document})
