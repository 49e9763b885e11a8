"""From a mood and a seed to notes. Pure: nothing sounds yet."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from producer.music.moods import MOODS, Mood

STEPS = 16


@dataclass(frozen=True)
class Note:
    """One sound: `pitch` is a MIDI number (60 is middle C, 0 for drums), `pan` runs from -1 (left) to 1 (right)."""

    instrument: str
    start_seconds: float
    pitch: int
    seconds: float
    level: float
    pan: float = 0.0


@dataclass(frozen=True)
class Score:
    """A piece: bars of chords and rhythm, then the tonic, which rings until the end."""

    mood: Mood
    notes: tuple[Note, ...]
    bar_seconds: float
    final_seconds: float
    """When the last chord is struck."""
    tonic: int
    """The key as a pitch class, 0 is C."""


@dataclass(frozen=True)
class _Bar:
    index: int
    start_seconds: float
    steps: int
    """Sixteenths in it: the last bar may be half a bar, so that the tempo need not bend."""
    root: int
    chord: tuple[int, ...]
    drums: bool
    is_last: bool


def write_score(*, seconds: float, mood: str, seed: int) -> Score:
    """The notes for a film of that length; the same arguments give the same notes."""
    style = MOODS[mood]
    rng = np.random.default_rng([seed & 0xFFFFFFFF, zlib.crc32(mood.encode())])
    ringing = min(max(0.12 * seconds, min(0.8, seconds / 3)), 2.6)
    final = seconds - ringing
    tempo = rng.uniform(*style.tempo)
    halves = max(1, round(final / (120 / tempo)))
    step_seconds = final / (halves * STEPS / 2)
    tonic = int(rng.integers(12))
    bars = _bars(style, rng, tonic=tonic, halves=halves, step_seconds=step_seconds)
    player = _Player(style=style, rng=rng, step_seconds=step_seconds)
    notes = [note for bar in bars for note in player.bar(bar)]
    home = _voice(_chord(style, tonic, 0, tones=style.chord_tones), near=bars[-1].chord)
    notes += player.ending(home, root=_bass_note(style, tonic, 0), at_seconds=final, ringing=ringing)
    return Score(style, tuple(notes), step_seconds * STEPS, final, tonic)


def _bars(style: Mood, rng: np.random.Generator, *, tonic: int, halves: int, step_seconds: float) -> list[_Bar]:
    progression = style.progressions[int(rng.integers(len(style.progressions)))]
    count = (halves + 1) // 2
    # A long piece gets one bar of air before its last third, where the drums rest.
    breather = (count * 5 // 8) if count >= 9 else -1
    bars: list[_Bar] = []
    chord: tuple[int, ...] = ()
    for index in range(count):
        is_last = index == count - 1 and count > 1
        # The fifth degree leads home whatever came before it.
        degree = 4 if is_last else progression[index % len(progression)]
        chord = _voice(_chord(style, tonic, degree, tones=style.chord_tones), near=chord)
        bars.append(
            _Bar(
                index=index,
                start_seconds=index * STEPS * step_seconds,
                steps=STEPS // 2 if index == count - 1 and halves % 2 else STEPS,
                root=_bass_note(style, tonic, degree),
                chord=chord,
                drums=(index > 0 or count < 4) and index != breather,
                is_last=is_last,
            )
        )
    return bars


def _chord(style: Mood, tonic: int, degree: int, *, tones: int) -> tuple[int, ...]:
    """Pitch classes of stacked thirds on a degree of the scale."""
    scale = style.scale
    return tuple((tonic + scale[(degree + 2 * third) % len(scale)]) % 12 for third in range(tones))


def _bass_note(style: Mood, tonic: int, degree: int) -> int:
    """The root between E1 and D#2: audible on a phone by its harmonics, out of the voice's way."""
    return 28 + (tonic + style.scale[degree] - 28) % 12 + (12 if (tonic + style.scale[degree] - 28) % 12 < 5 else 0)


def _voice(classes: Sequence[int], *, near: tuple[int, ...]) -> tuple[int, ...]:
    """The inversion that moves least from the chord before, around the octave below middle C's E."""

    def voicing(lowest: int) -> tuple[int, ...]:
        return tuple(sorted(lowest + (pitch - lowest) % 12 for pitch in classes))

    def cost(candidate: tuple[int, ...]) -> float:
        moved = sum(abs(new - old) for new, old in zip(candidate, near, strict=False))
        return moved + 0.8 * abs(sum(candidate) / len(candidate) - 58)

    return min((voicing(lowest) for lowest in range(48, 60)), key=cost)


