"""Layouts led by words: two ways to open, five to make a point."""

from __future__ import annotations

from dataclasses import replace

from media.ass import rounded_rectangle
from media.design import WIDTH, Box
from media.motion import out_cubic, out_quint, ramp, swing
from media.palette import blend

from producer.storyboard.geometry import polygon, ring, stroke
from producer.storyboard.pen import Inks
from producer.storyboard.stage import FOOT, SAFE, WHITE, Picture, Stage, Words, line_left
from producer.storyboard.typeset import fit


def poster(stage: Stage) -> Picture:
    """A giant headline, and the illustration at the right below it."""
    column = stage.column(Box(SAFE.left, SAFE.top, SAFE.right, 750), em=204, least=64, lines=4)
    size = min(430.0, max(210.0, (FOOT - column.bottom - 36) / 2))
    x, y = min(1010 - size, 720.0), FOOT - size

    def paint(t: float) -> None:
        stage.draw(t, x, y + 8 * swing(t, period=4.5), size=size)
        column.paint(t)

    quiet = Box(SAFE.left, column.top, SAFE.right, column.bottom)
    return Picture(paint, (quiet,), glow=(x, y), text_inks=(stage.palette.accent,))


def banner(stage: Stage) -> Picture:
    """The illustration over a headline cut into bars, each wiped in."""
    palette, canvas = stage.palette, stage.canvas
    box = Box(SAFE.left + 26, 640, SAFE.right - 26, 1180)
    block = fit(
        stage.headline,
        font=stage.face,
        width=box.width,
        height=460,
        em=152,
        least=48,
        leading=1.42,
        lines=4,
        hot=stage.beat.emphasis,
    )
    hot_line = [any(word.hot for word in line.words) for line in block.lines]
    if not any(hot_line) and hot_line:
        hot_line[-1] = True
    foot = 1176
    top = foot - block.height - 0.1 * block.em
    crest = top - 0.26 * block.em
    label = stage.label(SAFE)
    ceiling = SAFE.top + 56 if label.text else SAFE.top

    def paint(t: float) -> None:
        stage.draw(t, 560, (ceiling + crest) / 2, size=min(340.0, (crest - ceiling) / 2 - 26))
        for i, line in enumerate(block.lines):
            come = ramp(t, start=0.1 + 0.12 * i, duration=0.55, ease=out_quint)
            left = line_left(block, line.width, box, centred=False)
            baseline = top + block.cap + i * block.leading
            high, low = baseline - block.cap - 0.26 * block.em, baseline + 0.30 * block.em
            right = left - 26 + (line.width + 52) * come
            corners = [(left - 26, high), (right, high), (right, low), (left - 26, low)]
            field, ink = (palette.accent, palette.ink) if hot_line[i] else ("#ffffff", palette.ground)
            canvas.shape(polygon(corners), field, 1.0 if come > 0.01 else 0.0)
            canvas.text(
                " ".join(word.text for word in line.words),
                font=block.font,
                em=block.em,
                x=left,
                baseline=baseline,
                ink=ink,
                opacity=min(1.0, 2 * come),
                clip=Box(left - 26, high, right, low) if come < 0.999 else None,
                right_to_left=block.right_to_left,
            )
        label.paint(t, SAFE.top + 32)

    return Picture(paint, (Box(SAFE.left, SAFE.top, SAFE.right, 300),), glow=(490, 520), text_inks=(palette.accent,))


def above(stage: Stage) -> Picture:
    """The illustration over the words."""
    column = stage.column(Box(SAFE.left, 730, SAFE.right, SAFE.bottom), em=156, lines=4, low=True)
    size = min(370.0, (column.top - 226) / 2.14)
    y = 222 + (column.top - 226) / 2 - 8

    def paint(t: float) -> None:
        stage.draw(t, 540, y + 7 * swing(t, period=4.0), size=size)
        column.paint(t)

    quiet = Box(SAFE.left, column.top, SAFE.right, SAFE.bottom)
    return Picture(paint, (quiet,), glow=(540, y), text_inks=(stage.palette.accent,))


def below(stage: Stage) -> Picture:
    """The words over the illustration, with a line that draws itself beside them."""
    column = stage.column(Box(SAFE.left + 44, SAFE.top, SAFE.right, 740), em=156, lines=4)
    size = min(370.0, max(200.0, (FOOT - column.bottom - 50) / 2))
    y = (column.bottom + 50 + FOOT) / 2
    canvas, accent = stage.canvas, stage.palette.accent

    def paint(t: float) -> None:
        grown = ramp(t, start=0.05, duration=0.9, ease=out_cubic)
        foot = column.top + (column.bottom - column.top - 10) * grown
        canvas.shape(stroke([(SAFE.left + 5, column.top + 6), (SAFE.left + 5, foot)], 10), accent)
        stage.draw(t, 540, y + 6 * swing(t, period=4.0), size=size)
        column.paint(t)

    quiet = Box(SAFE.left, SAFE.top, SAFE.right, column.bottom)
    return Picture(paint, (quiet,), glow=(540, y), text_inks=(accent,))


