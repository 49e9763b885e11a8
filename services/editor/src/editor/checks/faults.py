"""What is wrong with a film, and which part of it would have to be made again to put that right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The parts a film is made of one by one."""

    PLAN = "plan"
    PICTURE = "picture"
    SOUND = "sound"
    JOIN = "join"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault, in a sentence for people. `frames` are those of the film that show it; none: all of the part."""

    part: Part
    said: str
    frames: range | None = None
