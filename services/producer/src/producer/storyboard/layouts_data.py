"""Layouts led by figures and lists: two for a number, two for steps."""

from __future__ import annotations

import math
import re

from media.ass import circle, rounded_rectangle
from media.design import Box
from media.fonts import INTER_BOLD, INTER_SEMIBOLD, Font, text_width
from media.motion import out_back, out_cubic, out_quint, ramp, swing
from media.palette import blend

from producer.storyboard.geometry import ring, sector, stroke
from producer.storyboard.pen import Inks
from producer.storyboard.quantities import share_in
from producer.storyboard.stage import WHITE, Column, Picture, Stage, aside, rise_lines, set_line
from producer.storyboard.typeset import Block, fit, one_line

_NUMBER = re.compile(r"\d[\d.,' \u00a0\u202f]*")
_COUNT_SECONDS = 1.05


def dial(stage: Stage) -> Picture:
    """A figure that counts up inside a ring, which fills to it if it is a percentage; the headline below."""
    figure, accent = stage.beat.figure, stage.palette.accent
    value, label = (figure.value, figure.label) if figure else (stage.headline, "")
    canvas, inks = stage.canvas, Inks.on_ground(stage.palette)
    safe = stage.safe
    if stage.sheet.is_tall:
        # With a detail below it the headline gets more room, or it would be no larger than the detail.
        top = 770 if stage.beat.detail else 850
        column = stage.column(Box(safe.left, top, safe.right, safe.bottom), em=112, least=46, lines=3, low=True)
        radius = min(310.0, (column.top - 262) / 2)
        centre = (540.0, 236 + radius + (column.top - 262 - 2 * radius) / 2)
    else:
        beside = aside(stage, em=136, share=0.53, words_left=False)
        column, centre, radius = beside.column, (beside.x, beside.y), beside.size
    number = one_line(value, font=stage.face, width=1.52 * radius, em=0.80 * radius)
    words = fit(label, font=INTER_SEMIBOLD, width=1.30 * radius, height=130, em=46, least=30, leading=1.2, lines=2)
    share = share_in(value)

    def paint(t: float) -> None:
        come = ramp(t, start=0.0, duration=0.5, ease=out_back)
        canvas.shape(ring(centre, radius * come, 26), inks.deep)
        sweep = ramp(t, start=0.15, duration=_COUNT_SECONDS, ease=out_cubic) * (1.0 if share is None else share)
        end = -math.pi / 2 + math.tau * max(0.004, sweep)
        canvas.shape(sector(centre, radius * come, 30, start=-math.pi / 2, end=end), accent)
        # A light runs along the filled part, to and fro if that has an end.
        run = (0.22 * t) % 1.0 if share is None else sweep * (0.5 - 0.5 * math.cos(0.9 * t))
        light = (centre[0] + radius * math.sin(math.tau * run), centre[1] - radius * math.cos(math.tau * run))
        canvas.shape(circle(9, x=light[0], y=light[1]), stage.palette.ink, come)
        for i in range(36):
            turn = i * math.tau / 36 + 0.22 * t
            reach = (radius - 42) * come
            dot = (centre[0] + reach * math.cos(turn), centre[1] + reach * math.sin(turn))
            size = 4.4 + 2.0 * swing(t, period=1.5, phase=i / 12)
            canvas.shape(ring(dot, size / 2, size), inks.second, 0.9)
        _count(stage, number, value, t, centre=centre[0], baseline=centre[1] + number.cap * (0.36 if label else 0.5))
        _centred_lines(stage, words, t, centre=centre[0], top=centre[1] + number.cap * 0.36 + 44)
        column.paint(t)

    inside = Box(
        centre[0] - 0.75 * radius, centre[1] - 0.5 * radius, centre[0] + 0.75 * radius, centre[1] + 0.6 * radius
    )
    quiet = Box(column.box.left, column.top, column.box.right, safe.bottom)
    return Picture(paint, (quiet, inside), glow=centre, text_inks=(accent,))


