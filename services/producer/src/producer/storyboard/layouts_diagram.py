"""The layout of a diagram: nodes, and lines that draw themselves: a chain, a cycle, or two things compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from common.contracts.production import Diagram, DiagramForm
from media.ass import circle, rounded_rectangle
from media.design import Box
from media.fonts import INTER_BOLD, INTER_SEMIBOLD
from media.motion import out_back, out_cubic, ramp, swing
from media.palette import blend

from producer.storyboard.geometry import Point, along, arc, curve, polygon, stroke
from producer.storyboard.layouts_change import crown
from producer.storyboard.pen import Inks
from producer.storyboard.stage import WHITE, Picture, Stage, set_line
from producer.storyboard.typeset import Block, fit

_CARD_PAD = 34.0
_TIP = 30.0
"""How long the head of an arrow is."""


@dataclass(frozen=True)
class _Node:
    """A node: what it says, and the card it stands on."""

    words: Block
    card: Box


@dataclass(frozen=True)
class _Edge:
    """A line from one node to another, and what it says."""

    path: list[Point]
    said: Block | None = None
    arrow: bool = True


def diagram(stage: Stage) -> Picture:
    """Nodes and lines that draw themselves in the order in which they are said: a chain, a cycle or a comparison."""
    shown = stage.beat.diagram or Diagram(form=DiagramForm.CHAIN, nodes=(stage.headline, stage.beat.kicker or "…"))
    column = crown(stage)
    safe = stage.safe
    room = Box(safe.left, column.bottom + 52, safe.right, safe.bottom)
    if shown.form is DiagramForm.CYCLE and stage.sheet.is_wide:
        words, room = stage.halves(0.38)
        column = stage.column(words, em=136, least=48, lines=5, detail="", start=0.08).in_the_middle_of(words)
    nodes = _ring(shown, room) if shown.form is DiagramForm.CYCLE else _row(shown, room)
    edges = _edges(shown, nodes, room)
    compares = shown.form is DiagramForm.COMPARISON
    comes = _arrivals(stage, shown.nodes)
    span = 0.45

    def paint(t: float) -> None:
        for i, edge in enumerate(edges):
            # A line arrives when the node it leads to comes, once the node it leaves is there.
            start = max(comes[i] + 0.15, comes[(i + 1) % len(nodes)] - 0.75 * span)
            _paint_edge(stage, edge, t - start, span=span, run=(0.34 * t + 0.21 * i) % 1.0)
        for i, node in enumerate(nodes):
            lit = float(i == 0) if compares else _glow(t, comes, i)
            _paint_node(stage, node, t - comes[i], lit=lit, lift=2.0 * swing(t, period=2.7, phase=i / 5))
        column.paint(t)

    quiet = Box(column.box.left, column.top, column.box.right, column.bottom)
    lines = [Box(room.left, room.top, room.right, room.bottom)] if any(edge.said for edge in edges) else []
    return Picture(paint, (quiet, *lines), text_inks=(stage.palette.accent,))


def _arrivals(stage: Stage, nodes: Sequence[str]) -> list[float]:
    """When each node comes: as it is said, or one after the other where that cannot be told. None comes too late."""
    heard = [stage.heard_at(node) for node in nodes]
    last = max(0.2, stage.life - 1.25)
    told = [moment for moment in heard if moment is not None]
    if len(told) == len(nodes):
        return [min(last, max(0.12, moment - 0.25)) for moment in told]
    step = min(0.5, (last - 0.12) / len(nodes))
    return [0.12 + step * i for i in range(len(nodes))]


def _glow(t: float, comes: Sequence[float], place: int) -> float:
    """How far a node is lit: each from when it comes until another does, and the last to come to the end."""
    later = [moment for moment in comes if moment > comes[place]]
    gone = ramp(t, start=min(later), duration=0.3) if later else 0.0
    return ramp(t, start=comes[place] + 0.1, duration=0.3) * (1 - gone)


def _words(texts: Sequence[str], *, width: float, height: float, em: float) -> list[Block]:
    """Set each node's words, all at one size."""

    def at(size: float) -> list[Block]:
        return [
            fit(text, font=INTER_BOLD, width=width, height=height, em=size, least=28, leading=1.14, lines=3)
            for text in texts
        ]

    return at(min(block.em for block in at(em)))


