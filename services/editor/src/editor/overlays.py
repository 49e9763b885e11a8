"""Text over a scene: laid out for the film's shape inside its safe area, then moved in. Pure.

Everything is on the canvas (see `shapes`) and in frames of the piece it is drawn into.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from common.contracts.production import Format, Palette
from common.contracts.scenes import Anchor, Brand, CaptionStyle, Overlay, OverlayKind, Platform
from common.phrases import phrases
from media.ass import Event, Style, alpha, colour, frame_timestamp, rounded_rectangle
from media.design import SHORT_SIDE, Box
from media.fonts import FACES, INTER_BOLD, INTER_MEDIUM, INTER_SEMIBOLD, Font, is_right_to_left, metrics, text_width

from editor.captions import setting_of
from editor.shapes import Shape, safe_box, shape_of
from editor.typeset import TypeBlock, set_block

_HOME = {
    OverlayKind.TITLE: Anchor.TOP_LEFT,
    OverlayKind.LOWER_THIRD: Anchor.BOTTOM_LEFT,
    OverlayKind.LABEL: Anchor.TOP_LEFT,
}
TITLE_EM = {Shape.UPRIGHT: 128.0, Shape.SQUARE: 108.0, Shape.WIDE: 116.0}
_TITLE_ROOM = {Shape.UPRIGHT: 1.0, Shape.SQUARE: 0.9, Shape.WIDE: 0.62}
"""How much of the safe area's width a title may take: a long line on a wide picture is hard to read."""
IN_MS, OUT_MS, RISE = 380, 220, 36
_ABOVE_CAPTIONS = 40
"""What text at the foot of the picture keeps from the captions, in canvas pixels."""
_BESIDE_LOGO = 40
_PANEL_PAD, _PANEL_BAR, _PANEL_RADIUS = 30, 10, 18
_WORD = re.compile(r"[\w'’-]+")


@dataclass(frozen=True, kw_only=True)
class Laid:
    """An overlay's text and the box it takes."""

    overlay: Overlay
    head: TypeBlock
    detail: TypeBlock | None
    box: Box


@dataclass(frozen=True, kw_only=True)
class Page:
    """What text is laid out on: the film's size, its style, and what it keeps clear of."""

    size: Format
    palette: Palette
    brand: Brand
    captions: CaptionStyle
    platforms: Collection[Platform] = ()
    language: str = ""

    @property
    def safe(self) -> Box:
        """The free part of the canvas."""
        return safe_box(self.size, platforms=self.platforms)

    @property
    def face(self) -> Font:
        """The brand's typeface."""
        return FACES[self.brand.face]


def lay_out_overlay(overlay: Overlay, page: Page, *, captioned: bool) -> Laid:
    """Set an overlay in its place; at the foot of the picture it stands above the captions, if there are any."""
    shape, safe = shape_of(page.size), page.safe
    detail: TypeBlock | None = None
    if overlay.kind is OverlayKind.TITLE:
        room = min(safe.width * _TITLE_ROOM[shape], safe.width - _beside_logo(overlay, page))
        head = set_block(
            overlay.text, font=page.face, em=TITLE_EM[shape], room=room, most_lines=4, least_em=56, leading=1.04
        )
        if overlay.detail:
            detail = set_block(overlay.detail, font=INTER_MEDIUM, em=50, room=room, most_lines=3, least_em=34)
        width, height = _extent(head, detail, between=34)
    else:
        bold, em = (INTER_BOLD, 54) if overlay.kind is OverlayKind.LOWER_THIRD else (INTER_SEMIBOLD, 38)
        room = min(safe.width, 980) - 2 * _PANEL_PAD - _PANEL_BAR
        lines = 2 if overlay.kind is OverlayKind.LOWER_THIRD else 1
        head = set_block(overlay.text, font=bold, em=em, room=room, most_lines=lines, least_em=28)
        if overlay.detail:
            detail = set_block(overlay.detail, font=INTER_MEDIUM, em=em * 0.68, room=room, most_lines=2, least_em=26)
        width, height = _extent(head, detail, between=16)
        pad = _PANEL_PAD if overlay.kind is OverlayKind.LOWER_THIRD else 20
        width, height = width + 2 * _PANEL_PAD + _PANEL_BAR, height + 2 * pad
    return Laid(
        overlay=overlay, head=head, detail=detail, box=_place(width, height, overlay, page, captioned=captioned)
    )


