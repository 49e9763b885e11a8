"""Where a voice pauses, found in its sound. Pure; for voices that do not say when they say what."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from vendors.speech.alignment import Mark, Pause

_WINDOW_MS = 10
_SILENT = 0.02
"""Of the loudest moment: below it is breath and hiss."""
_SHORTEST_MS = 70
_CLAUSE_ENDS = re.compile(r"[.,;:!?…—–]+[\"'”’)\]]*\s+")


def find_pauses(pcm: bytes, *, sample_rate: int) -> tuple[tuple[Pause, ...], int, int]:
    """The silences inside of speech, and when the first sound begins and the last one ends, in milliseconds."""
    samples = np.abs(np.frombuffer(pcm, "<i2").astype(np.float64))
    size = max(1, sample_rate * _WINDOW_MS // 1000)
    windows = np.sqrt(np.add.reduceat(samples**2, np.arange(0, len(samples), size)) / size)
    loud = np.flatnonzero(windows > _SILENT * max(1.0, float(windows.max(initial=0.0))))
    if not len(loud):
        return (), 0, len(samples) * 1000 // sample_rate
    gaps = np.flatnonzero(np.diff(loud) * _WINDOW_MS > _SHORTEST_MS)
    pauses = tuple(Pause(int(loud[gap] + 1) * _WINDOW_MS, int(loud[gap + 1]) * _WINDOW_MS) for gap in gaps)
    return pauses, int(loud[0]) * _WINDOW_MS, int(loud[-1] + 1) * _WINDOW_MS


def guess_marks(text: str, pauses: Sequence[Pause], *, begins_ms: int) -> tuple[list[Mark], list[Pause]]:
    """A mark where each clause begins, if as many pauses can be told from the rest; else one at the first sound.

    A voice pauses longest between clauses, so the longest pauses, in their order, belong to the clauses' ends.
    """
    start = len(text) - len(text.lstrip())
    ends = [match.end() for match in _CLAUSE_ENDS.finditer(text) if match.end() < len(text.rstrip())]
    marks = [Mark(position=start, at_ms=begins_ms)]
    if not ends or len(pauses) < len(ends):
        return marks, []
    longest = sorted(pauses, key=lambda pause: pause.start_ms - pause.end_ms)[: len(ends)]
    chosen = sorted(longest, key=lambda pause: pause.start_ms)
    marks += [Mark(position=end, at_ms=pause.end_ms) for end, pause in zip(ends, chosen, strict=True)]
    return marks, chosen
