"""What makes a mood: its scale, its chords, its tempo and who plays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_LYDIAN = (0, 2, 4, 6, 7, 9, 11)
_MIXOLYDIAN = (0, 2, 4, 5, 7, 9, 10)
_DORIAN = (0, 2, 3, 5, 7, 9, 10)
_MINOR = (0, 2, 3, 5, 7, 8, 10)


@dataclass(frozen=True)
class Mood:
    """A way of composing. Steps are sixteenths of a bar, 0 to 15; chords are degrees of the scale, 0 is the tonic."""

    words: str
    """Beginnings of words that ask for this mood, separated by spaces."""
    tempo: tuple[int, int]
    scale: tuple[int, ...]
    progressions: tuple[tuple[int, ...], ...]
    chord_tones: int
    pluck: str
    pluck_steps: tuple[tuple[int, ...], ...]
    bass_steps: tuple[int, ...]
    kick: tuple[int, ...] = ()
    snare: tuple[int, ...] = ()
    hat: tuple[int, ...] = ()
    brightness: float = 0.4
    swing: float = 0.0
    """How late the off-beat sixteenths come, as a part of a sixteenth."""
    pump: float = 0.25
    """How far the chords step back at each kick, 0 to 1."""
    reverb: float = 0.3
    levels: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Changes to the usual balance, as factors by instrument."""


_EIGHTHS = (0, 2, 4, 6, 8, 10, 12, 14)
_OFF_BEATS = (2, 6, 10, 14)

