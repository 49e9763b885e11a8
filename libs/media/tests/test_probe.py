"""Facts of media files, read from real ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from media.ffmpeg import run_ffmpeg
from media.probe import SILENCE_LUFS, MediaInfo, UnreadableMedia, loudness, probe

PICTURE = ["-f", "lavfi", "-i", "testsrc2=s=64x96:r=25:d=2"]
TONE = ["-f", "lavfi", "-i", "sine=440:d=2:r=48000"]


async def made(target: Path, *args: str) -> MediaInfo:
    await run_ffmpeg([*args, str(target)], timeout_s=30)
    return probe(target)


async def test_a_films_facts(tmp_path: Path) -> None:
    info = await made(
        tmp_path / "film.mp4", *PICTURE, *TONE, "-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart"
    )
    assert info == MediaInfo(
        duration_ms=2000,
        width=64,
        height=96,
        fps=25.0,
        video_codec="h264",
        audio_codec="aac",
        frames=50,
        sample_rate=48_000,
        faststart=True,
        video_ms=2000,
        audio_ms=2000,
    )


async def test_without_faststart_the_index_comes_last(tmp_path: Path) -> None:
    info = await made(tmp_path / "film.mp4", *PICTURE, "-c:v", "libx264")
    assert (info.faststart, info.audio_codec, info.sample_rate, info.audio_ms) == (False, None, 0, 0)


async def test_sound_alone_has_no_picture(tmp_path: Path) -> None:
    info = await made(tmp_path / "tone.wav", *TONE)
    assert (info.video_codec, info.frames, info.width, info.fps) == (None, 0, 0, 0.0)
    assert (info.audio_codec, info.sample_rate, info.audio_ms) == ("pcm_s16le", 48_000, 2000)


async def test_frames_are_counted_where_the_container_does_not(tmp_path: Path) -> None:
    assert (await made(tmp_path / "film.mkv", *PICTURE, "-c:v", "libx264")).frames == 50


async def test_loudness_is_what_ebu_r128_says(tmp_path: Path) -> None:
    tone = tmp_path / "tone.wav"
    await run_ffmpeg(["-f", "lavfi", "-i", "sine=1000:d=4:r=48000", "-af", "volume=4dB", str(tone)], timeout_s=30)
    heard = await loudness(tone)
    # A mono sine is 3.01 LU below its peak, and K-weighting adds nothing to one at 1 kHz (BS.1770).
    assert heard.integrated_lufs == pytest.approx(heard.true_peak_dbtp - 3.01, abs=0.2)
    quiet = tmp_path / "quiet.wav"
    await run_ffmpeg(["-f", "lavfi", "-i", "anullsrc=d=2", str(quiet)], timeout_s=30)
    assert (await loudness(quiet)).integrated_lufs == SILENCE_LUFS


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no film at all" * 100)
    with pytest.raises(UnreadableMedia, match=r"a\.mp4"):
        probe(tmp_path / "a.mp4")
    with pytest.raises(UnreadableMedia):
        probe(tmp_path / "missing.mp4")
