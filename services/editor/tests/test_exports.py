"""What other programs read of a cut, and what is made of a film to look at it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import opentimelineio as otio
import pytest
from common.contracts.editing import Timeline
from common.contracts.exporting import ExportKind
from common.contracts.production import Clip, ProductionOutput
from common.contracts.scenes import EndCard
from editor.derived import make_preview, write_sheet, write_stills, write_waveform
from editor.interchange import write_timeline
from editor.timeline import assemble, frames_ms, total_frames
from media.ffmpeg import ffmpeg_path
from PIL import Image

Production = Callable[..., tuple[ProductionOutput, list[Clip]]]


@pytest.fixture
def timeline(a_production: Production) -> Timeline:
    """Three scenes, the second at double speed, and an end card."""
    laid = assemble(*a_production())
    fast = laid.scenes[1].model_copy(update={"speed": 2.0, "trim_ms": 500})
    scenes = (laid.scenes[0], fast, laid.scenes[2])
    carded = laid.model_copy(update={"scenes": scenes, "end_card": EndCard(frames=36, title="Follow")})
    return carded.model_copy(update={"duration_ms": frames_ms(total_frames(carded), fps=30)})


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine seconds with a key frame every two; silent for its first second, then a tone."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    subprocess.run(
        [
            *(ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=270x480:r=30:d=9"),
            *("-f", "lavfi", "-i", "aevalsrc='if(lt(t,1),0,0.5*sin(2*PI*200*t))':s=48000:d=9"),
            *("-c:v", "libx264", "-g", "60", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)),
        ],
        check=True,
    )
    return path


def read(timeline: Timeline, kind: ExportKind, adapter: str, **options: Any) -> Any:
    return otio.adapters.read_from_string(write_timeline(timeline, kind), adapter_name=adapter, **options)


def tracks(told: Any, kind: str) -> list[Any]:
    return [track for track in told.tracks if track.kind == kind]


@pytest.mark.feature("F85")
def test_otio_has_every_track_and_reads_back(timeline: Timeline) -> None:
    told = read(timeline, ExportKind.OTIO, "otio_json")
    (pictures,) = tracks(told, "Video")
    assert [clip.name for clip in pictures.find_clips()] == ["Scene 1", "Scene 2", "Scene 3", "End card"]
    assert told.duration().to_frames() == total_frames(timeline)
    assert [track.name for track in tracks(told, "Audio")] == ["Voice", "Music"]
    assert [marker.name for marker in pictures.markers][:3] == ["Tides", "rise", "twice"]
    sources = [clip.media_reference.target_url for clip in list(pictures.find_clips())[:3]]
    assert sources == [f"/v1/artifacts/{scene.clip.video.sha256}" for scene in timeline.scenes]
    assert next(iter(list(pictures.find_clips())[1].effects)).time_scalar == 2.0
    assert told.metadata["greenlight"]["version"] == 1


@pytest.mark.feature("F85")
def test_an_edl_lists_the_pictures_where_they_are_cut(timeline: Timeline) -> None:
    said = write_timeline(timeline, ExportKind.EDL)
    told = read(timeline, ExportKind.EDL, "cmx_3600", rate=30)
    (pictures,) = told.tracks
    assert len(list(pictures.find_clips())) == 4
    assert told.duration().to_frames() == total_frames(timeline)
    assert "D 006" in said, "six frames are shared by neighbours"
    assert f"FROM CLIP: /v1/artifacts/{timeline.scenes[0].clip.video.sha256}" in said


@pytest.mark.feature("F85")
def test_fcpxml_has_pictures_and_voice(timeline: Timeline) -> None:
    said = write_timeline(timeline, ExportKind.FCPXML)
    told = read(timeline, ExportKind.FCPXML, "fcpx_xml")
    assert "<fcpxml" in said
    names = {clip.name for clip in told.find_clips()}
    assert {"Scene 1", "Scene 2", "Scene 3", "Voice 1", "Voice 3"} <= names


def test_the_same_timeline_gives_the_same_text(timeline: Timeline) -> None:
    for kind in (ExportKind.OTIO, ExportKind.EDL, ExportKind.FCPXML):
        assert write_timeline(timeline, kind) == write_timeline(timeline, kind)


async def test_a_preview_plays_from_ranges_of_one_file(film: Path, tmp_path: Path) -> None:
    preview = await make_preview(film, folder=tmp_path)
    said = preview.playlist.read_text(encoding="utf-8")
    assert said.count("#EXTINF") == said.count("#EXT-X-BYTERANGE") >= 4
    assert "#EXT-X-ENDLIST" in said
    with av.open(str(preview.playlist)) as played:
        assert sum(1 for _ in played.decode(video=0)) == 270


def test_a_wave_shows_where_it_is_silent(film: Path, tmp_path: Path) -> None:
    peaks, image = write_waveform(
        film, colour="#ffffff", ground="#000000", peaks=tmp_path / "wave.json", image=tmp_path / "wave.png"
    )
    told = json.loads(peaks.read_text(encoding="ascii"))
    data = np.array(told["data"]).reshape(-1, 2)
    assert (told["version"], told["samples_per_pixel"], told["length"]) == (2, 480, len(data))
    assert len(data) == pytest.approx(900, abs=5)
    assert np.abs(data[:95]).max() <= 1
    assert data[120:880, 1].min() > 50
    with Image.open(image) as picture:
        lit = np.asarray(picture.convert("L")) > 128
    assert lit[:, :150].sum(axis=0).max() < 6 < lit[:, 300:1500].sum(axis=0).min()


def test_stills_and_their_sheet_show_each_scene(a_production: Production, film: Path, tmp_path: Path) -> None:
    laid = assemble(*a_production(scenes=6))
    stills = write_stills(film, laid, folder=tmp_path)
    assert [path.name for path in stills][:2] == ["scene-001.jpg", "scene-002.jpg"]
    assert len({hashlib.sha256(path.read_bytes()).hexdigest() for path in stills}) == 6
    sheet = write_sheet(stills, ground="#101010", target=tmp_path / "sheet.jpg")
    with Image.open(sheet) as picture:
        assert picture.width == 1600
        assert min(np.asarray(picture.convert("L"))[picture.height // 2, 100:1500:230]) > 0
