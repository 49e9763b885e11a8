"""Ideas and screenplays without a run: written and let through the shield like those of a run, and not kept."""

from __future__ import annotations

from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.screenplay import Screenplay, ScreenplayInput
from common.service.principal import Principal
from common.service.shielding import said_to
from common.shield import Guard
from vendors.text_model import PROPOSE_IDEAS, WRITE_SCREENPLAY, Directly, TextModel, TextRequest, Written

from ideation.judging import judged


async def try_out(
    brief: IdeationInput, caller: Principal, *, writer: TextModel, guard: Guard, by: str
) -> Written[IdeationOutput]:
    """Ideas for a brief, to be shown to the caller of the route `by`. A repeat is written, and paid for, again.

    Raises what the writer and the shield do.
    """
    written = await writer.write(TextRequest(PROPOSE_IDEAS, IdeationOutput, brief), asking=Directly(caller.tenant))
    await guard.pass_through(written.value.model_dump(mode="json"), said_to(caller, by=by))
    return written.model_copy(update={"value": judged(written.value, brief)})


async def try_screenplay(
    concept: ScreenplayInput, caller: Principal, *, writer: TextModel, guard: Guard, by: str
) -> Written[Screenplay]:
    """A screenplay in outline, to be shown to the caller of the route `by`. A repeat is written, and paid for, again.

    Raises what the writer and the shield do.
    """
    request = TextRequest(WRITE_SCREENPLAY, Screenplay, concept, model=concept.model)
    written = await writer.write(request, asking=Directly(caller.tenant))
    await guard.pass_through(written.value.model_dump(mode="json"), said_to(caller, by=by))
    return written
