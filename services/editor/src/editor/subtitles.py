"""Captions beside the picture: WebVTT and SRT of the whole film, for players, search and people who read. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.contracts.production import Word
from common.phrases import run_together
from media.fonts import clean

LINE_LETTERS = 32
"""Letters a line may have before the cue is broken in two: what fits a phone held upright."""
CUE_LETTERS = 2 * LINE_LETTERS
_PAUSE_MS = 400
_LINGER_MS = 200
_SENTENCE_END = re.compile(r"""[.!?…。！？؟]["'”’»)\]]*$""")


@dataclass(frozen=True, kw_only=True)
class Cue:
    """What is read together, and when, in milliseconds of the film."""

    start_ms: int
    end_ms: int
    text: str


def cues(words: Iterable[Word], *, duration_ms: int) -> tuple[Cue, ...]:
    """Group words, timed on the film, into cues that end with sentences and pauses. Cues never overlap."""
    groups: list[list[Word]] = []
    for word in (Word(text=clean(word.text), start_ms=word.start_ms, end_ms=word.end_ms) for word in words):
        if not word.text:
            continue
        if groups and not _breaks(groups[-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return tuple(_timed(groups, duration_ms=duration_ms))


def to_vtt(words: Iterable[Word], *, duration_ms: int, language: str = "en") -> str:
    """Return the film's words as a WebVTT file."""
    blocks = [f"WEBVTT\nLanguage: {clean(language)}"]
    for number, cue in enumerate(cues(words, duration_ms=duration_ms), start=1):
        text = cue.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{number}\n{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}\n{text}")
    return "\n\n".join(blocks) + "\n"


def to_srt(words: Iterable[Word], *, duration_ms: int) -> str:
    """Return the film's words as a SubRip file, for editors and platforms that take no WebVTT."""
    return "\n".join(
        f"{number}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n{cue.text}\n"
        for number, cue in enumerate(cues(words, duration_ms=duration_ms), start=1)
    )


def _breaks(group: Sequence[Word], word: Word) -> bool:
    letters = _columns(run_together([*(earlier.text for earlier in group), word.text]))
    return bool(
        letters > CUE_LETTERS or word.start_ms - group[-1].end_ms > _PAUSE_MS or _SENTENCE_END.search(group[-1].text)
    )


def _timed(groups: list[list[Word]], *, duration_ms: int) -> Iterable[Cue]:
    """Let each cue stand a moment longer than it is heard, but never into the next or past the film's end."""
    at = 0
    for group, following in zip(groups, [*groups[1:], []], strict=False):
        start = max(at, group[0].start_ms)
        limit = min(duration_ms, following[0].start_ms) if following else duration_ms
        end = max(min(group[-1].end_ms + _LINGER_MS, limit), start)
        at = end
        if end > start:
            yield Cue(start_ms=start, end_ms=end, text=_in_lines([word.text for word in group]))


def _in_lines(words: Sequence[str]) -> str:
    """Break a long cue once, where its halves differ least."""
    text = run_together(words)
    if _columns(text) <= LINE_LETTERS or len(words) == 1:
        return text
    halves = [(run_together(words[:cut]), run_together(words[cut:])) for cut in range(1, len(words))]
    upper, lower = min(halves, key=lambda pair: abs(_columns(pair[0]) - _columns(pair[1])))
    return f"{upper}\n{lower}"


def _columns(text: str) -> int:
    """How many letters wide it is: those of East Asia are twice as wide as others."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _clock(at_ms: int, point: str) -> str:
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"