def _row(shown: Diagram, room: Box) -> list[_Node]:
    """Nodes one after the other: down the room, or across it where it is wide."""
    count = len(shown.nodes)
    across = room.width > 1.9 * room.height and count <= 4
    said = any(shown.links)
    compares = shown.form is DiagramForm.COMPARISON
    # What is written on a line needs room: beside it on the way down, above it on the way across.
    apart = (340.0, 150.0) if compares else (200.0, 104.0) if said else (120.0, 72.0)
    gap = apart[0] if across else apart[1]
    length = ((room.width if across else room.height) - gap * (count - 1)) / count
    if across:
        wide, high = length, min(room.height, 300.0)
    else:
        wide, high = room.width, min(length, 230.0)
    blocks = _words(shown.nodes, width=wide - 2 * _CARD_PAD, height=high - 44, em=112 if compares else 76)
    if not across and not compares:
        wide = min(room.width, max(block.width for block in blocks) + 4 * _CARD_PAD)
    used = (wide if across else high) * count + gap * (count - 1)
    left, top = room.centre[0] - (used if across else wide) / 2, room.centre[1] - (high if across else used) / 2
    step = (wide if across else high) + gap
    # A row is read as its words are: from the right in scripts that run from there.
    order = [count - 1 - i if across and blocks[0].right_to_left else i for i in range(count)]
    return [
        _Node(block, _at(left + step * place * across, top + step * place * (not across), wide, high))
        for place, block in zip(order, blocks, strict=True)
    ]


def _ring(shown: Diagram, room: Box) -> list[_Node]:
    """Nodes around a ring, the first at its top."""
    count = len(shown.nodes)
    wide, high = min(0.44 * room.width, 420.0), min(0.24 * room.height, 150.0)
    blocks = _words(shown.nodes, width=wide - 2 * 24, height=high - 32, em=60)
    wide = min(wide, max(block.width for block in blocks) + 2 * _CARD_PAD)
    across, down = (room.width - wide) / 2, (room.height - high) / 2
    reach = min(across, 1.35 * down)
    nodes = []
    for i, block in enumerate(blocks):
        turn = math.tau * i / count - math.pi / 2
        x, y = room.centre[0] + reach * math.cos(turn), room.centre[1] + down * math.sin(turn)
        nodes.append(_Node(block, _at(x - wide / 2, y - high / 2, wide, high)))
    return nodes


def _at(left: float, top: float, wide: float, high: float) -> Box:
    return Box(left, top, left + wide, top + high)


def _edges(shown: Diagram, nodes: list[_Node], room: Box) -> list[_Edge]:
    """The lines between the nodes, from card to card."""
    links = [*shown.links, *[""] * len(nodes)]
    if shown.form is DiagramForm.CYCLE:
        return [_Edge(_bow(nodes, i, room.centre)) for i in range(len(nodes))]
    edges = []
    for i, (one, two) in enumerate(pairwise(nodes)):
        if two.card.left > one.card.right:
            start, end = (one.card.right + 10, one.card.centre[1]), (two.card.left - 12, two.card.centre[1])
        elif two.card.right < one.card.left:
            start, end = (one.card.left - 10, one.card.centre[1]), (two.card.right + 12, two.card.centre[1])
        else:
            start, end = (one.card.centre[0], one.card.bottom + 10), (two.card.centre[0], two.card.top - 12)
        width = abs(end[0] - start[0]) - 20 if end[1] == start[1] else room.width / 2 - 40
        em = 58 if shown.form is DiagramForm.COMPARISON else 40
        said = fit(links[i], font=INTER_SEMIBOLD, width=width, height=120, em=em, least=26, leading=1.1, lines=2)
        edges.append(_Edge([start, end], said if said.lines else None, shown.form is not DiagramForm.COMPARISON))
    return edges


