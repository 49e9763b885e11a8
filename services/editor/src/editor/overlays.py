"""Text over a scene: laid out for the film's shape inside its safe area, then moved in. Pure.

Everything is on the canvas (see `shapes`) and in frames of the piece it is drawn into.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from common.contracts.production import Format, Palette
from common.contracts.scenes import Anchor, Brand, CaptionStyle, Overlay, OverlayKind, Platform
from media.ass import Event, Style, alpha, colour, frame_timestamp, rounded_rectangle
from media.design import SHORT_SIDE, Box
from media.fonts import INTER_BOLD, INTER_MEDIUM, INTER_SEMIBOLD, Font, is_right_to_left, text_width

from editor.captions import setting_of
from editor.shapes import Shape, safe_box, shape_of
from editor.typeset import FACES, TypeBlock, set_block

_HOME = {
    OverlayKind.TITLE: Anchor.TOP_LEFT,
    OverlayKind.LOWER_THIRD: Anchor.BOTTOM_LEFT,
    OverlayKind.LABEL: Anchor.TOP_LEFT,
}
TITLE_EM = {Shape.UPRIGHT: 128.0, Shape.SQUARE: 108.0, Shape.WIDE: 116.0}
_TITLE_ROOM = {Shape.UPRIGHT: 1.0, Shape.SQUARE: 0.9, Shape.WIDE: 0.62}
"""How much of the safe area's width a title may take: a long line on a wide picture is hard to read."""
_IN_MS, _OUT_MS, _RISE = 380, 220, 36
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


@dataclass(kw_only=True)
class _Pen:
    """Draws one overlay during some frames of a piece."""

    page: Page
    styles: dict[str, Style]
    shown: range

    def draw(self, laid: Laid) -> list[Event]:
        kind, box = laid.overlay.kind, laid.box
        if kind is OverlayKind.TITLE:
            return self._lines(laid.head, box.left, box.top, emphasis=laid.overlay.emphasis, halo=True) + (
                self._lines(laid.detail, box.left, box.top + laid.head.height + 34, halo=True) if laid.detail else []
            )
        pad = _PANEL_PAD if kind is OverlayKind.LOWER_THIRD else 20
        left, top = box.left + _PANEL_BAR + _PANEL_PAD, box.top + pad
        events = self._panel(box) + self._lines(laid.head, left, top, delay=1)
        if laid.detail:
            events += self._lines(laid.detail, left, top + laid.head.height + 16, delay=2, ink=self.page.palette.accent)
        return events

    def _panel(self, box: Box) -> list[Event]:
        ground, accent = self.page.palette.ground, self.page.palette.accent
        panel = rounded_rectangle(box.width, box.height, _PANEL_RADIUS)
        bar = rounded_rectangle(_PANEL_BAR, box.height - 2 * _PANEL_RADIUS, _PANEL_BAR / 2)
        return [
            self._event(
                (box.left, box.top), INTER_BOLD, 10, rf"\p1\1c{colour(ground)}\1a{alpha(0.86)}", panel, layer=0
            ),
            self._event(
                (box.left + _PANEL_RADIUS * 0.6, box.top + _PANEL_RADIUS),
                INTER_BOLD,
                10,
                rf"\p1\1c{colour(accent)}",
                bar,
                layer=1,
            ),
        ]

    def _lines(
        self,
        block: TypeBlock,
        left: float,
        top: float,
        *,
        emphasis: Sequence[str] = (),
        halo: bool = False,
        delay: int = 0,
        ink: str = "#ffffff",
    ) -> list[Event]:
        events = []
        # Text that reads from the right ends where the block does.
        marked = {word.casefold() for text in emphasis for word in _WORD.findall(text)}
        for number, line in enumerate(block.lines):
            turned = is_right_to_left(line)
            x = left + block.width - text_width(block.font, block.em, line) if turned else left
            y = block.top_of(number, block_top=top)
            late = delay + number
            if halo:
                # Small type needs as much of it as large type does.
                reach = max(10.0, block.em * 0.1)
                soft = rf"\1a{alpha(0)}\3c{colour(self.page.palette.ground)}\3a{alpha(0.62)}\bord{reach:.1f}"
                events.append(
                    self._event((x, y), block.font, block.em, rf"{soft}\blur{1.4 * reach:.1f}", line, late=late)
                )
            for at, text, marks in self._runs(line, block, marked):
                tint = self.page.palette.accent if marks else ink
                events.append(
                    self._event((x + at, y), block.font, block.em, rf"\1c{colour(tint)}", text, layer=2, late=late)
                )
        return events

    @staticmethod
    def _runs(line: str, block: TypeBlock, marked: set[str]) -> list[tuple[float, str, bool]]:
        """Cut a line where its colour changes. Lines that read from the right stay whole."""
        words = line.split(" ")
        if not marked or is_right_to_left(line):
            return [(0.0, line, False)]
        runs: list[tuple[float, str, bool]] = []
        for place, word in enumerate(words):
            said = _WORD.findall(word)
            marks = bool(said) and all(part.casefold() in marked for part in said)
            if runs and runs[-1][2] == marks:
                runs[-1] = (runs[-1][0], f"{runs[-1][1]} {word}", marks)
            else:
                before = " ".join(words[:place])
                at = text_width(block.font, block.em, f"{before} ") if before else 0.0
                runs.append((at, word, marks))
        return runs

    def _event(
        self, at: tuple[float, float], font: Font, em: float, tags: str, body: str, *, layer: int = 1, late: int = 0
    ) -> Event:
        x, y = at
        fps = self.page.size.fps
        name = f"Overlay {font.family} {em:.1f}"
        self.styles.setdefault(name, Style(name, font, em, alignment=7))
        begins = min(self.shown.start + round(late * 0.07 * fps), self.shown.stop - 1)
        start, end = (frame_timestamp(frame, fps=fps) for frame in (begins, self.shown.stop))
        # libass moves evenly; two moves in one line are not to be had, so the rise is short and fades in.
        moving = rf"\move({x:.1f},{y + _RISE:.1f},{x:.1f},{y:.1f},0,{_IN_MS})\fad({_IN_MS},{_OUT_MS})"
        return Event(start, end, name, rf"\an7{moving}" + tags, body, layer)
