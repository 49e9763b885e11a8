"""What Fountain and Final Draft have in common: paragraphs of a screenplay, of which the dialogue is spoken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from producer.scripts.found import Found, FoundScene, LeftOut


class Part(StrEnum):
    """What a paragraph of a screenplay is, in the words in which it is said to have been left out."""

    HEADING = "scene heading"
    ACTION = "action"
    CHARACTER = "name"
    DIALOGUE = "dialogue"
    PARENTHETICAL = "parenthetical"
    TRANSITION = "transition"
    OTHER = "other"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, in one line."""

    part: Part
    text: str
    line: int


@dataclass
class _Scene:
    heading: str
    line: int
    said: list[str] = field(default_factory=list)


def scenes_of(paragraphs: Sequence[Paragraph], *, title: str = "", left_out: Sequence[LeftOut] = ()) -> Found:
    """Its scenes, each with all that is said in it. One voice speaks the film, so who says it is left out.

    Of a screenplay in which nobody speaks the action is what is heard. Without headings each paragraph is a scene.
    """
    spoken = Part.DIALOGUE if any(one.part is Part.DIALOGUE for one in paragraphs) else Part.ACTION
    has_headings = any(one.part is Part.HEADING for one in paragraphs)
    scenes: list[_Scene] = []
    lost = list(left_out)
    for one in paragraphs:
        if one.part is Part.HEADING:
            scenes.append(_Scene(one.text, one.line))
        elif one.part is spoken:
            if not scenes or not has_headings:
                scenes.append(_Scene("", one.line))
            scenes[-1].said.append(one.text)
        elif one.part is not Part.CHARACTER:
            lost.append(LeftOut(line=one.line, what=one.part.value, text=one.text))
    lost += [LeftOut(line=one.line, what="scene without words", text=one.heading) for one in scenes if not one.said]
    lost += _names(paragraphs)
    found = (FoundScene(one.line, " ".join(one.said), one.heading) for one in scenes if one.said)
    return Found(tuple(found), tuple(sorted(lost, key=lambda one: one.line)), title)


def _names(paragraphs: Sequence[Paragraph]) -> Iterator[LeftOut]:
    """The first time each name stands there."""
    seen: set[str] = set()
    for one in paragraphs:
        if one.part is Part.CHARACTER and one.text not in seen:
            seen.add(one.text)
            yield LeftOut(line=one.line, what=one.part.value, text=one.text)
