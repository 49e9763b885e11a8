"""Frames, time code and milliseconds lead to each other and back, at every rate."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from media.timecode import FrameRate, NoSuchTime, frame_at, ms_of, parse_rate, parse_time, timecode_of

RATES = tuple(parse_rate(text) for text in ("23.976", "24", "25", "29.97", "30", "50", "59.94", "60"))
DROPPING = (parse_rate("29.97"), parse_rate("59.94"))
rates = st.sampled_from(RATES)
frames = st.integers(min_value=0, max_value=24 * 3600 * 60)


@given(frames, rates)
@example(17_982, DROPPING[0])
def test_a_frame_survives_time_code_and_milliseconds(frame: int, rate: FrameRate) -> None:
    assert parse_time(timecode_of(frame, rate), rate) == frame
    assert frame_at(ms_of(frame, rate), rate) == frame
    assert frame == 0 or frame_at(ms_of(frame, rate) - 1, rate) == frame - 1


@given(st.integers(min_value=0, max_value=24 * 3_600_000), rates)
def test_the_frame_at_an_instant_is_the_one_that_lasts_over_it(ms: int, rate: FrameRate) -> None:
    frame = frame_at(ms, rate)
    assert frame * 1000 / rate.exact <= ms < (frame + 1) * 1000 / rate.exact


@given(st.integers(min_value=0, max_value=24 * 3_600_000), st.sampled_from(DROPPING))
def test_drop_frame_time_code_stays_with_the_clock_for_a_day(ms: int, rate: FrameRate) -> None:
    frame = frame_at(ms, rate)
    hours, minutes, rest = timecode_of(frame, rate).split(":")
    seconds, number = rest.split(";")
    shown = int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(number) / rate.nominal
    # It may run a minute's dropped numbers ahead, and in a day 86 ms behind: 30000/1001 is not quite 29.97.
    assert abs(shown - frame / rate.exact) < 0.2


@given(frames, rates)
def test_time_code_grows_with_the_frames(frame: int, rate: FrameRate) -> None:
    assert timecode_of(frame, rate) < timecode_of(frame + 1, rate)


@pytest.mark.parametrize(
    ("rate", "frame", "timecode"),
    [
        ("29.97", 1_799, "00:00:59;29"),
        ("29.97", 1_800, "00:01:00;02"),
        ("29.97", 17_981, "00:09:59;29"),
        ("29.97", 17_982, "00:10:00;00"),
        ("29.97", 107_892, "01:00:00;00"),
        ("59.94", 3_600, "00:01:00;04"),
        ("23.976", 1_440, "00:01:00:00"),
        ("25", 185, "00:00:07:10"),
        ("60", 59, "00:00:00:59"),
    ],
)
def test_known_time_codes(rate: str, frame: int, timecode: str) -> None:
    assert timecode_of(frame, parse_rate(rate)) == timecode
    assert parse_time(timecode, parse_rate(rate)) == frame


@pytest.mark.parametrize(
    ("text", "rate", "frame"),
    [("00:07.4", "30", 222), ("7.4", "25", 185), ("7,4", "24", 177), ("1:00:00", "30", 108_000)],
)
def test_clock_times_are_taken_exactly(text: str, rate: str, frame: int) -> None:
    assert parse_time(text, parse_rate(rate)) == frame


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("00:01:00;00", "29.97"), ("00:01:00;01", "29.97"), ("00:00:01:30", "30"), ("00:00:60:00", "30"),
        ("00:00:01;00", "25"), ("", "30"), ("seven", "30"), ("1:60", "30"), ("-1", "30"), ("1e3", "30"), ("٣", "30"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(text: str, rate: str) -> None:
    with pytest.raises(NoSuchTime):
        parse_time(text, parse_rate(rate))


@pytest.mark.parametrize("text", ["0", "1/0", "0/1", "fast", "29.9", "-25", "1001", ""])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(NoSuchTime):
        parse_rate(text)
