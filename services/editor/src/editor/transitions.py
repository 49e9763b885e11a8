"""How one scene gives way to the next: the moves the editor knows, and which one it picks.

Each move is a filter graph over the last frames of one clip, `[a]`, and as many first frames of the next, `[b]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from common.contracts.production import BeatKind

from editor.errors import UnknownTransition


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """The frames that two scenes share, and their size."""

    frames: int
    fps: int
    width: int
    height: int


Move = Callable[[Overlap], str]

CUT = "cut"
"""What stands between scenes that share no frames."""


def _xfade(kind: str) -> Move:
    """Use one of ffmpeg's own cross-fades over the whole overlap."""
    return lambda overlap: f"[a][b]xfade=transition={kind}:duration={overlap.frames / overlap.fps:.6f}:offset=0"


def _eased(overlap: Overlap) -> str:
    """Go from 0 to 1 over the overlap, slow at both ends; neither end is on a frame, so no frame is shown twice."""
    p = f"((n+1)/{overlap.frames + 1})"
    return f"if(lt({p},0.5),4*pow({p},3),1-pow(2-2*{p},3)/2)"


def _push_up(overlap: Overlap) -> str:
    """Stack the scenes and let the view glide down: xfade's own slides are linear and look mechanical."""
    return f"[a][b]vstack,crop={overlap.width}:{overlap.height}:0:'{overlap.height}*({_eased(overlap)})'"


def _push_left(overlap: Overlap) -> str:
    return f"[a][b]hstack,crop={overlap.width}:{overlap.height}:'{overlap.width}*({_eased(overlap)})':0"


MOVES: Mapping[str, Move] = MappingProxyType(
    {
        "fade": _xfade("fade"),
        "push_up": _push_up,
        "push_left": _push_left,
        "sweep_up": _xfade("smoothup"),
        "sweep_left": _xfade("smoothleft"),
        "zoom_in": _xfade("zoomin"),
        "iris": _xfade("circleopen"),
    }
)

# Chosen by what comes next. The two columns share no name, so that no move follows itself, and each choice looks at
# nothing but the place and the incoming beat, so that editing one scene never changes a transition elsewhere.
_CHOICES: Mapping[BeatKind, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        BeatKind.HOOK: (("fade",), ("sweep_up",)),
        BeatKind.POINT: (("push_up", "zoom_in"), ("sweep_left", "push_left")),
        BeatKind.NUMBER: (("zoom_in",), ("iris",)),
        BeatKind.STEPS: (("push_up",), ("push_left", "sweep_left")),
        BeatKind.QUOTE: (("fade",), ("sweep_up",)),
        BeatKind.CLOSE: (("fade", "zoom_in"), ("sweep_up", "iris")),
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