def _bow(nodes: list[_Node], place: int, middle: Point) -> list[Point]:
    """A line around the ring from one card to the next, without what lies behind either."""
    one, two = nodes[place].card, nodes[(place + 1) % len(nodes)].card
    across = max(abs(node.card.centre[0] - middle[0]) for node in nodes)
    down = max(abs(node.card.centre[1] - middle[1]) for node in nodes)
    turns = (math.tau * place / len(nodes) - math.pi / 2, math.tau * (place + 1) / len(nodes) - math.pi / 2)
    unit = arc((0, 0), 1, start=turns[0], end=turns[1], step=0.03)
    wide = across if len(nodes) != 3 else across / math.cos(math.pi / 6)
    path = [(middle[0] + wide * x, middle[1] + down * y) for x, y in unit]
    free = [point for point in path if not _holds(one, point) and not _holds(two, point)]
    return curve(free[:: max(1, len(free) // 8)] or path) if len(free) > 2 else [path[0], path[-1]]


def _holds(card: Box, point: Point, *, off: float = 14) -> bool:
    return card.left - off < point[0] < card.right + off and card.top - off < point[1] < card.bottom + off


def _paint_edge(stage: Stage, edge: _Edge, t: float, *, span: float, run: float) -> None:
    """Draw a line as far as it has come, its head at the end, and a light that runs along it."""
    canvas, palette = stage.canvas, stage.palette
    drawn = ramp(t, start=0.0, duration=span, ease=out_cubic)
    if drawn < 0.02:
        return
    path = along(edge.path, drawn)
    (x, y), before = path[-1], path[-2]
    turn = math.atan2(y - before[1], x - before[0])
    if edge.said is not None and not edge.arrow:
        _say_on_line(stage, edge, drawn)
        return
    canvas.shape(stroke(path, 9), Inks.on_ground(palette).second)
    if edge.arrow:
        wings = [
            (x, y),
            (x - _TIP * math.cos(turn - 0.5), y - _TIP * math.sin(turn - 0.5)),
            (x - _TIP * math.cos(turn + 0.5), y - _TIP * math.sin(turn + 0.5)),
        ]
        canvas.shape(polygon(wings), Inks.on_ground(palette).second)
    spot = along(edge.path, run * drawn)[-1]
    canvas.shape(circle(8, x=spot[0], y=spot[1]), palette.accent, drawn)
    if edge.said is not None:
        _say_beside(stage, edge, edge.said, drawn)


def _say_beside(stage: Stage, edge: _Edge, said: Block, come: float) -> None:
    """Set what a line says beside it: at its right where it runs down, above it where it runs across."""
    start, end = edge.path[0], edge.path[-1]
    across = abs(end[0] - start[0]) > abs(end[1] - start[1])
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    top = middle[1] - said.height - 22 if across else middle[1] - said.height / 2 + 0.1 * said.em
    for i, line in enumerate(said.lines):
        x = middle[0] - line.width / 2 if across else middle[0] + 40
        set_line(
            stage.canvas,
            said,
            line=i,
            x=x,
            baseline=top + said.cap + i * said.leading,
            ink=stage.soft,
            opacity=ramp(come, start=0.4, duration=0.6),
        )


def _say_on_line(stage: Stage, edge: _Edge, come: float) -> None:
    """Set what holds two things against each other between them, with a line to either."""
    said = edge.said
    if said is None:
        return
    canvas, palette = stage.canvas, stage.palette
    start, end = edge.path[0], edge.path[-1]
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    across = abs(end[0] - start[0]) > abs(end[1] - start[1])
    for i, line in enumerate(said.lines):
        top = middle[1] - said.height / 2 + 0.1 * said.em
        set_line(
            stage.canvas,
            said,
            line=i,
            x=middle[0] - line.width / 2,
            baseline=top + said.cap + i * said.leading,
            ink=palette.accent,
            opacity=come,
        )
    if not across:
        half = said.width / 2 + 36
        for way in (-1, 1):
            tips = [(middle[0] + way * half, middle[1]), (middle[0] + way * (half + 130 * come), middle[1])]
            canvas.shape(stroke(tips, 6), Inks.on_ground(palette).second)


def _paint_node(stage: Stage, node: _Node, t: float, *, lit: float, lift: float) -> None:
    """Draw a card that pops up, and its words."""
    canvas, palette, card = stage.canvas, stage.palette, node.card
    come = ramp(t, start=0.0, duration=0.45, ease=out_back)
    if come < 0.02:
        return
    dark = blend(palette.ground, palette.first, 0.34)
    (x, y), wide, high = card.centre, card.width * (0.86 + 0.14 * come), card.height * (0.86 + 0.14 * come)
    seen = min(1.0, 2 * come)
    shape = rounded_rectangle(wide, high, min(36.0, high / 2), x=x - wide / 2, y=y - high / 2 + lift)
    canvas.shape(shape, blend(dark, palette.accent, lit), seen)
    top = y - node.words.height / 2 + 0.08 * node.words.em + lift
    for i, line in enumerate(node.words.lines):
        set_line(
            stage.canvas,
            node.words,
            line=i,
            x=x - line.width / 2,
            baseline=top + node.words.cap + i * node.words.leading,
            ink=palette.ink if lit > 0.5 else WHITE,
            opacity=ramp(t, start=0.1, duration=0.3),
        )
