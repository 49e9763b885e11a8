"""A finished script as beats: its words stay as they are; what is shown beside them is chosen from them by rule.

No model is asked. What somebody wrote is theirs, so nothing is added to it, not even a label.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from common.contracts.ideation import Idea
from common.contracts.production import Beat, BeatKind, PostCopy, Script
from common.contracts.scripts import FinishedScript

from vendors.text_model.offline.drafts import WORDS_PER_SECOND
from vendors.text_model.offline.headlines import emphasis_in, fits, headline_of
from vendors.text_model.offline.language import detect
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.numbers import find_figure
from vendors.text_model.offline.post import CAPTION_LIMIT
from vendors.text_model.offline.relations import drawn
from vendors.text_model.offline.words import spoken_length, unfinished, word_count
from vendors.text_model.told import settled

_SHORTEST_SECONDS = 2.2
_WHOLE = 5
"""Words of a sentence that is its own headline."""
_MOST_NUMBERS = 2
_MOST_DRAWN = 2
_QUOTES = ('"', "“", "„", "«")


def length_of(text: str, seconds: float | None) -> float:
    """About how many seconds a scene takes: what the script says, or what its words need where that is more."""
    return max(_SHORTEST_SECONDS, seconds or 0, spoken_length(text) / WORDS_PER_SECOND)


def staged(finished: FinishedScript) -> Script:
    """The script's scenes as beats, one for one. The same script gives the same beats."""
    texts = [scene.text for scene in finished.scenes]
    language = finished.language or detect(" ".join(texts))
    title = finished.title or unfinished(texts[0])[:90]
    beats = tuple(
        Beat(kind=BeatKind.POINT, narration=scene.text, headline=scene.headline, seconds=scene.seconds)
        for scene in finished.scenes
    )
    if finished.title and fits(finished.title) and not beats[0].headline:
        beats = (beats[0].model_copy(update={"headline": finished.title}), *beats[1:])
    bare = Script(title=title, language=language, beats=beats, post=PostCopy(title=title, caption=_caption(texts)))
    return _with_kinds(_with_headlines(bare, emphasise=True))


def restaged(script: Script) -> Script:
    """The script as somebody edited it: a beat without a headline is staged anew, by the words it has now."""
    lacks = {place for place, beat in enumerate(script.beats) if not beat.headline.strip()}
    return _with_kinds(_with_headlines(script), only=lacks)


def idea_of(script: Script) -> Idea:
    """What a finished script is about, in its own words."""
    said = tuple(beat.narration for beat in script.beats)
    return Idea(
        id="script", title=script.title, hook=said[0], angle="a finished script", summary=script.post.caption,
        points=said, why="It was brought along, finished.",
    )  # fmt: skip


def _with_headlines(script: Script, *, emphasise: bool = False) -> Script:
    """Each beat with a headline, from its own words where it has none; `emphasise` those that were given, too."""
    beats = []
    for beat in script.beats:
        headline, emphasis = beat.headline.strip(), beat.emphasis
        if not headline and word_count(beat.narration) <= _WHOLE and fits(beat.narration):
            # So short a sentence says less, or something else, when a part of it is missing.
            headline = unfinished(beat.narration) + "?" * beat.narration.endswith("?")
            emphasis = emphasis_in(headline)
        elif not headline:
            line = Line(beat.narration, figure=find_figure(beat.narration))
            headline, emphasis = headline_of(line, language=script.language)
        elif emphasise:
            emphasis = emphasis_in(headline)
        beats.append(beat.model_copy(update={"headline": headline, "emphasis": emphasis}))
    return script.model_copy(update={"beats": tuple(beats)})


def _with_kinds(script: Script, *, only: Collection[int] | None = None) -> Script:
    """Each beat as what it does in the film; the first opens it, and the last closes it."""
    beats: list[Beat] = []
    for place, beat in enumerate(script.beats):
        if only is not None and place not in only:
            beats.append(settled(beat))
            continue
        bare = beat.model_copy(update={"kind": BeatKind.POINT, "figure": None, "change": None, "diagram": None})
        if place == 0:
            beats.append(bare.model_copy(update={"kind": BeatKind.HOOK}))
        elif place == len(script.beats) - 1:
            beats.append(bare.model_copy(update={"kind": BeatKind.CLOSE}))
        else:
            beats.append(_of_its_kind(bare, beats, script.language))
    return script.model_copy(update={"beats": tuple(beats)})


def _of_its_kind(beat: Beat, before: Sequence[Beat], language: str) -> Beat:
    """A quotation, what can be drawn, a number, or else a point."""
    kinds = [one.kind for one in before]
    if beat.narration.startswith(_QUOTES):
        return beat.model_copy(update={"kind": BeatKind.QUOTE})
    if kinds.count(BeatKind.CHANGE) + kinds.count(BeatKind.DIAGRAM) < _MOST_DRAWN:
        told = drawn(beat)
        if told.kind is not BeatKind.POINT:
            return told
    figure = find_figure(beat.narration) if language == "en" else None
    if figure and kinds.count(BeatKind.NUMBER) < _MOST_NUMBERS:
        return beat.model_copy(update={"kind": BeatKind.NUMBER, "figure": figure})
    return beat


def _caption(texts: list[str]) -> str:
    """Its first sentences, as many as fit whole."""
    caption = texts[0][:CAPTION_LIMIT]
    for text in texts[1:]:
        if len(caption) + 1 + len(text) > CAPTION_LIMIT:
            break
        caption += f" {text}"
    return caption
