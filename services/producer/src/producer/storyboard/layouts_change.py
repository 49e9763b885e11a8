"""The layout of a change: what was, and what is behind a divider that moves."""

from __future__ import annotations

from common.contracts.production import Change
from media.ass import circle, rounded_rectangle
from media.design import Box
from media.fonts import INTER_SEMIBOLD, is_right_to_left
from media.motion import in_out_cubic, out_cubic, out_quint, ramp, swing
from media.palette import blend

from producer.storyboard.geometry import polygon, stroke
from producer.storyboard.stage import WHITE, Column, Picture, Stage, line_left, set_line
from producer.storyboard.typeset import Block, fit, one_line


def before_after(stage: Stage) -> Picture:
    """What was and what is: a divider comes across what was, and what is stays behind it."""
    change = stage.beat.change or Change(before=stage.headline, after=stage.beat.detail or stage.headline)
    canvas, palette, sheet = stage.canvas, stage.palette, stage.sheet
    column = crown(stage)
    field = Box(sheet.field.left, column.bottom + 44, sheet.field.right, sheet.field.bottom)
    upright = sheet.is_tall
    # Beside each other the two are read as their words are: from the right in scripts that run from there.
    mirrored = not upright and is_right_to_left(change.before)
    first, second = _split(field, upright=upright)
    first, second = (second, first) if mirrored else (first, second)
    names = (change.before_label, change.after_label)
    states = _even(stage, (change.before, change.after), (_inside(stage, first), _inside(stage, second)))
    dark = blend(palette.ground, palette.first, 0.34)
    # What is comes into sight as it is said, and stays long enough to be read.
    heard = stage.heard_at(change.after)
    starts = 0.24 * stage.life if heard is None else max(0.5, heard - 0.5)
    starts = min(starts, max(0.4, stage.life - 1.7))

    def paint(t: float) -> None:
        come = ramp(t, start=0.0, duration=0.55, ease=out_quint)
        moved = ramp(t, start=starts, duration=0.9, ease=in_out_cubic)
        nudge = 5 * swing(t, period=2.6) * moved
        drop = 120 * (1 - come)
        panel = rounded_rectangle(field.width, field.height, 44, x=field.left, y=field.top + drop)
        canvas.shape(panel, dark, min(1.0, 3 * come))
        _state(stage, names[0], states[0], _inside(stage, first), t - 0.12, ink=WHITE, mark=palette.accent, drop=drop)
        # From its far edge to the middle; what is has its own colour, and shows as far as the divider has come.
        shown = _behind(field, moved, nudge, upright=upright, mirrored=mirrored)
        canvas.shape(panel, palette.accent, 1.0 if moved > 0.002 else 0.0, clip=shown)
        _state(
            stage,
            names[1],
            states[1],
            _inside(stage, second),
            t - starts - 0.3,
            ink=palette.ink,
            mark=palette.ink,
            clip=shown if moved < 1 else None,
        )
        if moved > 0.002:
            _divider(stage, field, shown, t, upright=upright)
        column.paint(t)

    quiet = Box(column.box.left, column.top, column.box.right, column.bottom)
    return Picture(paint, (quiet,), text_inks=(palette.accent,))


def crown(stage: Stage) -> Column:
    """The beat's headline across the top, so that what is drawn has all the room below."""
    safe = stage.safe
    high = 250.0 if stage.sheet.is_tall else 210.0
    return stage.column(
        Box(safe.left, safe.top, safe.right, safe.top + high), em=104, least=44, lines=2, detail="", start=0.08
    )


def _split(field: Box, *, upright: bool) -> tuple[Box, Box]:
    x, y = field.centre
    if upright:
        return Box(field.left, field.top, field.right, y), Box(field.left, y, field.right, field.bottom)
    return Box(field.left, field.top, x, field.bottom), Box(x, field.top, field.right, field.bottom)


def _inside(stage: Stage, part: Box) -> Box:
    """Where the words of a part stand: off its edges, and clear of the platforms' controls."""
    aside = 60 if stage.sheet.is_tall else 84
    return Box(part.left + aside, part.top + 44, min(part.right - aside, stage.safe.right), part.bottom - 44)


def _even(stage: Stage, texts: tuple[str, str], boxes: tuple[Box, Box]) -> tuple[Block, Block]:
    """Both states at one size: neither is worth more."""

    def set_at(em: float) -> tuple[Block, Block]:
        first, second = (
            fit(text, font=stage.face, width=box.width, height=box.height - 76, em=em, least=36, lines=3)
            for text, box in zip(texts, boxes, strict=True)
        )
        return first, second

    # A face may be set larger than asked for; what was asked for is what both are asked for again.
    wanted = 108.0
    first, second = set_at(wanted)
    larger = max(first.em, second.em)
    return (first, second) if first.em == second.em else set_at(wanted * min(first.em, second.em) / larger)


def _behind(field: Box, moved: float, nudge: float, *, upright: bool, mirrored: bool) -> Box:
    """The part of a field that the divider has uncovered: up to half of it."""
    if upright:
        return Box(field.left, field.bottom - field.height / 2 * moved + nudge, field.right, field.bottom)
    if mirrored:
        return Box(field.left, field.top, field.left + field.width / 2 * moved + nudge, field.bottom)
    return Box(field.right - field.width / 2 * moved + nudge, field.top, field.right, field.bottom)


def _divider(stage: Stage, field: Box, shown: Box, t: float, *, upright: bool) -> None:
    canvas, ink = stage.canvas, WHITE
    if upright:
        ends, handle = [(field.left, shown.top), (field.right, shown.top)], (stage.sheet.width / 2, shown.top)
    else:
        x = shown.right if shown.left == field.left else shown.left
        ends, handle = [(x, field.top), (x, field.bottom)], (x, field.centre[1])
    canvas.shape(stroke(ends, 8), ink)
    beat = 1 + 0.05 * swing(t, period=1.3)
    canvas.shape(circle(40 * beat, x=handle[0], y=handle[1]), ink)
    for way in (-1, 1):
        tip, base, wing = 22.0 * way, 6.0 * way, 12.0
        head = (
            [(handle[0], handle[1] + tip), (handle[0] - wing, handle[1] + base), (handle[0] + wing, handle[1] + base)]
            if upright
            else [
                (handle[0] + tip, handle[1]),
                (handle[0] + base, handle[1] - wing),
                (handle[0] + base, handle[1] + wing),
            ]
        )
        canvas.shape(polygon(head), stage.palette.ground)


def _state(
    stage: Stage,
    name: str,
    block: Block,
    box: Box,
    t: float,
    *,
    ink: str,
    mark: str,
    drop: float = 0.0,
    clip: Box | None = None,
) -> None:
    """Draw one state in the middle of its part, with what it is called above it."""
    label = one_line(name.upper(), font=INTER_SEMIBOLD, em=36, width=box.width)
    above = 62.0 if label.lines else 0.0
    come = ramp(t, start=0.0, duration=0.5, ease=out_cubic)
    top = box.centre[1] - (above + block.height) / 2 + drop + 18 * (1 - come)
    if label.lines:
        x = line_left(block, label.width, box, centred=False)
        set_line(stage.canvas, label, x=x, baseline=top + label.cap, ink=mark, opacity=come, clip=clip, tracking=2.6)
    for i, line in enumerate(block.lines):
        x = line_left(block, line.width, box, centred=False)
        baseline = top + above + block.cap + i * block.leading
        set_line(stage.canvas, block, line=i, x=x, baseline=baseline, ink=ink, opacity=come, clip=clip)
