"""Words that are there already, written again by what a reviewer said: which scenes are meant, and who writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.bus.step import Step
from common.contracts.production import Beat, PostCopy
from common.contracts.rework import Rework, ReworkStage
from vendors.text_model import (
    REWRITE_BEAT,
    REWRITE_POST,
    BeatPart,
    BeatRewrite,
    PostRewrite,
    RewrittenBeat,
    RewrittenPost,
    TextModel,
    TextRequest,
    Written,
)
from vendors.text_model.asking import ask
from vendors.text_model.offline.words import sentences

WHICH_SCENE = "Which scene is meant? Name it, as in: scene 2."
"""Said of words that would come to stand in several scenes."""

_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "last": -1, "final": -1}
_NUMBERED = re.compile(r"\b(?:scenes?|szenen?)\s+(\d{1,3}(?:\s*(?:,|and|und|&)\s*\d{1,3})*)", re.I)
_COUNTED = re.compile(rf"\b({'|'.join(_ORDINALS)})\s+(?:scene|sentence|line|beat)\b", re.I)
_HOOK = re.compile(r"\b(?:hook|opening|opener)\b", re.I)
_END = re.compile(r"\b(?:ending|closing)\b", re.I)
_POST = re.compile(r"\b(?:title|hashtags?|caption)\b", re.I)
_QUOTED = re.compile(r"[\"“”'‘][^\"“”'’]{2,}[\"“”'’]")


@dataclass(frozen=True)
class Desk:
    """Who writes, for which step and brief."""

    step: Step
    writer: TextModel
    brief: str

    async def beat(
        self, beat: Beat, instruction: str, *, part: BeatPart, language: str, key: str
    ) -> Written[RewrittenBeat]:
        """One beat as it is wanted, or why it is not. A retry of the step gets the same."""
        asked = BeatRewrite(beat=beat, instruction=instruction, part=part, language=language, brief=self.brief)
        return await ask(self.step, self.writer, TextRequest(REWRITE_BEAT, RewrittenBeat, asked), key=key)

    async def post(self, post: PostCopy, instruction: str, *, language: str, key: str) -> Written[RewrittenPost]:
        """A post's words as they are wanted, or why they are not. A retry of the step gets the same."""
        asked = PostRewrite(post=post, instruction=instruction, language=language)
        return await ask(self.step, self.writer, TextRequest(REWRITE_POST, RewrittenPost, asked), key=key)


def orders_in(comment: str, *, count: int) -> tuple[Rework, ...]:
    """A comment on `count` scenes as orders: of each scene it names the sentences that do, else all of it of all."""
    if not comment.strip():
        return ()
    named = scenes_named(comment, count=count)
    if not named:
        stage = ReworkStage.CAPTION if _POST.search(_QUOTED.sub("", comment)) else ReworkStage.SCRIPT
        return (Rework(stage=stage, instruction=comment),)
    said: dict[int, list[str]] = {}
    places: Sequence[int] = named
    for sentence in sentences(comment) if len(named) > 1 else [comment]:
        # A sentence that names no scene goes on about those of the one before it.
        places = scenes_named(sentence, count=count) or places
        for place in places:
            said.setdefault(place, []).append(sentence)
    return tuple(
        Rework(scene=place, stage=ReworkStage.SCRIPT, instruction=" ".join(said[place])) for place in sorted(said)
    )


def scenes_named(text: str, *, count: int) -> list[int]:
    """The scenes that somebody names, counted from 0, in order; also such as are not there."""
    bare = _QUOTED.sub("", text)
    named = {int(number) - 1 for found in _NUMBERED.finditer(bare) for number in re.findall(r"\d+", found[1])}
    named |= {_ORDINALS[found[1].lower()] % count for found in _COUNTED.finditer(bare)}
    named |= {0} if _HOOK.search(bare) else set()
    named |= {count - 1} if _END.search(bare) else set()
    return sorted(place for place in named if place >= 0)


def summed_up(outcomes: Iterable[tuple[bool, str]]) -> tuple[bool, str]:
    """What became of one order in several scenes, in a sentence or two."""
    told = list(outcomes)
    heeded = [said for done, said in told if done]
    if not heeded:
        return told[0]
    return True, heeded[0] if len(told) == 1 else f"Done in {len(heeded)} of {len(told)} scenes. {heeded[0]}"
