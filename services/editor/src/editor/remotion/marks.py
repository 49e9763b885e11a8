"""From what is laid out to the marks that the worker draws: captions, overlays and the card's type. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from common.contracts.editing import Scene, Timeline
from media.fonts import is_right_to_left

from editor.captions import (
    FADE_MS,
    OUTLINE,
    POP_BOX,
    POP_WORD,
    SHADOW,
    Look,
    Moment,
    Pop,
    Setting,
    box_of,
    lay_out,
    moments_of,
    setting_of,
    sunk_by,
)
from editor.cards import card_lines
from editor.overlays import (
    IN_MS,
    OUT_MS,
    RISE,
    Halo,
    Line,
    Page,
    Panel,
    begins,
    lay_out_overlay,
    overlay_marks,
    shown_frames,
)
from editor.remotion.drawing import DrawnHalo, Entrance, PanelMark, PopScales, TextMark

_BLUR = 0.85
"""What libass calls a blur of 1, as a standard deviation."""
_OVERLAY, _CAPTION = 0, 10
"""Layers: captions lie over what else is written."""
_COMES = Entrance(fade_in_ms=IN_MS, fade_out_ms=OUT_MS, rise=RISE)


def scene_marks_of(scene: Scene, page: Page, *, frames: range, starts: int) -> Iterable[TextMark | PanelMark]:
    """Yield what is written over a scene: on the `frames` of its body, the first of which is the film's `starts`."""
    setting = setting_of(page.size, page.captions, platforms=page.platforms)
    pages = lay_out(scene.words, frames=frames, size=page.size, style=page.captions, platforms=page.platforms)
    for overlay in scene.overlays:
        shown = shown_frames(overlay, fps=page.size.fps, frames=frames)
        for mark in overlay_marks(lay_out_overlay(overlay, page, captioned=bool(pages)), page) if shown else ():
            first = begins(mark, shown, fps=page.size.fps)
            yield _overlay(mark, range(starts + first, starts + shown.stop))
    for one in pages:
        for moment in moments_of(one, karaoke=setting.karaoke):
            during = range(starts + moment.during.start, starts + moment.during.stop)
            yield _caption(moment, during, setting, page)


def card_marks_of(timeline: Timeline, page: Page, *, frames: range) -> Iterable[TextMark | PanelMark]:
    """Yield the end card's type, if there is a card."""
    for line in card_lines(timeline.end_card, page) if timeline.end_card else ():
        yield _text(line, frames, layer=_OVERLAY, entrance=Entrance()).model_copy(update={"card": True})


def _overlay(mark: Line | Panel, during: range) -> TextMark | PanelMark:
    if isinstance(mark, Line):
        layer = _OVERLAY + (1 if isinstance(mark, Halo) else 2)
        return _text(mark, during, layer=layer, entrance=_COMES)
    return PanelMark(
        start=during.start,
        stop=during.stop,
        layer=_OVERLAY + mark.layer,
        entrance=_COMES,
        left=mark.box.left,
        top=mark.box.top,
        width=mark.box.width,
        height=mark.box.height,
        radius=mark.radius,
        ink=mark.ink,
        opacity=mark.opacity,
    )


def _text(line: Line, during: range, *, layer: int, entrance: Entrance) -> TextMark:
    halo = None
    if isinstance(line, Halo):
        halo = DrawnHalo(reach=line.reach, blur=_BLUR * line.blur, ink=line.ink, opacity=line.opacity)
    return TextMark(
        start=during.start,
        stop=during.stop,
        layer=layer,
        entrance=entrance,
        text=line.text,
        family=line.font.family,
        em=line.em,
        x=line.left,
        baseline=line.baseline,
        ink=line.ink,
        halo=halo,
        right_to_left=is_right_to_left(line.text),
    )


def _caption(moment: Moment, during: range, setting: Setting, page: Page) -> TextMark | PanelMark:
    word, palette = moment.word, page.palette
    if moment.look is Look.BOX:
        box, radius = box_of(word, setting=setting)
        return PanelMark(
            start=during.start,
            stop=during.stop,
            layer=_CAPTION,
            entrance=_pops(POP_BOX),
            left=box.left,
            top=box.top,
            width=box.width,
            height=box.height,
            radius=radius,
            ink=palette.accent,
        )
    spoken = moment.look is Look.SPOKEN
    edge = 0.0 if spoken else OUTLINE * setting.unit * word.scale
    entrance = Entrance(fade_in_ms=FADE_MS if moment.fades else 0)
    return TextMark(
        start=during.start,
        stop=during.stop,
        layer=_CAPTION + 1,
        entrance=_pops(POP_WORD) if spoken and word.scale == 1 else entrance,
        text=word.glyphs.text,
        family=word.glyphs.font.family,
        em=setting.em * word.scale,
        x=word.x,
        baseline=setting.y + sunk_by(word, setting=setting),
        anchor="middle",
        ink=palette.ink if spoken else "#ffffff",
        outline=edge,
        outline_ink=palette.ground,
        shadow=0.0 if spoken else SHADOW * setting.unit * word.scale,
        right_to_left=is_right_to_left(word.glyphs.text),
    )


def _pops(pop: Pop) -> Entrance:
    return Entrance(pop=PopScales(wide=pop.wide, high=pop.high, over=pop.over))
