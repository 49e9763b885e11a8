"""Layouts with a voice: two for a quotation, two to close."""

from __future__ import annotations

import math

from media.ass import rounded_rectangle
from media.design import Box
from media.fonts import FRAUNCES, INTER_BOLD, Font
from media.motion import out_back, out_cubic, out_quint, ramp, swing

from producer.storyboard.geometry import Point, along, ring, sector, stroke
from producer.storyboard.pen import Inks
from producer.storyboard.stage import Column, Picture, Stage, Words, set_line
from producer.storyboard.typeset import Block, fit


def quote(stage: Stage) -> Picture:
    """A quotation under a great mark, in serifs; the illustration far back."""
    canvas, accent = stage.canvas, stage.palette.accent
    safe, tall = stage.safe, stage.sheet.is_tall
    # The mark takes its room above the words; where the picture does not stand above them, it stands beside them.
    words, picture = (safe, safe) if tall else stage.halves(0.64)
    mark = 430.0 if tall else words.top + 108
    box = Box(words.left, mark + 130 if tall else mark + 84, words.right, 1150 if tall else words.bottom - 40)
    column = stage.column(box, em=160, least=44, lines=7, face=FRAUNCES)
    inks = Inks.on_ground(stage.palette)
    x, y = (796.0, 352.0) if tall else picture.centre
    size = 212.0 if tall else min(picture.width, picture.height) / 2.2

    def paint(t: float) -> None:
        stage.draw(t, x, y, size=size)
        come = ramp(t, start=0.0, duration=0.55, ease=out_back)
        for i in range(2):
            _comma(stage, (words.left + 62 + 128 * i, mark + 5 * swing(t, period=2.8, phase=0.1 * i)), 62 * come)
        column.paint(t)
        run = ramp(t, start=0.3, duration=max(1.0, stage.life - 0.6))
        foot = min(1186.0 if tall else words.bottom, column.bottom + 34)
        canvas.shape(stroke([(words.left + 4, foot), (words.right - 4, foot)], 6), inks.deep)
        canvas.shape(stroke([(words.left + 4, foot), (words.left + 4 + (words.width - 8) * run, foot)], 6), accent)

    quiet = Box(words.left, box.top - 10, words.right, safe.bottom)
    return Picture(paint, (quiet,), glow=(x, y), text_inks=(accent,))


def _comma(stage: Stage, centre: tuple[float, float], size: float) -> None:
    """Draw an opening quotation mark: a disc with a tail that goes up to the right."""
    x, y = centre
    if size < 2:
        return
    stage.canvas.shape(ring((x, y), size / 2, size), stage.palette.accent)
    tail = [(x - 0.86 * size + 0.12 * size * i, y - 0.2 * size - (1.7 * size) * (i / 8) ** 0.8) for i in range(9)]
    stage.canvas.shape(stroke(tail, 0.52 * size, end_width=0.18 * size), stage.palette.accent)


def frame(stage: Stage) -> Picture:
    """A quotation inside a line that draws itself around it, with a light that runs along."""
    canvas, palette = stage.canvas, stage.palette
    field = stage.sheet.field
    outer = Box(field.left, 250, field.right, 1180) if stage.sheet.is_tall else field
    # Words keep clear of the platforms' buttons at the right, and as far from the left, to stand in the middle.
    right = stage.safe.right if stage.sheet.is_tall else stage.safe.right - 0.06 * stage.sheet.width
    inner = Box(stage.sheet.width - right, outer.top + 84, right, outer.bottom - 76)
    column = _in_the_middle(stage, inner, em=164, least=40, lines=7, face=FRAUNCES)
    path = [
        (outer.left, outer.top),
        (outer.right, outer.top),
        (outer.right, outer.bottom),
        (outer.left, outer.bottom),
        (outer.left, outer.top),
    ]

    def paint(t: float) -> None:
        drawn = ramp(t, start=0.0, duration=1.1, ease=out_cubic)
        canvas.shape(stroke(along(path, drawn), 7), palette.accent, 0.95)
        x, y = along(path, (0.10 * t) % 1.0)[-1]
        beat = 1 + 0.2 * swing(t, period=1.1)
        canvas.shape(ring((x, y), 22 * beat, 8), palette.accent, 0.5 * drawn)
        canvas.shape(ring((x, y), 7, 14), "#ffffff", drawn)
        column.paint(t)

    return Picture(paint, (outer,), text_inks=(palette.accent,))


def _in_the_middle(
    stage: Stage,
    box: Box,
    *,
    em: float,
    least: float,
    lines: int,
    face: Font | None = None,
    inks: Words | None = None,
    start: float = 0.12,
) -> Column:
    """Words in the middle of a box. They are set again in what is left above them, as short words may grow there."""

    def within(box: Box) -> Column:
        return stage.column(box, em=em, least=least, lines=lines, face=face, inks=inks, centred=True, start=start)

    column = within(box)
    shift = (box.height - (column.bottom - column.top)) / 2
    return within(Box(box.left, box.top + shift, box.right, box.bottom))


