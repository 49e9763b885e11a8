"""Which illustration goes with a beat: the words decide, what the film is about as a whole settles doubts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.contracts.production import Beat

from producer.storyboard.illustrations_desk import calendar, checklist, talk
from producer.storyboard.illustrations_life import bubbles, cat, cup, sleep, volcano
from producer.storyboard.illustrations_nature import bowl, bread, day, flame, globe, peak, plant, tide
from producer.storyboard.illustrations_signal import bloom, network, orbits, pulse, ribbons, ripples, sound
from producer.storyboard.illustrations_things import (
    bars,
    clock,
    coins,
    columns,
    falling,
    gears,
    idea,
    route,
    share,
    timeline,
)
from producer.storyboard.pen import Pen
from producer.storyboard.quantities import Trend, share_in, trend_of

Illustration = Callable[[Pen], None]


@dataclass(frozen=True)
class Theme:
    """Words (by their first letters) and the illustrations that go with them, best first."""

    stems: str
    pictures: tuple[Illustration, ...]


# Words that mean many things (rise, light, work, more, run) are in no theme: they put coins beside bread that rises.
THEMES = (
    Theme("sea seas ocean tide tidal wave water beach fish boat bulge meer gezeit wasser ebbe flut", (tide, globe)),
    Theme(
        "moon planet orbit space star stars gravit galaxy earth solar satellite mond stern atom electron universe",
        (globe, orbits),
    ),
    Theme(
        "volcan lava magma erupt crater basalt pumice ash mountain vulkan rock explod mantle crust",
        (volcano, flame, peak),
    ),
    Theme("sun sunny sunlight daylight sunrise sunset weather season summer sky blue sonne himmel", (day, ripples)),
    Theme(
        "plant grow seed tree leaf leaves garden forest flower soil root nature park clean litter pflanz wachs baum",
        (plant, day),
    ),
    Theme("fire flame burn heat oven volcanic spic feuer fuel fever", (flame,)),
    Theme(
        "bread dough loaf flour sourdough crumb bake bakery baker baking brot teig",
        (bread, bowl),
    ),
    Theme("yeast ferment starter bacteri bubble gas foam fizz soda carbon microb jar hefe", (bubbles,)),
    Theme("coffee tea cup mug espresso latte drink reusable kaffee tasse sip", (cup, bowl)),
    Theme("cook food soup eat eats meal bowl kitchen recipe sugar salt stir mix taste pasta essen", (bowl, flame)),
    Theme("mountain climb hike summit peak goal challenge berg", (peak, route)),
    Theme("money coin cash save saving price cost dollar euro rich bank geld wage debt deposit salary", (coins, bars)),
    Theme(
        "growth grow interest invest profit compound rate sales revenue turnover curve data decade double"
        " umsatz gewinn",
        (bars, coins),
    ),
    Theme("percent percentage prozent", (share,)),
    Theme("machine engine gear motor muscle factory mechan robot tool maschine", (gears,)),
    Theme("time minute hour clock wait second daily zeit stunde patien decade early late", (clock, timeline)),
    Theme(
        "date calendar saturday sunday monday tuesday wednesday thursday friday month week weekend launch invite event"
        " may june july april march schedule samstag sonntag termin",
        (calendar, clock),
    ),
    Theme("travel route map path journey road trip city train bike reise weg deliver route walk", (route,)),
    Theme("history year century ancient age era past future jahr geschichte 1962 opened founded", (timeline, clock)),
    Theme("idea learn think understand secret trick discover reason truth brain guess", (idea, bloom)),
    Theme(
        "ask answer question interview talk say says tell told story conversation boss company candidate colleague"
        " comment sagen frage fragst meinst antwort gespräch job",
        (talk, idea),
    ),
    Theme("mistake check list rule tip tips fehler prepare research write notes remember wrong weak", (checklist,)),
    Theme("signal radio echo spread wifi ripple drop impact attract field magnet force vibrat", (ripples,)),
    Theme(
        "network internet connect neural social share people team link code computer cloud web family families",
        (network,),
    ),
    Theme("sound music voice song listen hear noise podcast speak audio hum purr musik", (sound, ripples)),
    Theme("cat cats kitten purr paw feline katze pet animal dog", (cat, pulse)),
    Theme("sleep night dream tired bed insomnia nap schlaf nacht traum müd sommeil dormir", (sleep, clock)),
    Theme("heart health body blood stress breath breathing exercise doctor pulse love herz korper körper", (pulse,)),
)
ANYTHING: tuple[Illustration, ...] = (ribbons, bloom, orbits, ripples)

ILLUSTRATIONS: dict[str, Illustration] = {
    picture.__name__: picture
    for picture in (*ANYTHING, columns, falling, *(one for theme in THEMES for one in theme.pictures))
}
"""Every illustration by its name."""

_CHARTS: dict[Trend | None, Illustration] = {Trend.UP: bars, Trend.DOWN: falling, None: columns}
"""What is told of a quantity decides which way its bars go: none of them rises where nobody says that something did."""

_USED, _JUST_USED = 4.0, 5.0
"""What a picture loses each time it has been shown, and what more if it was the last one."""


def choose_illustrations(beats: Sequence[Beat], *, seed: int) -> list[str]:
    """Return an illustration's name for each beat: close to its words, of the film's subject, and not seen just now.

    The same beats and seed give the same list.
    """
    own = [[_score(theme, beat) for theme in THEMES] for beat in beats]
    subject = [min(8, sum(scores[i] for scores in own)) for i in range(len(THEMES))]
    used: Counter[str] = Counter()
    chosen: list[str] = []
    for place, scores in enumerate(own):
        worth: dict[str, float] = {}
        for turn, picture in enumerate(ANYTHING):
            worth[picture.__name__] = 1.0 - 0.1 * ((turn + seed + place) % len(ANYTHING))
        for theme, score, weight in zip(THEMES, scores, subject, strict=True):
            for rank, picture in enumerate(theme.pictures):
                # What the film is about counts even where a beat does not name it, but less than what the beat says.
                value = score * (1 + 0.12 * weight) + 0.5 * weight - 0.8 * rank
                name = picture.__name__
                worth[name] = max(worth.get(name, 0.0), value)
        best = max(worth, key=lambda name: worth[name] - _USED * used[name] - _JUST_USED * (chosen[-1:] == [name]))
        used[best] += 1
        chosen.append(_as_told(best, beats[place]))
    return chosen


def _as_told(name: str, beat: Beat) -> str:
    """The illustration as the beat's words have it: bars go the way they say, a ring is filled as far as they say."""
    if name not in (bars.__name__, share.__name__):
        return name
    words = f"{beat.narration} {beat.headline}"
    trend = trend_of(words)
    if trend is None and share_in(words) is not None:
        return share.__name__
    return _CHARTS[trend].__name__ if name == bars.__name__ or trend else columns.__name__


