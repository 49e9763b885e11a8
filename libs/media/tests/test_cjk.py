"""Chinese, Japanese and Korean: in the face that is installed, or openly left out."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from media import fonts
from media.ass import Document, Event, Style, escape
from media.ffmpeg import ffmpeg_path
from media.fonts import ANTON, CJK, CJK_PACKAGE, FONTS, INTER_BOLD, all_fonts, installed, left_out, link_fonts, writable

WIDTH, EM = 1200, 100


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which the face is not."""
    monkeypatch.setattr(fonts, "_FOLDERS", ())
    installed.cache_clear()
    yield
    installed.cache_clear()


@pytest.mark.usefixtures("lacking")
def test_a_machine_without_the_face_says_what_is_left_out_and_what_to_install() -> None:
    assert all_fonts() == FONTS
    assert writable("潮汐 rise", font=ANTON) == (ANTON, "rise")
    said = left_out(["潮汐 rise", "조수"])
    assert "cannot write 潮 汐 조 수 there" in said
    assert f"install the package {CJK_PACKAGE}" in said
    assert CJK_PACKAGE not in left_out(["ไทย"])
    with pytest.raises(FileNotFoundError, match=CJK.file):
        _ = CJK.path


def test_it_is_found_where_a_system_keeps_fonts_however_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "opentype" / "noto").mkdir(parents=True)
    file = tmp_path / "opentype" / "noto" / CJK.file
    file.write_bytes(b"a font")
    monkeypatch.setattr(fonts, "_FOLDERS", (tmp_path / "none", tmp_path))
    before = fonts.digest_of(FONTS)
    installed.cache_clear()
    try:
        assert (installed(), all_fonts()) == (file, (*FONTS, CJK))
        assert fonts.fonts_digest() != before, "what is rendered with it is something else"
        link_fonts(tmp_path / "fonts", f"Style: {INTER_BOLD.family},", f"Style: {CJK.family},")
        link_fonts(tmp_path / "fonts", f"Style: {CJK.family},")
        assert sorted(path.name for path in (tmp_path / "fonts").iterdir()) == sorted([INTER_BOLD.name, CJK.name])
        assert (tmp_path / "fonts" / CJK.name).read_bytes() == b"a font"
    finally:
        installed.cache_clear()
        fonts.digest_of.cache_clear()


def test_a_language_is_two_letters_in_a_document_or_nothing() -> None:
    assert "\nLanguage: zh\n" in Document(2, 2, language="zh-Hant").text()
    assert not any("Language" in Document(2, 2, language=given).text() for given in ("", "; {x}", "deu", "\nzh"))


@pytest.mark.skipif(installed() is None, reason=f"No font for Chinese, Japanese and Korean: apt install {CJK_PACKAGE}")
def test_one_face_writes_all_three_as_wide_as_measured_and_each_in_its_own_forms(tmp_path: Path) -> None:
    text = "直した ｛2｝ AI 한국海"
    assert writable("直した {2} AI 한국海", font=ANTON) == (CJK, text)
    assert left_out([text]) == ""
    japanese, again, chinese = (_drawn(text, language, tmp_path) for language in ("ja", "ja-JP", "zh-CN"))
    assert (japanese == again).all()
    assert (japanese != chinese).any(), "直 and 海 are written otherwise in China"
    columns = np.flatnonzero((japanese > 60).any(axis=0))
    # The signs at both ends all but fill their squares.
    assert columns[-1] - columns[0] == pytest.approx(fonts.text_width(CJK, EM, text), abs=0.15 * EM)


def _drawn(text: str, language: str, folder: Path) -> np.ndarray:
    style = Style("A", CJK, EM)
    event = Event("0:00:00.00", "0:00:01.00", "A", r"\an7\pos(50,50)", escape(text))
    document = Document(WIDTH, 200, [style], [event], language)
    document.write(folder / "a.ass")
    link_fonts(folder / "fonts", document.text())
    source = f"color=black:s={WIDTH}x200:d=0.04:r=25"
    draw = ["-vf", "ass=a.ass:fontsdir=fonts", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    command = [ffmpeg_path(), "-v", "verbose", "-f", "lavfi", "-i", source, *draw]
    ran = subprocess.run(command, cwd=folder, check=True, capture_output=True)
    assert f"-> {CJK.family}" in ran.stderr.decode()
    return np.frombuffer(ran.stdout, np.uint8).reshape(200, WIDTH)
