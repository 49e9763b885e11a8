"""A score played: instruments on buses, delay, room, the step back at each kick, and a level that never clips."""

from __future__ import annotations

import io
import wave
from functools import partial

import numpy as np
from numpy.typing import NDArray

from producer.music import instruments
from producer.music.instruments import SAMPLE_RATE, Samples
from producer.music.moods import Mood
from producer.music.score import Note, Score, write_score

_LEVELS = {"pad": 0.12, "bass": 0.19, "pluck": 0.21, "kick": 0.34, "snare": 0.17, "hat": 0.11}
_TARGET_RMS = 0.1
_HIGHEST_PEAK = 0.84
_FADE_IN_SECONDS, _FADE_OUT_SECONDS = 0.06, 1.2
_SHORTEST_SECONDS, _LONGEST_SECONDS = 0.5, 900.0

Stereo = NDArray[np.float32]


def compose_bed(*, seconds: float, mood: str, seed: int) -> Stereo:
    """Music of exactly that length as an array (samples, 2) at 48 kHz, between -1 and 1, silent at both ends.

    The seed chooses key, tempo, progression and figures; the same arguments give the same music. The last chord is the
    tonic and rings out. `KeyError` for a mood that is not in `MOODS`, `ValueError` for a length out of bounds.
    """
    if not _SHORTEST_SECONDS <= seconds <= _LONGEST_SECONDS:
        raise ValueError(f"A bed lasts {_SHORTEST_SECONDS} to {_LONGEST_SECONDS} seconds, not {seconds!r}.")
    score = write_score(seconds=seconds, mood=mood, seed=seed)
    rng = np.random.default_rng(seed & 0xFFFFFFFF)
    buses = _play(score, count=round(seconds * SAMPLE_RATE), rng=rng)
    _echo(buses["pluck"], seconds=score.bar_seconds * 3 / 16)
    _step_back(buses["pad"], score)
    _step_back(buses["bass"], score)
    send = (0.7 * buses["pad"] + buses["pluck"]).sum(axis=0) * np.float32(0.5) + buses["drums"][0] * np.float32(0.1)
    mixed = sum(buses.values()) + np.float32(score.mood.reverb) * _room(send, rng=rng)
    return level(np.asarray(mixed, dtype=np.float32))


