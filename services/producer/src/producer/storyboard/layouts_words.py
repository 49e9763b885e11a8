"""Layouts led by words: two ways to open, five to make a point."""

from __future__ import annotations

from media.ass import rounded_rectangle
from media.design import Box
from media.motion import out_cubic, out_quint, ramp, swing
from media.palette import blend

from producer.storyboard.geometry import polygon, ring, stroke
from producer.storyboard.pen import Inks
from producer.storyboard.stage import WHITE, Picture, Stage, Words, aside, line_left, set_line
from producer.storyboard.typeset import fit


def poster(stage: Stage) -> Picture:
    """A giant headline, and the illustration at the right below it."""
    safe, foot = stage.safe, stage.sheet.foot
    if stage.sheet.is_tall:
        column = stage.column(Box(safe.left, safe.top, safe.right, 750), em=204, least=64, lines=4)
        size = min(430.0, max(210.0, (foot - column.bottom - 36) / 2))
        x, y = min(1010 - size, 720.0), foot - size
    else:
        beside = aside(stage, em=204, least=64)
        column, x, y, size = beside.column, beside.x, beside.y, beside.size

    def paint(t: float) -> None:
        stage.draw(t, x, y + 8 * swing(t, period=4.5), size=size)
        column.paint(t)

    quiet = Box(column.box.left, column.top, column.box.right, column.bottom)
    return Picture(paint, (quiet,), glow=(x, y), text_inks=(stage.palette.accent,))


def banner(stage: Stage) -> Picture:
    """The illustration over a headline cut into bars, each wiped in."""
    palette, canvas = stage.palette, stage.canvas
    safe, tall = stage.safe, stage.sheet.is_tall
    words, picture = (safe, safe) if tall else stage.halves(0.58)
    box = Box(words.left + 26, words.top + 404 if tall else words.top + 84, words.right - 26, words.bottom - 2)
    block = fit(
        stage.headline,
        font=stage.face,
        width=box.width,
        height=460 if tall else box.height - 60,
        em=152,
        least=48,
        leading=1.42,
        lines=4,
        hot=stage.beat.emphasis,
    )
    hot_line = [any(word.hot for word in line.words) for line in block.lines]
    if not any(hot_line) and hot_line:
        hot_line[-1] = True
    label = stage.label(words)
    ceiling = safe.top + 56 if label.text else safe.top
    top = (1176 if tall else (box.top + box.bottom + block.height) / 2) - block.height - 0.1 * block.em
    crest = top - 0.26 * block.em
    brow = safe.top if tall else crest - 84
    x, y = (560.0, (ceiling + crest) / 2) if tall else picture.centre
    size = min(340.0, (crest - ceiling) / 2 - 26) if tall else min(picture.width, picture.height) / 2.12

    def paint(t: float) -> None:
        stage.draw(t, x, y, size=size)
        for i, line in enumerate(block.lines):
            come = ramp(t, start=0.1 + 0.12 * i, duration=0.55, ease=out_quint)
            left = line_left(block, line.width, box, centred=False)
            baseline = top + block.cap + i * block.leading
            high, low = baseline - block.cap - 0.26 * block.em, baseline + 0.30 * block.em
            right = left - 26 + (line.width + 52) * come
            corners = [(left - 26, high), (right, high), (right, low), (left - 26, low)]
            field, ink = (palette.accent, palette.ink) if hot_line[i] else ("#ffffff", palette.ground)
            canvas.shape(polygon(corners), field, 1.0 if come > 0.01 else 0.0)
            clip = Box(left - 26, high, right, low) if come < 0.999 else None
            set_line(canvas, block, line=i, x=left, baseline=baseline, ink=ink, opacity=min(1.0, 2 * come), clip=clip)
        label.paint(t, brow + 32)

    quiet = Box(words.left, brow, words.right, brow + 64)
    return Picture(paint, (quiet,), glow=(490, 520) if tall else (x, y), text_inks=(palette.accent,))


