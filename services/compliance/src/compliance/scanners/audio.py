"""Measuring sound: silence, clipping, and whether there is anything like speech. Pure, over numpy arrays.

This recognises no words and no language. Speech is told from music by what syllables do: the band of the voice rises
and falls several times a second, and its colour changes between vowels and consonants as no steady tone does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from compliance.scanners.facts import Stretch

Samples = NDArray[np.float32]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]

SILENCE_DBFS = -60.0
"""Below this nobody hears anything on a phone; what R 128 calls silence (-70 LUFS) is lower still."""
FULL_SCALE = 0.985
"""A sample this near to full scale may have been cut off; three in a row of one sign were."""
CLIPPED_SAMPLES = 3
LEAST_SILENT_SECONDS = 0.5
SPEECH_RATE = 16_000
_FRAME, _HOP = 512, 256
_BLOCK_SECONDS = 0.05
_VOICE_HZ = (250.0, 3_800.0)
_WINDOW_SECONDS, _STEP_SECONDS = 1.0, 0.25
_LEVEL_DBFS = -50.0
_QUIET, _CHANGE, _COLOUR = (0.2, 0.72), (0.35, 0.9), 0.5
"""Between these lies speech, ours over music included; tones change less, noise changes more, drums pause longer."""


def silent_stretches(sound: Samples, *, rate: int) -> tuple[Stretch, ...]:
    """Where all channels (channels, n) are below -60 dBFS for at least half a second."""
    block = max(1, round(rate * _BLOCK_SECONDS))
    levels = block_levels(sound, block)
    return _stretches(levels < SILENCE_DBFS, block / rate, end=sound.shape[1] / rate, least=LEAST_SILENT_SECONDS)


def block_levels(sound: Samples, block: int) -> Numbers:
    """The level of each block in dBFS (RMS), that of the loudest channel."""
    count = -(-sound.shape[1] // block)
    padded = np.pad(sound, ((0, 0), (0, count * block - sound.shape[1])))
    power = np.square(padded).reshape(len(sound), count, block).mean(axis=2, dtype=np.float64).max(axis=0)
    return np.asarray(10 * np.log10(power + 1e-12))


def clipped(sound: Samples, *, rate: int) -> tuple[int, tuple[Stretch, ...]]:
    """How often a wave is cut off, and in which tenths of a second."""
    runs: list[int] = []
    for channel in sound:
        for sign in (1, -1):
            full = np.concatenate(([False], channel * sign >= FULL_SCALE, [False])).astype(np.int8)
            edges = np.flatnonzero(np.diff(full))
            starts, stops = edges[::2], edges[1::2]
            runs += starts[stops - starts >= CLIPPED_SAMPLES].tolist()
    tenth = max(1, rate // 10)
    marked = np.zeros(-(-sound.shape[1] // tenth), np.bool_)
    marked[np.asarray(runs, np.intp) // tenth] = True
    return len(runs), _stretches(marked, tenth / rate, end=sound.shape[1] / rate, least=0.0)


def speech_stretches(mono: Samples) -> tuple[Stretch, ...]:
    """Where one channel at 16 kHz sounds like speech, in steps of a quarter of a second."""
    steps = np.zeros(max(1, -(-len(mono) // round(SPEECH_RATE * _STEP_SECONDS))), np.bool_)
    reach = round(_WINDOW_SECONDS / _STEP_SECONDS)
    for number, likely in enumerate(is_speech(**features(mono))):
        if likely:
            steps[number : number + reach] = True
    return _stretches(steps, _STEP_SECONDS, end=len(mono) / SPEECH_RATE, least=_STEP_SECONDS)


def is_speech(*, level: Numbers, quiet: Numbers, change: Numbers, colour: Numbers) -> Mask:
    """Whether each window sounds like speech; `docs/scanners.md` says what was measured on speech and on music."""
    syllables = (quiet >= _QUIET[0]) & (quiet <= _QUIET[1])
    return (level > _LEVEL_DBFS) & syllables & (change >= _CHANGE[0]) & (change <= _CHANGE[1]) & (colour >= _COLOUR)


def features(mono: Samples) -> dict[str, Numbers]:
    """For each second, every quarter of a second, what tells speech from other sounds.

    `level` in dB of the band of the voice; `quiet`, the share of moments 6 dB and more below that; `change`, how much
    the spectrum changes from moment to moment; `colour`, by how many octaves its centre moves about.
    """
    count = (len(mono) - _FRAME) // _HOP + 1
    if count < 2:
        return {name: np.zeros(0) for name in ("level", "quiet", "change", "colour")}
    moments = np.lib.stride_tricks.sliding_window_view(mono, _FRAME)[::_HOP]
    power = np.square(np.abs(np.fft.rfft(moments * np.hanning(_FRAME).astype(np.float32), axis=1))) / (_FRAME**2 / 8)
    hz = np.fft.rfftfreq(_FRAME, 1 / SPEECH_RATE)
    voice = power[:, (hz >= _VOICE_HZ[0]) & (hz < _VOICE_HZ[1])]
    energy = voice.sum(axis=1) + 1e-10
    shape = voice / energy[:, None]
    change = np.abs(np.diff(shape, axis=0, prepend=shape[:1])).sum(axis=1)
    centre = np.log2((power[:, 1:] @ hz[1:] + 1e-7) / (power[:, 1:].sum(axis=1) + 1e-10) + 50)
    window = max(1, min(count, round(_WINDOW_SECONDS * SPEECH_RATE / _HOP)))
    starts = np.arange(0, count - window + 1, _STEP_SECONDS * SPEECH_RATE / _HOP).astype(np.intp)
    places = starts[:, None] + np.arange(window)
    mean = energy[places].mean(axis=1)
    return {
        "level": 10 * np.log10(mean),
        "quiet": (energy[places] < mean[:, None] / 4).mean(axis=1),
        "change": (change[places] * energy[places]).sum(axis=1) / energy[places].sum(axis=1),
        "colour": centre[places].std(axis=1),
    }


def _stretches(mask: Mask, step: float, *, end: float, least: float) -> tuple[Stretch, ...]:
    """Runs of true values, each value `step` seconds, as stretches that last at least so many seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    found = []
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        until = min(end, stop * step)
        if until - start * step >= min(least, end) and until >= start * step:
            found.append(Stretch(start_seconds=start * step, end_seconds=until))
    return tuple(found)
