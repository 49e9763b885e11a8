"""A film's sound at its loudness: of several tries the best one leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from common.contracts.scenes import MusicMix
from editor import sound
from media.ffmpeg import run_ffmpeg
from media.probe import Loudness, loudness


@pytest.mark.parametrize(
    ("measured", "best"),
    [
        # As it was measured of a film of two sentences: each correction of a good loudness spoiled the peak.
        ([(-14.6, -1.4), (-14.2, 0.1), (-14.6, -1.4), (-14.3, -0.6)], 0),
        ([(-14.8, -1.4), (-14.6, -1.3), (-14.7, -0.9), (-14.3, -0.6)], 1),
        ([(-14.9, -0.2), (-14.8, -1.1), (-14.1, -1.2)], 2),
    ],
)
async def test_the_best_of_several_tries_is_taken(
    measured: list[tuple[float, float]], best: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tone = tmp_path / "tone.wav"
    await run_ffmpeg(["-f", "lavfi", "-i", "sine=f=330:d=1", str(tone)], timeout_s=60)
    answers = iter(measured)

    async def measure(path: Path, *, timeout_s: float) -> Loudness:
        if path == tone:
            return await loudness(path, timeout_s=timeout_s)
        lufs, peak = next(answers)
        return Loudness(integrated_lufs=lufs, true_peak_dbtp=peak)

    monkeypatch.setattr(sound, "loudness", measure)
    music = sound.Music(path=tone, mix=MusicMix())
    made = await sound.mix_sound([], music=music, samples=sound.SAMPLE_RATE, folder=tmp_path)
    assert (made.name, next(answers, None)) == (f"sound-{best}.m4a", None)
    assert (await loudness(made)).integrated_lufs > -40
