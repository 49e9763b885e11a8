"""What people want redone about a film: orders for single scenes, and what became of each."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from common.contracts.values import Sha256, Value

REWORK_LIMIT = 40
"""How many orders one request for changes carries at most."""


class ReworkStage(StrEnum):
    """Who has to do a scene again: the words, their picture, the voice, what is written, music, or the cut."""

    SCRIPT = "script"
    CLIP = "clip"
    VOICE = "voice"
    CAPTION = "caption"
    SOUND = "sound"
    CUT = "cut"


class SceneMark(Value):
    """Where a scene is in a finished film, and the hashes of its parts. Scenes overlap by their transition."""

    index: int = Field(ge=0)
    start_frame: int = Field(ge=0, description="The film's first frame that shows any of it.")
    frames: int = Field(ge=1)
    clip_sha256: Sha256
    still_sha256: Sha256 | None = Field(default=None, description="A small picture of it, without captions.")
    voice_sha256: Sha256 | None = None


class Rework(Value):
    """One thing to do again, in a reviewer's words. Scenes that no order names stay as they are, byte for byte."""

    scene: int | None = Field(default=None, ge=0, description="Counted from 0; none: what belongs to the whole film.")
    stage: ReworkStage
    instruction: str
    note_ids: tuple[UUID, ...] = ()


class Reworked(Value):
    """What became of an order. `said` is a sentence for people; it never repeats the order's own words."""

    scene: int | None = Field(default=None, ge=0)
    stage: ReworkStage
    done: bool
    said: str
    note_ids: tuple[UUID, ...] = ()
