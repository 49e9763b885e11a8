"""Everything a scene model can say, seen and heard in the film: shapes, fit, moves, text, logo, end card, sounds."""

from __future__ import annotations

import hashlib
import stat
import subprocess
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.video.reformatter import Colorspace
from common.contracts.brand import BrandKit, EndWords
from common.contracts.editing import Timeline
from common.contracts.production import Clip, ClipVersion, Format, ProductionOutput
from common.contracts.scenes import (
    Brand,
    CaptionStyle,
    ClipSound,
    EndCard,
    Face,
    Fit,
    KenBurns,
    Logo,
    Overlay,
    OverlayKind,
    Speaker,
    View,
)
from common.contracts.values import ArtifactRef
from editor.cache import FolderCache
from editor.errors import ClipHasNoSound, MixedFormats
from editor.render import RenderedCut, render_formats
from editor.timeline import assemble, frames_ms, total_frames
from media import ffmpeg as media_ffmpeg
from media.ffmpeg import ffmpeg_path
from media.probe import probe
from PIL import Image

Production = Callable[..., tuple[ProductionOutput, list[Clip]]]
Make = Callable[..., Awaitable[tuple[RenderedCut, ...]]]
Picture = npt.NDArray[np.int16]
UPRIGHT, SQUARE, WIDE = (
    Format(width=270, height=480),
    Format(width=270, height=270),
    Format(width=480, height=270),
)


@pytest.fixture(scope="module")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> FolderCache:
    return FolderCache(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def extras(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ArtifactRef | Path]:
    """A logo, a photo whose halves are red and blue, and a clip with a sound of its own."""
    folder = tmp_path_factory.mktemp("extras")
    Image.new("RGBA", (80, 40), (0, 255, 0, 255)).save(folder / "logo.png")
    photo = Image.new("RGB", (640, 480), (0, 0, 255))
    photo.paste((255, 0, 0), (0, 0, 320, 480))
    photo.save(folder / "photo.png")
    run("-loop", "1", "-i", str(folder / "photo.png"), "-r", "30", "-frames:v", "36",
        "-c:v", "libx264", "-pix_fmt", "yuv420p", str(folder / "wide.mp4"))  # fmt: skip
    run("-f", "lavfi", "-i", "testsrc2=s=270x480:r=30", "-f", "lavfi", "-i", "sine=f=1000:r=48000",
        "-t", "4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", str(folder / "loud.mp4"))  # fmt: skip
    return {path.stem: path for path in sorted(folder.iterdir())}


def run(*args: str) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *args], check=True)


def ref_of(path: Path) -> ArtifactRef:
    data = path.read_bytes()
    kind = "image/png" if path.suffix == ".png" else "video/mp4"
    return ArtifactRef(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=kind)


@pytest.fixture
def timeline(a_production: Production, refs: Mapping[str, ArtifactRef]) -> Timeline:
    return assemble(*a_production(refs=refs))


@pytest.fixture
def make(
    footage: Mapping[str, Path],
    extras: Mapping[str, Path],
    shared_cache: FolderCache,
    tmp_path: Path,
) -> Make:
    paths = {ref_of(path).sha256: path for path in (*footage.values(), *extras.values())}

    async def files(ref: ArtifactRef) -> Path:
        return paths[ref.sha256]

    async def run(
        timeline: Timeline, *formats: Format, to: str = "work", cache: FolderCache | None = None
    ) -> tuple[RenderedCut, ...]:
        return await render_formats(
            timeline, formats, files=files, cache=cache or shared_cache, work=tmp_path / to, progress=lambda *_: None
        )

    return run


@pytest.fixture
def ffmpeg_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """How often ffmpeg was started, counted by a program in its place that starts it."""
    log, real = tmp_path / "runs", ffmpeg_path()
    stand_in = tmp_path / "ffmpeg"
    stand_in.write_text(f'#!/bin/sh\necho run >> "{log}"\nexec "{real}" "$@"\n', encoding="utf-8")
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IEXEC)
    log.touch()
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(stand_in))
    media_ffmpeg.ffmpeg_path.cache_clear()

    def counted() -> int:
        """Since it was asked last."""
        lines = len(log.read_text(encoding="utf-8").splitlines())
        log.write_text("", encoding="utf-8")
        return lines

    yield counted
    media_ffmpeg.ffmpeg_path.cache_clear()


