"""What a reader of one format finds in a file, before it is a script."""

from __future__ import annotations

import re
from dataclasses import dataclass

from common.contracts.values import Value

from producer.errors import ScriptUnreadable

_SECONDS = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:s|sec|secs|seconds?)?", re.I)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2}(?:[.,]\d{1,3})?)")
_LONGEST_SECONDS = 60


class LeftOut(Value):
    """Something of the file that is not in the script, and where it stands."""

    line: int
    what: str
    text: str


@dataclass(frozen=True)
class FoundScene:
    """One scene, and the line it begins on."""

    line: int
    text: str
    heading: str = ""
    headline: str = ""
    seconds: float | None = None


@dataclass(frozen=True)
class Found:
    """All that was found."""

    scenes: tuple[FoundScene, ...]
    left_out: tuple[LeftOut, ...] = ()
    title: str = ""


def seconds_of(said: str, *, line: int) -> float | None:
    """`4`, `4.5 s` and `0:04` in seconds; None for nothing. Raises `ScriptUnreadable`."""
    said = said.strip()
    if not said:
        return None
    if whole := _SECONDS.fullmatch(said):
        seconds = _number(whole[1])
    elif clock := _CLOCK.fullmatch(said):
        seconds = int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + _number(clock[3])
    else:
        raise ScriptUnreadable(f"Line {line}: {said[:40]!r} is no duration. Write seconds, such as 4.5.", line=line)
    if not 0 < seconds <= _LONGEST_SECONDS:
        said = f"Line {line}: a scene lasts more than 0 and at most {_LONGEST_SECONDS} seconds, not {said}."
        raise ScriptUnreadable(said, line=line)
    return seconds


def _number(text: str) -> float:
    return float(text.replace(",", "."))
