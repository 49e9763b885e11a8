"""What the Remotion worker is ordered to draw (`services/editor/remotion/src/drawing.ts` is its other side).

Every place is decided by the same layout as for our own engine, so that both put the same word into the same spot on
the same frame; the worker only draws. Places are in pixels of the canvas, times are frames of the film.
"""

from __future__ import annotations

from typing import Annotated, Literal

from common.contracts.scenes import View
from common.contracts.values import Value
from pydantic import Field


class Move(Value):
    """A slow move over a picture, eased by a cosine."""

    start: View
    end: View


class Picture(Value):
    """A scene's clip or still, by the name of its file in the render's folder."""

    file: str
    still: bool
    start: int
    frames: int
    trim_ms: int
    speed: float
    fit: Literal["cover", "contain", "fill"]
    focus: View
    motion: Move | None


class Transition(Value):
    """Which frames scene number `place` shares with the next one, and the colours of what moves between them."""

    name: str
    place: int
    start: int
    frames: int
    panel: str
    edge: str


class Ground(Value):
    """What the end card is drawn on."""

    start: int
    frames: int
    colours: tuple[str, ...]


class DrawnLogo(Value):
    """A logo in its square: over all scenes, or, as `card`, on the end card, with which it moves in."""

    file: str
    left: float
    top: float
    side: float
    align_x: float
    align_y: float
    opacity: float
    card: bool


class PopScales(Value):
    """From which shares of its size a mark jumps over which."""

    wide: float
    high: float
    over: float


class Entrance(Value):
    """How a mark appears and goes. Without any of it, it is there and then is not."""

    fade_in_ms: int = 0
    fade_out_ms: int = 0
    rise: float = 0
    pop: PopScales | None = None


class DrawnHalo(Value):
    """A soft edge around letters, which are not drawn themselves. `blur` is a standard deviation."""

    reach: float
    blur: float
    ink: str
    opacity: float


class _Shown(Value):
    start: int
    stop: int
    layer: int
    entrance: Entrance = Entrance()
    card: bool = False


class TextMark(_Shown):
    """One run of text on its baseline; `x` is its left end, or its middle."""

    kind: Literal["text"] = "text"
    text: str
    family: str
    em: float
    x: float
    baseline: float
    anchor: Literal["start", "middle"] = "start"
    ink: str
    outline: float = 0
    outline_ink: str = "#000000"
    shadow: float = 0
    halo: DrawnHalo | None = None
    right_to_left: bool = False


class PanelMark(_Shown):
    """A rounded rectangle."""

    kind: Literal["panel"] = "panel"
    left: float
    top: float
    width: float
    height: float
    radius: float
    ink: str
    opacity: float = 1


Mark = Annotated[TextMark | PanelMark, Field(discriminator="kind")]


class Drawing(Value):
    """A whole film, ready to be drawn. It has no sound: that is ours."""

    version: Literal[1] = 1
    width: int
    height: int
    fps: int
    frames: int
    canvas: tuple[int, int]
    language: str
    fonts: tuple[str, ...]
    pictures: tuple[Picture, ...]
    moves: tuple[Transition, ...]
    ground: Ground | None
    logos: tuple[DrawnLogo, ...]
    marks: tuple[Mark, ...]
