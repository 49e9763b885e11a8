"""A film that is wrong is put right by making the wrong part again, once; what that does not mend is not let out."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import pytest
from common.contracts.editing import Timeline
from common.contracts.production import Clip, ProductionOutput
from common.contracts.values import ArtifactRef
from editor.cache import FolderCache
from editor.checks.film import Joined, Sources, examine_film
from editor.checks.look import find_look
from editor.checks.sync import find_voice
from editor.errors import CutFailedChecks
from editor.onlookers import Nobody
from editor.render import RenderedCut, render
from editor.segments import Segment, is_whole, plan_segments
from editor.sound import Take
from editor.timeline import assemble
from editor.workroom import sound_key_of
from media.ffmpeg import BITEXACT, ffmpeg_path

Production = Callable[..., tuple[ProductionOutput, list[Clip]]]
Make = Callable[[Timeline, FolderCache, str], Awaitable[RenderedCut]]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> FolderCache:
    return FolderCache(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def timeline(a_production: Production, refs: Mapping[str, ArtifactRef]) -> Timeline:
    return assemble(*a_production(refs=refs))


@pytest.fixture
def make(footage: Mapping[str, Path], refs: Mapping[str, ArtifactRef], tmp_path: Path) -> Make:
    paths = {refs[name].sha256: path for name, path in footage.items()}

    async def files(ref: ArtifactRef) -> Path:
        return paths[ref.sha256]

    async def run(timeline: Timeline, cache: FolderCache, to: str) -> RenderedCut:
        (tmp_path / to).mkdir()
        return await render(timeline, files=files, cache=cache, work=tmp_path / to, progress=lambda share, stage: None)

    return run


def spoilt(cache: FolderCache, timeline: Timeline, tmp_path: Path, *, but: Mapping[str, Path]) -> FolderCache:
    """The parts of a rendered film, but for some that are something else, and without the film itself."""
    other = FolderCache(tmp_path / "spoilt")
    for key in (*(piece.key for piece in plan_segments(timeline)), sound_key_of(timeline)):
        other.keep(key, but.get(key) or kept(cache, key))
    return other


def kept(cache: FolderCache, key: str) -> Path:
    path = cache.find(key)
    assert path is not None
    return path


def black(piece: Segment, target: Path) -> Path:
    """A piece as long and large as it should be that shows nothing."""
    source = f"color=black:s={piece.size.width}x{piece.size.height}:r={piece.size.fps}"
    coded = ("-c:v", "libx264", "-profile:v", "high", "-pix_fmt", "yuv420p", "-video_track_timescale", "15360")
    ffmpeg("-f", "lavfi", "-i", source, "-frames:v", str(piece.frames), *coded, *BITEXACT, str(target))
    return target


def ffmpeg(*args: str) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *args], check=True)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def test_a_black_piece_is_rendered_again(
    timeline: Timeline, make: Make, cache: FolderCache, tmp_path: Path
) -> None:
    whole = await make(timeline, cache, "whole")
    wrong = plan_segments(timeline)[2]
    dark = black(wrong, tmp_path / "black.mp4")
    mended = await make(timeline, spoilt(cache, timeline, tmp_path, but={wrong.key: dark}), "mended")
    assert mended.segments_rendered == 1
    assert any("black for" in said for said in mended.repaired)
    assert digest(mended.video) == digest(whole.video)


async def test_a_kept_piece_that_rotted_is_rendered_again(
    timeline: Timeline, make: Make, cache: FolderCache, tmp_path: Path
) -> None:
    whole = await make(timeline, cache, "whole")
    wrong = plan_segments(timeline)[0]
    data = bytearray(kept(cache, wrong.key).read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = bytes(2000)
    rotten = tmp_path / "rotten.mp4"
    rotten.write_bytes(data)
    assert is_whole(rotten, wrong), "it has its index, and so as many frames as it should"
    mended = await make(timeline, spoilt(cache, timeline, tmp_path, but={wrong.key: rotten}), "mended")
    assert (mended.segments_rendered, mended.repaired) == (1, ())
    assert digest(mended.video) == digest(whole.video)


async def test_sound_that_came_late_is_mixed_again(
    timeline: Timeline, make: Make, cache: FolderCache, tmp_path: Path
) -> None:
    whole = await make(timeline, cache, "whole")
    key = sound_key_of(timeline)
    late = tmp_path / "late.m4a"
    ffmpeg(
        "-i",
        str(kept(cache, key)),
        "-af",
        "adelay=120:all=1,atrim=end_sample=153600",
        "-c:a",
        "aac",
        "-b:a",
        "160k",
        str(late),
    )
    mended = await make(timeline, spoilt(cache, timeline, tmp_path, but={key: late}), "mended")
    assert [said for said in mended.repaired if "late against the picture" in said]
    assert digest(mended.video) == digest(whole.video)


async def test_what_is_black_in_the_footage_itself_never_leaves(
    a_production: Production, footage: Mapping[str, Path], refs: Mapping[str, ArtifactRef], tmp_path: Path
) -> None:
    timeline = assemble(*a_production(refs=refs))
    dark = black(plan_segments(timeline)[0], tmp_path / "dark.mp4")
    ffmpeg("-stream_loop", "3", "-i", str(dark), "-frames:v", "36", "-c:v", "libx264", str(tmp_path / "clip.mp4"))
    paths = {refs[name].sha256: path for name, path in footage.items()}
    paths[refs["clip1"].sha256] = tmp_path / "clip.mp4"
    rendered: list[Path] = []

    async def files(ref: ArtifactRef) -> Path:
        return paths[ref.sha256]

    class Watching(Nobody):
        async def joined(self, film: Path, pieces: Sequence[Path]) -> None:
            rendered.append(film)

    with pytest.raises(CutFailedChecks, match="black for"):
        await render(
            timeline,
            files=files,
            cache=FolderCache(tmp_path / "cache"),
            work=tmp_path,
            progress=lambda share, stage: None,
            onlooker=Watching(),
        )
    assert len(rendered) == 1, "the same piece came out again; nothing was left to try"


async def test_a_missing_scene_is_noticed(timeline: Timeline, make: Make, cache: FolderCache, tmp_path: Path) -> None:
    cut = await make(timeline, cache, "whole")
    pieces = []
    for piece in plan_segments(timeline):
        path = kept(cache, piece.key)
        look = find_look(cache, path)
        assert look is not None
        pieces.append(Joined(name=piece.name, path=path, look=look))
    _, faults = await examine_film(cut.video, timeline, Sources(pieces=pieces, takes=[]))
    assert faults == ()
    _, faults = await examine_film(cut.video, timeline, Sources(pieces=[pieces[2], *pieces[1:]], takes=[]))
    assert [fault.said for fault in faults] == ["Piece scene 1 is missing or not where it belongs."]


@pytest.mark.parametrize("shift_ms", [-200, 0, 35, 120])
async def test_the_voice_is_found_where_it_is(footage: Mapping[str, Path], tmp_path: Path, shift_ms: int) -> None:
    takes = [Take(path=footage["voice0"], start_ms=500), Take(path=footage["voice1"], start_ms=1900)]
    film = tmp_path / "film.wav"
    placed = ";".join(
        f"[{place}:a]adelay={take.start_ms + shift_ms}:all=1[v{place}]" for place, take in enumerate(takes)
    )
    ffmpeg(
        *("-i", str(takes[0].path), "-i", str(takes[1].path), "-i", str(footage["music"])),
        *("-filter_complex", f"{placed};[2:a]volume=-18dB[m];[v0][v1][m]amix=inputs=3:normalize=0:duration=longest"),
        str(film),
    )
    voice = find_voice(film, takes)
    assert voice.offset_ms == pytest.approx(shift_ms, abs=10)
    assert voice.likeness > 0.6


def test_a_recording_that_is_clipped_is_noticed(footage: Mapping[str, Path], tmp_path: Path) -> None:
    loud = tmp_path / "loud.wav"
    ffmpeg("-i", str(footage["voice0"]), "-af", "volume=20dB", "-c:a", "pcm_s16le", str(loud))
    assert find_voice(loud, [Take(path=loud, start_ms=0)]).flattened > 20
    clean = footage["voice0"]
    assert find_voice(clean, [Take(path=clean, start_ms=0)]).flattened == 0
