"""How one scene gives way to the next: the moves the editor knows, and which one it picks.

Each move is a filter graph over the last frames of one clip, `[a]`, and as many first frames of the next, `[b]`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from common.contracts.production import BeatKind

from editor.errors import UnknownTransition


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """The frames that two scenes share, their size, and the film's colours for what moves between them."""

    frames: int
    fps: int
    width: int
    height: int
    panel: str = "#404040"
    edge: str = "#ffffff"

    @property
    def half(self) -> int:
        """The first frame of the second half, on which a hidden change takes place."""
        return self.frames // 2


Move = Callable[[Overlap], str]

CUT = "cut"
"""What stands between scenes that share no frames."""
_PUNCH = 0.22
"""How much nearer a scene comes before it is cut away."""


def _share(overlap: Overlap, *, counted_from: int = 0) -> str:
    """Return how far a move has come at frame `n`: between 0 and 1, on no frame either, so no frame is shown twice.

    ffmpeg does not count alike everywhere: the first frame is 0, but 1 for the places of `overlay`.
    """
    return f"((n+{1 - counted_from})/{overlap.frames + 1})"


def _eased(overlap: Overlap, *, counted_from: int = 0) -> str:
    """Go from 0 to 1 over the overlap, slow at both ends."""
    p = _share(overlap, counted_from=counted_from)
    return f"if(lt({p},0.5),4*pow({p},3),1-pow(2-2*{p},3)/2)"


def _push_up(overlap: Overlap) -> str:
    """Stack the scenes and let the view glide down: xfade's own slides are linear and look mechanical."""
    return f"[a][b]vstack,crop={overlap.width}:{overlap.height}:0:'{overlap.height}*({_eased(overlap)})'"


def _push_left(overlap: Overlap) -> str:
    return f"[a][b]hstack,crop={overlap.width}:{overlap.height}:'{overlap.width}*({_eased(overlap)})':0"


def _cover_up(overlap: Overlap) -> str:
    """Lay the next scene over the last one from below, with a lit edge."""
    high, edge = overlap.height, _edge(overlap)
    at = f"{high}*(1-({_eased(overlap, counted_from=1)}))"
    return (
        f"{_colour(overlap.edge, overlap, width=overlap.width, height=edge)}[edge];"
        f"[a][b]overlay=x=0:y='{at}':shortest=1[over];[over][edge]overlay=x=0:y='{at}-{edge}':shortest=1"
    )


def _panel_left(overlap: Overlap) -> str:
    """Sweep a panel of the film's colour across; behind it the scene changes."""
    wide, edge = overlap.width, _edge(overlap)
    # The sine is quick to leave and to arrive: with a cubic ease the panel would hide the picture for one frame only.
    at = f"{wide}*cos(PI*{_share(overlap, counted_from=1)})"
    return (
        f"{_colour(overlap.edge, overlap, width=wide + 2 * edge, height=overlap.height)}[edge];"
        f"{_colour(overlap.panel, overlap, width=wide, height=overlap.height)}[panel];"
        f"[a][b]overlay=enable='gte(n,{overlap.half})'[changed];"
        f"[changed][edge]overlay=x='{at}-{edge}':y=0:shortest=1[lit];[lit][panel]overlay=x='{at}':y=0:shortest=1"
    )


def _panel_up(overlap: Overlap) -> str:
    high, edge = overlap.height, _edge(overlap)
    at = f"{high}*cos(PI*{_share(overlap, counted_from=1)})"
    return (
        f"{_colour(overlap.edge, overlap, width=overlap.width, height=high + 2 * edge)}[edge];"
        f"{_colour(overlap.panel, overlap, width=overlap.width, height=high)}[panel];"
        f"[a][b]overlay=enable='gte(n,{overlap.half})'[changed];"
        f"[changed][edge]overlay=x=0:y='{at}-{edge}':shortest=1[lit];[lit][panel]overlay=x=0:y='{at}':shortest=1"
    )


def _punch(overlap: Overlap) -> str:
    """Rush into the last scene, cut, and let the next one come to rest from near."""
    # `perspective` counts the frames it gives from 1.
    into = f"{_PUNCH}*pow(on/{overlap.half},3)"
    rest = overlap.frames - overlap.half
    out = f"{_PUNCH}*pow(({rest + 1}-on)/{rest + 1},3)"
    return (
        f"[a]trim=end_frame={overlap.half},{_nearer(into)}[into];"
        f"[b]trim=start_frame={overlap.half},setpts=PTS-STARTPTS,{_nearer(out)}[out];"
        f"[into][out]concat=n=2:v=1,settb=1/{overlap.fps},setpts=N,fps={overlap.fps}"
    )


