"""A script for an idea: it fits its time, and every number in it comes from the idea or the brief."""

from __future__ import annotations

import re
from collections.abc import Mapping

import orjson
from common.contracts.production import (
    Beat,
    BeatKind,
    Change,
    Diagram,
    DiagramForm,
    Figure,
    PostCopy,
    ProductionInput,
    Script,
)
from common.contracts.values import JsonObject
from pydantic import BaseModel, Field

from vendors.text_model.port import WRITE_SCRIPT
from vendors.text_model.tasks.task import Task, Unfit, draft_in
from vendors.text_model.told import settled, untold

WORDS_PER_SECOND = 2.45
TOLERATED = 1.25
"""A script may be this much over its words: the voice is measured, and the producer trims what does not fit."""
_SPOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class FigureDraft(BaseModel):
    """A number worth showing large."""

    value: str = Field(min_length=1, max_length=24)
    label: str = Field(max_length=80)


class ChangeDraft(BaseModel):
    """Two states of one thing."""

    before: str = Field(min_length=1, max_length=60, description="In the narration's own words, at most six.")
    after: str = Field(min_length=1, max_length=60, description="In the narration's own words, at most six.")
    before_label: str = Field(max_length=16, description="Such as 'before', in the language of the script.")
    after_label: str = Field(max_length=16, description="Such as 'now', in the language of the script.")

    def change(self) -> Change:
        """As the producer knows it."""
        return Change.model_validate(self.model_dump())


class DiagramDraft(BaseModel):
    """What is connected with what."""

    form: DiagramForm
    nodes: list[str] = Field(min_length=2, max_length=5, description="In the narration's own words, at most five each.")
    links: list[str] = Field(default=[], max_length=5, description="The narration's own words for the lines, or none.")

    def diagram(self) -> Diagram:
        """As the producer knows it."""
        return Diagram(form=self.form, nodes=tuple(self.nodes), links=tuple(self.links))


class BeatDraft(BaseModel):
    """One thought: what is heard, and what is shown."""

    kind: BeatKind
    narration: str = Field(min_length=1, max_length=600, description="Spoken word for word.")
    headline: str = Field(min_length=1, max_length=90, description="Shown large; at most eight words.")
    emphasis: list[str] = Field(default=[], max_length=4, description="Words of the headline, to be coloured.")
    kicker: str = Field(default="", max_length=60, description="A small label above the headline, or empty.")
    detail: str = Field(default="", max_length=140, description="One smaller line below, or empty.")
    figure: FigureDraft | None = Field(default=None, description="Only in a beat of kind 'number'.")
    items: list[str] = Field(default=[], max_length=4, description="Only in a beat of kind 'steps': short lines.")
    change: ChangeDraft | None = Field(default=None, description="Only in a beat of kind 'change'.")
    diagram: DiagramDraft | None = Field(default=None, description="Only in a beat of kind 'diagram'.")

    def beat(self) -> Beat:
        """As the producer knows it. Coloured words that the headline does not have are left out."""
        return Beat(
            kind=self.kind,
            narration=self.narration.strip(),
            headline=self.headline.strip(),
            emphasis=tuple(word for word in self.emphasis if word and word in self.headline),
            kicker=self.kicker,
            detail=self.detail,
            figure=Figure(value=self.figure.value, label=self.figure.label) if self.figure else None,
            items=tuple(self.items),
            change=self.change.change() if self.change else None,
            diagram=self.diagram.diagram() if self.diagram else None,
        )


class PostDraft(BaseModel):
    """The words that go with the film."""

    title: str = Field(min_length=1, max_length=100)
    caption: str = Field(min_length=1, max_length=2000)
    hashtags: list[str] = Field(default=[], max_length=10)

    def post(self) -> PostCopy:
        """As the publisher knows it: a hash sign before each tag, and no spaces in it."""
        tags = ("#" + re.sub(r"\W", "", tag) for tag in self.hashtags)
        return PostCopy(
            title=self.title, caption=self.caption, hashtags=tuple(dict.fromkeys(t for t in tags if t != "#"))
        )


