"""What the editor draws itself: the end card on a moving ground, and the logo. Pure.

Places are on the canvas (see `shapes`); the ground is a filter graph of its own, so a card needs no footage.
"""

from __future__ import annotations

from collections.abc import Iterable

from common.contracts.production import Format, Palette
from common.contracts.scenes import Anchor, EndCard, Logo
from media.ass import Document, Event, Style, colour, frame_timestamp
from media.design import SHORT_SIDE, Box
from media.fonts import INTER_SEMIBOLD, text_width

from editor.overlays import TITLE_EM, Page
from editor.shapes import canvas, safe_box, shape_of
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
        f"scale={size.width}:{size.height}:flags=bicubic,setsar=1,noise=alls=5:allf=t+u:all_seed=7"
    )


def card_document(card: EndCard, page: Page) -> Document:
    """Return the card's type from its first frame on, in the middle of the safe area."""
    head, line = card_blocks(card, page)
    box = card_box(card, page)
    document = Document(*canvas(page.size))
    styles: dict[str, Style] = {}
    events = [*_centred(head, box.top, "#ffffff", page, styles, frames=card.frames)]
    top = box.top + head.height + _BETWEEN / 2
    if line:
        events += _centred(line, top + _BETWEEN, page.palette.accent, page, styles, frames=card.frames)
    document.styles, document.events = list(styles.values()), events
    return document


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


def corner_logo(logo: Logo, size: Format, page: Page) -> tuple[str, str]:
    """Return the filter that makes a logo's image ready and the `overlay` options that put it in its corner."""
    unit = min(size.width, size.height) / SHORT_SIDE
    # A mark may stand closer to the edge than text, but not below the platform's own buttons.
    safe = safe_box(size, platforms=page.platforms)
    anchor = logo.place.value
    x = {"left": f"{safe.left * unit:.0f}", "right": f"{safe.right * unit:.0f}-w"}.get(
        anchor.rpartition("_")[2], "(W-w)/2"
    )
    if logo.place is Anchor.CENTRE:
        y = "(H-h)/2"
    else:
        y = f"{safe.top * unit:.0f}" if anchor.startswith("top") else f"{safe.bottom * unit:.0f}-h"
    width = _even(min(size.width, size.height) * logo.width)
    # A tall mark is made narrower, so that no logo is higher than it may be wide.
    return f"{_fitted(width)},format=rgba,colorchannelmixer=aa={logo.opacity:g}", f"x={x}:y={y}"


def card_logo(card: EndCard, size: Format, page: Page) -> tuple[str, str]:
    """Return the same for the card, where the logo stands over the title."""
    unit = min(size.width, size.height) / SHORT_SIDE
    box = card_box(card, page)
    width = _even(min(size.width, size.height) * _CARD_LOGO)
    foot, middle = (box.top - _BETWEEN) * unit, (box.left + box.right) / 2 * unit
    return f"{_fitted(width)},format=rgba", f"x={middle:.0f}-w/2:y={foot:.0f}-h"


def _fitted(width: int) -> str:
    return f"scale={width}:{width}:force_original_aspect_ratio=decrease:flags=lanczos"


def _centred(
    block: TypeBlock, top: float, tint: str, page: Page, styles: dict[str, Style], *, frames: int
) -> Iterable[Event]:
    """Draw lines that stay: a card has no frames to lose, so its type is there when the transition brings it in."""
    start, end = (frame_timestamp(frame, fps=page.size.fps) for frame in (0, frames + 1))
    name = f"Card {block.font.family} {block.em:.1f}"
    styles.setdefault(name, Style(name, block.font, block.em, alignment=7))
    for number, line in enumerate(block.lines):
        x = (page.safe.left + page.safe.right - text_width(block.font, block.em, line)) / 2
        y = block.top_of(number, block_top=top)
        yield Event(start, end, name, rf"\an7\pos({x:.1f},{y:.1f})\1c{colour(tint)}", line, 2)


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))
