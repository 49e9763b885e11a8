"""What a scan writes down: measurements, no judgement. Each class is one scanner's answer, with a version.

An answer that makes no sense (a share above one, a stretch that ends before it starts, NaN) does not validate, and what
does not validate was not scanned.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from common.contracts.gates import Region
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
Seconds = Annotated[FiniteFloat, Field(ge=0, le=86_400)]
Count = Annotated[int, Field(ge=0, le=100_000_000)]
SLACK_SECONDS = 1.0
"""How much later than the stated length something may be: containers round, and sound and picture differ a little."""


class Scanner(StrEnum):
    """Who looks at what."""

    PICTURE = "picture"
    SOUND = "sound"
    TAGS = "tags"
    LOGO = "logo"


VERSIONS = {Scanner.PICTURE: 2, Scanner.SOUND: 2, Scanner.TAGS: 1, Scanner.LOGO: 2}
"""Facts of another version are not read: raise a scanner's number whenever it measures otherwise."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, ser_json_inf_nan="null")


class Stretch(_Fact):
    """A part of a film or a sound, in seconds from its start, and the picture it begins with."""

    start_seconds: Seconds
    end_seconds: Seconds
    frame: Count = 0

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end_seconds - self.start_seconds

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.end_seconds < self.start_seconds:
            raise ValueError("a stretch ends before it starts")
        return self


class Flashing(_Fact):
    """The worst second for one rate: how much of a field of view flashes at least that often in it."""

    flashes: Count
    """Pairs of opposing changes are more than this many in a second."""
    share: Share
    """Of the worst field of ten degrees."""
    start_seconds: Seconds
    frame: Count
    region: Region


class Line(_Fact):
    """Something that looks like writing: where, how long, and its contrast at its best (WCAG, 1 to 21)."""

    start_seconds: Seconds
    end_seconds: Seconds
    frame: Count
    region: Region
    contrast: Annotated[FiniteFloat, Field(ge=1, le=21.01)]
    height: Share
    """Of the letters, as a share of the picture's short side."""
    samples: Count


class Colour(_Fact):
    """A colour and how much of the pictures it covers."""

    hex: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    share: Share


class PictureFacts(_Fact):
    """What the picture scanner measured on a film or a still."""

    version: int = VERSIONS[Scanner.PICTURE]
    seconds: Seconds
    frames: Annotated[int, Field(ge=1, le=100_000_000)]
    width: Annotated[int, Field(ge=1, le=32_768)]
    height: Annotated[int, Field(ge=1, le=32_768)]
    black: tuple[Stretch, ...]
    frozen: tuple[Stretch, ...]
    flashing: tuple[Flashing, ...]
    red_flashing: tuple[Flashing, ...]
    lines: tuple[Line, ...]
    samples: Count
    """Pictures that were looked at closely, for writing and colours."""
    colours: tuple[Colour, ...]
    pieces: Count = 0
    """In how many pieces it was seen while it was being made; none: it was looked at whole."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for stretches in (self.black, self.frozen):
            _in_order(stretches, self.seconds)
        if sum(colour.share for colour in self.colours) > 1.01:
            raise ValueError("the colours cover more than the picture")
        named = [found.frame for found in (*self.flashing, *self.red_flashing)] + [line.frame for line in self.lines]
        if any(frame >= self.frames for frame in named):
            raise ValueError("a picture is named that the film does not have")
        return self


class SoundFacts(_Fact):
    """What the sound scanner measured. A file without sound has no channels and is silent from end to end."""

    version: int = VERSIONS[Scanner.SOUND]
    seconds: Seconds
    channels: Annotated[int, Field(ge=0, le=64)]
    loudness_lufs: Annotated[FiniteFloat, Field(ge=-100, le=20)] | None
    true_peak_dbtp: Annotated[FiniteFloat, Field(ge=-200, le=40)] | None
    """None of digital silence, whose peak is no number."""
    silent: tuple[Stretch, ...]
    clipped: tuple[Stretch, ...]
    clipped_runs: Count
    speech: tuple[Stretch, ...]
    """Where there is a sound like speech. No words are recognised."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for stretches in (self.silent, self.clipped, self.speech):
            _in_order(stretches, self.seconds)
        return self


class Tag(_Fact):
    """One text that a file carries beside its pictures and sound, and where in it."""

    where: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(max_length=4_000)]


class TagFacts(_Fact):
    """Every text of a container. It was written by nobody knows whom: it is looked at, and never obeyed."""

    version: int = VERSIONS[Scanner.TAGS]
    tags: Annotated[tuple[Tag, ...], Field(max_length=200)]
    left_out: bool
    """Whether there was more than is kept here."""


class LogoFacts(_Fact):
    """What in a film is most like a logo, where a brand kit has it: which picture, where in it, how alike."""

    version: int = VERSIONS[Scanner.LOGO]
    looked: Annotated[int, Field(ge=1, le=1000)]
    """Pictures that were looked at."""
    alike: Annotated[FiniteFloat, Field(ge=-1, le=1)]
    seconds: Seconds
    frame: Count
    region: Region
    place: Annotated[str, Field(max_length=40)]
    """Where the kit has it."""


Facts = PictureFacts | SoundFacts | TagFacts | LogoFacts
PIECE = "piece"
"""What a scan of a film's piece is called. It gives no facts: what was seen of it waits for the film."""
SHAPES: dict[Scanner, type[PictureFacts] | type[SoundFacts] | type[TagFacts] | type[LogoFacts]] = {
    Scanner.PICTURE: PictureFacts,
    Scanner.SOUND: SoundFacts,
    Scanner.TAGS: TagFacts,
    Scanner.LOGO: LogoFacts,
}


def _in_order(stretches: tuple[Stretch, ...], seconds: float) -> None:
    if any(later.start_seconds < earlier.end_seconds for earlier, later in pairwise(stretches)):
        raise ValueError("stretches overlap")
    if stretches and stretches[-1].end_seconds > seconds + SLACK_SECONDS:
        raise ValueError("a stretch lies behind the end")
