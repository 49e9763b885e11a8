"""The plan's own faults, found before a single frame is drawn: unreadable, unread, or too long. Pure.

Making the film again would not mend any of these, so all of them stop it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from common.contracts.editing import Scene, Timeline
from media.ass import escape
from media.design import Box
from media.fonts import INTER_BOLD, clean, writable

from editor.captions import extent, lay_out, setting_of
from editor.cards import card_box
from editor.checks.faults import Fault, Part
from editor.overlays import Page, lay_out_overlay, shown_frames
from editor.subtitles import cues
from editor.timeline import body, film_words, frames_ms, total_frames


def plan_faults(timeline: Timeline) -> tuple[Fault, ...]:
    """Return what is wrong with a timeline: its length, captions that leave words out, and text in unsafe places."""
    page = Page(
        size=timeline.format,
        palette=timeline.palette,
        brand=timeline.brand,
        captions=timeline.captions,
        platforms=timeline.platforms,
    )
    said = [*_length(timeline), *_subtitles(timeline)]
    for place, scene in enumerate(timeline.scenes):
        frames = body(timeline, place)
        said += _captions(scene, frames, page)
        said += _overlays(scene, frames, page)
    if timeline.end_card and not page.safe.holds(card_box(timeline.end_card, page)):
        said.append("The end card's text does not fit into the safe area.")
    return tuple(Fault(part=Part.PLAN, said=one) for one in said)


def _length(timeline: Timeline) -> Iterable[str]:
    fps = timeline.format.fps
    lasts = frames_ms(total_frames(timeline), fps=fps)
    if abs(lasts - timeline.duration_ms) > 1000 / fps:
        yield f"Its scenes last {lasts} ms and the plan says {timeline.duration_ms} ms."


def _subtitles(timeline: Timeline) -> Iterable[str]:
    words = film_words(timeline)
    script = [part for word in words for part in clean(word.text).split()]
    read = [part for cue in cues(words, duration_ms=timeline.duration_ms) for part in cue.text.split()]
    if "".join(read) != "".join(script):
        lost = list((Counter(script) - Counter(read)).elements())
        yield f"The subtitles leave out {_some(lost)}." if lost else "The subtitles say the words in another order."


def _captions(scene: Scene, frames: range, page: Page) -> Iterable[str]:
    if not page.captions.shown:
        return
    pages = lay_out(scene.words, frames=frames, size=page.size, style=page.captions, platforms=page.platforms)
    script = Counter(text for word in scene.words if (text := escape(writable(word.text, font=INTER_BOLD)[1])))
    read = Counter(word.glyphs.text for one in pages for word in one.words)
    if lost := list((script - read).elements()):
        yield f"Scene {scene.index}'s captions leave out {_some(lost)}: spoken where it has not the picture to itself."
    setting = setting_of(page.size, page.captions, platforms=page.platforms)
    for one in pages:
        if not page.safe.holds(extent(one, setting=setting)):
            yield f"Scene {scene.index}'s captions lie under a platform's controls, at {_height(setting.y, page)}."
            return


def _overlays(scene: Scene, frames: range, page: Page) -> Iterable[str]:
    for overlay in scene.overlays:
        if not shown_frames(overlay, fps=page.size.fps, frames=frames):
            yield f"Scene {scene.index}'s text “{overlay.text}” is never seen."
            continue
        box = lay_out_overlay(overlay, page, captioned=bool(scene.words)).box
        if not page.safe.holds(box):
            yield f"Scene {scene.index}'s text “{overlay.text}” does not fit into the safe area: {_outside(box, page)}."


def _outside(box: Box, page: Page) -> str:
    over = (
        (page.safe.left - box.left, "left"),
        (page.safe.top - box.top, "above"),
        (box.right - page.safe.right, "right"),
        (box.bottom - page.safe.bottom, "below"),
    )
    most, side = max(over)
    return f"{most:.0f} pixels too far {side}"


def _height(y: float, page: Page) -> str:
    return f"{y:.0f} of {page.safe.top:.0f} to {page.safe.bottom:.0f}"


def _some(words: list[str]) -> str:
    shown = ", ".join(f"“{word}”" for word in words[:5])
    return f"{shown} and {len(words) - 5} more" if len(words) > 5 else shown
