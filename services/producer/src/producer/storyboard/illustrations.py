"""Which illustration goes with a beat: the words decide, the shot's place in the film varies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from common.contracts.production import Beat

from producer.storyboard.illustrations_nature import bowl, bread, day, flame, globe, peak, plant, tide
from producer.storyboard.illustrations_signal import bloom, network, orbits, pulse, ribbons, ripples, sound
from producer.storyboard.illustrations_things import bars, clock, coins, gears, idea, route, timeline
from producer.storyboard.pen import Pen

Illustration = Callable[[Pen], None]


@dataclass(frozen=True)
class Theme:
    """Words (by their first letters) and the illustrations that go with them, best first."""

    stems: str
    pictures: tuple[Illustration, ...]


THEMES = (
    Theme("sea ocean tide tides tidal wave water swim surf beach fish boat meer gezeit wasser", (tide, ripples)),
    Theme(
        "moon planet orbit space star gravit galaxy earth world solar satellite mond stern atom electron",
        (globe, orbits),
    ),
    Theme("sun sunny morning sunrise sunset light weather season summer sky dawn licht sonne", (day, clock)),
    Theme("plant grow seed tree leaf garden forest flower soil root nature pflanz wachs baum bio", (plant, day)),
    Theme("fire flame burn heat hot oven warm volcan lava spic feuer energy fuel fever bake", (flame, bread)),
    Theme("bread dough loaf flour sourdough yeast crust baker brot teig starter ferment", (bread, bowl)),
    Theme(
        "cook food soup eat meal coffee tea bowl kitchen recipe sugar salt stir mix taste pasta essen", (bowl, flame)
    ),
    Theme("mountain climb hike peak goal summit challenge hard success top berg", (peak, route)),
    Theme("money coin cash save saving pay price cost dollar euro rich bank geld wage debt deposit", (coins, bars)),
    Theme(
        "growth interest invest profit percent rise increase compound rate return sales more double grows curve data",
        (bars, coins),
    ),
    Theme(
        "machine engine gear work process system factory mechan motor build tool robot step maschine", (gears, timeline)
    ),
    Theme("time minute hour clock wait second rest early late fast slow daily zeit stunde patien", (clock, timeline)),
    Theme("travel route map path journey road trip city walk run train bike way move reise weg deliver", (route, peak)),
    Theme("history year century ancient age era past future decade first then next jahr geschichte", (timeline, clock)),
    Theme("idea learn think why question answer know understand secret trick discover tip reason", (idea, bloom)),
    Theme("signal radio echo spread wifi ripple drop impact pull attract field magnet force", (ripples, orbits)),
    Theme(
        "network internet connect brain ai neural social share people team link code computer cloud web",
        (network, gears),
    ),
    Theme("sound music voice song listen hear noise podcast talk speak word audio hum purr musik", (sound, ripples)),
    Theme("heart health body blood sleep stress breath exercise doctor pulse love life muscle herz", (pulse, bloom)),
)
ANYTHING: tuple[Illustration, ...] = (ribbons, bloom, orbits, ripples)


def choose_illustration(beat: Beat, *, index: int, seed: int) -> Illustration:
    """Return the illustration for a beat: that of the theme its words touch most, else one that suits anything.

    Neighbouring shots of one theme get different pictures. The same arguments give the same picture.
    """
    scores = [_score(theme, beat) for theme in THEMES]
    best = max(scores)
    if best == 0:
        return ANYTHING[(index + seed) % len(ANYTHING)]
    pictures = THEMES[scores.index(best)].pictures
    return pictures[index % len(pictures)]


def _score(theme: Theme, beat: Beat) -> int:
    return 3 * _hits(theme, " ".join((beat.headline, *beat.emphasis, beat.kicker))) + _hits(
        theme, " ".join((beat.detail, beat.narration, *beat.items))
    )


def _hits(theme: Theme, text: str) -> int:
    words = re.findall(r"[a-z]+", unicodedata.normalize("NFKD", text.lower()))
    stems = theme.stems.split()
    return sum(any(word == stem or (len(stem) > 3 and word.startswith(stem)) for stem in stems) for word in words)