def wished_illustrations(wish: str, beat: Beat, *, seed: int) -> list[str]:
    """Return illustrations for what somebody would like to see instead, best first; without a match, for the beat."""
    wished = sorted(THEMES, key=lambda theme: -_hits(theme, wish))
    named = [picture.__name__ for theme in wished if _hits(theme, wish) for picture in theme.pictures]
    fitting = sorted(THEMES, key=lambda theme: -_score(theme, beat))
    close = [picture.__name__ for theme in fitting if _score(theme, beat) for picture in theme.pictures]
    anything = [ANYTHING[(seed + turn) % len(ANYTHING)].__name__ for turn in range(len(ANYTHING))]
    return list(dict.fromkeys((*named, *close, *anything)))


def _score(theme: Theme, beat: Beat) -> int:
    figure = f"{beat.figure.value} {beat.figure.label}" if beat.figure else ""
    return 3 * _hits(theme, " ".join((beat.headline, *beat.emphasis))) + _hits(
        theme, " ".join((beat.kicker, beat.detail, beat.narration, figure, *beat.items))
    )


def _hits(theme: Theme, text: str) -> int:
    stems = _words(theme.stems)
    return sum(
        any(word == stem or (len(stem) > 3 and word.startswith(stem)) for stem in stems) for word in _words(text)
    )


def _words(text: str) -> list[str]:
    """Return the words in plain letters: an accent is no reason to miss one, or to cut it in two."""
    spelled = text.lower().replace("%", " percent ")
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(mark))
    return re.findall(r"[a-z]+", plain)
