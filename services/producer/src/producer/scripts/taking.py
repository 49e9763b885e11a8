"""A finished script taken over: its words as they are, staged for a film; other ones only where a reviewer asks."""

from __future__ import annotations

from common.bus.step import Step
from common.contracts.scripts import FinishedScript, TakenScript, TakeScriptInput
from common.contracts.values import Origin
from vendors.text_model import TextModel
from vendors.text_model.staging import idea_of, length_of, staged

from producer.errors import ScriptTooLong
from producer.rewriting import Desk, orders_in
from producer.scripts.revising import MOST_SECONDS, Revised, revise, seconds_of


def require_length(script: FinishedScript) -> float:
    """About how many seconds its film has. Raises `ScriptTooLong` for one that nobody would see to its end."""
    seconds = round(sum(length_of(scene.text, scene.seconds) for scene in script.scenes), 1)
    if seconds > MOST_SECONDS:
        said = f"The script makes a film of about {seconds:.0f} seconds; {MOST_SECONDS} are the most."
        raise ScriptTooLong(f"{said} Shorten it, or make two films of it.")
    return seconds


async def take_script(input: TakeScriptInput, step: Step, *, writer: TextModel) -> TakenScript:
    """The script as a film's beats, word for word; or the `previous` one with what a reviewer asked for.

    A repeat gives the same. Raises `ScriptTooLong`. What cannot be done is said in `remarks`, and stays as it was.
    """
    require_length(input.script)
    if input.previous is None:
        revised = Revised(staged(input.script))
    else:
        orders = input.rework or orders_in(input.feedback or "", count=len(input.previous.beats))
        revised = await revise(input.previous, orders, Desk(step, writer, input.brief))
    step.origin = revised.origin or Origin.UPLOAD
    script = revised.script
    narration = " ".join(beat.narration for beat in script.beats)
    return TakenScript(
        script=script,
        idea=idea_of(script),
        narration=narration,
        seconds=seconds_of(script),
        remarks=revised.remarks,
    )
