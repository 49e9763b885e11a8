"""What the two tasks about screenplays share: how many scenes a length asks for, and when two names are one."""

from __future__ import annotations

from math import sqrt

from common.contracts.screenplay import MOST_PARTS, CharacterProfile
from common.contracts.values import Value
from pydantic import Field

FEWEST_SCENES, MOST_SCENES = 3, 15
LONGEST_LOGLINE = 60
"""Words."""


class ProfilesWritten(Value):
    """The profiles of the people in a screenplay."""

    characters: tuple[CharacterProfile, ...] = Field(min_length=1, max_length=MOST_PARTS)


def scenes_for(minutes: int) -> int:
    """How many scenes the outline of a film of that length has: one of ten minutes six, a feature fifteen."""
    return max(FEWEST_SCENES, min(MOST_SCENES, round(2 * sqrt(minutes))))


def named(name: str) -> str:
    """A name as it is compared: people write `MARA` and `Mara` of one person."""
    return " ".join(name.casefold().split())
