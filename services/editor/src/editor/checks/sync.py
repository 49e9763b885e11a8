"""Whether the voice in the finished film is where the plan put it: measured on its sound, not on its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
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

    It is CPU work: use a thread. No file's sound is held whole. Raises `av.FFmpegError` for a file that cannot be
    decoded.
    """
    heard = _listen(film).envelope
    planned = np.zeros_like(heard)
    flattened = 0
    for take in takes:
        said = _listen(take.path)
        flattened += said.flattened
        start = round(take.start_ms * SAMPLE_RATE / 1000 / _HOP)
        room = planned[start : start + len(said.envelope)]
        room += said.envelope[: len(room)]
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


@dataclass(frozen=True, kw_only=True)
class _Listened:
    """How loud a file is every 5 ms, and in how many places it is clipped."""

    envelope: Samples
    flattened: int


def _listen(path: Path) -> _Listened:
    parts: list[Samples] = []
    flattened, before = 0, np.zeros(_FLAT_RUN, np.bool_)
    for block in mono_blocks(path):
        whole = len(block) // _HOP * _HOP
        parts.append(np.sqrt(np.square(block[:whole]).reshape(-1, _HOP).mean(axis=1)))
        top = np.concatenate((before, np.abs(block) >= _FULL_SCALE))
        flattened += _flat_runs(top)
        before = top[-_FLAT_RUN:]
    return _Listened(envelope=np.concatenate(parts) if parts else np.zeros(0, np.float32), flattened=flattened)


def _flat_runs(top: npt.NDArray[np.bool_]) -> int:
    """Count stretches of at least three samples in a row at full scale, each where its third is.

    The first three belong to the block before, which has counted those that reach their third there.
    """
    whole = np.logical_and.reduce([top[_FLAT_RUN - back : len(top) - back] for back in range(_FLAT_RUN)])
    return int(np.count_nonzero(whole & ~top[:-_FLAT_RUN]))


def mono_blocks(path: Path) -> Iterator[Samples]:
    """Yield a file's sound in the middle, a second at a time and in the end what is left of one.

    It is placed by its own time stamps: a late stream begins with silence.
    """
    held: list[Samples] = []
    length = 0
    for piece in _placed(path):
        held.append(piece)
        length += len(piece)
        if length >= SAMPLE_RATE:
            joined = np.concatenate(held)
            whole = length // SAMPLE_RATE * SAMPLE_RATE
            yield from joined[:whole].reshape(-1, SAMPLE_RATE)
            held, length = [joined[whole:]], length - whole
    if length:
        yield np.concatenate(held)


def _placed(path: Path) -> Iterator[Samples]:
    """Yield what each frame holds, behind silence for as long as the first comes late, or without what comes early."""
    resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    early: int | None = None
    with av.open(str(path)) as container:
        # Nothing behind the last frame is what makes the resampler give out the rest.
        for frame in chain(container.decode(container.streams.audio[0]), (None,)):
            if early is None:
                early = -round((frame.time or 0.0) * SAMPLE_RATE) if frame else 0
                if early < 0:
                    yield np.zeros(-early, np.float32)
            for done in resampler.resample(frame):
                samples: Samples = done.to_ndarray()[0]
                skipped = min(max(early, 0), len(samples))
                early -= skipped
                yield samples[skipped:]