class _Player:
    """Plays bars in one style; the seed decides its habits once, so that a piece is of one piece."""

    def __init__(self, *, style: Mood, rng: np.random.Generator, step_seconds: float) -> None:
        self._style = style
        self._rng = rng
        self._step = step_seconds
        self._pattern = style.pluck_steps[int(rng.integers(len(style.pluck_steps)))]
        self._contour = tuple(int(step) for step in rng.integers(0, 5, size=8))
        self._octave = 12 * int(rng.integers(1, 3)) if style.pluck in {"bell", "marimba"} else 12

    def bar(self, bar: _Bar) -> Iterator[Note]:
        yield from self._chords(bar)
        yield from self._plucks(bar)
        if bar.index > 0 or bar.drums:
            yield from self._bass(bar)
        if bar.drums:
            yield from self._drums(bar)

    def ending(self, chord: tuple[int, ...], *, root: int, at_seconds: float, ringing: float) -> Iterator[Note]:
        """The tonic, let ring."""
        for pitch in chord:
            yield Note("pad", at_seconds, pitch, ringing, 1.0)
        yield Note("bass", at_seconds, root, ringing, 1.0)
        for index, pitch in enumerate(chord):
            strummed = at_seconds + index * 0.035
            yield Note("pluck", strummed, pitch + 12, min(1.4, ringing), 0.8, pan=(index % 3 - 1) * 0.4)
        if self._style.kick:
            yield Note("kick", at_seconds, 0, 0.0, 0.9)

    def _at(self, bar: _Bar, step: int) -> float:
        late = self._style.swing * self._step if step % 2 else 0.0
        return bar.start_seconds + step * self._step + late

    def _chords(self, bar: _Bar) -> Iterator[Note]:
        for pitch in bar.chord:
            yield Note("pad", bar.start_seconds, pitch, bar.steps * self._step, 1.0)

    def _bass(self, bar: _Bar) -> Iterator[Note]:
        steps = [step for step in self._style.bass_steps if step < bar.steps]
        for step, after in zip(steps, [*steps[1:], bar.steps], strict=True):
            length = min((after - step) * self._step * 0.95, 1.6)
            yield Note("bass", self._at(bar, step), bar.root, length, 1.0 if step == 0 else 0.75)

    def _plucks(self, bar: _Bar) -> Iterator[Note]:
        """An arpeggio over the chord: one contour per piece, a rest here and there."""
        for count, step in enumerate(self._pattern):
            if step >= bar.steps or (step and self._rng.random() < 0.1):
                continue
            tone = self._contour[(count + 3 * (bar.index % 2)) % len(self._contour)]
            octave, degree = divmod(tone, len(bar.chord))
            level = (0.85 if step % 4 == 0 else 0.6) * self._rng.uniform(0.85, 1.0)
            start = self._at(bar, step) + self._rng.uniform(0, 0.006)
            pan = 0.45 if count % 2 else -0.45
            yield Note("pluck", start, bar.chord[degree] + self._octave + 12 * octave, 1.2, level, pan=pan)

    def _drums(self, bar: _Bar) -> Iterator[Note]:
        style = self._style
        for step in style.kick:
            if step < bar.steps:
                yield Note("kick", self._at(bar, step), 0, 0.0, 1.0 if step % 8 == 0 else 0.8)
        for step in style.snare:
            if step < bar.steps:
                yield Note("snare", self._at(bar, step), 0, 0.0, 1.0)
        for step in style.hat:
            if step < bar.steps and bar.index > 1:
                level = (0.6 if step % 4 == 0 else 1.0) * self._rng.uniform(0.75, 1.0)
                yield Note("hat", self._at(bar, step), 0, 0.0, level, pan=0.25)
        if bar.is_last and style.snare:
            for ghost in range(bar.steps - 4, bar.steps):
                yield Note("snare", self._at(bar, ghost), 0, 0.0, 0.25 + 0.1 * (ghost % 4), pan=-0.2)
