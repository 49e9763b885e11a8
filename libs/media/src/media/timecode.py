"""Frames, SMPTE time code and milliseconds, exactly: rates are fractions, so nothing drifts however long the film.

A frame lasts from its own instant until that of the next. Time code counts frames by whole seconds; at 29.97 and 59.94
"drop frame" leaves out the first numbers of most minutes, so that the count stays with the clock on the wall. No frame
is ever left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_NTSC = {"23.976": 24, "23.98": 24, "29.97": 30, "47.952": 48, "59.94": 60, "119.88": 120}
_RATE = re.compile(r"(\d{1,6})(?:/(\d{1,6})|\.0+)?", re.ASCII)
_TIMECODE = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2})([:;])(\d{1,3})", re.ASCII)
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,9}))?", re.ASCII)


class NoSuchTime(ValueError):
    """The text is no time, or names an instant or a frame number that does not exist at this rate."""


@dataclass(frozen=True)
class FrameRate:
    """Frames a second as a fraction: 30000/1001 is what people call 29.97."""

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        if self.numerator <= 0 or self.denominator <= 0 or not 1 <= self.exact <= 1000:
            raise NoSuchTime(f"{self.numerator}/{self.denominator} is no frame rate; 1 to 1000 frames a second are.")

    @property
    def exact(self) -> Fraction:
        """The rate as a number."""
        return Fraction(self.numerator, self.denominator)

    @property
    def nominal(self) -> int:
        """How many frame numbers a second of time code has: 30 for 29.97."""
        return -(-self.numerator // self.denominator)

    @property
    def drops(self) -> bool:
        """Whether drop-frame time code exists for it, and is what is written."""
        return self.denominator > 1 and self.nominal % 30 == 0

    def __str__(self) -> str:
        return str(self.exact)


def parse_rate(text: str) -> FrameRate:
    """Read `25`, `30000/1001` or the usual short forms, such as `29.97`. Raises `NoSuchTime`."""
    if (nominal := _NTSC.get(text.strip())) is not None:
        return FrameRate(nominal * 1000, 1001)
    found = _RATE.fullmatch(text.strip())
    if found is None or found[2] == "0":
        raise NoSuchTime(f"{text!r} is no frame rate; write it like 25, 29.97 or 30000/1001.")
    exact = Fraction(int(found[1]), int(found[2] or 1))
    return FrameRate(exact.numerator, exact.denominator)


def frame_at(ms: int, rate: FrameRate) -> int:
    """The frame that is seen at an instant."""
    return ms * rate.numerator // (rate.denominator * 1000)


def ms_of(frame: int, rate: FrameRate) -> int:
    """The first whole millisecond at which a frame is seen; `frame_at` leads back from it to the same frame."""
    return -(-frame * rate.denominator * 1000 // rate.numerator)


def timecode_of(frame: int, rate: FrameRate) -> str:
    """A frame as `HH:MM:SS:FF`, or `HH:MM:SS;FF` where frame numbers are dropped."""
    if frame < 0:
        raise NoSuchTime("A frame's number is never below zero.")
    number = frame + _left_out(frame, rate) if rate.drops else frame
    seconds, frames = divmod(number, rate.nominal)
    mark, digits = ";" if rate.drops else ":", len(str(rate.nominal - 1))
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{frames:0{max(2, digits)}}"


def parse_time(text: str, rate: FrameRate) -> int:
    """The frame of a time code (`00:00:07:12`, with `;` where numbers are dropped) or of a clock (`00:07.4`, `7.4`).

    Raises `NoSuchTime` for anything else, and for numbers that drop-frame time code leaves out.
    """
    if found := _TIMECODE.fullmatch(text.strip()):
        hours, minutes, seconds, frames = (int(found[n]) for n in (1, 2, 3, 5))
        if minutes > 59 or seconds > 59 or frames >= rate.nominal:
            raise NoSuchTime(f"{text!r} is no time code at {rate} frames a second.")
        number = ((hours * 60 + minutes) * 60 + seconds) * rate.nominal + frames
        return _counted(number, minutes=hours * 60 + minutes, text=text, rate=rate) if found[4] == ";" else number
    found = _CLOCK.fullmatch(text.strip())
    if found is None or (found[2] is not None and int(found[3]) > 59) or (found[1] is not None and int(found[2]) > 59):
        raise NoSuchTime(f"{text!r} is no time; write it like 00:07.4 or 00:00:07:12.")
    seconds = (int(found[1] or 0) * 60 + int(found[2] or 0)) * 60 + int(found[3])
    instant = seconds + (Fraction(int(found[4]), 10 ** len(found[4])) if found[4] else 0)
    return int(instant * rate.numerator / rate.denominator)


def _per_minute(rate: FrameRate) -> int:
    """How many numbers a minute loses: two at 29.97, four at 59.94."""
    return rate.nominal // 15


def _left_out(frame: int, rate: FrameRate) -> int:
    """How many numbers have been left out before a frame: those of each minute, except of each tenth."""
    lost = _per_minute(rate)
    tens, rest = divmod(frame, rate.nominal * 600 - lost * 9)
    minutes = max(0, rest - lost) // (rate.nominal * 60 - lost)
    return lost * (tens * 9 + minutes)


def _counted(number: int, *, minutes: int, text: str, rate: FrameRate) -> int:
    if not rate.drops:
        raise NoSuchTime(f"{text!r} drops frame numbers, which film at {rate} frames a second does not.")
    lost = _per_minute(rate)
    if minutes % 10 and number % (rate.nominal * 60) < lost:
        raise NoSuchTime(f"{text!r} is one of the numbers that drop-frame time code leaves out.")
    return number - lost * (minutes - minutes // 10)
