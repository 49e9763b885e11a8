"""Which layout each beat gets. A film never shows the same one twice in a row, and uses all it can."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from common.contracts.production import Beat, BeatKind, Shot

from producer.storyboard.illustrations import choose_illustrations, wished_illustrations
from producer.storyboard.layouts_change import before_after
from producer.storyboard.layouts_data import cascade, chart, dial, ladder
from producer.storyboard.layouts_diagram import diagram
from producer.storyboard.layouts_voice import finale, frame, quote, seal
from producer.storyboard.layouts_words import above, arch, banner, below, card, marker, poster
from producer.storyboard.stage import Picture, Stage

Layout = Callable[[Stage], Picture]

LAYOUTS: dict[str, Layout] = {
    layout.__name__: layout
    for layout in (
        poster,
        banner,
        above,
        below,
        card,
        arch,
        marker,
        dial,
        chart,
        ladder,
        cascade,
        before_after,
        diagram,
        quote,
        frame,
        finale,
        seal,
    )
}
"""Every layout by its name. `Shot.layout` carries it, and after a colon the illustration that is shown in it."""

_ILLUSTRATED = frozenset({"poster", "banner", "above", "below", "card", "arch", "chart", "quote"})

_FREE_BELOW = "poster"
"""Has its words at the top: a name can stand below."""

_FOR_KIND: dict[BeatKind, tuple[str, ...]] = {
    BeatKind.HOOK: ("poster", "banner"),
    BeatKind.POINT: ("above", "card", "below", "arch", "marker"),
    BeatKind.NUMBER: ("dial", "chart"),
    BeatKind.STEPS: ("ladder", "cascade"),
    BeatKind.CHANGE: ("before_after",),
    BeatKind.DIAGRAM: ("diagram",),
    BeatKind.QUOTE: ("quote", "frame"),
    BeatKind.CLOSE: ("finale", "seal"),
}


def choose_layouts(beats: Sequence[Beat], *, seed: int, named: bool = False) -> list[str]:
    """Return a layout for each beat, by what it does in the film; neighbours always differ.

    A layout that shows an illustration names it too, as in `above:tide`. A beat without what its kind promises, such as
    a number without a figure, is shown as a point, and so is the second of two neighbours where their kind has but one
    layout. A film whose speaker is `named` opens with the layout that leaves its lower third free. The same beats and
    seed give the same list.
    """
    chance = random.Random(seed)
    turns = {kind: chance.sample(names, len(names)) for kind, names in _FOR_KIND.items()}
    if named:
        turns[BeatKind.HOOK] = [_FREE_BELOW, *(name for name in turns[BeatKind.HOOK] if name != _FREE_BELOW)]
    chosen: list[str] = []
    for beat in beats:
        names = turns[_shown_as(beat)]
        if names == chosen[-1:]:
            names = turns[BeatKind.POINT]
        name = next((one for one in names if one not in chosen[-1:] and _suits(one, beat)), names[0])
        chosen.append(name)
        names.append(names.pop(names.index(name)))
    illustrated = [place for place, name in enumerate(chosen) if name in _ILLUSTRATED]
    pictures = choose_illustrations([beats[place] for place in illustrated], seed=seed)
    for place, picture in zip(illustrated, pictures, strict=True):
        chosen[place] = f"{chosen[place]}:{picture}"
    return chosen


def other_layout(shot: Shot, *, beside: Sequence[str], wish: str = "") -> str:
    """Return another layout for one shot, with another illustration where it shows one; never a neighbour's.

    `wish` is what somebody would like to see: its words choose the illustration if there is one for them. `beside` are
    the layouts of the neighbours. Names the same layout only when the beat has no other.
    """
    now, _, shown = shot.layout.partition(":")
    near = {name.partition(":")[0] for name in beside}
    names = [name for name in _FOR_KIND[_shown_as(shot.beat)] if _suits(name, shot.beat)]
    if shot.speaker is not None:
        names = [_FREE_BELOW]
    elif not set(names) - {now}:
        # A kind with one layout alone: what it says can also be shown as a point.
        names += [name for name in _FOR_KIND[BeatKind.POINT] if _suits(name, shot.beat)]
    name = next((one for one in names if one != now and one not in near), None)
    name = name or next((one for one in names if one != now), now)
    if name not in _ILLUSTRATED:
        return name
    pictures = [picture for picture in wished_illustrations(wish, shot.beat, seed=shot.seed) if picture != shown]
    return f"{name}:{pictures[0]}"


def layout_for(name: str, beat: Beat) -> Layout:
    """Return the layout of that name; one that is unknown (a plan from elsewhere) becomes the first for the beat."""
    return LAYOUTS.get(name.partition(":")[0]) or LAYOUTS[_FOR_KIND[_shown_as(beat)][0]]


def _suits(name: str, beat: Beat) -> bool:
    """Say whether a layout does a beat justice: words as large as posters must be few and short."""
    words = beat.headline.split()
    return name != "marker" or (0 < len(words) <= 4 and max(map(len, words)) <= 11)


def _shown_as(beat: Beat) -> BeatKind:
    promised: dict[BeatKind, object] = {
        BeatKind.NUMBER: beat.figure,
        BeatKind.STEPS: beat.items,
        BeatKind.CHANGE: beat.change,
        BeatKind.DIAGRAM: beat.diagram,
    }
    return beat.kind if promised.get(beat.kind, beat) else BeatKind.POINT
