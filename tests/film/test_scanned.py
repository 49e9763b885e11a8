"""The airlock's scanners on films of our own: in several looks nothing is found, and nothing is left unmeasured."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from compliance.scanners.facts import PictureFacts, Scanner, SoundFacts
from compliance.scanners.judging import cues_of, judge_picture, judge_sound
from compliance.scanners.looking import look
from compliance.scanners.pieces import look_at_pieces, remember
from compliance.scanners.running import Runner
from editor.cache import FolderCache
from editor.segments import plan_segments

if TYPE_CHECKING:
    from tests.film.conftest import Screening

LOOKS = ("Sourdough bread at home", "Why compound interest wins", "Five ways to sleep better")


async def findings_of(video: Path, vtt: Path) -> tuple[list[Any], PictureFacts, SoundFacts]:
    runner = Runner(timeout_seconds=300, niceness=0)
    picture, sound = await asyncio.gather(runner.scan(Scanner.PICTURE, video), runner.scan(Scanner.SOUND, video))
    assert isinstance(picture, PictureFacts)
    assert isinstance(sound, SoundFacts)
    cues = cues_of(await asyncio.to_thread(vtt.read_text, encoding="utf-8"))
    assert cues
    return judge_picture(picture, where="/video") + judge_sound(sound, where="/video", cues=cues), picture, sound


async def test_nothing_is_found_on_the_tides_film(screening: Screening) -> None:
    found, picture, sound = await findings_of(screening.film.cut.video, screening.film.cut.vtt)
    assert found == []
    assert picture.frames == screening.frames
    assert len(picture.lines) > 10
    assert sound.loudness_lufs is not None
    assert abs(sound.loudness_lufs - screening.film.cut.loudness_lufs) < 0.2


@pytest.mark.parametrize("brief", LOOKS)
async def test_nothing_is_found_in_other_looks(brief: str, film_of: Any) -> None:
    film = await film_of(brief, seconds=9)
    found, _, _ = await findings_of(film.cut.video, film.cut.vtt)
    assert found == []


async def test_the_tides_film_comes_out_the_same_piece_by_piece(screening: Screening, tmp_path: Path) -> None:
    """Our own pieces are those of the film they are joined to, and nothing has to be decoded again."""
    (kept,) = screening.folder.glob("**/segments")
    cache, pieces = FolderCache(kept), []
    for segment in plan_segments(screening.film.timeline):
        path = cache.find(segment.key)
        assert path is not None
        seen = tmp_path / segment.key
        seen.write_bytes(remember(path))
        pieces.append((path, seen))
    video = screening.film.cut.video
    facts, whole = look_at_pieces(video, pieces), look(video)
    assert facts.pieces == len(pieces)
    differently = {"pieces", "samples", "lines", "colours"}
    assert facts.model_dump(exclude=differently) == whole.model_dump(exclude=differently)
    assert judge_picture(facts, where="/video") == []
    assert len(facts.lines) > 10