def above(stage: Stage) -> Picture:
    """The illustration over the words."""
    safe = stage.safe
    if stage.sheet.is_tall:
        column = stage.column(Box(safe.left, 730, safe.right, safe.bottom), em=156, lines=4, low=True)
        size = min(370.0, (column.top - 226) / 2.14)
        x, y = 540.0, 222 + (column.top - 226) / 2 - 8
    else:
        beside = aside(stage, em=156, words_left=False)
        column, x, y, size = beside.column, beside.x, beside.y, beside.size

    def paint(t: float) -> None:
        stage.draw(t, x, y + 7 * swing(t, period=4.0), size=size)
        column.paint(t)

    quiet = Box(column.box.left, column.top, column.box.right, safe.bottom)
    return Picture(paint, (quiet,), glow=(x, y), text_inks=(stage.palette.accent,))


def below(stage: Stage) -> Picture:
    """The words over the illustration, with a line that draws itself beside them."""
    safe, foot = stage.safe, stage.sheet.foot
    if stage.sheet.is_tall:
        column = stage.column(Box(safe.left + 44, safe.top, safe.right, 740), em=156, lines=4)
        size = min(370.0, max(200.0, (foot - column.bottom - 50) / 2))
        x, y = 540.0, (column.bottom + 50 + foot) / 2
    else:
        beside = aside(stage, em=156, box=Box(safe.left + 44, safe.top, safe.right, safe.bottom))
        column, x, y, size = beside.column, beside.x, beside.y, beside.size
    canvas, accent = stage.canvas, stage.palette.accent

    def paint(t: float) -> None:
        grown = ramp(t, start=0.05, duration=0.9, ease=out_cubic)
        end = column.top + (column.bottom - column.top - 10) * grown
        canvas.shape(stroke([(safe.left + 5, column.top + 6), (safe.left + 5, end)], 10), accent)
        stage.draw(t, x, y + 6 * swing(t, period=4.0), size=size)
        column.paint(t)

    quiet = Box(safe.left, safe.top if stage.sheet.is_tall else column.top, column.box.right, column.bottom)
    return Picture(paint, (quiet,), glow=(x, y), text_inks=(accent,))


def card(stage: Stage) -> Picture:
    """A field of the accent colour that slides up, words and illustration in ink on it."""
    palette, canvas = stage.palette, stage.canvas
    inks = Words(palette.ink, palette.ink, palette.ink, palette.ink)
    # The field is as far from either edge of the picture; only its words keep clear of the platforms' buttons.
    field = stage.sheet.field
    if stage.sheet.is_tall:
        column = stage.column(
            Box(field.left + 60, 700, stage.safe.right, field.bottom - 48),
            em=136,
            lines=4,
            inks=inks,
            low=True,
            start=0.2,
        )
        size = min(330.0, (column.top - field.top - 60) / 2.1)
        x, y = 540.0, field.top + 26 + (column.top - field.top - 40) / 2
    else:
        inside = Box(field.left + 72, field.top + 64, field.right - 72, field.bottom - 64)
        beside = aside(stage, em=150, inks=inks, start=0.2, words_left=False, box=inside)
        column, x, y, size = beside.column, beside.x, beside.y, beside.size

    def paint(t: float) -> None:
        come = ramp(t, start=0.0, duration=0.6, ease=out_quint)
        drop = 160 * (1 - come)
        panel = rounded_rectangle(field.width, field.height, 52, x=field.left, y=field.top + drop)
        canvas.shape(panel, palette.accent, min(1.0, 4 * come))
        stage.draw(t, x, y + drop, size=size, inks=Inks.on_accent(palette), opacity=come)
        column.paint(t)

    return Picture(paint, text_inks=(palette.ink,))