def _nearer(share: str) -> str:
    """Stretch the middle of the picture over all of it. A share of 0.1 leaves 5 % of each side out."""
    # Unlike scale and crop, whose offsets are whole pixels, this glides.
    near, far = f"({share})/2", f"(1-({share})/2)"
    corners = (f"W*{near}:H*{near}", f"W*{far}:H*{near}", f"W*{near}:H*{far}", f"W*{far}:H*{far}")
    names = ":".join(f"x{i}='{x}':y{i}='{y}'" for i, (x, y) in enumerate(corner.split(":") for corner in corners))
    return f"perspective={names}:interpolation=linear:eval=frame"


def _iris(overlap: Overlap) -> str:
    """Open a circle from the middle of the picture.

    Its mask is the distance from the rim, computed small and scaled up, then sharpened: `geq` at full size would take
    longer than the rest of the film, and xfade's own circle is so soft that both scenes' type is seen at once.
    """
    wide, high = max(8, overlap.width // 10), max(8, overlap.height // 10)
    far = math.hypot(wide, high) / 2 + 1
    distance = f"{far:.3f}*({_eased(overlap).replace('n', 'N')})-hypot(X+0.5-{wide / 2},Y+0.5-{high / 2})"
    sharpened = "clip((val-128)*12+128,0,255)"
    return (
        f"{_colour('#000000', overlap, width=wide, height=high)},format=gray,geq=lum='clip(128+24*({distance}),0,255)',"
        f"scale={overlap.width}:{overlap.height}:flags=bicubic,format=gray,lut=c0='{sharpened}'[mask];"
        f"[b][mask]alphamerge[hole];[a][hole]overlay=shortest=1"
    )


def _edge(overlap: Overlap) -> int:
    """Return how wide a lit edge is: an even number of pixels, about 2 % of the picture's width."""
    return 2 * round(overlap.width / 96)


def _colour(value: str, overlap: Overlap, *, width: int, height: int) -> str:
    seconds = overlap.frames / overlap.fps
    return f"color=c=0x{value.removeprefix('#')}:s={width}x{height}:r={overlap.fps}:d={seconds:.6f},format=yuv420p"


MOVES: Mapping[str, Move] = MappingProxyType(
    {
        "push_up": _push_up,
        "push_left": _push_left,
        "cover_up": _cover_up,
        "panel_left": _panel_left,
        "panel_up": _panel_up,
        "punch": _punch,
        "iris": _iris,
    }
)

# Chosen by what comes next. No move is a dissolve: type that shines through other type looks broken. The two columns
# share no name, so that no move follows itself, and each choice looks at nothing but the place and the incoming beat,
# so that editing one scene never changes a transition elsewhere.
_CHOICES: Mapping[BeatKind, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        BeatKind.HOOK: (("push_up",), ("push_left",)),
        BeatKind.POINT: (("push_up", "punch", "cover_up"), ("panel_left", "push_left")),
        BeatKind.NUMBER: (("punch",), ("iris",)),
        BeatKind.STEPS: (("push_up",), ("push_left", "panel_left")),
        BeatKind.QUOTE: (("cover_up",), ("iris",)),
        BeatKind.CHANGE: (("cover_up",), ("panel_left",)),
        BeatKind.DIAGRAM: (("push_up",), ("push_left",)),
        BeatKind.CLOSE: (("panel_up",), ("panel_left", "iris")),
    }
)


def choose_transition(incoming: BeatKind, *, place: int) -> str:
    """Pick the move into a beat. `place` counts transitions from 0; the same question has the same answer."""
    column = _CHOICES[incoming][place % 2]
    return column[place // 2 % len(column)]


def transition_graph(name: str, overlap: Overlap) -> str:
    """Return the filter graph of a move, from `[a]` and `[b]`. Raises `UnknownTransition`."""
    move = MOVES.get(name)
    if move is None:
        raise UnknownTransition(f"There is no transition {name!r}; there are {', '.join(sorted(MOVES))}.")
    return move(overlap)