def finale(stage: Stage) -> Picture:
    """The end: a mark that closes into a tick, the last words, and a button that asks."""
    canvas, palette = stage.canvas, stage.palette
    inks = Inks.on_ground(palette)
    safe, tall = stage.safe, stage.sheet.is_tall
    ask = fit(stage.beat.detail or "", font=INTER_BOLD, width=660, height=150, em=46, least=32, leading=1.2, lines=2)
    below = ask.height + 110 if ask.lines else 0
    picture, words = (safe, Box(safe.left, 640, safe.right, 1190)) if tall else stage.halves(0.3)
    centre = (494.0, 430.0) if tall else picture.centre
    box = Box(words.left, words.top, words.right, words.bottom - below)
    column = stage.column(box, em=164, lines=4, centred=True, detail="", start=0.2)
    if not tall:
        column = column.in_the_middle_of(box)
    middle = box.centre[0]

    def paint(t: float) -> None:
        for i in range(3):
            life = (0.36 * t + i / 3) % 1.0
            canvas.shape(ring(centre, 122 + 120 * life, 7), inks.second, 0.8 * (1 - life))
        come = ramp(t, start=0.0, duration=0.6, ease=out_back)
        if come > 0.02:
            canvas.shape(ring(centre, 61 * come, 122 * come), palette.accent)
            canvas.shape(sector(centre, 146 * come, 9, start=1.4 * t, end=1.4 * t + 4.4), palette.accent)
        tick = [(centre[0] - 52, centre[1] + 4), (centre[0] - 14, centre[1] + 42), (centre[0] + 58, centre[1] - 42)]
        drawn = ramp(t, start=0.4, duration=0.5, ease=out_cubic)
        if drawn > 0.01:
            canvas.shape(stroke(along(tick, drawn), 24), palette.ink)
        column.paint(t)
        if ask.lines:
            _button(stage, ask, t, middle=middle, top=column.bottom + 48)

    quiet = Box(words.left, words.top - 60 if tall else words.top, words.right, safe.bottom)
    return Picture(paint, (quiet,), glow=centre, text_inks=(palette.accent,))


def _button(stage: Stage, ask: Block, t: float, *, middle: float, top: float) -> None:
    """Draw a pill that pops up, breathes, and has a light run over it."""
    palette, canvas = stage.palette, stage.canvas
    come = ramp(t, start=0.55, duration=0.55, ease=out_back)
    if come < 0.02:
        return
    breath = 1 + 0.018 * swing(t, period=1.25)
    wide, high = (ask.width + 110) * come * breath, (ask.height + 58) * breath
    left, y = middle - wide / 2, top + (ask.height + 58 - high) / 2
    canvas.shape(rounded_rectangle(wide, high, high / 2, x=left, y=y), palette.accent)
    for i, line in enumerate(ask.lines):
        set_line(
            canvas,
            ask,
            line=i,
            x=middle - line.width / 2,
            baseline=top + 29 + ask.cap + i * ask.leading + 0.08 * ask.em,
            ink=palette.ink,
            opacity=ramp(t, start=0.75, duration=0.3),
        )


def seal(stage: Stage) -> Picture:
    """The end on a great disc of the accent colour, words in ink."""
    canvas, palette = stage.canvas, stage.palette
    inks = Words(palette.ink, palette.ink, palette.ink, palette.ink)
    centre, radius, box = _disc(stage)
    column = _in_the_middle(stage, box, em=176, least=44, lines=4, inks=inks, start=0.2)
    tones = Inks.on_ground(palette)

    def paint(t: float) -> None:
        come = ramp(t, start=0.0, duration=0.75, ease=out_quint)
        rays = 40
        for i in range(rays):
            turn = i * math.tau / rays + 0.16 * t
            near, far = radius + 18, radius + 40 + 12 * swing(t, period=1.6, phase=i / 5)
            ends = [(centre[0] + r * come * math.cos(turn), centre[1] + r * come * math.sin(turn)) for r in (near, far)]
            canvas.shape(stroke(ends, 9), tones.second, come)
        if come > 0.01:
            canvas.shape(ring(centre, radius / 2 * come, radius * come), palette.accent)
        canvas.shape(ring(centre, (radius - 26) * come, 4), palette.ink, 0.7 * come)
        turn = 0.7 * t
        dot = (centre[0] + (radius - 26) * math.cos(turn), centre[1] + (radius - 26) * math.sin(turn))
        canvas.shape(ring(dot, 8, 16), palette.ink, ramp(t, start=0.6, duration=0.3))
        column.paint(t)
        plus = ramp(t, start=0.5, duration=0.5, ease=out_back) * (1 + 0.08 * swing(t, period=1.2))
        x, y = centre[0], box.top - 114
        if plus > 0.02:
            canvas.shape(ring((x, y), 30 * plus, 60 * plus), palette.ink)
            canvas.shape(stroke([(x - 24 * plus, y), (x + 24 * plus, y)], 11), palette.accent)
            canvas.shape(stroke([(x, y - 24 * plus), (x, y + 24 * plus)], 11), palette.accent)

    return Picture(paint, text_inks=(palette.ink,))


def _disc(stage: Stage) -> tuple[Point, float, Box]:
    """A disc's middle, its radius, and the room for words in it, below its mark."""
    sheet = stage.sheet
    if sheet.is_wide:
        # As high as the picture it would have no room for words: it hangs in from the top edge.
        return (960.0, 8.0), 760.0, Box(500, 208, 1420, 656)
    (x, y), radius = ((540.0, 708.0), 470.0) if sheet.is_tall else (sheet.field.centre, sheet.field.height / 2 - 24)
    share = radius / 470
    return (x, y), radius, Box(x - 362 * share, y - 252 * share, x + 362 * share, y + 302 * share)
