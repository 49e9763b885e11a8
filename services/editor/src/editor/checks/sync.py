"""Whether the voice in the finished film is where the plan put it: measured on its sound, not on its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from editor.sound import SAMPLE_RATE, Take

Samples = npt.NDArray[np.float32]

_HOP = SAMPLE_RATE // 200
"""Samples in a value of an envelope: 5 ms."""
_REACH = 100
"""How many values the voice is looked for on either side: half a second."""
_FULL_SCALE, _FLAT_RUN = 0.999, 3
"""What a clipped wave looks like: so many samples in a row at the top."""


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What was found out about the voice."""

    offset_ms: int
    """How much later it is heard than planned."""
    likeness: float
    """How well it was recognised under the rest: 1 is certain, 0 not at all."""
    flattened: int
    """In how many places the recordings themselves are clipped."""


def find_voice(film: Path, takes: Sequence[Take]) -> Voice:
    """Look for the planned voice in the film's sound, up to half a second away (0.2 s of work for 30 s of film).

    It is CPU work: use a thread. Raises `av.FFmpegError` for a file that cannot be decoded.
    """
    heard = _envelope(decode_mono(film))
    planned = np.zeros_like(heard)
    flattened = 0
    for take in takes:
        samples = decode_mono(take.path)
        flattened += _flat_runs(samples)
        part = _envelope(samples)
        start = round(take.start_ms * SAMPLE_RATE / 1000 / _HOP)
        room = planned[start : start + len(part)]
        room += part[: len(room)]
    # Quiet syllables say as much about time as loud ones.
    offset_ms, likeness = _match(np.sqrt(planned), np.sqrt(heard))
    return Voice(offset_ms=offset_ms, likeness=likeness, flattened=flattened)


def _match(planned: Samples, heard: Samples) -> tuple[int, float]:
    """Return the shift at which two envelopes are most alike, in ms, and how alike they are there."""
    padded = np.pad(heard - heard.mean(), _REACH)
    wanted = planned - planned.mean()
    alike = np.correlate(padded, wanted, mode="valid")
    best = int(np.argmax(alike))
    norm = float(np.linalg.norm(heard - heard.mean()) * np.linalg.norm(wanted)) or 1.0
    return (best - _REACH) * 5, float(alike[best]) / norm


def _envelope(samples: Samples) -> Samples:
    whole = len(samples) // _HOP * _HOP
    power: Samples = np.square(samples[:whole]).reshape(-1, _HOP).mean(axis=1)
    return np.sqrt(power)


def _flat_runs(samples: Samples) -> int:
    """Count stretches of at least three samples in a row at full scale."""
    top = np.concatenate(([False], np.abs(samples) >= _FULL_SCALE, [False]))
    edges = np.flatnonzero(np.diff(top.astype(np.int8)))
    return int(np.count_nonzero(edges[1::2] - edges[::2] >= _FLAT_RUN))


def decode_mono(path: Path) -> Samples:
    """Return a file's sound in the middle, placed by its own time stamps: a late stream begins with silence."""
    pieces: list[Samples] = []
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        first: float | None = None
        for frame in container.decode(stream):
            first = frame.time if first is None else first
            pieces += [done.to_ndarray()[0] for done in resampler.resample(frame)]
        pieces += [done.to_ndarray()[0] for done in resampler.resample(None)]
    sound: Samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    late = round((first or 0.0) * SAMPLE_RATE)
    return np.pad(sound, (late, 0)) if late > 0 else sound[-late:]