def wav_bytes(samples: NDArray[np.floating]) -> bytes:
    """A 16-bit WAV file at 48 kHz of an array (samples,) or (samples, channels) between -1 and 1."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        writer.setsampwidth(2)
        writer.setframerate(SAMPLE_RATE)
        writer.writeframes(np.rint(np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return file.getvalue()


def _play(score: Score, *, count: int, rng: np.random.Generator) -> dict[str, Stereo]:
    buses = {name: np.zeros((2, count), dtype=np.float32) for name in ("pad", "bass", "pluck", "drums")}
    drums = {"kick": instruments.kick(), "snare": instruments.snare(rng), "hat": instruments.hat(rng)}
    played: dict[tuple[str, int, float], tuple[Samples, Samples]] = {}
    for note in score.notes:
        key = (note.instrument, note.pitch, round(note.seconds, 4))
        if key not in played:
            sound = drums.get(note.instrument)
            played[key] = (sound, sound) if sound is not None else _sound(note, score.mood)
        bus = buses[note.instrument if note.instrument in buses else "drums"]
        level = _LEVELS[note.instrument] * score.mood.levels.get(note.instrument, 1.0) * note.level
        start = round(note.start_seconds * SAMPLE_RATE)
        for side, sound in enumerate(played[key]):
            towards = note.pan if side else -note.pan
            length = min(len(sound), count - start)
            if length > 0:
                bus[side, start : start + length] += sound[:length] * np.float32(level * (1 + 0.7 * min(0.0, towards)))
    return buses


def _sound(note: Note, mood: Mood) -> tuple[Samples, Samples]:
    match note.instrument:
        case "pad":
            return instruments.pad(note.pitch, note.seconds, brightness=mood.brightness)
        case "bass":
            sound = instruments.bass(note.pitch, note.seconds)
        case _:
            sound = instruments.pluck(mood.pluck, note.pitch, note.seconds)
    return sound, sound


def _echo(bus: Stereo, *, seconds: float) -> None:
    """Three fading repeats that change sides."""
    delay = round(seconds * SAMPLE_RATE)
    dry = bus.copy()
    for repeat, level in ((1, 0.32), (2, 0.16), (3, 0.07)):
        shift = repeat * delay
        if shift < bus.shape[1]:
            source = dry[::-1] if repeat % 2 else dry
            bus[:, shift:] += source[:, :-shift] * np.float32(level)


def _step_back(bus: Stereo, score: Score) -> None:
    """Make way for each kick and come back within a third of a second, as a side-chain compressor would."""
    if not score.mood.pump:
        return
    time = np.arange(int(0.34 * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    dip = np.minimum(time / 0.012, 1.0) * np.exp(-time / 0.11)
    dip *= np.minimum(1.0, (time[-1] - time) / 0.05)
    gain = np.ones(bus.shape[1], dtype=np.float32)
    for note in score.notes:
        if note.instrument == "kick":
            start = round(note.start_seconds * SAMPLE_RATE)
            part = gain[start : start + len(dip)]
            np.minimum(part, 1 - score.mood.pump * dip[: len(part)], out=part)
    bus *= gain


def _room(send: Samples, *, rng: np.random.Generator) -> Stereo:
    """The sound of a room, wide and dark. It is made at half the rate, which nobody hears in a reverberation."""
    half = np.float32(0.5) * (send[: len(send) // 2 * 2 : 2] + send[1::2])
    seconds = 1.6
    time = np.arange(int(seconds * SAMPLE_RATE / 2), dtype=np.float32) / (SAMPLE_RATE / 2)
    decay = np.exp(-time * (6.9 / seconds)) * np.minimum(1, time / 0.02)
    size = _fast_length(len(half) + len(time))
    spectrum = np.fft.rfft(half, size)
    sides = []
    for _ in range(2):
        noise = rng.standard_normal(len(time) + 8).astype(np.float32)
        # A running mean dulls the noise; taking a longer one away thins its bass.
        dull = np.convolve(noise, np.full(9, 1 / 9, dtype=np.float32), "valid")
        dull -= np.convolve(dull, np.full(101, 1 / 101, dtype=np.float32), "same")
        response = dull * decay
        response /= np.sqrt(np.sum(response**2))
        wet = np.fft.irfft(spectrum * np.fft.rfft(response, size), size)[: len(half)]
        sides.append(np.interp(np.arange(len(send)) * 0.5, np.arange(len(half)), wet).astype(np.float32))
    return np.stack(sides)


def _fast_length(least: int) -> int:
    """The next length with small prime factors only, for which the transform is quick."""
    odd: list[int] = [5**fives * 3**threes for fives in range(10) for threes in range(14)]
    return min(factor << (-(-least // factor) - 1).bit_length() for factor in odd)


def level(mixed: Stereo) -> Stereo:
    """Sound (channels, samples) at the level of all beds, faded at both ends, and in the shape people expect:
    (samples, channels). The array is used up."""
    mixed -= mixed.mean(axis=1, keepdims=True)
    rms = float(np.sqrt(np.mean(mixed**2)))
    peak = float(np.abs(mixed).max())
    mixed *= np.float32(min(_TARGET_RMS / max(rms, 1e-9), _HIGHEST_PEAK / max(peak, 1e-9)))
    count = mixed.shape[1]
    fade = partial(np.linspace, 0.0, np.pi, dtype=np.float32)
    rise = min(round(_FADE_IN_SECONDS * SAMPLE_RATE), count // 4)
    fall = min(round(_FADE_OUT_SECONDS * SAMPLE_RATE), count // 3)
    mixed[:, :rise] *= 0.5 - 0.5 * np.cos(fade(rise))
    mixed[:, count - fall :] *= 0.5 + 0.5 * np.cos(fade(fall))
    return np.ascontiguousarray(mixed.T)


def compose_wav(seconds: float, mood: str, seed: int) -> bytes:
    """A bed as a WAV file: what the compute pool is asked for."""
    return wav_bytes(compose_bed(seconds=seconds, mood=mood, seed=seed))