def changed(timeline: Timeline, place: int, **update: Any) -> Timeline:
    scenes = list(timeline.scenes)
    scenes[place] = scenes[place].model_copy(update=update)
    return timed(timeline.model_copy(update={"scenes": tuple(scenes)}))


def timed(timeline: Timeline) -> Timeline:
    return timeline.model_copy(update={"duration_ms": frames_ms(total_frames(timeline), fps=timeline.format.fps)})


def with_clip(timeline: Timeline, place: int, video: ArtifactRef, **update: Any) -> Timeline:
    clip = timeline.scenes[place].clip.model_copy(update={"video": video})
    return changed(timeline, place, clip=clip, **update)


def picture(film: Path, frame: int) -> Picture:
    with av.open(str(film)) as container:
        for number, decoded in enumerate(container.decode(video=0)):
            if number == frame:
                return decoded.to_ndarray(format="rgb24").astype(np.int16)
    raise LookupError(frame)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_near(colour: npt.NDArray[np.int16], wanted: tuple[int, int, int]) -> bool:
    return bool(np.abs(colour - np.array(wanted)).max() < 40)


async def test_one_scene_model_makes_the_film_in_three_shapes(timeline: Timeline, make: Make) -> None:
    cuts = await make(timeline, UPRIGHT, SQUARE, WIDE)
    assert [(cut.width, cut.height) for cut in cuts] == [(270, 480), (270, 270), (480, 270)]
    assert {probe(cut.video).frames for cut in cuts} == {total_frames(timeline)}
    assert len({digest(cut.vtt) for cut in cuts}) == 1
    for cut in cuts:
        with Image.open(cut.thumbnail) as still:
            assert still.size == (cut.width, cut.height)


async def test_a_clip_that_was_filmed_in_a_further_shape_fills_it(
    timeline: Timeline, make: Make, extras: Mapping[str, Path]
) -> None:
    version = ClipVersion(format=Format(width=640, height=480), video=ref_of(extras["wide"]))
    clip = timeline.scenes[0].clip.model_copy(update={"versions": (version,)})
    cuts = await make(changed(timeline, 0, clip=clip, fit=Fit.CONTAIN), UPRIGHT, Format(width=360, height=270), SQUARE)
    upright, landscape, square = (picture(cut.video, 6) for cut in cuts)
    for row in (4, 60):
        assert is_near(landscape[row, 4], (255, 0, 0))
        assert is_near(landscape[row, -5], (0, 0, 255))
    # In the shapes that it was not filmed in it is what it was: whole, over its own blur where it does not fit.
    for other in (upright, square):
        assert not is_near(other[4, 4], (255, 0, 0))


async def test_all_shapes_have_one_frame_rate(timeline: Timeline, make: Make) -> None:
    with pytest.raises(MixedFormats):
        await make(timeline, UPRIGHT, Format(width=270, height=270, fps=25))


async def test_a_picture_of_another_shape_fills_the_film_or_is_shown_whole(
    timeline: Timeline, make: Make, extras: Mapping[str, Path]
) -> None:
    photo = ref_of(extras["photo"])
    quiet = timeline.model_copy(update={"captions": CaptionStyle(shown=False)})
    moving = KenBurns(end=View(zoom=1.3))
    (filled,) = await make(with_clip(quiet, 0, photo, fit=Fit.COVER, focus=View(x=0.0), motion=moving), to="filled")
    seen = picture(filled.video, 5)
    assert is_near(seen[240, 20], (255, 0, 0))
    assert is_near(seen[240, 250], (255, 0, 0)), "the focus is at the left edge: the blue half is cut away"
    (whole,) = await make(with_clip(quiet, 0, photo, fit=Fit.CONTAIN, motion=moving), to="whole")
    seen = picture(whole.video, 5)
    assert is_near(seen[240, 40], (255, 0, 0))
    assert is_near(seen[240, 230], (0, 0, 255))
    assert seen[20, 20, 0] > 100 < seen[20, 250, 2], "above it lies its own blur, red and blue"


