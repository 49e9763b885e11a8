"""Letters that no typeface of ours has: they are missing in pictures, and that is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from common.contracts.production import Beat
from common.contracts.values import Downgrade
from media.fonts import left_out


def letters_left_out(texts: Iterable[str], *, stage: str) -> tuple[Downgrade, ...]:
    """The downgrade that names what these texts lose when they are drawn; none if they lose nothing."""
    said = left_out(texts)
    return (Downgrade(code="letters_left_out", detail=said, stage=stage),) if said else ()


def drawn_texts(beats: Iterable[Beat]) -> Iterator[str]:
    """All that is drawn of these beats; what is heard of them is captioned by the editor."""
    for beat in beats:
        yield from _texts(beat.model_dump(mode="json", exclude={"kind", "narration", "emphasis"}))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            yield from _texts(member)
    elif isinstance(value, str):
        yield value