def arch(stage: Stage) -> Picture:
    """A bowed field of colour that comes in from an edge with the illustration: from the top, or from the left."""
    palette, canvas, sheet = stage.palette, stage.canvas, stage.sheet
    tone = blend(palette.ground, palette.first, 0.62)
    if sheet.is_tall:
        top = 760 if stage.beat.detail else 850
        column = stage.column(Box(stage.safe.left, top, stage.safe.right, stage.safe.bottom), em=164, lines=3, low=True)
        edge = column.top - 56
        size = min(360.0, (edge - 90 - 190) / 2.1)
        x, y = 540.0, 176 + (edge - 90 - 176) / 2
    else:
        beside = aside(stage, em=164, share=0.55, words_left=False)
        column, x, y, size = beside.column, beside.x - 40, beside.y, 0.9 * beside.size
        edge = column.box.left - 56
    ways = (0.0, 1.0) if sheet.is_tall else (1.0, 0.0)

    def paint(t: float) -> None:
        come = ramp(t, start=0.0, duration=0.6, ease=out_quint)
        for drop, ink in ((16.0, palette.accent), (0.0, tone)):
            bow = 80 + 14 * swing(t, period=3.2)
            canvas.shape(_bowed(stage, edge - 96 + drop, bow=bow, come=come), ink)
        stage.draw(t, x - 90 * (1 - come) * ways[0], y - 90 * (1 - come) * ways[1], size=size)
        column.paint(t)

    quiet = Box(column.box.left, column.top, column.box.right, stage.safe.bottom)
    return Picture(paint, (quiet,), text_inks=(palette.accent,))


def _bowed(stage: Stage, edge: float, *, bow: float, come: float) -> str:
    """A field from the top of the picture, or from its left, to a bowed `edge`, as far as it has come."""
    sheet, (aside_by, over) = stage.sheet, stage.canvas.offset
    if sheet.is_tall:
        left, right = -aside_by - 4, sheet.width + aside_by + 4
        low = -over - 40 + (edge + over + 40) * come
        crest = [
            (x, low + bow * (1 - ((x - sheet.width / 2) / (right - sheet.width / 2)) ** 2))
            for x in (left + (right - left) * i / 24 for i in range(25))
        ]
        return polygon([(left, -over - 60), *crest, (right, -over - 60)])
    top, foot = -over - 4, sheet.height + over + 4
    far = -aside_by - 40 + (edge + aside_by + 40) * come
    crest = [
        (far + bow * (1 - ((y - sheet.height / 2) / (foot - sheet.height / 2)) ** 2), y)
        for y in (top + (foot - top) * i / 24 for i in range(25))
    ]
    return polygon([(-aside_by - 60, top), *crest, (-aside_by - 60, foot)])


def marker(stage: Stage) -> Picture:
    """Words alone, as large as they fit, the telling ones under a marker that is drawn while they come in."""
    palette, canvas = stage.palette, stage.canvas
    inks = Words(WHITE, palette.ink, stage.soft, palette.accent)
    safe = stage.safe
    column = stage.column(safe, em=232, least=60, lines=5, inks=inks, leading=1.14).in_the_middle_of(safe)
    block, top = column.headline, column.top + column.label.height
    deep = Inks.on_ground(palette).deep
    centre = (1010.0, 1120.0) if stage.sheet.is_tall else (0.86 * stage.sheet.width, 0.62 * stage.sheet.height)

    def paint(t: float) -> None:
        for i in range(5):
            life = (0.16 * t + i / 5) % 1.0
            canvas.shape(ring(centre, 80 + 1150 * life, 58), deep, 0.75 * (1 - life) * min(1.0, 8 * life))
        order = 0
        for i, line in enumerate(block.lines):
            baseline = top + block.cap + i * block.leading
            for start, end in line.hot_spans:
                come = ramp(t, start=column.start - 0.1 + 0.05 * order, duration=0.34, ease=out_cubic)
                left, right = safe.left + start - 0.07 * block.em, safe.left + end + 0.08 * block.em
                right = left + (min(right, safe.right + 12) - left) * come
                high, low = baseline - block.cap - 0.15 * block.em, baseline + 0.2 * block.em
                corners = [(left, high + 6), (right, high - 6), (right, low - 6), (left, low + 6)]
                canvas.shape(polygon(corners), palette.accent, 1.0 if come > 0.01 else 0.0)
            order += len(line.words)
        column.paint(t)

    return Picture(paint, (safe,), text_inks=(palette.accent,))
