"""Sounds as arrays: one note each, beginning and ending in silence."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 48_000

Samples = NDArray[np.float32]

_TABLE_SIZE = 16_384
_PLUCKS: dict[str, tuple[tuple[float, float, float], ...]] = {
    # Partials as (ratio to the fundamental, level, decay per second).
    "bell": ((1.0, 1.0, 2.6), (2.0, 0.45, 3.6), (2.76, 0.22, 5.0), (5.4, 0.09, 9.0)),
    "marimba": ((1.0, 1.0, 5.0), (3.93, 0.34, 14.0), (9.2, 0.1, 40.0)),
    "string": ((1.0, 1.0, 4.5), (2.0, 0.5, 6.5), (3.0, 0.3, 9.0), (4.0, 0.16, 13.0), (5.0, 0.08, 18.0)),
    "keys": ((1.0, 1.0, 3.0), (2.0, 0.42, 4.0), (3.0, 0.2, 6.0), (4.0, 0.1, 8.0), (7.0, 0.1, 25.0)),
}


def frequency(pitch: int) -> float:
    """Hertz of a MIDI number."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


def _seconds(count: int) -> Samples:
    return np.arange(count, dtype=np.float32) / np.float32(SAMPLE_RATE)


def _ramps(sound: Samples, *, attack_seconds: float, release_seconds: float) -> Samples:
    """The sound with a raised-cosine beginning and end, which is what keeps it from clicking."""
    shaped = sound.copy()
    for seconds, is_end in ((attack_seconds, False), (release_seconds, True)):
        count = min(len(shaped), max(2, int(seconds * SAMPLE_RATE)))
        ramp = (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, count))).astype(np.float32)
        if is_end:
            shaped[-count:] *= ramp[::-1]
        else:
            shaped[:count] *= ramp
    return shaped


@lru_cache(maxsize=64)
def _cycle(partials: tuple[float, ...]) -> Samples:
    """One cycle of a wave with these harmonics."""
    phase = np.arange(_TABLE_SIZE) * (2 * np.pi / _TABLE_SIZE)
    wave = sum(level * np.sin((index + 1) * phase) for index, level in enumerate(partials))
    return np.asarray(wave, dtype=np.float32)


def _tone(partials: tuple[float, ...], hertz: float, count: int, *, phase: float = 0.0) -> Samples:
    """A steady wave read from a table, which is ten times as fast as summing sines."""
    steps = (np.arange(count) * (hertz * _TABLE_SIZE / SAMPLE_RATE) + phase * _TABLE_SIZE).astype(np.int64)
    return _cycle(partials).take(steps & (_TABLE_SIZE - 1))


def pad(pitch: int, seconds: float, *, brightness: float) -> tuple[Samples, Samples]:
    """A soft chord tone, left and right: slightly detuned against each other, opening and closing like a breath."""
    count = int((seconds + 0.25) * SAMPLE_RATE)
    hertz = frequency(pitch)
    reach = max(3, min(12, int(2_600 / hertz)))
    dark = (1.0, 0.32, 0.1)
    bright = tuple(1.0 / (index + 1) ** 0.8 for index in range(reach))
    breath = (brightness * (0.35 + 0.65 * np.sin(np.linspace(0, np.pi, count)))).astype(np.float32)
    middle = _tone(dark, hertz, count)
    sides = []
    for detune, phase in ((1.0013, 0.0), (0.9987, 0.31)):
        sound = middle + np.float32(0.5) * _tone(dark, hertz * detune, count, phase=phase)
        sound += breath * _tone(bright, hertz * (2 - detune), count, phase=phase)
        sides.append(_ramps(sound, attack_seconds=min(0.22, seconds / 3), release_seconds=min(0.5, seconds / 2)))
    return sides[0], sides[1]


def bass(pitch: int, seconds: float) -> Samples:
    """A round low note with enough overtones to be heard on a telephone."""
    count = max(256, int(seconds * SAMPLE_RATE))
    sound = _tone((1.0, 0.34, 0.16, 0.06), frequency(pitch), count)
    sound *= 0.55 + 0.45 * np.exp(-_seconds(count) * np.float32(5.0))
    return _ramps(sound, attack_seconds=0.012, release_seconds=0.09)


def pluck(name: str, pitch: int, seconds: float) -> Samples:
    """A struck or plucked note; its upper partials die first."""
    count = int(seconds * SAMPLE_RATE)
    time = _seconds(count)
    sound = np.zeros(count, dtype=np.float32)
    for ratio, level, decay in _PLUCKS[name]:
        hertz = frequency(pitch) * ratio
        if hertz < SAMPLE_RATE / 3:
            sound += np.float32(level) * _tone((1.0,), hertz, count) * np.exp(-time * np.float32(decay))
    return _ramps(sound, attack_seconds=0.004, release_seconds=0.25)


def kick() -> Samples:
    """A soft bass drum: a sine that falls from 150 to 48 hertz."""
    time = _seconds(int(0.3 * SAMPLE_RATE))
    cycles = 48 * time + 102 / 36 * (1 - np.exp(-time * 36))
    return _ramps(
        (np.sin(2 * np.pi * cycles) * np.exp(-time * 12)).astype(np.float32), attack_seconds=0.002, release_seconds=0.08
    )


def snare(rng: np.random.Generator) -> Samples:
    """A brushed snare: high noise over a short tone."""
    time = _seconds(int(0.2 * SAMPLE_RATE))
    noise = np.diff(rng.standard_normal(len(time) + 1)) * np.exp(-time * 24)
    tone = np.sin(2 * np.pi * 185 * time) * np.exp(-time * 30)
    return _ramps((0.4 * noise + 0.5 * tone).astype(np.float32), attack_seconds=0.003, release_seconds=0.06)


def hat(rng: np.random.Generator) -> Samples:
    """A closed hi-hat: noise with everything below it taken away twice."""
    time = _seconds(int(0.07 * SAMPLE_RATE))
    noise = np.diff(rng.standard_normal(len(time) + 2), n=2) * np.exp(-time * 70)
    return _ramps((0.4 * noise).astype(np.float32), attack_seconds=0.001, release_seconds=0.02)
