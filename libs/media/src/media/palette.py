"""Colour: WCAG contrast, and a palette that suits what a film is about.

A palette's promises, kept for every brief and seed: ink on accent is at least 7:1, accent on ground at least 7:1, and
white on ground at least 14:1.
"""

from __future__ import annotations

import colorsys
import random
import re
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.contracts.production import Palette

INK_ON_ACCENT = 7.0
ACCENT_ON_GROUND = 7.0
WHITE_ON_GROUND = 14.0
_DEEPEST = 48
"""Of 64 steps to black: how far a brand's ground gives way to its accent."""


@dataclass(frozen=True)
class Mood:
    """A feeling with the stems of words that call for it, and hand-picked colours: ground, first, second, accent."""

    name: str
    stems: str
    looks: tuple[tuple[str, str, str, str], ...]


MOODS = (
    Mood(
        "sea",
        "sea seas ocean tide tidal wave water swim surf beach fish whale river lake rain meer ozean wasser gezeiten "
        "mer mar agua boat sail coral dive",
        (("#04151f", "#0a6c9c", "#12a79d", "#ffd166"), ("#03162b", "#1557b8", "#1fb5c9", "#ffe2a8")),
    ),
    Mood(
        "forest",
        "forest tree plant garden leaf green nature grow seed flower bee insect bird wald baum garten natur jardin "
        "bosque soil compost farm mushroom climate park litter neighbourhood neighborhood clean",
        (("#07170f", "#1f7d4f", "#86b84f", "#ffe08a"), ("#081a16", "#0f7a66", "#a3c24a", "#fff0a3")),
    ),
    Mood(
        "fire",
        "fire flame burn heat hot volcano lava spice spicy chili feuer hitze vulkan feu fuego rocket explosion anger "
        "sun summer desert energy",
        (("#1a0907", "#b3261e", "#f2711c", "#ffd23f"), ("#1d080d", "#b0183a", "#ff7a2f", "#ffe066")),
    ),
    Mood(
        "space",
        "space star stars planet moon orbit galaxy universe rocket astronaut gravity solar cosmos black hole weltraum "
        "stern mond planet espace luna estrella telescope mars",
        (("#060714", "#3b2a9c", "#8a4fe0", "#9be8ff"), ("#05081c", "#1d3fae", "#9a3fd0", "#ffe39a")),
    ),
    Mood(
        "night",
        "night sleep dream dark insomnia evening nacht schlaf traum nuit noche rest relax calm quiet meditation mind",
        (("#0b0c26", "#3a3fa8", "#7c6fe0", "#ffd9a0"), ("#0f0a26", "#4c2c9c", "#c0508f", "#ffcf9a")),
    ),
    Mood(
        "tech",
        "tech ai code software computer robot data algorithm internet app digital chip cyber program neural model "
        "cloud phone server network password security hack technik quantum battery",
        (("#070b1c", "#2649e6", "#13a6c8", "#b9ff4d"), ("#080a16", "#5b2ff0", "#1f8fff", "#5ff2d0")),
    ),
    Mood(
        "food",
        "food bread sourdough bake baking dough flour cook cooking kitchen recipe eat coffee tea cheese chocolate "
        "pizza pasta soup wine fruit brot backen essen kochen kaffee pain cuisine comida cocina pan sugar meal",
        (("#1d1008", "#a8521f", "#db8f3f", "#ffe3a3"), ("#1e0d0d", "#a63a2a", "#d9973f", "#fff0c7")),
    ),
    Mood(
        "money",
        "money invest investing interest compound saving savings bank budget finance stock market profit price "
        "salary debt tax business sales revenue startup geld zins sparen aktie argent dinero economy cost inflation",
        (("#06150f", "#0d7a53", "#2fb673", "#ffd75e"), ("#07131c", "#12658c", "#27b08a", "#ffe27a")),
    ),
    Mood(
        "health",
        "health heart body doctor medicine exercise fitness muscle brain blood vitamin diet immune breath breathing "
        "gesundheit herz sport salud sante yoga posture stress hospital vaccine",
        (("#180a1c", "#c03a6b", "#7b5cff", "#93f2cb"), ("#0a1420", "#1d6fb8", "#e0527a", "#a8f5d6")),
    ),
    Mood(
        "sport",
        "run running race football soccer basketball goal win team train training speed fast cycling bike ski climb "
        "gym marathon olympic champion laufen",
        (("#120a20", "#6a22d6", "#ff3d71", "#f6ff5c"), ("#0c0f1e", "#1f4de0", "#ff5a3c", "#eaff5c")),
    ),
    Mood(
        "history",
        "history ancient rome roman egypt war king queen castle medieval century museum book story geschichte histoire "
        "historia philosophy art painting archaeology viking empire letter paper",
        (("#18110a", "#7d4a20", "#b0803c", "#f6d88f"), ("#150f12", "#7a2e3a", "#b8793f", "#f7dda6")),
    ),
    Mood(
        "travel",
        "travel city trip journey road train plane flight map country hotel tour island mountain hike hiking bridge "
        "architecture street reise stadt voyage ville viaje ciudad airport metro",
        (("#0a1426", "#2160c4", "#ef6d4a", "#ffdca3"), ("#0b1722", "#147a8c", "#f08a4b", "#ffe8b0")),
    ),
    Mood(
        "sky",
        "sky cloud weather wind rainbow bird fly flight air balloon himmel wetter wolke ciel cielo sunlight",
        (("#06182f", "#1c6fd6", "#4cb4ee", "#ffe08a"), ("#071a2b", "#2b7fc4", "#7fa8f0", "#ffd9a8")),
    ),
    Mood(
        "work",
        "job jobs career interview boss office meeting resume hire hiring manager colleague leadership "
        "productivity beruf arbeit bewerbung travail trabajo study exam school learn learning student teacher",
        (("#0c1024", "#3d4fd8", "#d65a7c", "#ffd08a"), ("#0a1622", "#1f7f9c", "#5b6fe0", "#ffe58f")),
    ),
    Mood(
        "love",
        "love friend family wedding baby child kid birthday gift happy happiness party music song dance liebe amour "
        "amor fashion beauty pet dog cat cats kitten people community grandmother",
        (("#1d0a18", "#a3246e", "#f0567a", "#ffd6a5"), ("#1a0a22", "#7d2bb0", "#f2598f", "#ffe08f")),
    ),
)


