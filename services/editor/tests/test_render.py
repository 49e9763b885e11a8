"""A real film out of real clips: exact, measured, cached by what shaped it, and gone when cancelled."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from itertools import islice, pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from common.contracts.editing import Timeline
from common.contracts.production import Clip, ProductionOutput
from common.contracts.values import ArtifactRef
from editor.cache import FolderCache
from editor.checks.film import Joined, Sources, examine_film
from editor.checks.look import look_at
from editor.errors import CutFailedChecks
from editor.render import RenderedCut, render
from editor.segments import plan_segments
from editor.timeline import assemble, total_frames
from media.ffmpeg import run_ffmpeg
from media.probe import loudness, probe
from PIL import Image
from testkit.listening import eventually
from testkit.processes import children

Production = Callable[..., tuple[ProductionOutput, list[Clip]]]
Render = Callable[..., Awaitable[RenderedCut]]


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> FolderCache:
    """One cache for all tests: what one has rendered the next only joins."""
    return FolderCache(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def timeline(a_production: Production, refs: Mapping[str, ArtifactRef]) -> Timeline:
    return assemble(*a_production(refs=refs))


@pytest.fixture
def rendered(
    footage: Mapping[str, Path], refs: Mapping[str, ArtifactRef], shared_cache: FolderCache, tmp_path: Path
) -> Render:
    paths = {refs[name].sha256: path for name, path in footage.items()}

    async def files(ref: ArtifactRef) -> Path:
        return paths[ref.sha256]

    async def run(
        timeline: Timeline,
        *,
        to: str = "work",
        cache: FolderCache | None = None,
        progress: Callable[[float, str], None] = lambda share, stage: None,
    ) -> RenderedCut:
        work = tmp_path / to
        work.mkdir(exist_ok=True)
        return await render(timeline, files=files, cache=cache or shared_cache, work=work, progress=progress)

    return run


@pytest.mark.feature("A37")
async def test_a_film_is_exactly_what_its_timeline_says(timeline: Timeline, rendered: Render) -> None:
    seen: list[float] = []
    cut = await rendered(timeline, progress=lambda share, stage: seen.append(share))
    pictures, instants, errors = decode(cut.video)
    assert pictures == total_frames(timeline) == 96
    assert errors == 0
    assert instants == pytest.approx([number / 30 for number in range(96)], abs=0.001)
    info = probe(cut.video)
    assert (info.width, info.height, info.fps, info.faststart) == (270, 480, 30, True)
    with av.open(str(cut.video)) as container:
        picture = container.streams.video[0].codec_context
        assert {picture.color_primaries, picture.color_trc, picture.colorspace} == {1}  # BT.709, all three
    assert abs(info.audio_ms - info.video_ms) <= 1000 / 30
    assert (cut.duration_ms, cut.segments) == (3200, 5)
    assert seen[-1] == 1.0
    assert all(earlier <= later + 1e-9 for earlier, later in pairwise(seen))


async def test_the_sound_is_at_minus_fourteen_without_clipped_peaks(timeline: Timeline, rendered: Render) -> None:
    cut = await rendered(timeline)
    heard = await loudness(cut.video)
    assert heard.integrated_lufs == pytest.approx(-14, abs=1)
    assert heard.true_peak_dbtp <= -1
    assert (cut.loudness_lufs, cut.true_peak_dbtp) == (heard.integrated_lufs, heard.true_peak_dbtp)


async def test_a_film_comes_with_a_still_and_subtitles(timeline: Timeline, rendered: Render) -> None:
    cut = await rendered(timeline)
    with Image.open(cut.thumbnail) as still:
        assert (still.format, still.size) == ("JPEG", (270, 480))
    assert "Tides rise twice a day." in cut.vtt.read_text(encoding="utf-8")
    assert "And the earth turns beneath." in cut.srt.read_text(encoding="utf-8")


async def test_the_first_caption_appears_on_the_frame_on_which_its_word_is_heard(
    timeline: Timeline, rendered: Render, footage: Mapping[str, Path]
) -> None:
    film, clip = luma((await rendered(timeline)).video, count=30), luma(footage["clip0"], count=30)
    strip = slice(int(480 * 0.66), int(480 * 0.72))
    changed = [float(np.abs(a[strip] - b[strip]).mean()) > 4 for a, b in zip(film, clip, strict=True)]
    assert timeline.scenes[0].words[0].start_ms == 220
    assert changed.index(True) == round(220 * 30 / 1000)
    assert all(changed[changed.index(True) :])


async def test_a_second_render_encodes_nothing_and_gives_the_same_bytes(timeline: Timeline, rendered: Render) -> None:
    first = await rendered(timeline, to="first")
    again = await rendered(timeline, to="again")
    assert again.segments_rendered == 0
    assert digest(again.video) == digest(first.video)


async def test_the_same_segments_rendered_anew_have_the_same_bytes(
    timeline: Timeline, rendered: Render, tmp_path: Path
) -> None:
    first = await rendered(timeline, to="first")
    anew = await rendered(timeline, to="anew", cache=FolderCache(tmp_path / "empty"))
    assert anew.segments_rendered == 5
    assert digest(anew.video) == digest(first.video)
    assert digest(anew.thumbnail) == digest(first.thumbnail)


@pytest.mark.parametrize(("place", "made"), [(0, 2), (1, 3), (2, 2)])
async def test_another_clip_renders_its_body_and_its_transitions(
    timeline: Timeline, rendered: Render, refs: Mapping[str, ArtifactRef], place: int, made: int
) -> None:
    await rendered(timeline, to="before")
    changed = with_clip(timeline, place, refs["clip3"])
    assert (await rendered(changed, to="after")).segments_rendered == made


async def test_another_word_renders_one_body_only(timeline: Timeline, rendered: Render) -> None:
    await rendered(timeline, to="before")
    scene = timeline.scenes[1]
    words = (scene.words[0].model_copy(update={"text": "Our"}), *scene.words[1:])
    scenes = (timeline.scenes[0], scene.model_copy(update={"words": words}), timeline.scenes[2])
    cut = await rendered(timeline.model_copy(update={"scenes": scenes}), to="after")
    assert cut.segments_rendered == 1


async def test_a_damaged_piece_in_the_cache_is_rendered_again(
    timeline: Timeline, rendered: Render, tmp_path: Path
) -> None:
    cache = FolderCache(tmp_path / "cache")
    whole = await rendered(timeline, to="before", cache=cache)
    others = FolderCache(tmp_path / "others")
    for piece in plan_segments(timeline)[2:]:
        others.keep(piece.key, kept(cache, piece.key))
    (tmp_path / "damaged").write_bytes(b"not a film")
    others.keep(plan_segments(timeline)[0].key, tmp_path / "damaged")
    again = await rendered(timeline, to="after", cache=others)
    assert again.segments_rendered == 2
    assert digest(again.video) == digest(whole.video)


async def test_one_scene_alone_and_hard_cuts_make_films_too(
    a_production: Production, refs: Mapping[str, ArtifactRef], rendered: Render
) -> None:
    alone = await rendered(assemble(*a_production(refs=refs, scenes=1)), to="alone")
    assert (probe(alone.video).frames, alone.segments) == (36, 1)
    hard = await rendered(assemble(*a_production(refs=refs, overlap=0)), to="hard")
    assert (probe(hard.video).frames, hard.segments) == (108, 3)


async def test_a_clip_that_is_shorter_than_promised_never_leaves(
    a_production: Production, refs: Mapping[str, ArtifactRef], rendered: Render
) -> None:
    timeline = assemble(*a_production(refs=refs))
    long = timeline.scenes[2].model_copy(update={"frames": 60})
    with pytest.raises(CutFailedChecks, match="too short"):
        await rendered(timeline.model_copy(update={"scenes": (*timeline.scenes[:2], long), "duration_ms": 4000}))


async def test_silence_is_refused(timeline: Timeline, rendered: Render, footage: Mapping[str, Path]) -> None:
    quiet = footage["music"].with_name("silence.wav")
    await run_ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=4", str(quiet)], timeout_s=30)
    data = quiet.read_bytes()
    nothing = ArtifactRef(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type="audio/wav")

    async def files(ref: ArtifactRef) -> Path:
        return quiet if ref == nothing else footage[f"clip{clips.index(ref.sha256)}"]

    clips = [scene.clip.video.sha256 for scene in timeline.scenes]
    silent = timeline.model_copy(update={"voice": (), "music": nothing})
    with pytest.raises(CutFailedChecks, match="silent"):
        await render(
            silent,
            files=files,
            cache=FolderCache(quiet.parent / "unused"),
            work=quiet.parent,
            progress=lambda share, stage: None,
        )


async def test_black_and_frozen_pictures_are_found(timeline: Timeline, tmp_path: Path) -> None:
    dead = tmp_path / "dead.mp4"
    await run_ffmpeg(
        [
            *("-f", "lavfi", "-i", "color=black:s=270x480:r=30:d=4", "-f", "lavfi", "-i", "sine=d=4:r=48000"),
            *("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", str(dead)),
        ],
        timeout_s=30,
    )
    only = Joined(name="picture", path=dead, look=look_at(dead))
    _, faults = await examine_film(dead, timeline, Sources(pieces=[only], takes=[]))
    said = " ".join(fault.said for fault in faults)
    for fault in ("120 frames, not 96", "LUFS", "black for", "stands still", "before it can start"):
        assert fault in said


async def test_cancelling_leaves_no_ffmpeg_behind(timeline: Timeline, rendered: Render, tmp_path: Path) -> None:
    encoding = asyncio.Event()
    task = asyncio.ensure_future(
        rendered(timeline, cache=FolderCache(tmp_path / "empty"), progress=lambda share, stage: encoding.set())
    )
    await encoding.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    # It is dead by then; the loop takes note of that in a turn of its own.
    await eventually(lambda: children("ffmpeg") == set())


def with_clip(timeline: Timeline, place: int, video: ArtifactRef) -> Timeline:
    scenes = list(timeline.scenes)
    clip = scenes[place].clip.model_copy(update={"video": video})
    scenes[place] = scenes[place].model_copy(update={"clip": clip})
    return timeline.model_copy(update={"scenes": tuple(scenes)})


def decode(film: Path) -> tuple[int, list[float], int]:
    """Decode every frame; return how many, when each is shown, and how many were marked as damaged."""
    with av.open(str(film)) as container:
        frames = list(container.decode(video=0))
    return len(frames), [frame.time or 0.0 for frame in frames], sum(frame.is_corrupt for frame in frames)


def luma(video: Path, *, count: int) -> list[npt.NDArray[np.float32]]:
    """Return the first frames' brightness as it is coded: the first rows of the planar picture."""
    with av.open(str(video)) as container:
        frames = islice(container.decode(video=0), count)
        return [frame.to_ndarray()[: frame.height].astype(np.float32) for frame in frames]


def kept(cache: FolderCache, key: str) -> Path:
    path = cache.find(key)
    assert path is not None
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
