"""A film's sound at its loudness: of several tries the best one leaves, however many pieces it is laid of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

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


async def test_many_pieces_of_sound_laid_group_by_group_are_the_same_bytes(
    footage: Mapping[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = [footage[f"voice{number % 3}"] for number in range(7)]
    # Two overlap wherever one ends, and the last comes first.
    takes = [sound.Take(path=path, start_ms=450 * (6 - place)) for place, path in enumerate(voices)]
    around = [
        sound.Ambience(path=path, start_ms=250 * place, duration_ms=400, speed=1.5, gain_db=-place)
        for place, path in enumerate(voices[:4])
    ]
    most: list[int] = []

    async def watched(args: Sequence[str], **options: Any) -> str:
        most[-1] = max(most[-1], args.count("-i"))
        return await run_ffmpeg(args, **options)

    async def mixed(at_once: int) -> bytes:
        monkeypatch.setattr(sound, "_AT_ONCE", at_once)
        most.append(0)
        folder = tmp_path / str(at_once)
        folder.mkdir()
        samples = 4 * sound.SAMPLE_RATE
        return (await sound.mix_sound(takes, music=None, ambience=around, samples=samples, folder=folder)).read_bytes()

    monkeypatch.setattr(sound, "run_ffmpeg", watched)
    assert await mixed(3) == await mixed(7)
    assert most == [3, 7]
