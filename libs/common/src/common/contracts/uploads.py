"""What people bring along: music, footage, pictures and logos, on terms that are said when they are uploaded."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from common.contracts.values import ArtifactRef, Sha256, Value

UPLOAD_MEGABYTES = 256
"""Of one upload. Everything in front of the producer lets as much through."""


class UploadKind(StrEnum):
    """What an upload is for."""

    MUSIC = "music"
    FOOTAGE = "footage"
    """Films, and pictures that stand for as long as their scene."""
    LOGO = "logo"
    """A PNG that a brand kit names."""


class LicenceKind(StrEnum):
    """On which terms it may be used."""

    OWN = "own"
    """It is the uploader's own work, or their organisation's."""
    LICENSED = "licensed"
    """Somebody allows it; under which licence is said with it."""
    CC_BY = "cc_by"
    """A Creative Commons licence that wants its author named; where it is from is said with it."""


class Brought(Value):
    """An upload as a film uses it, with the terms that were said of it."""

    ref: ArtifactRef
    licence: str
    credit: str | None = Field(default=None, description="Who has to be named for it.")
    duration_ms: int = Field(ge=0, description="0 for a picture.")


class FootageChoice(Value):
    """Footage of one's own in the place of a clip that would be filmed."""

    upload: Sha256
    scene: int = Field(ge=0, description="Counted from 0.")
