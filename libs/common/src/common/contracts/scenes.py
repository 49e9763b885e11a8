"""The words of the scene model besides its clips: how a picture fits, what is written over it, how it sounds."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from common.contracts.values import ArtifactRef, Value

Hex = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class Fit(StrEnum):
    """What becomes of a picture whose shape is not the film's: fill it and lose edges, or show all of it."""

    COVER = "cover"
    CONTAIN = "contain"


class Platform(StrEnum):
    """Where a film will be seen, for what it must keep clear of."""

    TIKTOK = "tiktok"
    REELS = "reels"
    SHORTS = "shorts"
    YOUTUBE = "youtube"
    FEED = "feed"


class Anchor(StrEnum):
    """A place in the safe area."""

    TOP_LEFT = "top_left"
    TOP = "top"
    TOP_RIGHT = "top_right"
    CENTRE = "centre"
    BOTTOM_LEFT = "bottom_left"
    BOTTOM = "bottom"
    BOTTOM_RIGHT = "bottom_right"


class Face(StrEnum):
    """The bundled typefaces that headlines can be set in."""

    INTER = "inter"
    ANTON = "anton"
    FRAUNCES = "fraunces"
    BRICOLAGE = "bricolage"
    GROTESK = "grotesk"


class View(Value):
    """The part of a picture that is seen: its centre as shares of width and height, and how near it is."""

    x: float = Field(default=0.5, ge=0, le=1)
    y: float = Field(default=0.5, ge=0, le=1)
    zoom: float = Field(default=1.0, ge=1, le=4)


class KenBurns(Value):
    """A slow, eased move over a scene, from its first frame to its last."""

    start: View = View()
    end: View = View(zoom=1.15)


class OverlayKind(StrEnum):
    """What is written over a scene: a headline, a panel with a name and who that is, or a small label."""

    TITLE = "title"
    LOWER_THIRD = "lower_third"
    LABEL = "label"


class Overlay(Value):
    """Text over a scene's own frames, timed from the scene's first. It is laid out anew for every shape of the film."""

    kind: OverlayKind
    text: str = Field(min_length=1, max_length=200)
    detail: str = Field(default="", max_length=200, description="A second, smaller line.")
    emphasis: tuple[str, ...] = Field(default=(), description="Words of a title in the accent colour.")
    place: Anchor | None = Field(default=None, description="None: where its kind belongs.")
    start_ms: int = Field(default=0, ge=0)
    end_ms: int | None = Field(default=None, ge=0, description="None: as long as the scene has the picture to itself.")


class Speaker(Value):
    """Who is heard: shown once as a lower third, a name with what they are below it."""

    name: str = Field(min_length=1, max_length=60)
    role: str = Field(default="", max_length=80)


class ClipSound(Value):
    """The clip's own sound, under the voice. Without one of these it is not heard."""

    gain_db: float = Field(default=0.0, ge=-30, le=12, description="Against the level such sounds have by themselves.")


class MusicMix(Value):
    """How the music lies under the rest."""

    gain_db: float = Field(default=0.0, ge=-30, le=12, description="Against the level music has by itself.")
    duck: bool = Field(default=True, description="The voice pushes it down.")


class CaptionStyle(Value):
    """How captions look and where a page of them ends. What is not said follows the film's shape."""

    shown: bool = True
    words_per_page: int | None = Field(default=None, ge=1, le=10, description="None: 4 upright and square, 6 wide.")
    pause_ms: int = Field(default=250, ge=50, le=5_000, description="A longer silence starts a new page.")
    centre: float | None = Field(default=None, ge=0, le=1, description="Where they stand, as a share of the height.")
    size: float = Field(default=1.0, ge=0.5, le=1.5)
    karaoke: bool = Field(default=True, description="A box behind the word that is spoken.")


class Logo(Value):
    """A picture with transparency in a corner of every scene."""

    image: ArtifactRef
    place: Anchor = Anchor.TOP_RIGHT
    width: float = Field(default=0.14, gt=0, le=0.5, description="As a share of the picture's short side.")
    opacity: float = Field(default=0.9, gt=0, le=1)


class Brand(Value):
    """What makes a film somebody's besides its colours, which are the timeline's palette."""

    name: str = Field(default="", max_length=80)
    face: Face = Face.INTER
    logo: Logo | None = None


class EndCard(Value):
    """A last picture the editor draws itself: a title, a line below, and the brand's logo over them."""

    frames: int = Field(ge=1)
    title: str = Field(min_length=1, max_length=120)
    line: str = Field(default="", max_length=160)
    transition: str = Field(default="panel_up", description="Into the card; not used where scenes are cut hard.")
