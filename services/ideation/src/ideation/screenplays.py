"""What ideation does about screenplays when ordered: the outline, its people, and the files of what was approved."""

from __future__ import annotations

from common.bus.step import Step
from common.contracts.screenplay import (
    CharactersInput,
    CharactersOutput,
    Screenplay,
    ScreenplayFiles,
    ScreenplayInput,
    ScreenplayOutput,
    TypesetInput,
)
from common.contracts.values import ArtifactRef, ArtifactType, Origin
from vendors.text_model import DEVELOP_CHARACTERS, WRITE_SCREENPLAY, ProfilesWritten, TextModel, TextRequest
from vendors.text_model.asking import ask

from ideation.fountain import MEDIA_TYPE, file_name, fountain, plain_text
from ideation.toolbox import Toolbox, tools_of

_JSON = "application/json"
_APPROVED = "Outline, as approved"


async def write_screenplay(
    input: ScreenplayInput, step: Step, *, writer: TextModel, toolbox: Toolbox
) -> ScreenplayOutput:
    """A screenplay in outline, kept as data and as Fountain. A repeat gives what was recorded.

    Raises `BriefNotUnderstood` when the concept holds no words, and `ModelNotOffered` for a model there is not.
    """
    request = TextRequest(WRITE_SCREENPLAY, Screenplay, input, tools=tools_of(step.agent, toolbox), model=input.model)
    written = await ask(step, writer, request, key="screenplay")
    screenplay, made_by = written.value, f"ideation/{written.model}"
    draft = fountain(screenplay, credit=f"Outline by {written.model}; nobody has approved it")
    return ScreenplayOutput(
        screenplay=screenplay,
        written_by=written.model,
        origin=written.origin,
        document=await _keep(
            step, screenplay.model_dump_json(indent=2), "draft.json", made_by=made_by, origin=written.origin
        ),
        fountain=await _keep(step, draft, "draft.fountain", made_by=made_by, origin=written.origin),
    )


async def develop_characters(
    input: CharactersInput, step: Step, *, writer: TextModel, toolbox: Toolbox
) -> CharactersOutput:
    """A profile of each of a screenplay's characters, or of those a concept asks for. A repeat gives what was recorded.

    Raises as `write_screenplay` does.
    """
    request = TextRequest(
        DEVELOP_CHARACTERS, ProfilesWritten, input, tools=tools_of(step.agent, toolbox), model=input.model
    )
    written = await ask(step, writer, request, key="characters")
    document = await _keep(
        step,
        written.value.model_dump_json(indent=2),
        "characters.json",
        made_by=f"ideation/{written.model}",
        origin=written.origin,
    )
    return CharactersOutput(characters=written.value.characters, written_by=written.model, document=document)


async def typeset_screenplay(input: TypesetInput, step: Step) -> ScreenplayFiles:
    """The approved screenplay as files. Nothing is written anew, and a repeat gives the same bytes."""
    screenplay, characters = input.screenplay, input.characters
    step.origin = input.origin
    texts = {
        "fountain": fountain(screenplay, characters=characters, credit=_APPROVED),
        "txt": plain_text(screenplay, characters=characters, credit=_APPROVED),
        "json": input.model_dump_json(indent=2, exclude={"origin"}),
    }
    kept = {
        ending: await _keep(step, text, file_name(screenplay, ending), made_by="ideation/fountain", origin=input.origin)
        for ending, text in texts.items()
    }
    return ScreenplayFiles(fountain=kept["fountain"], text=kept["txt"], document=kept["json"])


async def _keep(step: Step, text: str, name: str, *, made_by: str, origin: Origin) -> ArtifactRef:
    return await step.keep(
        text.encode(),
        type=ArtifactType.SCREENPLAY,
        name=name,
        media_type=_JSON if name.endswith(".json") else MEDIA_TYPE,
        made_by=made_by,
        origin=origin,
    )
