"""What a film wears: a brand's typeface, logo and end card, and its speaker's name. Pure."""

from __future__ import annotations

from common.contracts.brand import BrandKit
from common.contracts.scenes import Brand, EndCard, Overlay, OverlayKind, Speaker

_NAMED_FROM_MS, _NAMED_UNTIL_MS = 500, 3_700


def brand_of(kit: BrandKit | None) -> Brand:
    """The typeface and the logo of a kit; without one, those of films without a brand."""
    if kit is None:
        return Brand()
    worn = Brand(name=kit.name, logo=kit.logo)
    return worn if kit.face is None else worn.model_copy(update={"face": kit.face})


def end_card_of(kit: BrandKit | None, *, fps: int) -> EndCard | None:
    """The last picture that a kit asks for."""
    if kit is None or kit.end_card is None:
        return None
    words = kit.end_card
    return EndCard(frames=round(words.seconds * fps), title=words.title, line=words.line)


def name_of(speaker: Speaker | None) -> tuple[Overlay, ...]:
    """The lower third of a scene in which somebody is named."""
    if speaker is None:
        return ()
    return (
        Overlay(
            kind=OverlayKind.LOWER_THIRD,
            text=speaker.name,
            detail=speaker.role,
            start_ms=_NAMED_FROM_MS,
            end_ms=_NAMED_UNTIL_MS,
        ),
    )