def luminance(value: str) -> float:
    """Return the WCAG relative luminance of `#rrggbb`, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in bytes.fromhex(value.removeprefix("#")))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def blend(one: str, other: str, share: float) -> str:
    """Return the colour `share` of the way from one to the other."""
    start, end = (bytes.fromhex(value.removeprefix("#")) for value in (one, other))
    return "#" + bytes(round(a + (b - a) * share) for a, b in zip(start, end, strict=True)).hex()


def at_most(value: str, limit: float) -> str:
    """Return the colour, darkened as far as its luminance needs to stay within `limit`."""
    return _towards(value, "#000000", lambda made: luminance(made) <= limit)


def choose_palette(text: str, seed: int) -> Palette:
    """Return the palette for a film about `text`: the mood most of its words call for, in a look chosen by `seed`.

    The same text and seed give the same palette. A text that calls for no mood gets a harmony of seeded hues.
    """
    # An accent is no reason to cut a word in two.
    plain = (mark for mark in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(mark))
    words = re.findall(r"[a-z]+", "".join(plain))
    scores = {mood.name: sum(_calls_for(mood, word) for word in words) for mood in MOODS}
    best = max(MOODS, key=lambda mood: scores[mood.name])
    chance = random.Random(seed ^ zlib.crc32(text.encode()))
    if scores[best.name] == 0:
        return _harmony(chance)
    index = chance.randrange(len(best.looks))
    return _promised(f"{best.name}-{index + 1}", *best.looks[index])


def brand_palette(name: str, colours: Sequence[str]) -> Palette:
    """Return the palette of a brand: its main colour (the first) in two shades, and the next as the accent.

    Of one colour alone the accent is its light shade. Every colour is as near as the palette's promises let it be: the
    ground gives way to the accent, since a darker shade of a brand's colour is still its own.
    """
    main = colours[0]
    accent = colours[1] if len(colours) > 1 else blend(main, "#ffffff", 0.7)
    shades = [blend(main, "#000000", step / 64) for step in range(_DEEPEST + 1)]
    ground = next((shade for shade in shades if contrast(accent, shade) >= ACCENT_ON_GROUND), shades[-1])
    return _promised(name, ground, main, blend(main, "#ffffff", 0.16), accent)


def _calls_for(mood: Mood, word: str) -> int:
    stems = mood.stems.split()
    return 2 if word in stems else int(any(len(stem) >= 4 and word.startswith(stem) for stem in stems))


def _harmony(chance: random.Random) -> Palette:
    """Make a palette around one hue: a neighbour that moves with it and an accent from across the wheel."""
    hue = chance.random()
    near = hue + chance.choice((-1, 1)) * chance.uniform(0.08, 0.16)
    across = hue + chance.uniform(0.42, 0.58)
    return _promised(
        f"harmony-{round(hue * 360)}",
        _hex(hue, 0.55, 0.11),
        _hex(hue, 0.78, 0.66),
        _hex(near, 0.66, 0.80),
        _hex(across, 0.42, 1.0),
    )


def _promised(name: str, ground: str, first: str, second: str, accent: str) -> Palette:
    """Return the palette after making its promises true: the ground as dark, the accent as light as they ask."""
    ground = _towards(ground, "#000000", lambda made: contrast("#ffffff", made) >= WHITE_ON_GROUND)
    ink = _towards(ground, "#000000", lambda made: contrast(made, accent) >= INK_ON_ACCENT)
    accent = _towards(
        accent,
        "#ffffff",
        lambda made: contrast(made, ground) >= ACCENT_ON_GROUND and contrast(made, ink) >= INK_ON_ACCENT,
    )
    return Palette(name=name, ground=ground, first=first, second=second, accent=accent, ink=ink)


def _towards(value: str, goal: str, good: Callable[[str], bool]) -> str:
    """Return the first colour on the way from `value` to `goal` that is good; the goal itself if none is."""
    return next((made for step in range(65) if good(made := blend(value, goal, step / 64))), goal)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _hex(hue: float, saturation: float, value: float) -> str:
    return "#" + bytes(round(255 * channel) for channel in colorsys.hsv_to_rgb(hue % 1, saturation, value)).hex()