def chart(stage: Stage) -> Picture:
    """A giant figure at the left; below, a hundred dots filled to it if it is a percentage, else the illustration."""
    figure, palette = stage.beat.figure, stage.palette
    value, label = (figure.value, figure.label) if figure else (stage.headline, "")
    safe, tall = stage.safe, stage.sheet.is_tall
    box, beside = (safe, safe) if tall else stage.halves(0.56)
    tag = stage.label(box)
    number = one_line(value, font=stage.face, width=box.width, em=300)
    words = fit(label or stage.headline, font=INTER_BOLD, width=box.width, height=190, em=62, least=36, lines=3)
    height = tag.height + number.cap + 58 + words.height
    brow = safe.top if tall else box.centre[1] - height / 2
    top = brow + tag.height
    words_top = top + number.cap + 58
    crown = words_top + words.height + 34
    share = share_in(value)
    size = min(360.0, (stage.sheet.foot - crown) / 2) if tall else min(beside.width, beside.height) / 2.12
    x, y = (540.0, crown + size) if tall else beside.centre
    dots = Box(safe.left, crown, safe.right, 1190) if tall else _square_in(beside)

    def paint(t: float) -> None:
        tag.paint(t, brow + 32)
        if share is None:
            stage.draw(t, x, y + 6 * swing(t, period=4), size=size)
        else:
            _dots(stage, share, t, box=dots)
        _count(stage, number, value, t, left=box.left, baseline=top + number.cap)
        rise_lines(stage.canvas, words, box=box, top=words_top, t=t - 0.35, ink=WHITE, hot=palette.accent)

    return Picture(paint, (Box(box.left, brow, box.right, crown - 40),), text_inks=(palette.accent,))


def _square_in(box: Box) -> Box:
    """The largest square in the middle of a box."""
    (x, y), half = box.centre, min(box.width, box.height) / 2
    return Box(x - half, y - half, x + half, y + half)


def _dots(stage: Stage, share: float, t: float, *, box: Box) -> None:
    """Draw ten by ten dots of which as many are filled as there are per cent; a swell keeps running through them."""
    pitch = min(box.width, box.height) / 10
    full: list[str] = []
    empty: list[str] = []
    for i in range(100):
        row, column = divmod(i, 10)
        come = ramp(t, start=0.05 + 0.006 * i, duration=0.45, ease=out_back)
        swell = 1 + 0.14 * swing(t, period=1.9, phase=-(row + column) / 12)
        radius = 0.36 * pitch * come * swell
        if radius > 0.5:
            dot = circle(radius, x=box.left + (column + 0.5) * pitch, y=box.top + (row + 0.5) * pitch)
            (full if i < round(100 * share) else empty).append(dot)
    for dots, ink in ((empty, Inks.on_ground(stage.palette).deep), (full, stage.palette.accent)):
        if dots:
            stage.canvas.shape(" ".join(dots), ink)


def ladder(stage: Stage) -> Picture:
    """A list that builds along a line; each step has its moment."""
    canvas, palette = stage.canvas, stage.palette
    inks = Inks.on_ground(palette)
    column, room = _headed(stage, foot=560, gap=56)
    rows = _rows(stage, Box(room.left + 124, room.top, room.right, room.bottom), em=82)
    centres = [top + block.height / 2 - 0.07 * block.em for top, block in rows]

    def paint(t: float) -> None:
        column.paint(t)
        if not rows:
            return
        line = ramp(t, start=0.2, duration=0.9, ease=out_cubic)
        x, first, last = room.left + 44, centres[0], centres[-1]
        canvas.shape(stroke([(x, first), (x, first + (last - first) * line)], 8), inks.deep)
        now = _now(t, stage.life, len(rows))
        reach = first + (last - first) * min(1.0, now / max(1, len(rows) - 1))
        canvas.shape(stroke([(x, first), (x, min(reach, first + (last - first) * line))], 8), palette.accent)
        for i, (top, block) in enumerate(rows):
            come = ramp(t, start=0.22 + 0.13 * i, duration=0.5, ease=out_back)
            lit = ramp(now, start=i - 0.35, duration=0.35)
            _badge(stage, (x, centres[i]), i, come, lit)
            if int(now + 0.35) == i:
                beat = (t * 0.8) % 1.0
                canvas.shape(ring((x, centres[i]), 44 + 26 * beat, 5), palette.accent, 0.8 * (1 - beat))
            ink = WHITE if lit > 0.5 else blend(WHITE, palette.ground, 0.26)
            box = Box(room.left + 124, top, room.right, top + block.height)
            rise_lines(canvas, block, box=box, top=top, t=t - 0.26 - 0.13 * i, ink=ink, hot=ink, span=0.2)

    return Picture(paint, (stage.safe,), text_inks=(palette.accent, blend(WHITE, palette.ground, 0.26)))