async def test_a_clip_of_an_unannounced_shape_is_cut_and_not_stretched(
    timeline: Timeline, make: Make, extras: Mapping[str, Path]
) -> None:
    still = KenBurns(end=View(zoom=1.05))
    (cut,) = await make(with_clip(timeline, 0, ref_of(extras["wide"]), focus=View(x=1.0), motion=still))
    seen = picture(cut.video, 2)
    assert is_near(seen[100, 10], (0, 0, 255))
    assert is_near(seen[100, 260], (0, 0, 255))


async def test_a_slow_move_goes_all_the_way_and_never_jumps(
    timeline: Timeline, make: Make, extras: Mapping[str, Path]
) -> None:
    """The red half's edge wanders as the view does; in the transition, too."""
    move = KenBurns(start=View(x=0.3, zoom=1.5), end=View(x=0.7, zoom=1.5))
    quiet = timeline.model_copy(update={"captions": CaptionStyle(shown=False)})
    (cut,) = await make(with_clip(quiet, 0, ref_of(extras["photo"]), motion=move))
    edges = [int((picture(cut.video, frame)[240, :, 0] > 128).sum()) for frame in range(0, 30, 3)]
    steps = [earlier - later for earlier, later in pairwise(edges)]
    assert edges[0] - edges[-1] > 80
    assert all(0 <= step < 40 for step in steps)


async def test_speed_and_trim_choose_other_frames_of_the_clip(
    timeline: Timeline, make: Make, extras: Mapping[str, Path]
) -> None:
    loud = ref_of(extras["loud"])
    quiet = timeline.model_copy(update={"captions": CaptionStyle(shown=False)})
    (cut,) = await make(with_clip(quiet, 0, loud, trim_ms=1000, speed=2.0))
    for frame in (0, 10, 25):
        shown, wanted = picture(cut.video, frame), 30 + 2 * frame
        like = {
            at: np.abs(shown - picture(extras["loud"], at)).mean() for at in (frame, *range(wanted - 2, wanted + 3))
        }
        assert min(like, key=lambda at: like[at]) == wanted


