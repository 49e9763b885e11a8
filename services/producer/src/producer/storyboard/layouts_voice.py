"""Layouts with a voice: two for a quotation, two to close."""

from __future__ import annotations

import math

from media.ass import rounded_rectangle
from media.design import Box
from media.fonts import FRAUNCES, INTER_BOLD
from media.motion import out_back, out_cubic, out_quint, ramp, swing

from producer.storyboard.geometry import along, ring, sector, stroke
from producer.storyboard.pen import Inks
from producer.storyboard.stage import SAFE, Picture, Stage, Words
from producer.storyboard.typeset import Block, fit


def quote(stage: Stage) -> Picture:
    """A quotation under a great mark, in serifs; the illustration far back."""
    canvas, accent = stage.canvas, stage.palette.accent
    column = stage.column(Box(SAFE.left, 560, SAFE.right, 1150), em=160, least=44, lines=7, face=FRAUNCES)
    inks = Inks.on_ground(stage.palette)

    def paint(t: float) -> None:
        stage.draw(t, 796, 352, size=212)
        come = ramp(t, start=0.0, duration=0.55, ease=out_back)
        for i in range(2):
            x = SAFE.left + 62 + 128 * i
            _comma(stage, (x, 430 + 5 * swing(t, period=2.8, phase=0.1 * i)), 62 * come)
        column.paint(t)
        run = ramp(t, start=0.3, duration=max(1.0, stage.life - 0.6))
        foot = min(1186.0, column.bottom + 34)
        canvas.shape(stroke([(SAFE.left + 4, foot), (SAFE.right - 4, foot)], 6), inks.deep)
        canvas.shape(stroke([(SAFE.left + 4, foot), (SAFE.left + 4 + (SAFE.width - 8) * run, foot)], 6), accent)

    quiet = Box(SAFE.left, 550, SAFE.right, SAFE.bottom)
    return Picture(paint, (quiet,), glow=(796, 352), text_inks=(accent,))


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
    outer = Box(64, 250, 1016, 1180)
    # Words keep clear of the platforms' buttons at the right, and as far from the left, to stand in the middle.
    inner = Box(1080 - SAFE.right, outer.top + 84, SAFE.right, outer.bottom - 76)
    column = stage.column(inner, em=164, least=40, lines=7, face=FRAUNCES, centred=True)
    shift = (inner.height - (column.bottom - column.top)) / 2
    column = stage.column(
        Box(inner.left, inner.top + shift, inner.right, inner.bottom),
        em=164,
        least=40,
        lines=7,
        face=FRAUNCES,
        centred=True,
    )
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


def finale(stage: Stage) -> Picture:
    """The end: a mark that closes into a tick, the last words, and a button that asks."""
    canvas, palette = stage.canvas, stage.palette
    inks = Inks.on_ground(palette)
    centre = (494.0, 430.0)
    ask = fit(stage.beat.detail or "", font=INTER_BOLD, width=660, height=150, em=46, least=32, leading=1.2, lines=2)
    column = stage.column(
        Box(SAFE.left, 640, SAFE.right, 1190 - (ask.height + 110 if ask.lines else 0)),
        em=164,
        lines=4,
        centred=True,
        detail="",
        start=0.2,
    )

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
            _button(stage, ask, t, top=column.bottom + 48)

    quiet = Box(SAFE.left, 580, SAFE.right, SAFE.bottom)
    return Picture(paint, (quiet,), glow=centre, text_inks=(palette.accent,))


def _button(stage: Stage, ask: Block, t: float, *, top: float) -> None:
    """Draw a pill that pops up, breathes, and has a light run over it."""
    palette, canvas = stage.palette, stage.canvas
    come = ramp(t, start=0.55, duration=0.55, ease=out_back)
    if come < 0.02:
        return
    breath = 1 + 0.018 * swing(t, period=1.25)
    wide, high = (ask.width + 110) * come * breath, (ask.height + 58) * breath
    left, y = 494 - wide / 2, top + (ask.height + 58 - high) / 2
    canvas.shape(rounded_rectangle(wide, high, high / 2, x=left, y=y), palette.accent)
    for i, line in enumerate(ask.lines):
        canvas.text(
            " ".join(word.text for word in line.words),
            font=ask.font,
            em=ask.em,
            x=494 - line.width / 2,
            baseline=top + 29 + ask.cap + i * ask.leading + 0.08 * ask.em,
            ink=palette.ink,
            opacity=ramp(t, start=0.75, duration=0.3),
            right_to_left=ask.right_to_left,
        )


def seal(stage: Stage) -> Picture:
    """The end on a great disc of the accent colour, words in ink."""
    canvas, palette = stage.canvas, stage.palette
    inks = Words(palette.ink, palette.ink, palette.ink, palette.ink)
    centre, radius = (540.0, 708.0), 470.0
    box = Box(centre[0] - 362, 456, centre[0] + 362, 1010)
    column = stage.column(box, em=176, least=44, lines=4, inks=inks, centred=True, start=0.2)
    shift = (box.height - (column.bottom - column.top)) / 2
    column = stage.column(
        Box(box.left, box.top + shift, box.right, box.bottom),
        em=176,
        least=44,
        lines=4,
        inks=inks,
        centred=True,
        start=0.2,
    )
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
        x, y = centre[0], centre[1] - radius + 104
        if plus > 0.02:
            canvas.shape(ring((x, y), 30 * plus, 60 * plus), palette.ink)
            canvas.shape(stroke([(x - 24 * plus, y), (x + 24 * plus, y)], 11), palette.accent)
            canvas.shape(stroke([(x, y - 24 * plus), (x, y + 24 * plus)], 11), palette.accent)

    return Picture(paint, text_inks=(palette.ink,))
