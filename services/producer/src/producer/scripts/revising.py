"""A script that a reviewer sent back, with what they asked for: what nothing asks for stays, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from common.contracts.production import Script
from common.contracts.rework import Rework, Reworked, ReworkStage
from common.contracts.scripts import LONGEST_TEXT
from common.contracts.values import Origin
from vendors.text_model import BeatPart
from vendors.text_model.staging import length_of

from producer.rewriting import WHICH_SCENE, Desk, summed_up

MOST_SECONDS = 180
_LATER = frozenset({ReworkStage.VOICE, ReworkStage.SOUND, ReworkStage.CUT})
_NOT_YET = "There is no film yet that could sound or be cut otherwise; say it again when there is one."


@dataclass(frozen=True)
class Revised:
    """The script as it is now, and what became of each order. `model` and `origin` are of who wrote last; or none."""

    script: Script
    remarks: tuple[Reworked, ...] = ()
    model: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True)
class _Outcome:
    revised: Revised
    done: bool
    said: str


def seconds_of(script: Script) -> float:
    """About how long its film is. The voice is measured only when it is spoken."""
    return round(sum(length_of(beat.narration, beat.seconds) for beat in script.beats), 1)


async def revise(script: Script, orders: Sequence[Rework], desk: Desk) -> Revised:
    """The script with its `orders` done, one after the other, each as far as it can be; scenes neither come nor go."""
    revised = Revised(script)
    for number, order in enumerate(orders):
        outcome = await _follow(order, revised, desk, key=f"revise:{number}")
        remark = Reworked(
            scene=order.scene, stage=order.stage, done=outcome.done, said=outcome.said, note_ids=order.note_ids
        )
        revised = replace(outcome.revised, remarks=(*revised.remarks, remark))
    return revised


async def _follow(order: Rework, revised: Revised, desk: Desk, *, key: str) -> _Outcome:
    count = len(revised.script.beats)
    if order.stage in _LATER:
        return _Outcome(revised, done=False, said=_NOT_YET)
    if order.scene is not None and order.scene >= count:
        said = f"The script has {count} scenes; there is no scene {order.scene + 1}."
        return _Outcome(revised, done=False, said=said)
    if order.stage is ReworkStage.CAPTION and order.scene is None:
        return await _other_post(order, revised, desk, key=key)
    outcome = await _other_words(order, revised, desk, key=key)
    refusal = _unfit(outcome.revised.script, before=revised.script) if outcome.done else ""
    return _Outcome(revised, done=False, said=refusal) if refusal else outcome


async def _other_words(order: Rework, revised: Revised, desk: Desk, *, key: str) -> _Outcome:
    script = revised.script
    places = range(len(script.beats)) if order.scene is None else [order.scene]
    part = BeatPart.SHOWN if order.stage is ReworkStage.CLIP else BeatPart.SPOKEN
    beats, told = list(script.beats), []
    for place in places:
        written = await desk.beat(
            beats[place], order.instruction, part=part, language=script.language, key=f"{key}:{place}"
        )
        told.append((written.value.done, written.value.said))
        if written.value.done:
            beats[place] = written.value.beat
            revised = replace(revised, model=written.model, origin=written.origin)
    done, said = summed_up(told)
    return _Outcome(replace(revised, script=script.model_copy(update={"beats": tuple(beats)})), done, said)


async def _other_post(order: Rework, revised: Revised, desk: Desk, *, key: str) -> _Outcome:
    script = revised.script
    written = await desk.post(script.post, order.instruction, language=script.language, key=f"{key}:post")
    if not written.value.done:
        return _Outcome(revised, done=False, said=written.value.said)
    post = written.value.post
    title = post.title if script.title == script.post.title else script.title
    now = script.model_copy(update={"post": post, "title": title})
    return _Outcome(replace(revised, script=now, model=written.model, origin=written.origin), True, written.value.said)


def _unfit(script: Script, *, before: Script) -> str:
    """Why the script cannot be filmed as it has become; empty when it can."""
    new = [now.narration for now, was in zip(script.beats, before.beats, strict=True) if now.narration != was.narration]
    if len(set(new)) < len(new):
        return WHICH_SCENE
    if any(len(text) > LONGEST_TEXT for text in new):
        return f"A scene would say more than {LONGEST_TEXT} characters, which is too much for one picture."
    seconds = seconds_of(script)
    if seconds > MOST_SECONDS and seconds > seconds_of(before):
        return f"The film would have about {seconds:.0f} seconds; {MOST_SECONDS} are the most."
    return ""
