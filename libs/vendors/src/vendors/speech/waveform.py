"""Speech as the WAV file that travels as an artefact."""

from __future__ import annotations

import io
import wave
from math import gcd

import numpy as np
from numpy.typing import NDArray

from vendors.speech.port import SpokenText

FILM_RATE = 48_000


def wav_bytes(spoken: SpokenText, *, sample_rate: int = FILM_RATE) -> bytes:
    """A mono 16-bit WAV file of the speech at the given rate; the same speech gives the same bytes."""
    samples = np.frombuffer(spoken.pcm, dtype="<i2").astype(np.float64)
    resampled = _resample(samples, from_rate=spoken.sample_rate, to_rate=sample_rate)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(sample_rate)
        writer.writeframes(np.clip(np.rint(resampled), -32_768, 32_767).astype("<i2").tobytes())
    return file.getvalue()


def _resample(samples: NDArray[np.float64], *, from_rate: int, to_rate: int) -> NDArray[np.float64]:
    """The same sound at another rate, through its spectrum: nothing above the lower Nyquist frequency is made up."""
    if from_rate == to_rate:
        return samples
    step_in, step_out = from_rate // gcd(from_rate, to_rate), to_rate // gcd(from_rate, to_rate)
    # The transform wraps around, so silence of a tenth of a second keeps the end from ringing into the beginning.
    steps = -(-(len(samples) + from_rate // 10) // step_in)
    spectrum = np.fft.rfft(samples, steps * step_in)
    wanted = np.zeros(steps * step_out // 2 + 1, dtype=np.complex128)
    shared = min(len(spectrum), len(wanted))
    wanted[:shared] = spectrum[:shared]
    resampled = np.fft.irfft(wanted, steps * step_out) * (step_out / step_in)
    return resampled[: len(samples) * to_rate // from_rate]