def overlay_events(
    overlays: Sequence[Overlay], page: Page, *, frames: range, captioned: bool
) -> tuple[list[Style], list[Event]]:
    """Return how a scene's overlays are drawn on the frames of its body, the first of them as time zero."""
    styles: dict[str, Style] = {}
    events: list[Event] = []
    for overlay in overlays:
        laid = lay_out_overlay(overlay, page, captioned=captioned)
        shown = shown_frames(overlay, fps=page.size.fps, frames=frames)
        if shown:
            pen = _Pen(page=page, styles=styles, shown=shown)
            events += pen.draw(laid)
    return list(styles.values()), events


def shown_frames(overlay: Overlay, *, fps: int, frames: range) -> range:
    """Return on which frames of the body an overlay is seen, counted from the body's first."""
    start = max(round(overlay.start_ms * fps / 1000), frames.start)
    stop = frames.stop if overlay.end_ms is None else min(round(overlay.end_ms * fps / 1000), frames.stop)
    return range(start - frames.start, max(start, stop) - frames.start)


def _extent(head: TypeBlock, detail: TypeBlock | None, *, between: float) -> tuple[float, float]:
    if detail is None:
        return head.width, head.height
    return max(head.width, detail.width), head.height + between + detail.height


def _beside_logo(overlay: Overlay, page: Page) -> float:
    """Return the width that a title leaves to a logo at the same edge of the picture."""
    logo, anchor = page.brand.logo, overlay.place or _HOME[overlay.kind]
    if logo is None or logo.place.partition("_")[0] != anchor.partition("_")[0]:
        return 0.0
    return SHORT_SIDE * logo.width + _BESIDE_LOGO


def _place(width: float, height: float, overlay: Overlay, page: Page, *, captioned: bool) -> Box:
    anchor, safe = overlay.place or _HOME[overlay.kind], page.safe
    bottom = safe.bottom
    if captioned and page.captions.shown:
        setting = setting_of(page.size, page.captions, platforms=page.platforms)
        over = setting.y - 57 * setting.unit - _ABOVE_CAPTIONS
        bottom = over if setting.y > (safe.top + safe.bottom) / 2 else bottom
    left = {"left": safe.left, "right": safe.right - width}.get(anchor.rpartition("_")[2])
    if left is None:
        left = (safe.left + safe.right - width) / 2
    if anchor.startswith("top"):
        top = safe.top
    elif anchor.startswith("bottom"):
        top = bottom - height
    else:
        top = (safe.top + bottom - height) / 2
    return Box(left=left, top=top, right=left + width, bottom=top + height)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A stretch of type in one colour: its left end, and the top of its face's ascent."""

    font: Font
    em: float
    left: float
    top: float
    text: str
    ink: str
    late: int = 0
    """How many steps it comes after the overlay's first."""

    @property
    def baseline(self) -> float:
        """Where its letters stand."""
        return self.top + metrics(self.font).ascent * self.em