class ScriptDraft(BaseModel):
    """A film in words."""

    title: str = Field(min_length=1, max_length=120)
    beats: list[BeatDraft] = Field(min_length=1, max_length=24)
    post: PostDraft


def most_words(target_seconds: int) -> int:
    """How many words may be spoken in that time, at most."""
    return max(6, int(target_seconds * WORDS_PER_SECOND * TOLERATED))


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, written one way: 1,000 is 1000."""
    return {re.sub(r"[.,](?=\d{3}\b)", "", number).replace(",", ".") for number in _NUMBER.findall(text)}


def _shown(input: ProductionInput) -> JsonObject:
    shown: JsonObject = {
        "brief": input.brief,
        "idea": input.idea.model_dump(mode="json", exclude={"id", "sources", "score", "resembles"}),
        "language": input.language,
        "target_seconds": input.target_seconds,
    }
    if input.feedback:
        shown["feedback"] = input.feedback
        if input.previous:
            shown["previous_script"] = input.previous.script.model_dump(mode="json")
    return shown


def _read(text: str, input: ProductionInput) -> Script:
    draft = draft_in(text, ScriptDraft)
    beats = tuple(beat.beat() for beat in draft.beats)
    least = 3 if input.target_seconds >= 8 else 1
    if len(beats) < least:
        raise Unfit(f"There are {len(beats)} beats; a film of {input.target_seconds} seconds needs {least} at least.")
    if mute := [number for number, beat in enumerate(beats) if not _SPOKEN.search(beat.narration)]:
        raise Unfit(f"Beat {mute[0]} says nothing that could be spoken.")
    for number, beat in enumerate(beats):
        require_told(beat, f"Beat {number}")
    spoken = sum(len(_SPOKEN.findall(beat.narration)) for beat in beats)
    if spoken > most_words(input.target_seconds):
        raise Unfit(
            f"The narration has {spoken} words; {input.target_seconds} seconds have room for"
            f" {most_words(input.target_seconds)} at most."
        )
    known = numbers_in(orjson.dumps(_shown(input)).decode())
    if invented := sorted(numbers_in(" ".join(words_of(beat) for beat in beats)) - known):
        raise Unfit(f"These numbers are in neither the brief nor the idea, and must not be invented: {invented}.")
    return Script(
        title=draft.title,
        language=input.language,
        beats=tuple(settled(beat) for beat in beats),
        post=draft.post.post(),
    )


def require_told(beat: Beat, name: str) -> None:
    """Raise `Unfit` where a beat's kind promises what is not there, or shows what its narration does not say."""
    missing = {BeatKind.CHANGE: beat.change, BeatKind.DIAGRAM: beat.diagram}.get(beat.kind, beat) is None
    if missing:
        raise Unfit(f"{name} is of kind {beat.kind.value!r} and has no {beat.kind.value!r}.")
    if beat.kind in {BeatKind.CHANGE, BeatKind.DIAGRAM} and (invented := untold(beat)):
        raise Unfit(f"{name} draws what its narration does not say in these words: {list(invented)}.")
    if beat.diagram and beat.diagram.form is DiagramForm.COMPARISON and len(beat.diagram.nodes) != 2:
        raise Unfit(f"{name} compares {len(beat.diagram.nodes)} things; a comparison has two nodes.")


def words_of(beat: Beat) -> str:
    """What a beat says and shows of its own: the words whose numbers must have been told before."""
    figure = beat.figure.value if beat.figure else ""
    labels = (beat.change.before_label, beat.change.after_label) if beat.change else ()
    return " ".join((beat.narration, beat.headline, beat.detail, figure, *beat.items, *labels))


def _numbers(input: ProductionInput) -> Mapping[str, object]:
    return {"seconds": input.target_seconds, "words": int(input.target_seconds * WORDS_PER_SECOND)}


SCRIPT = Task(
    name=WRITE_SCRIPT,
    takes=ProductionInput,
    gives=Script,
    prompt="write_script.v2",
    shown=_shown,
    read=_read,
    words=_numbers,
    draft=ScriptDraft,
)