def card(stage: Stage) -> Picture:
    """A field of the accent colour that slides up, words and illustration in ink on it."""
    palette, canvas = stage.palette, stage.canvas
    inks = Words(palette.ink, palette.ink, palette.ink, palette.ink)
    # The field is as far from either edge of the picture; only its words keep clear of the platforms' buttons.
    field = Box(64, 232, 1016, 1196)
    column = stage.column(
        Box(field.left + 60, 700, SAFE.right, field.bottom - 48), em=136, lines=4, inks=inks, low=True, start=0.2
    )
    size = min(330.0, (column.top - field.top - 60) / 2.1)
    y = field.top + 26 + (column.top - field.top - 40) / 2

    def paint(t: float) -> None:
        come = ramp(t, start=0.0, duration=0.6, ease=out_quint)
        drop = 160 * (1 - come)
        panel = rounded_rectangle(field.width, field.height, 52, x=field.left, y=field.top + drop)
        canvas.shape(panel, palette.accent, min(1.0, 4 * come))
        stage.draw(t, 540, y + drop, size=size, inks=Inks.on_accent(palette), opacity=come)
        column.paint(t)

    return Picture(paint, text_inks=(palette.ink,))


def arch(stage: Stage) -> Picture:
    """A field of colour from the top edge, bowed below, that comes down with the illustration; the words under it."""
    palette, canvas = stage.palette, stage.canvas
    tone = blend(palette.ground, palette.first, 0.62)
    column = stage.column(Box(SAFE.left, 850, SAFE.right, SAFE.bottom), em=164, lines=3, low=True)
    foot = column.top - 56
    size = min(360.0, (foot - 90 - 190) / 2.1)
    y = 176 + (foot - 90 - 176) / 2
    aside, over = canvas.offset

    def paint(t: float) -> None:
        come = ramp(t, start=0.0, duration=0.6, ease=out_quint)
        left, right = -aside - 4, WIDTH + aside + 4
        for drop, ink in ((16.0, palette.accent), (0.0, tone)):
            low = -over - 40 + (foot - 96 + drop + over + 40) * come
            bow = 80 + 14 * swing(t, period=3.2)
            crest = [
                (x, low + bow * (1 - ((x - WIDTH / 2) / (right - WIDTH / 2)) ** 2))
                for x in (left + (right - left) * i / 24 for i in range(25))
            ]
            canvas.shape(polygon([(left, -over - 60), *crest, (right, -over - 60)]), ink)
        stage.draw(t, 540, y - 90 * (1 - come), size=size)
        column.paint(t)

    quiet = Box(SAFE.left, column.top, SAFE.right, SAFE.bottom)
    return Picture(paint, (quiet,), text_inks=(palette.accent,))


def marker(stage: Stage) -> Picture:
    """Words alone, as large as they fit, the telling ones under a marker that is drawn while they come in."""
    palette, canvas = stage.palette, stage.canvas
    inks = Words(WHITE, palette.ink, stage.soft, palette.accent)
    column = stage.column(SAFE, em=232, least=60, lines=5, inks=inks, leading=1.14)
    lift = (SAFE.height - (column.bottom - column.top)) / 2
    column = replace(column, top=column.top + lift, bottom=column.bottom + lift)
    block, top = column.headline, column.top + column.label.height
    deep = Inks.on_ground(palette).deep
    centre = (1010.0, 1120.0)

    def paint(t: float) -> None:
        for i in range(5):
            life = (0.16 * t + i / 5) % 1.0
            canvas.shape(ring(centre, 80 + 1150 * life, 58), deep, 0.75 * (1 - life) * min(1.0, 8 * life))
        order = 0
        for i, line in enumerate(block.lines):
            baseline = top + block.cap + i * block.leading
            for start, end in line.hot_spans:
                come = ramp(t, start=column.start - 0.1 + 0.05 * order, duration=0.34, ease=out_cubic)
                left, right = SAFE.left + start - 0.07 * block.em, SAFE.left + end + 0.08 * block.em
                right = left + (min(right, SAFE.right + 12) - left) * come
                high, low = baseline - block.cap - 0.15 * block.em, baseline + 0.2 * block.em
                corners = [(left, high + 6), (right, high - 6), (right, low - 6), (left, low + 6)]
                canvas.shape(polygon(corners), palette.accent, 1.0 if come > 0.01 else 0.0)
            order += len(line.words)
        column.paint(t)

    return Picture(paint, (SAFE,), text_inks=(palette.accent,))
