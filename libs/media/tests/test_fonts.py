"""The fonts are what we say they are, and libass agrees on how wide they run."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from media.ass import Document, Event, Style, escape
from media.ffmpeg import ffmpeg_path
from media.fonts import (
    ANTON,
    ARABIC,
    FONTS,
    FONTS_DIR,
    FRAUNCES,
    HEBREW,
    INTER_BOLD,
    INTER_MEDIUM,
    Font,
    ass_px,
    clean,
    digest_of,
    fonts_digest,
    is_right_to_left,
    left_out,
    metrics,
    supports,
    text_width,
    writable,
)

SIZE = (1400, 400)


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.path.stem)
def test_libass_finds_the_face_and_draws_it_as_wide_as_we_measure(font: Font, tmp_path: Path) -> None:
    text = "HAVEN Tokyo 012 H"
    style = Style("A", font, 100)
    event = Event("0:00:00.00", "0:00:01.00", "A", r"\an7\pos(50,100)", escape(text))
    Document(*SIZE, [style], [event]).write(tmp_path / "a.ass")
    source = f"color=black:s={SIZE[0]}x{SIZE[1]}:d=0.04:r=25"
    draw = ["-vf", f"ass=a.ass:fontsdir={FONTS_DIR}", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    command = [ffmpeg_path(), "-v", "verbose", "-f", "lavfi", "-i", source, *draw]
    ran = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert re.search(rf"fontselect: \({font.family}, .*-> {font.path.stem}", ran.stderr.decode())
    drawn = np.frombuffer(ran.stdout, np.uint8).reshape(SIZE[1], SIZE[0]) > 60
    columns, rows = np.flatnonzero(drawn.any(axis=0)), np.flatnonzero(drawn.any(axis=1))
    # The first and last letters are straight-sided: their side bearings are all that may differ.
    assert columns[-1] - 50 == pytest.approx(text_width(font, 100, text), abs=12)
    baseline = 100 + metrics(font).ascent * 100
    assert rows[-1] > baseline > rows[0]


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.path.stem)
def test_every_face_is_licensed_and_can_write_what_escape_makes(font: Font) -> None:
    assert supports(font, escape("{}\\") + "abcABC 0123456789.,-!?")
    assert any("SIL Open Font License" in path.read_text() for path in FONTS_DIR.glob("OFL-*.txt"))


def test_widths_know_kerning_and_tracking() -> None:
    apart = sum(text_width(INTER_MEDIUM, 100, letter) for letter in "AVATo")
    assert text_width(INTER_MEDIUM, 100, "AVATo") < apart - 5
    assert text_width(INTER_MEDIUM, 100, "AVATo", tracking=5) == pytest.approx(apart + 25)
    assert text_width(INTER_MEDIUM, 100, "") == 0
    assert ass_px(INTER_MEDIUM, 200) == pytest.approx(2 * ass_px(INTER_MEDIUM, 100))


@pytest.mark.parametrize(
    ("text", "wanted", "face", "written"),
    [
        ("Größe", FRAUNCES, FRAUNCES, "Größe"),
        ("Привет мир", FRAUNCES, INTER_BOLD, "Привет мир"),
        ("שלום", ANTON, HEBREW, "שלום"),
        ("مرحبا", ANTON, ARABIC, "مرحبا"),
        ("Rocket 🚀 day ☀️", ANTON, ANTON, "Rocket day"),
        ("🚀", ANTON, ANTON, ""),
    ],
)
def test_a_face_that_can_write_the_text_is_found(text: str, wanted: Font, face: Font, written: str) -> None:
    assert writable(text, font=wanted) == (face, written)


def test_what_no_face_can_write_is_named_and_nothing_else() -> None:
    assert left_out(["Größe", "Привет", "שלום", "مرحبا", "Rocket 🚀 day", "a → b", ""]) == ""
    assert "cannot write ไ ท ย there" in left_out(["ไทย rise", "the ไท"])
    # One text is written in one face, so that of two scripts the longer one is seen.
    assert "cannot write ש ל ו ם there" in left_out(["Привет שלום"])
    assert "and 5 more" in left_out(["".join(map(chr, range(0x1780, 0x1780 + 25)))])


def test_clean_text_has_no_controls_and_one_line() -> None:
    assert clean("a\u202eb\u200b\n\tc\x00  d") == "ab c d"
    assert is_right_to_left("12 שלום")
    assert not is_right_to_left("12 hello שלום")


def test_the_digest_is_of_the_files() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", fonts_digest())
    assert digest_of((ANTON,)) != digest_of((FRAUNCES,))
