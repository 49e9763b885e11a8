"""Listening to a film: a second of its sound at a time, which finds what listening to all at once would."""

from __future__ import annotations

import subprocess
import tracemalloc
from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.resampler import AudioResampler
from editor.checks.sync import Samples, find_voice, mono_blocks
from editor.derived import write_waveform
from editor.sound import SAMPLE_RATE, Take
from media.ffmpeg import ffmpeg_path


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("film.m4a", ["-c:a", "aac"]),
        ("other-rate.wav", ["-ar", "22050"]),
        ("late.mkv", ["-c:a", "pcm_s16le"]),
    ],
)
def test_what_is_heard_in_blocks_is_what_is_heard_at_once(
    footage: Mapping[str, Path], tmp_path: Path, name: str, asked: list[str]
) -> None:
    made = tmp_path / name
    late = ["-itsoffset", "0.3"] if name.startswith("late") else []
    ffmpeg("-stream_loop", "2", *late, "-i", str(footage["voice0"]), *asked, str(made))
    blocks = list(mono_blocks(made))
    assert [len(block) for block in blocks[:-1]] == [SAMPLE_RATE] * (len(blocks) - 1)
    assert len(blocks) >= 3
    heard, whole = np.concatenate(blocks), at_once(made)
    if late:
        silent = round(0.3 * SAMPLE_RATE)
        assert not heard[:silent].any()
        heard = heard[silent:]
    elif name == "film.m4a":
        whole = whole[len(whole) - len(heard) :]  # What an encoder begins with is not heard.
    assert np.array_equal(heard, whole)


def test_a_wave_that_is_clipped_where_two_blocks_meet_is_counted_once(tmp_path: Path) -> None:
    wave = np.zeros(2 * SAMPLE_RATE + 10, np.float32)
    places = (0, SAMPLE_RATE - 4, SAMPLE_RATE + 90, 2 * SAMPLE_RATE - 2, 2 * SAMPLE_RATE + 6)
    for place in places:
        wave[place : place + 4] = 1.0
    wave[500:502] = 1.0  # Two in a row are a peak.
    (tmp_path / "raw").write_bytes(wave.tobytes())
    ffmpeg("-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", str(tmp_path / "raw"), "-c:a", "pcm_f32le",
           str(tmp_path / "wave.wav"))  # fmt: skip
    wav = tmp_path / "wave.wav"
    assert find_voice(wav, [Take(path=wav, start_ms=0)]).flattened == len(places)


def test_what_it_takes_to_listen_does_not_grow_with_the_film(tmp_path: Path) -> None:
    peaks = {}
    for seconds in (20, 200):
        wav = tmp_path / f"{seconds}.wav"
        ffmpeg("-f", "lavfi", "-i", f"sine=f=330:r=8000:d={seconds}", "-c:a", "pcm_u8", str(wav))
        tracemalloc.start()
        try:
            find_voice(wav, [Take(path=wav, start_ms=0)])
            write_waveform(wav, colour="#fff", ground="#000", peaks=tmp_path / "peaks", image=tmp_path / "image")
            peaks[seconds] = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    whole = 200 * SAMPLE_RATE * np.dtype(np.float32).itemsize
    assert peaks[200] - peaks[20] < whole / 8, peaks


def at_once(path: Path) -> Samples:
    """Everything a file's frames hold, whatever their time stamps say."""
    resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    with av.open(str(path)) as container:
        done = [one for frame in container.decode(audio=0) for one in resampler.resample(frame)]
    return np.concatenate([one.to_ndarray()[0] for one in (*done, *resampler.resample(None))])


def ffmpeg(*args: str) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *args], check=True)
