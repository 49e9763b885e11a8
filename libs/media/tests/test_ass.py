"""Documents in ASS: exact times, exact colours, and no way in for tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from media.ass import (
    Document,
    Event,
    Style,
    alpha,
    circle,
    colour,
    escape,
    frame_timestamp,
    rounded_rectangle,
    timestamp,
)
from media.fonts import ANTON


@given(st.text())
def test_no_text_can_open_a_tag_or_a_line(text: str) -> None:
    escaped = escape(text)
    assert not set(escaped) & set("\\{}\r\n\x0b\x0c\x85\u2028\u2029")
    assert escape(escaped) == escaped
    Event("0:00:00.00", "0:00:01.00", "A", "", escaped)


def test_an_event_refuses_raw_text() -> None:
    with pytest.raises(ValueError, match="escape"):
        Event("0:00:00.00", "0:00:01.00", "A", "", r"{\b1}")


def test_colours_times_and_alphas() -> None:
    assert colour("#12ab3f") == "&H3FAB12&"
    assert (alpha(1), alpha(0), alpha(0.5), alpha(7)) == ("&H00&", "&HFF&", "&H7F&", "&H00&")
    assert timestamp(3_661.239) == "1:01:01.24"
    assert timestamp(-1) == "0:00:00.00"
    with pytest.raises(ValueError):
        colour("#12ab3")


@pytest.mark.parametrize("fps", [10, 24, 25, 30, 50, 60])
def test_an_event_shows_on_exactly_its_frames(fps: int) -> None:
    for frame in range(300):
        hours, minutes, seconds = frame_timestamp(frame, fps=fps).split(":")
        start_ms = round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
        assert (frame - 1) * 1000 / fps < start_ms <= frame * 1000 / fps


def test_a_document_reads_as_ass() -> None:
    style = Style("Title", ANTON, 100, colour="#ff0000", outline=2)
    event = Event("0:00:00.00", "0:00:01.00", "Title", r"\an5\pos(1,2)", "hi", 3)
    text = Document(1080, 1920, [style], [event]).text()
    assert "PlayResX: 1080\nPlayResY: 1920\n" in text
    assert "Style: Title,Anton,150.537,&H000000FF," in text
    assert text.endswith("Dialogue: 3,0:00:00.00,0:00:01.00,Title,,0,0,0,,{\\an5\\pos(1,2)}hi\n")


def test_drawings_close_where_they_begin() -> None:
    assert rounded_rectangle(10, 6, 3, x=2, y=1).startswith("m 5.0 1.0 l 9.0 1.0 b")
    assert rounded_rectangle(10, 6, 99).endswith("3.0 0.0")
    assert circle(5, x=5, y=5) == rounded_rectangle(10, 10, 5)
