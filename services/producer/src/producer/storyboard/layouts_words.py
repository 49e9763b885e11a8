"""Layouts led by words: two ways to open, three to make a point."""

from __future__ import annotations

from media.ass import rounded_rectangle
from media.motion import out_cubic, out_quint, ramp, swing

from producer.storyboard.canvas import Box
from producer.storyboard.geometry import polygon, stroke
from producer.storyboard.pen import Inks
from producer.storyboard.stage import SAFE, Picture, Stage, Words, line_left
from producer.storyboard.typeset import fit


def poster(stage: Stage) -> Picture:
    """A giant headline, and the illustration coming in from the right below it."""
    column = stage.column(Box(SAFE.left, SAFE.top + 14, SAFE.right, 860), em=204, least=64, lines=4)
    size = min(430.0, max(150.0, (1222 - column.bottom - 30) / 2))
    x, y = min(1080 - 0.80 * size, 780.0), column.bottom + 30 + size

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
        height=500,
        em=128,
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

    def paint(t: float) -> None:
        stage.draw(t, 490, (306 + crest) / 2, size=min(300.0, (crest - 306) / 2 - 18))
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
    column = stage.column(Box(SAFE.left, 800, SAFE.right, SAFE.bottom), em=112, lines=4, low=True)
    size = min(330.0, (column.top - 226) / 2.12)
    y = 226 + (column.top - 226) / 2 - 8

    def paint(t: float) -> None:
        stage.draw(t, 500, y + 7 * swing(t, period=4.0), size=size)
        column.paint(t)

    quiet = Box(SAFE.left, column.top, SAFE.right, SAFE.bottom)
    return Picture(paint, (quiet,), glow=(500, y), text_inks=(stage.palette.accent,))


def below(stage: Stage) -> Picture:
    """The words over the illustration, with a line that draws itself beside them."""
    column = stage.column(Box(SAFE.left + 44, SAFE.top, SAFE.right, 740), em=124, lines=4)
    size = min(330.0, max(190.0, (1205 - column.bottom - 50) / 2))
    y = column.bottom + 50 + size
    canvas, accent = stage.canvas, stage.palette.accent

    def paint(t: float) -> None:
        grown = ramp(t, start=0.05, duration=0.9, ease=out_cubic)
        foot = column.top + (column.bottom - column.top - 10) * grown
        canvas.shape(stroke([(SAFE.left + 5, column.top + 6), (SAFE.left + 5, foot)], 10), accent)
        stage.draw(t, 520, y + 6 * swing(t, period=4.0), size=size)
        column.paint(t)

    quiet = Box(SAFE.left, SAFE.top, SAFE.right, column.bottom)
    return Picture(paint, (quiet,), glow=(520, y), text_inks=(accent,))


def card(stage: Stage) -> Picture:
    """A field of the accent colour that slides up, words and illustration in ink on it."""
    palette, canvas = stage.palette, stage.canvas
    inks = Words(palette.ink, palette.ink, palette.ink, palette.ink)
    field = Box(64, 232, 920, 1192)
    column = stage.column(
        Box(field.left + 60, 640, field.right - 60, field.bottom - 56), em=98, lines=4, inks=inks, low=True, start=0.3
    )
    size = min(290.0, (column.top - field.top - 60) / 2)
    y = field.top + 36 + (column.top - field.top - 50) / 2

    def paint(t: float) -> None:
        come = ramp(t, start=0.0, duration=0.7, ease=out_quint)
        drop = 120 * (1 - come)
        panel = rounded_rectangle(field.width, field.height, 44, x=field.left, y=field.top + drop)
        canvas.shape(panel, palette.accent, min(1.0, 3 * come))
        stage.draw(t, (field.left + field.right) / 2, y + drop, size=size, inks=Inks.on_accent(palette), opacity=come)
        column.paint(t)

    return Picture(paint, text_inks=(palette.ink,))
