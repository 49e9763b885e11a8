"""What the editor draws itself: the end card on a moving ground, and the logo. Pure.

Places are on the canvas (see `shapes`); the ground is a filter graph of its own, so a card needs no footage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from common.contracts.production import Format, Palette
from common.contracts.scenes import Anchor, EndCard, Logo
from media.ass import Document, Event, Style, colour, frame_timestamp
from media.design import SHORT_SIDE, Box
from media.fonts import INTER_SEMIBOLD, text_width

from editor.framing import IN_BT709
from editor.overlays import TITLE_EM, Line, Page
from editor.shapes import canvas, shape_of
from editor.typeset import TypeBlock, set_block

_BETWEEN = 44
_CARD_LOGO = 0.24
"""How wide the logo is on a card, as a share of the short side."""


def ground_graph(palette: Palette, size: Format, frames: int) -> str:
    """Return the graph of the card's ground: the film's colours, drifting, with grain against banding."""
    small_w, small_h = max(16, size.width // 15), max(16, size.height // 15)
    colours = ":".join(
        f"c{place}=0x{value.removeprefix('#')}"
        for place, value in enumerate((palette.ground, palette.first, palette.ground, palette.second))
    )
    return (
        f"gradients=s={small_w}x{small_h}:r={size.fps}:d={frames / size.fps + 1:.4f}:n=4:{colours}:type=linear:"
        f"x0=0:y0=0:x1={small_w - 1}:y1={small_h - 1}:speed=0.012:seed=11,gblur=sigma=5,eq=brightness=-0.05,"
        f"scale={size.width}:{size.height}:flags=bicubic,setsar=1,noise=alls=5:allf=t+u:all_seed=7,"
        f"{IN_BT709},format=yuv420p"
    )


def card_document(card: EndCard, page: Page) -> Document:
    """Return the card's type from its first frame on, in the middle of the safe area."""
    document = Document(*canvas(page.size), language=page.language)
    styles: dict[str, Style] = {}
    start, end = (frame_timestamp(frame, fps=page.size.fps) for frame in (0, card.frames + 1))
    for line in card_lines(card, page):
        name = f"Card {line.font.family} {line.em:.1f}"
        styles.setdefault(name, Style(name, line.font, line.em, alignment=7))
        tags = rf"\an7\pos({line.left:.1f},{line.top:.1f})\1c{colour(line.ink)}"
        document.events.append(Event(start, end, name, tags, line.text, 2))
    document.styles = list(styles.values())
    return document


def card_lines(card: EndCard, page: Page) -> tuple[Line, ...]:
    """Return the card's type. It stays: a card has no frames to lose, so it is there when the transition brings it."""
    head, line = card_blocks(card, page)
    box = card_box(card, page)
    lines = tuple(_centred(head, box.top, "#ffffff", page))
    if line is None:
        return lines
    return (*lines, *_centred(line, box.top + head.height + 1.5 * _BETWEEN, page.palette.accent, page))


def card_blocks(card: EndCard, page: Page) -> tuple[TypeBlock, TypeBlock | None]:
    """Return the title and the line below it as they are set."""
    room = page.safe.width
    em = TITLE_EM[shape_of(page.size)]
    head = set_block(card.title, font=page.face, em=em, room=room, most_lines=3, least_em=56)
    if not card.line.strip():
        return head, None
    return head, set_block(card.line, font=INTER_SEMIBOLD, em=50, room=room, most_lines=2, least_em=30)


def card_box(card: EndCard, page: Page) -> Box:
    """Return what the type takes: in the middle, or below the logo where there is one."""
    head, line = card_blocks(card, page)
    height = head.height + (_BETWEEN * 1.5 + line.height if line else 0)
    width = max(head.width, line.width if line else 0)
    logo = SHORT_SIDE * _CARD_LOGO / 2 + _BETWEEN if page.brand.logo else 0
    middle, centre = (page.safe.left + page.safe.right) / 2, (page.safe.top + page.safe.bottom) / 2 + logo / 2
    return Box(left=middle - width / 2, top=centre - height / 2, right=middle + width / 2, bottom=centre + height / 2)


@dataclass(frozen=True, kw_only=True)
class LogoPlace:
    """The square that a logo is fitted into, and where in it the logo lies: 0 is left or top, 1 right or bottom."""

    left: float
    top: float
    side: float
    across: float
    down: float


def corner_place(logo: Logo, page: Page) -> LogoPlace:
    """Return where a logo stands over the scenes.

    A mark may stand closer to the edge than text, but not below the platform's own buttons. A tall one is made
    narrower, so that no logo is higher than it may be wide.
    """
    wide, high = canvas(page.size)
    side = SHORT_SIDE * logo.width
    across = {"left": 0.0, "right": 1.0}.get(logo.place.rpartition("_")[2], 0.5)
    x = {0.0: page.safe.left, 1.0: page.safe.right - side}.get(across, (wide - side) / 2)
    down = 0.5 if logo.place is Anchor.CENTRE else 0.0 if logo.place.startswith("top") else 1.0
    y = {0.0: page.safe.top, 1.0: page.safe.bottom - side}.get(down, (high - side) / 2)
    return LogoPlace(left=x, top=y, side=side, across=across, down=down)


def card_place(card: EndCard, page: Page) -> LogoPlace:
    """Return where the logo stands over the card's title."""
    box, side = card_box(card, page), SHORT_SIDE * _CARD_LOGO
    middle = (box.left + box.right) / 2
    return LogoPlace(left=middle - side / 2, top=box.top - _BETWEEN - side, side=side, across=0.5, down=1.0)


def corner_logo(logo: Logo, page: Page) -> tuple[str, str]:
    """Return the filter that makes a logo's image ready and the `overlay` options that put it in its corner."""
    ready, at = _overlaid(corner_place(logo, page), page.size)
    return f"{ready},format=rgba,colorchannelmixer=aa={logo.opacity:g},{IN_BT709},format=yuva420p", at


def card_logo(card: EndCard, page: Page) -> tuple[str, str]:
    """Return the same for the card."""
    ready, at = _overlaid(card_place(card, page), page.size)
    return f"{ready},{IN_BT709},format=yuva420p", at


def _overlaid(place: LogoPlace, size: Format) -> tuple[str, str]:
    unit = min(size.width, size.height) / SHORT_SIDE
    x, y = (place.left + place.across * place.side) * unit, (place.top + place.down * place.side) * unit
    return _fitted(_even(place.side * unit)), f"x={x:.0f}-w*{place.across:g}:y={y:.0f}-h*{place.down:g}"


def _fitted(width: int) -> str:
    return f"scale={width}:{width}:force_original_aspect_ratio=decrease:flags=lanczos"


def _centred(block: TypeBlock, top: float, ink: str, page: Page) -> Iterable[Line]:
    for number, text in enumerate(block.lines):
        x = (page.safe.left + page.safe.right - text_width(block.font, block.em, text)) / 2
        y = block.top_of(number, block_top=top)
        yield Line(font=block.font, em=block.em, left=x, top=y, text=text, ink=ink)


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))
