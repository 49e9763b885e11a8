"""A finished script taken over: its words as they are, staged for a film."""

from __future__ import annotations

from common.bus.step import Step
from common.contracts.scripts import FinishedScript, TakenScript, TakeScriptInput
from common.contracts.values import Origin
from vendors.text_model.staging import idea_of, length_of, staged

from producer.errors import ScriptTooLong

MOST_SECONDS = 180


def require_length(script: FinishedScript) -> float:
    """About how many seconds its film has. Raises `ScriptTooLong` for one that nobody would see to its end."""
    seconds = round(sum(length_of(scene) for scene in script.scenes), 1)
    if seconds > MOST_SECONDS:
        said = f"The script makes a film of about {seconds:.0f} seconds; {MOST_SECONDS} are the most."
        raise ScriptTooLong(f"{said} Shorten it, or make two films of it.")
    return seconds


async def take_script(input: TakeScriptInput, step: Step) -> TakenScript:
    """The script as a film's beats, word for word. A repeat gives the same. Raises `ScriptTooLong`."""
    seconds = require_length(input.script)
    step.origin = Origin.UPLOAD
    script = staged(input.script)
    narration = " ".join(beat.narration for beat in script.beats)
    return TakenScript(script=script, idea=idea_of(script), narration=narration, seconds=seconds)