async def test_text_and_logo_are_in_the_picture_and_text_is_laid_out_for_each_shape(
    timeline: Timeline, make: Make, extras: Mapping[str, Path]
) -> None:
    brand = Brand(logo=Logo(image=ref_of(extras["logo"]), opacity=1.0))
    overlays = (
        Overlay(kind=OverlayKind.TITLE, text="The moon lifts", emphasis=("moon",)),
        Overlay(kind=OverlayKind.LOWER_THIRD, text="Amélie", detail="Oceanographer"),
    )
    plain = await make(timeline, UPRIGHT, WIDE, to="plain")
    written = changed(timeline, 0, overlays=overlays).model_copy(update={"brand": brand})
    branded = await make(written, UPRIGHT, WIDE, to="branded")
    for before, after in zip(plain, branded, strict=True):
        unit = min(after.width, after.height) / 1080
        seen = picture(after.video, 24)
        differs = np.abs(seen - picture(before.video, 24)).max(axis=2) > 60
        rows = np.flatnonzero(differs.any(axis=1))
        safe_top = 220 if after.height > after.width else 76
        assert rows[0] >= safe_top * unit - 4
        green = (seen[..., 1] > 200) & (seen[..., 0] < 60) & (seen[..., 2] < 60)
        assert green[: after.height // 3, after.width // 2 :].sum() > 100, "the logo is in its corner"
        accent = np.abs(seen - np.array((0xFF, 0xD2, 0x3F))).max(axis=2) < 30
        assert accent[: after.height // 2].sum() > 20, "the emphasised word has the accent colour"


async def test_images_keep_their_colours(timeline: Timeline, make: Make, extras: Mapping[str, Path]) -> None:
    brand = Brand(logo=Logo(image=ref_of(extras["logo"]), opacity=1.0))
    quiet = timeline.model_copy(update={"captions": CaptionStyle(shown=False)})
    photo = with_clip(quiet, 0, ref_of(extras["photo"]), fit=Fit.COVER, focus=View(x=0.0))
    (cut,) = await make(photo.model_copy(update={"brand": brand}))
    with av.open(str(cut.video)) as container:
        frame = next(container.decode(video=0))
    assert frame.colorspace == Colorspace.ITU709
    seen = frame.reformat(format="rgb24", src_colorspace=Colorspace.ITU709).to_ndarray().astype(np.int16)
    middle = seen[len(seen) // 2, seen.shape[1] // 2]
    assert np.abs(middle - np.array((255, 0, 0))).max() < 8, middle
    green = seen[seen[..., 1] > 200]
    assert np.abs(np.median(green, axis=0) - np.array((0, 255, 0))).max() < 8, "the logo is as green as it was"


async def test_a_film_wears_its_brand_and_names_its_speaker(
    a_production: Production, refs: Mapping[str, ArtifactRef], make: Make, extras: Mapping[str, Path]
) -> None:
    production, clips = a_production(refs=refs)
    logo = Logo(image=ref_of(extras["logo"]), opacity=1.0, width=0.2)
    card = EndWords(title="Blue Coast", line="coast.example", seconds=1)
    kit = BrandKit(name="coast", face=Face.FRAUNCES, logo=logo, end_card=card)
    speaker = Speaker(name="Ana Ruiz", role="Oceanographer")
    shots = (production.shots[0].model_copy(update={"speaker": speaker}), *production.shots[1:])
    plain = assemble(production, clips)
    timeline = assemble(production.model_copy(update={"brand": kit, "shots": shots}), clips)
    assert (timeline.brand.face, timeline.brand.logo) == (Face.FRAUNCES, logo)
    assert timeline.duration_ms - plain.duration_ms == 1000 - 200, "the card, without its transition"
    (cut,) = await make(timeline)
    (bare,) = await make(plain, to="bare")
    assert cut.duration_ms == timeline.duration_ms
    frames = total_frames(timeline)
    # The logo, as wide as was said, at the upper right of the safe area: x to 920, y from 220, of 1080 x 1920.
    seen, there = picture(cut.video, 45), np.s_[58:80, 179:227]
    assert is_green(seen[there]).mean() > 0.95 > is_green(picture(bare.video, 45)[there]).mean() + 0.2
    assert is_green(seen[there[0], 234:250]).mean() < 0.5, "it ends there"
    # The name: a dark panel at the lower left above the captions, once the viewer has seen the first picture.
    panel = np.s_[275:310, 18:98]
    early, later = (picture(bare.video, at)[panel].mean() - picture(cut.video, at)[panel].mean() for at in (12, 23))
    assert (abs(early) < 5, later > 15) == (True, True), (early, later)
    # The last second is the card: its ground and nothing of the clips, its type, and the logo over it.
    end = picture(cut.video, frames - 2)
    assert is_green(end[:, 90:180]).sum() > 200
    assert (end.min(axis=2) > 200).sum() > 100, "the title, in white"
    still = np.median(end[300:, :].reshape(-1, 3), axis=0)
    assert still[2] > still[1], "the palette's ground"


def is_green(seen: Picture) -> npt.NDArray[np.bool_]:
    return (seen[..., 1] > 180) & (seen[..., 0] < 90) & (seen[..., 2] < 90)


async def test_an_end_card_is_drawn_and_counted(timeline: Timeline, make: Make, extras: Mapping[str, Path]) -> None:
    card = EndCard(frames=36, title="Follow", line="greenlight")
    brand = Brand(logo=Logo(image=ref_of(extras["logo"])))
    (cut,) = await make(timed(timeline.model_copy(update={"end_card": card, "brand": brand})))
    assert cut.duration_ms == 3200 + 1000
    last = picture(cut.video, probe(cut.video).frames - 1)
    assert (last.min(axis=2) > 200).sum() > 300, "white type"
    assert np.median(last[..., 0]) < 100, "on a dark ground"


async def test_nothing_is_rendered_that_was_rendered_before(
    timeline: Timeline, make: Make, tmp_path: Path, ffmpeg_runs: Callable[[], int]
) -> None:
    cache = FolderCache(tmp_path / "cache")
    first = await make(timeline, UPRIGHT, SQUARE, to="first", cache=cache)
    assert ffmpeg_runs() > 10
    again = await make(timeline, UPRIGHT, SQUARE, to="again", cache=cache)
    assert ffmpeg_runs() == 0
    assert [digest(cut.video) for cut in again] == [digest(cut.video) for cut in first]
    assert [digest(cut.thumbnail) for cut in again] == [digest(cut.thumbnail) for cut in first]
    assert (again[0].loudness_lufs, again[0].size_bytes) == (first[0].loudness_lufs, first[0].size_bytes)


async def test_a_changed_text_renders_its_scene_and_nothing_else(
    timeline: Timeline, make: Make, tmp_path: Path, ffmpeg_runs: Callable[[], int]
) -> None:
    cache = FolderCache(tmp_path / "cache")
    await make(timeline, to="first", cache=cache)
    before = {path.name: digest(path) for path in (tmp_path / "cache").glob("??/*")}
    ffmpeg_runs()
    label = Overlay(kind=OverlayKind.LABEL, text="Slow motion")
    (cut,) = await make(changed(timeline, 1, overlays=(label,)), to="again", cache=cache)
    assert cut.segments_rendered == 1
    assert ffmpeg_runs() == 3, "the scene's body, the join, and the film's sound listened to"
    after = {path.name: digest(path) for path in (tmp_path / "cache").glob("??/*")}
    assert {name: after[name] for name in before} == before
    assert len(after.keys() - before.keys()) == 5, "the body, what is seen of it; and the film, its still, its measures"


async def test_a_finished_film_that_rotted_is_made_again(timeline: Timeline, make: Make, tmp_path: Path) -> None:
    cache = FolderCache(tmp_path / "cache")
    (first,) = await make(timeline, to="first", cache=cache)
    wanted, size = digest(first.video), first.video.stat().st_size
    for path in (tmp_path / "cache").glob("??/*"):
        if path.stat().st_size == size:
            content = bytearray(path.read_bytes())
            content[size // 2] ^= 1
            path.unlink()
            path.write_bytes(content)
    (again,) = await make(timeline, to="again", cache=cache)
    assert digest(again.video) == wanted


async def test_a_clips_own_sound_is_heard_where_its_scene_is(
    timeline: Timeline, make: Make, extras: Mapping[str, Path], tmp_path: Path
) -> None:
    mute = timeline.model_copy(update={"voice": (), "music_mix": None})
    (cut,) = await make(with_clip(mute, 1, ref_of(extras["loud"]), sound=ClipSound()))
    run("-i", str(cut.video), "-vn", "-ac", "1", "-f", "f32le", "-ar", "48000", str(tmp_path / "sound"))
    heard = np.frombuffer((tmp_path / "sound").read_bytes(), np.float32)
    level = [float(np.abs(heard[at : at + 4800]).mean()) for at in range(0, len(heard) - 4800, 4800)]
    # The second scene is seen from 1.0 s to 2.2 s.
    assert max(level[:9]) < 0.01 < min(level[12:20])
    assert max(level[24:]) < 0.01


async def test_a_clip_without_sound_cannot_be_heard(timeline: Timeline, make: Make) -> None:
    with pytest.raises(ClipHasNoSound, match="scene 1"):
        await make(changed(timeline, 1, sound=ClipSound()))
