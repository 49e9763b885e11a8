"""From the scene model to a drawing: what is seen when, and under which name each of its files is handed over. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from common.contracts.editing import Scene, Timeline
from common.contracts.scenes import Fit
from common.contracts.values import ArtifactRef

from editor.cards import LogoPlace, card_place, corner_place
from editor.framing import is_still
from editor.overlays import Page
from editor.remotion.drawing import Drawing, DrawnLogo, Ground, Mark, Move, Picture, TextMark, Transition
from editor.remotion.marks import card_marks_of, scene_marks_of
from editor.shapes import canvas
from editor.timeline import body, joins, lengths, total_frames

_ENDINGS: Mapping[str, str] = MappingProxyType(
    {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/svg+xml": ".svg"}
)


@dataclass(frozen=True, kw_only=True)
class Order:
    """A drawing, and the artifacts behind the names of files in it."""

    drawing: Drawing
    files: Mapping[str, ArtifactRef]


def order_of(timeline: Timeline) -> Order:
    """Return what is to be drawn for a timeline. The same timeline gives the same order.

    It has to be one that our own engine would render: see `plan_segments` for what is refused.
    """
    size, brand = timeline.format, timeline.brand
    page = Page(
        size=size,
        palette=timeline.palette,
        brand=brand,
        captions=timeline.captions,
        platforms=timeline.platforms,
    )
    marks = tuple(_marks(timeline, page))
    logos = (brand.logo.image,) if brand.logo else ()
    used = (*(scene.clip.video for scene in timeline.scenes), *logos)
    return Order(
        drawing=Drawing(
            width=size.width,
            height=size.height,
            fps=size.fps,
            frames=total_frames(timeline),
            canvas=canvas(size),
            language=timeline.language,
            fonts=tuple(sorted({mark.family for mark in marks if isinstance(mark, TextMark)})),
            pictures=tuple(_picture(scene, timeline, place) for place, scene in enumerate(timeline.scenes)),
            moves=tuple(_transitions(timeline)),
            ground=_ground(timeline),
            logos=tuple(_logos(timeline, page)),
            marks=marks,
        ),
        files={file_name(ref): ref for ref in used},
    )


def file_name(ref: ArtifactRef) -> str:
    """Return the name under which an artifact lies in the render's folder: it says nothing but what is in it."""
    return ref.sha256 + _ENDINGS.get(ref.media_type, ".mp4")


def _starts(timeline: Timeline, place: int) -> int:
    """Return the film's frame on which scene number `place`, or the end card, begins to be seen."""
    return sum(lengths(timeline)[:place]) - place * timeline.transition_frames


def _picture(scene: Scene, timeline: Timeline, place: int) -> Picture:
    motion = scene.motion
    return Picture(
        file=file_name(scene.clip.video),
        still=is_still(scene),
        start=_starts(timeline, place),
        frames=scene.frames,
        trim_ms=scene.trim_ms,
        speed=scene.speed,
        fit=_fit(scene, timeline),
        focus=scene.focus,
        motion=Move(start=motion.start, end=motion.end) if motion else None,
    )


def _fit(scene: Scene, timeline: Timeline) -> Literal["cover", "contain", "fill"]:
    if scene.fit is Fit.COVER:
        return "cover"
    size = timeline.format
    return "fill" if (scene.shape or size).has_shape_of(size) and not is_still(scene) else "contain"


def _transitions(timeline: Timeline) -> Iterable[Transition]:
    palette, shared = timeline.palette, timeline.transition_frames
    for place, name in enumerate(joins(timeline)) if shared else ():
        start = _starts(timeline, place + 1)
        yield Transition(name=name, place=place, start=start, frames=shared, panel=palette.first, edge=palette.accent)


def _ground(timeline: Timeline) -> Ground | None:
    card, palette = timeline.end_card, timeline.palette
    if card is None:
        return None
    colours = (palette.ground, palette.first, palette.ground, palette.second)
    return Ground(start=_starts(timeline, len(timeline.scenes)), frames=card.frames, colours=colours)


def _logos(timeline: Timeline, page: Page) -> Iterable[DrawnLogo]:
    logo, card = page.brand.logo, timeline.end_card
    if logo is None:
        return
    file = file_name(logo.image)
    yield _logo(corner_place(logo, page), file, opacity=logo.opacity, card=False)
    if card:
        yield _logo(card_place(card, page), file, opacity=1.0, card=True)


def _logo(place: LogoPlace, file: str, *, opacity: float, card: bool) -> DrawnLogo:
    return DrawnLogo(
        file=file,
        left=place.left,
        top=place.top,
        side=place.side,
        align_x=place.across,
        align_y=place.down,
        opacity=opacity,
        card=card,
    )


def _marks(timeline: Timeline, page: Page) -> Iterable[Mark]:
    for place, scene in enumerate(timeline.scenes):
        own = body(timeline, place)
        yield from scene_marks_of(scene, page, frames=own, starts=_starts(timeline, place) + own.start)
    last = len(timeline.scenes)
    yield from card_marks_of(timeline, page, frames=range(_starts(timeline, last), total_frames(timeline)))