def cascade(stage: Stage) -> Picture:
    """Steps on cards that slide in one after another; the one that counts now is lit."""
    canvas, palette = stage.canvas, stage.palette
    dark = blend(palette.ground, palette.first, 0.34)
    column, room = _headed(stage, foot=520, gap=40)
    items = stage.beat.items[:4] or (stage.headline,)
    gap = 22.0
    high = min(260.0, (room.height - gap * (len(items) - 1)) / len(items))
    top = room.centre[1] - ((high + gap) * len(items) - gap) / 2 if stage.sheet.is_wide else room.top

    def set_at(em: float) -> list[Block]:
        widths = [room.width - 200 - 28 * i for i in range(len(items))]
        return [
            fit(item, font=INTER_BOLD, width=width, height=high - 40, em=em, least=30, leading=1.14, lines=3)
            for item, width in zip(items, widths, strict=True)
        ]

    # Cards of one list speak with one voice: all as large as the one that has least room.
    blocks = set_at(min(block.em for block in set_at(78)))

    def paint(t: float) -> None:
        column.paint(t)
        now = _now(t, stage.life, len(items))
        for i, block in enumerate(blocks):
            come = ramp(t, start=0.18 + 0.12 * i, duration=0.6, ease=out_quint)
            lit = ramp(now, start=i - 0.3, duration=0.3) * (1 - ramp(now, start=i + 0.7, duration=0.3))
            lift = 1.5 * swing(t, period=2.8, phase=i / 5)
            left, y = room.left + 28 * i + 260 * (1 - come), top + i * (high + gap) + lift
            box = rounded_rectangle(room.width - 28 * i, high, 30, x=left, y=y)
            canvas.shape(box, blend(dark, palette.accent, lit), come)
            ink = palette.ink if lit > 0.5 else WHITE
            canvas.text(
                str(i + 1),
                font=stage.face,
                em=84,
                x=left + 40,
                baseline=y + high / 2 + 30,
                ink=palette.ink if lit > 0.5 else palette.accent,
                opacity=come,
            )
            for k, line in enumerate(block.lines):
                baseline = y + (high - block.height) / 2 + block.cap + k * block.leading + 0.07 * block.em
                x = left + 132 if not block.right_to_left else room.right - 40 - line.width
                set_line(canvas, block, line=k, x=x, baseline=baseline, ink=ink, opacity=come)

    quiet = Box(column.box.left, column.top, column.box.right, column.bottom)
    return Picture(paint, (quiet,), text_inks=(palette.accent,))


def _headed(stage: Stage, *, foot: float, gap: float) -> tuple[Column, Box]:
    """The beat's headline, and the room for a list: below it, or beside it where the sheet is wide."""
    safe = stage.safe
    if stage.sheet.is_wide:
        words, room = stage.halves(0.44)
        return stage.column(words, em=136, least=48, lines=5, detail="").in_the_middle_of(words), room
    box = Box(safe.left, safe.top, safe.right, foot if stage.sheet.is_tall else safe.top + 340)
    column = stage.column(box, em=124, least=48, lines=3, detail="")
    return column, Box(safe.left, column.bottom + gap, safe.right, safe.bottom + (4 if gap == 56 else 10))


def _rows(stage: Stage, box: Box, *, em: float) -> list[tuple[float, Block]]:
    """Set the items below each other, as many as there are, sharing the box evenly."""
    items = stage.beat.items[:4]
    if not items:
        return []
    share = min(270.0, box.height / len(items))
    blocks = [
        fit(item, font=INTER_BOLD, width=box.width, height=share - 26, em=em, least=30, leading=1.14, lines=3)
        for item in items
    ]
    even = min(block.em for block in blocks)
    blocks = [
        fit(
            item,
            font=INTER_BOLD,
            width=box.width,
            height=share - 26,
            em=max(even, 0.8 * block.em),
            least=30,
            leading=1.14,
            lines=3,
        )
        for item, block in zip(items, blocks, strict=True)
    ]
    return [(box.top + i * share + (share - block.height) / 2, block) for i, block in enumerate(blocks)]