@dataclass(frozen=True, kw_only=True)
class Halo(Line):
    """A soft edge around letters, without the letters."""

    opacity: float = 0.62

    @property
    def reach(self) -> float:
        """How far it goes. Small type needs as much of it as large type does."""
        return max(10.0, self.em * 0.1)

    @property
    def blur(self) -> float:
        """How soft it is, in what libass calls blur."""
        return 1.4 * self.reach


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A rounded rectangle."""

    box: Box
    radius: float
    ink: str
    opacity: float
    layer: int


def overlay_marks(laid: Laid, page: Page) -> tuple[Line | Panel, ...]:
    """Return what is drawn of an overlay, whoever draws it."""
    kind, box, accent = laid.overlay.kind, laid.box, page.palette.accent
    if kind is OverlayKind.TITLE:
        shade = page.palette.ground
        head = _lines(
            laid.head, box.left, box.top, ink="#ffffff", shade=shade, marked=laid.overlay.emphasis, tint=accent
        )
        if laid.detail is None:
            return tuple(head)
        return (*head, *_lines(laid.detail, box.left, box.top + laid.head.height + 34, ink="#ffffff", shade=shade))
    pad = _PANEL_PAD if kind is OverlayKind.LOWER_THIRD else 20
    left, top = box.left + _PANEL_BAR + _PANEL_PAD, box.top + pad
    marks: list[Line | Panel] = [*_panel(box, page), *_lines(laid.head, left, top, ink="#ffffff", delay=1)]
    if laid.detail:
        marks += _lines(laid.detail, left, top + laid.head.height + 16, ink=accent, delay=2)
    return tuple(marks)


def begins(mark: Line | Panel, shown: range, *, fps: int) -> int:
    """Return the frame on which a mark comes, of those on which its overlay is seen."""
    late = mark.late if isinstance(mark, Line) else 0
    return min(shown.start + round(late * 0.07 * fps), shown.stop - 1)


def _panel(box: Box, page: Page) -> Iterable[Panel]:
    left, top = box.left + _PANEL_RADIUS * 0.6, box.top + _PANEL_RADIUS
    bar = Box(left, top, left + _PANEL_BAR, box.bottom - _PANEL_RADIUS)
    yield Panel(box=box, radius=_PANEL_RADIUS, ink=page.palette.ground, opacity=0.86, layer=0)
    yield Panel(box=bar, radius=_PANEL_BAR / 2, ink=page.palette.accent, opacity=1.0, layer=1)


def _lines(
    block: TypeBlock,
    left: float,
    top: float,
    *,
    ink: str,
    shade: str | None = None,
    marked: Sequence[str] = (),
    tint: str = "",
    delay: int = 0,
) -> Iterable[Line]:
    """Set a block's lines, with a halo in the colour `shade`; its `marked` words are in the colour `tint`."""
    words = {word.casefold() for text in marked for word in _WORD.findall(text)}
    for number, line in enumerate(block.lines):
        # Text that reads from the right ends where the block does.
        turned = is_right_to_left(line)
        x = left + block.width - text_width(block.font, block.em, line) if turned else left
        y, late = block.top_of(number, block_top=top), delay + number
        if shade:
            yield Halo(font=block.font, em=block.em, left=x, top=y, text=line, ink=shade, late=late)
        for at, text, marks in _runs(line, block, words):
            colour_of = tint if marks else ink
            yield Line(font=block.font, em=block.em, left=x + at, top=y, text=text, ink=colour_of, late=late)


def _runs(line: str, block: TypeBlock, marked: set[str]) -> list[tuple[float, str, bool]]:
    """Cut a line where its colour changes. Lines that read from the right stay whole."""
    words = phrases(line)
    if not marked or is_right_to_left(line):
        return [(0.0, line, False)]
    runs: list[tuple[float, str, bool]] = []
    for place, word in enumerate(words):
        said = _WORD.findall(word)
        marks = bool(said) and all(part.casefold() in marked for part in said)
        if runs and runs[-1][2] == marks:
            runs[-1] = (runs[-1][0], runs[-1][1] + word, marks)
        else:
            runs.append((text_width(block.font, block.em, "".join(words[:place])), word, marks))
    return [(at, text.rstrip(), marks) for at, text, marks in runs]


@dataclass(kw_only=True)
class _Pen:
    """Draws one overlay during some frames of a piece."""

    page: Page
    styles: dict[str, Style]
    shown: range

    def draw(self, laid: Laid) -> list[Event]:
        return [self._event(mark) for mark in overlay_marks(laid, self.page)]

    def _event(self, mark: Line | Panel) -> Event:
        if isinstance(mark, Panel):
            font, em, layer = INTER_BOLD, 10.0, mark.layer
            x, y = mark.box.left, mark.box.top
            body = rounded_rectangle(mark.box.width, mark.box.height, mark.radius)
            tags = rf"\p1\1c{colour(mark.ink)}" + (rf"\1a{alpha(mark.opacity)}" if mark.opacity < 1 else "")
        else:
            font, em, layer, x, y, body = mark.font, mark.em, 2, mark.left, mark.top, mark.text
            tags = rf"\1c{colour(mark.ink)}"
        if isinstance(mark, Halo):
            soft = rf"\1a{alpha(0)}\3c{colour(mark.ink)}\3a{alpha(mark.opacity)}\bord{mark.reach:.1f}"
            layer, tags = 1, rf"{soft}\blur{mark.blur:.1f}"
        fps = self.page.size.fps
        name = f"Overlay {font.family} {em:.1f}"
        self.styles.setdefault(name, Style(name, font, em, alignment=7))
        first = begins(mark, self.shown, fps=fps)
        start, end = (frame_timestamp(frame, fps=fps) for frame in (first, self.shown.stop))
        # libass moves evenly; two moves in one line are not to be had, so the rise is short and fades in.
        moving = rf"\move({x:.1f},{y + RISE:.1f},{x:.1f},{y:.1f},0,{IN_MS})\fad({IN_MS},{OUT_MS})"
        return Event(start, end, name, rf"\an7{moving}" + tags, body, layer)
