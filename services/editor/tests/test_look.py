"""Looking at a film piece by piece finds what looking at all of it would, and nobody looks at the same bytes twice."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from editor.cache import FolderCache
from editor.checks.look import find_look, keep_look, look_at, picture_faults
from media.ffmpeg import ffmpeg_path
from media.probe import UnreadableMedia

Show = Callable[..., Path]
_MOVES, _STANDS, _DARK = "testsrc2=s=180x320:r=30", "smptebars=s=180x320:r=30", "color=black:s=180x320:r=30"


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Make a piece of what is seen for so many frames, one after the other."""

    def make(name: str, *shown: tuple[str, int]) -> Path:
        sources = [word for source, _ in shown for word in ("-f", "lavfi", "-i", source)]
        cut = [f"[{at}]format=yuv420p,trim=end_frame={frames}[c{at}]" for at, (_, frames) in enumerate(shown)]
        graph = f"{';'.join(cut)};{''.join(f'[c{at}]' for at in range(len(shown)))}concat=n={len(shown)}"
        ffmpeg(*sources, "-filter_complex", graph, "-c:v", "libx264", "-qp", "20", str(tmp_path / name))
        return tmp_path / name

    return make


def said(pieces: Sequence[Path]) -> list[str]:
    return [fault.said for fault in picture_faults([look_at(piece) for piece in pieces], fps=30)]


def test_what_goes_on_from_one_piece_into_the_next_is_found(show: Show) -> None:
    pieces = [
        show("a.mp4", (_MOVES, 10), (_STANDS, 50)),
        show("b.mp4", (_STANDS, 12)),
        show("c.mp4", (_STANDS, 40), (_MOVES, 10), (_DARK, 9)),
        show("d.mp4", (_DARK, 8), (_MOVES, 30)),
    ]
    looks = [look_at(piece) for piece in pieces]
    dark, still = picture_faults(looks, fps=30)
    assert (dark.said, dark.frames) == ("It is black for 0.57 s from 4.07 s.", range(122, 139))
    assert (still.said, still.frames) == ("Its picture stands still from 0.33 s for 3.40 s.", range(10, 112))


def test_what_is_short_or_is_not_the_same_picture_is_no_fault(show: Show) -> None:
    bars, moving = show("bars.mp4", (_STANDS, 60)), show("moving.mp4", (_MOVES, 20))
    turned = show("turned.mp4", (f"{_STANDS},hflip", 60))
    assert said([bars, turned, bars]) == []
    assert said([bars, moving, bars]) == []
    assert said([show("dark.mp4", (_DARK, 14)), moving]) == []
    assert said([moving] * 8) == []
    assert len(said([bars, bars])) == 1


def test_a_whole_film_is_seen_as_ffmpeg_sees_it(show: Show) -> None:
    film = show("film.mp4", (_MOVES, 20), (_STANDS, 100), (_DARK, 20), (_MOVES, 10), (_DARK, 100), (_STANDS, 5))
    found = ffmpeg(
        "-i", str(film), "-vf", "scale=180:-2:flags=neighbor,blackdetect=d=0.5:pix_th=0.05,freezedetect=n=-60dB:d=3",
        "-f", "null", "-", level="info",
    )  # fmt: skip
    faults = list(picture_faults([look_at(film)], fps=30))
    black = re.findall(r"black_start:(\S+) black_end:\S+ black_duration:(\S+)", found)
    frozen = re.findall(r"freeze_start: (\S+)", found)
    seen = [(fault.frames.start / 30, len(fault.frames) / 30) for fault in faults if fault.frames]
    assert seen[: len(black)] == [pytest.approx((float(start), float(length)), abs=0.02) for start, length in black]
    assert [start for start, _ in seen[len(black) :]] == pytest.approx([float(start) for start in frozen], abs=0.02)
    assert (len(black), len(frozen)) == (2, 2)


def test_a_damaged_piece_cannot_be_looked_at(show: Show, tmp_path: Path) -> None:
    data = bytearray(show("piece.mp4", (_MOVES, 30)).read_bytes())
    media = data.index(b"mdat")
    data[media + 4000 : media + 9000] = bytes(5000)
    (tmp_path / "damaged.mp4").write_bytes(data)
    with pytest.raises(UnreadableMedia):
        look_at(tmp_path / "damaged.mp4")


def test_the_same_bytes_are_known_again_and_others_are_not(show: Show, tmp_path: Path) -> None:
    cache = FolderCache(tmp_path / "cache")
    piece, other = show("piece.mp4", (_MOVES, 6)), show("other.mp4", (_MOVES, 7))
    assert find_look(cache, piece) is None
    keep_look(cache, piece, look_at(piece))
    assert find_look(cache, piece.rename(tmp_path / "renamed.mp4")) == look_at(tmp_path / "renamed.mp4")
    assert find_look(cache, other) is None
    [kept] = (tmp_path / "cache").glob("*/*")
    kept.write_bytes(b"{}")
    assert find_look(cache, tmp_path / "renamed.mp4") is None, "what is kept is damaged"


def ffmpeg(*args: str, level: str = "error") -> str:
    done = subprocess.run(
        [ffmpeg_path(), "-v", level, "-nostats", "-y", *args], check=True, capture_output=True, text=True
    )
    return done.stderr
