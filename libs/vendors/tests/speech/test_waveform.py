"""Speech as a WAV file keeps its length and its pitch."""

from __future__ import annotations

import io
import wave

import numpy as np
from vendors.speech.port import SpokenText
from vendors.speech.waveform import wav_bytes


def a_tone(*, hertz: float, sample_rate: int, seconds: float) -> SpokenText:
    time = np.arange(int(sample_rate * seconds)) / sample_rate
    samples = (12_000 * np.sin(2 * np.pi * hertz * time)).astype("<i2")
    return SpokenText(samples.tobytes(), sample_rate, int(seconds * 1000), (), "test/tone", language_supported=True)


def decoded(wav: bytes) -> tuple[int, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64)


def test_a_tone_keeps_its_length_pitch_and_loudness() -> None:
    rate, samples = decoded(wav_bytes(a_tone(hertz=441, sample_rate=22_050, seconds=1.0)))
    assert rate == 48_000
    assert len(samples) == 48_000
    spectrum = np.abs(np.fft.rfft(samples))
    assert spectrum.argmax() == 441
    assert abs(np.sqrt(np.mean(samples**2)) - 12_000 / np.sqrt(2)) < 100
    # Nothing is invented above what the voice had.
    assert spectrum[12_000:].max() < spectrum.max() / 1_000


def test_the_same_rate_leaves_the_samples_as_they_are() -> None:
    spoken = a_tone(hertz=200, sample_rate=48_000, seconds=0.1)
    assert decoded(wav_bytes(spoken))[1].astype("<i2").tobytes() == spoken.pcm


def test_a_lower_rate_has_no_aliases() -> None:
    _, samples = decoded(wav_bytes(a_tone(hertz=11_000, sample_rate=48_000, seconds=0.5), sample_rate=16_000))
    assert np.abs(samples[800:-800]).max() < 200