def _badge(stage: Stage, centre: tuple[float, float], index: int, come: float, lit: float) -> None:
    palette, canvas = stage.palette, stage.canvas
    field = blend(blend(palette.ground, palette.first, 0.42), palette.accent, lit)
    if come > 0.05:
        canvas.shape(ring(centre, 20 * come, 40 * come), field)
    text = str(index + 1)
    number = fit(text, font=INTER_BOLD, width=60, height=60, em=44, least=20, lines=1)
    canvas.text(
        text,
        font=number.font,
        em=number.em,
        x=centre[0] - number.width / 2,
        baseline=centre[1] + number.cap / 2,
        ink=palette.ink if lit > 0.5 else WHITE,
        opacity=min(1.0, come),
    )


def _now(t: float, life: float, count: int) -> float:
    """Return which item counts at `t`, moving on smoothly through the shot."""
    share = min(1.0, max(0.0, (t - 0.9) / max(0.6, life - 1.6)))
    return share * (count - 0.5)


def _count(
    stage: Stage, block: Block, value: str, t: float, *, baseline: float, left: float | None = None, centre: float = 0.0
) -> None:
    """Draw the figure on its way up from nothing, in the form it is written in."""
    share = ramp(t, start=0.1, duration=_COUNT_SECONDS, ease=out_cubic)
    come = ramp(t, start=0.05, duration=0.35, ease=out_cubic)
    x = left if left is not None else centre - block.width / 2
    ink = stage.palette.accent
    if share >= 1 or block.right_to_left:
        text = " ".join(line.text for line in block.lines)
        stage.canvas.text(text, font=block.font, em=block.em, x=x, baseline=baseline, ink=ink, opacity=come)
        return
    now = one_line(counted(value, share), font=block.font, em=block.em)
    text = " ".join(line.text for line in now.lines)
    for place, sign in in_cells(text, block.font, block.em, right=x + block.width):
        stage.canvas.text(sign, font=now.font, em=now.em, x=place, baseline=baseline, ink=ink, opacity=come)


def in_cells(text: str, font: Font, em: float, *, right: float) -> list[tuple[float, str]]:
    """Return where each sign of a running number stands, up to `right`: digits in cells of one width.

    The faces' own digits differ in width, and a number that is set by them trembles as it counts.
    """
    cell = max(text_width(font, em, digit) for digit in "0123456789")
    placed, x = [], right
    for sign in reversed(text):
        own = text_width(font, em, sign)
        x -= cell if sign.isdigit() else own
        if not sign.isspace():
            placed.append((x + (cell - own) / 2 if sign.isdigit() else x, sign))
    return placed[::-1]


def counted(value: str, share: float) -> str:
    """Return `value` with its first number at `share` of its size, written the same way: 3,812.5 at a half is 1,906.3.

    A value without a number, and any value at share 1, comes back as it is.
    """
    found = _NUMBER.search(value)
    if found is None or share >= 1:
        return value
    written = found.group().rstrip(" .,'\u00a0\u202f")
    decimals = re.search(r"[.,](\d{1,2}|\d{4,})$", written)
    places = len(decimals.group(1)) if decimals else 0
    digits = re.sub(r"\D", "", written)
    now = str(int(int(digits) * min(1.0, max(0.0, share)))).rjust(places + 1, "0")
    whole, rest = (now[:-places], now[-places:]) if places else (now, "")
    separator = next((mark for mark in written[: len(written) - places - bool(places)] if not mark.isdigit()), "")
    if separator:
        whole = f"{int(whole):,}".replace(",", separator)
    point = decimals.group()[0] if decimals else ""
    return value[: found.start()] + whole + point + rest + value[found.start() + len(written) :]


def _centred_lines(stage: Stage, block: Block, t: float, *, centre: float, top: float) -> None:
    for i, line in enumerate(block.lines):
        come = ramp(t, start=0.45 + 0.08 * i, duration=0.45, ease=out_cubic)
        x, baseline = centre - line.width / 2, top + block.cap + i * block.leading + 16 * (1 - come)
        set_line(stage.canvas, block, line=i, x=x, baseline=baseline, ink=stage.soft, opacity=come)
