"""What a brand changes in a film's plan: its colours, and the time its end card takes of the length asked for. Pure."""

from __future__ import annotations

from common.contracts.brand import BrandKit
from common.contracts.production import Palette, ProductionInput
from media.palette import brand_palette, choose_palette

from producer.planning import Timing

_LEAST_TOLD_MS = 3_000


def palette_for(brand: BrandKit | None, about: str, seed: int) -> Palette:
    """The brand's colours; of a film without any, those that suit what it is about."""
    if brand is None or not brand.colours:
        return choose_palette(about, seed)
    return brand_palette(brand.name, brand.colours)


def card_ms(brand: BrandKit | None, *, overlap: int, fps: int) -> int:
    """How much longer the end card makes the film, of which `overlap` frames are its transition."""
    if brand is None or brand.end_card is None:
        return 0
    return max(0, round(brand.end_card.seconds * 1000 - overlap * 1000 / fps))


def told_ms(input: ProductionInput, timing: Timing) -> int:
    """How long the shots are to be, so that the film with its end card has the length asked for."""
    card = card_ms(input.brand, overlap=timing.transition_frames, fps=timing.fps)
    return max(_LEAST_TOLD_MS, input.target_seconds * 1000 - card)