MOODS: Mapping[str, Mood] = MappingProxyType(
    {
        "calm": Mood(
            words="calm sleep relax breath medita gentl peace quiet slow nature ocean sea tide moon garden yoga "
            "mindful forest rain rest ruhe meer natur schlaf tranquil mar lune sommeil",
            tempo=(68, 80),
            scale=_MAJOR,
            progressions=((0, 5, 3, 4), (0, 2, 3, 3), (3, 0, 5, 4), (0, 4, 5, 3)),
            chord_tones=4,
            pluck="bell",
            pluck_steps=((0, 6, 10), (0, 4, 10), (2, 8, 12)),
            bass_steps=(0,),
            hat=_OFF_BEATS,
            brightness=0.21,
            pump=0.0,
            reverb=0.5,
            levels=MappingProxyType({"pad": 1.2, "hat": 0.45, "pluck": 0.8}),
        ),
        "curious": Mood(
            words="how why what scien discover explor learn explain question myst space planet brain physic math "
            "histor research wonder wie warum wissen comment pourquoi como ciencia universe atom",
            tempo=(92, 104),
            scale=_LYDIAN,
            progressions=((0, 1, 0, 4), (0, 4, 1, 5), (5, 1, 0, 4), (0, 1, 5, 4)),
            chord_tones=4,
            pluck="marimba",
            pluck_steps=((0, 3, 6, 8, 11, 14), (0, 3, 6, 10, 12), (0, 2, 5, 8, 10, 13)),
            bass_steps=(0, 6, 8),
            kick=(0, 8),
            hat=_EIGHTHS,
            brightness=0.33,
            swing=0.12,
            pump=0.2,
            levels=MappingProxyType({"snare": 0.6}),
        ),
        "bright": Mood(
            words="happy bright fun summer launch new joy celebrat food recipe travel party colour color kid festival "
            "smile sun win gift sommer freude rezept verano fete alegr",
            tempo=(106, 118),
            scale=_MAJOR,
            progressions=((0, 4, 5, 3), (3, 4, 0, 5), (0, 3, 5, 4), (5, 3, 0, 4)),
            chord_tones=3,
            pluck="string",
            pluck_steps=((0, 3, 6, 8, 10, 14), _EIGHTHS, (0, 2, 3, 6, 8, 11, 14)),
            bass_steps=(0, 3, 8, 11),
            kick=(0, 8, 11),
            snare=(4, 12),
            hat=_EIGHTHS,
            brightness=0.51,
            pump=0.3,
            reverb=0.24,
        ),
        "driving": Mood(
            words="fast sport run fitness energ power race build startup hustle growth speed gym workout train tech "
            "productiv money business crypto market engine car kraft geld negocio vitesse compet",
            tempo=(120, 128),
            scale=_MINOR,
            progressions=((0, 5, 2, 6), (0, 3, 5, 6), (0, 6, 5, 6), (5, 6, 0, 2)),
            chord_tones=3,
            pluck="string",
            pluck_steps=(_EIGHTHS, (0, 3, 6, 8, 11, 14), (0, 2, 4, 7, 8, 10, 12, 15)),
            bass_steps=_EIGHTHS,
            kick=(0, 4, 8, 12),
            snare=(4, 12),
            hat=_OFF_BEATS,
            brightness=0.54,
            pump=0.5,
            reverb=0.2,
            levels=MappingProxyType({"kick": 1.15, "pad": 0.9}),
        ),
        "warm": Mood(
            words="warm home famil friend love story memor heart care thank coffee craft hand people help together "
            "communit book bread heim liebe famili amor amour casa maison",
            tempo=(78, 90),
            scale=_MAJOR,
            progressions=((1, 4, 0, 5), (3, 2, 1, 0), (0, 5, 1, 4), (3, 4, 2, 5)),
            chord_tones=5,
            pluck="keys",
            pluck_steps=((0, 3, 7, 10), (0, 6, 8, 11), (2, 4, 8, 14)),
            bass_steps=(0, 7, 10),
            kick=(0, 7, 10),
            snare=(4, 12),
            hat=_EIGHTHS,
            brightness=0.27,
            swing=0.3,
            pump=0.3,
            reverb=0.28,
            levels=MappingProxyType({"snare": 0.8, "hat": 0.8}),
        ),
        "tense": Mood(
            words="danger risk warn crime dark war crisis threat fear fail mistake scam hack attack secret death "
            "disaster night storm angst gefahr krise peligro guerre virus collapse",
            tempo=(84, 96),
            scale=_MINOR,
            progressions=((0, 5, 0, 4), (0, 0, 5, 6), (0, 3, 0, 6), (5, 0, 3, 4)),
            chord_tones=3,
            pluck="bell",
            pluck_steps=((0, 3, 6, 9, 12), (0, 6, 12), (0, 4, 7, 12)),
            bass_steps=(0, 3, 8),
            kick=(0, 3, 8),
            hat=(4, 12),
            brightness=0.39,
            pump=0.25,
            reverb=0.42,
            levels=MappingProxyType({"bass": 1.15, "pluck": 0.7}),
        ),
        "playful": Mood(
            words="funny joke cat dog pet weird silly game play toy cartoon trick prank animal puppy kitten laugh "
            "quirky spiel hund katze juego chat drole lustig",
            tempo=(100, 112),
            scale=_MIXOLYDIAN,
            progressions=((0, 6, 3, 0), (0, 3, 0, 4), (0, 6, 3, 4), (3, 0, 6, 0)),
            chord_tones=3,
            pluck="marimba",
            pluck_steps=((0, 3, 4, 6, 10, 12), (0, 2, 4, 7, 10, 14), (0, 4, 6, 8, 11, 12)),
            bass_steps=(0, 4, 8, 12),
            kick=(0, 8),
            snare=(4, 12),
            hat=_EIGHTHS,
            brightness=0.3,
            swing=0.34,
            pump=0.15,
            reverb=0.2,
            levels=MappingProxyType({"pad": 0.6, "pluck": 1.15}),
        ),
        "focused": Mood(
            words="study focus work code guide step tutorial method tool data program software plan design system "
            "method process checklist arbeit lernen anleitung trabajo travail",
            tempo=(84, 94),
            scale=_DORIAN,
            progressions=((0, 3, 0, 3), (0, 3, 6, 3), (0, 2, 3, 6), (0, 6, 3, 4)),
            chord_tones=4,
            pluck="keys",
            pluck_steps=((0, 6, 8, 14), (0, 4, 7, 12), (2, 6, 8, 11)),
            bass_steps=(0, 6, 8),
            kick=(0, 6, 8),
            snare=(4, 12),
            hat=_EIGHTHS,
            brightness=0.3,
            swing=0.24,
            pump=0.35,
            reverb=0.26,
        ),
    }
)

_DEFAULT_MOOD = "curious"
_QUESTIONS = {"how", "why", "what", "wie", "warum", "wieso", "comment", "pourquoi", "como", "come", "perche"}
_WEAK = {"how", "why", "what", "wie", "new", "step"}


def choose_mood(text: str) -> str:
    """The mood a brief asks for by its words; the same text always gives the same mood."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    votes = {name: _votes(words, mood) for name, mood in MOODS.items()}
    # Who begins with a question wants an explanation, whatever it is about.
    if words and words[0] in _QUESTIONS:
        votes["curious"] += 1.0
    best = max(votes, key=lambda name: votes[name])
    return best if votes[best] > 0 else _DEFAULT_MOOD


def _votes(words: list[str], mood: Mood) -> float:
    """How strongly words ask for a mood: short ones must match whole, longer ones by their beginning."""
    votes = 0.0
    for stem in mood.words.split():
        if len(stem) <= 3:
            hits = sum(word in {stem, f"{stem}s"} for word in words)
        else:
            hits = sum(word.startswith(stem) for word in words)
        votes += hits * (0.5 if stem in _WEAK else 1.0)
    return votes
