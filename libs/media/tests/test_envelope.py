"""Loudness from second to second."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from media.envelope import measure_envelope
from media.ffmpeg import FfmpegFailed, ffmpeg_path


def make(path: Path, *args: str) -> Path:
    subprocess.run([ffmpeg_path(), "-v", "error", *args, str(path)], check=True)
    return path


async def test_loud_and_silent_seconds_show(tmp_path: Path) -> None:
    source = r"aevalsrc=0.3*sin(2*PI*440*t)*lt(mod(t\,4)\,2):s=48000:d=8"
    found = await measure_envelope(make(tmp_path / "tone.wav", "-f", "lavfi", "-i", source), timeout_s=60)
    assert len(found.seconds) == 8
    assert found.seconds[1] == pytest.approx(found.loudness.integrated_lufs, abs=1)
    assert found.seconds[3] == found.seconds[7] == -70
    assert found.loudness.true_peak_dbtp == pytest.approx(-10.5, abs=0.2)


async def test_a_file_without_sound_is_an_error(tmp_path: Path) -> None:
    silent = make(tmp_path / "silent.mp4", "-f", "lavfi", "-i", "testsrc2=s=64x64:d=1")
    with pytest.raises(FfmpegFailed):
        await measure_envelope(silent, timeout_s=60)
