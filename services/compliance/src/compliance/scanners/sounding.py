"""Decoding a file's sound and measuring it: what runs in the scanner's own process."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from media.probe import read_ebur128

from compliance.scanners import audio
from compliance.scanners.facts import SoundFacts, Stretch
from compliance.scanners.looking import FORMATS, OPEN, TooLong, only_one

SECONDS_LIMIT = 700
"""What is longer is not scanned, and so does not pass."""
_LOUDNESS_SECONDS = 120


def listen(path: Path, *, ffmpeg: str) -> SoundFacts:
    """Decode all of a file's sound and measure it.

    Raises `av.FFmpegError`, `UnreadableMedia`, `SeveralTracks` and `TooLong`.
    """
    with av.open(str(path), options=OPEN) as container:
        seconds = (container.duration or 0) / 1_000_000
        stream = only_one(container.streams.audio, "sound")
        if stream is None:
            return _no_sound(seconds)
        rate, channels = stream.codec_context.sample_rate, stream.codec_context.channels
        layout = "mono" if channels == 1 else "stereo"
        wide = AudioResampler(format="fltp", layout=layout, rate=rate)
        narrow = AudioResampler(format="fltp", layout="mono", rate=audio.SPEECH_RATE)
        whole: list[audio.Samples] = []
        spoken: list[audio.Samples] = []
        samples = 0
        for frame in container.decode(stream):
            samples += frame.samples
            if samples > SECONDS_LIMIT * rate:
                raise TooLong(f"{SECONDS_LIMIT} seconds of sound")
            whole += _arrays(wide, frame)
            spoken += _arrays(narrow, frame)
        whole += _arrays(wide, None)
        spoken += _arrays(narrow, None)
    if not whole:
        return _no_sound(seconds)
    sound, mono = np.concatenate(whole, axis=1), np.concatenate(spoken, axis=1)[0]
    if not (np.isfinite(sound).all() and np.isfinite(mono).all()):
        raise ValueError("the sound holds samples that are no numbers")
    loudness, peak = _loudness(path, ffmpeg=ffmpeg)
    runs, clipped = audio.clipped(sound, rate=rate)
    return SoundFacts(
        seconds=max(seconds, sound.shape[1] / rate),
        channels=channels,
        loudness_lufs=loudness,
        true_peak_dbtp=peak,
        silent=audio.silent_stretches(sound, rate=rate),
        clipped=clipped,
        clipped_runs=runs,
        speech=audio.speech_stretches(mono),
    )


def _arrays(resampler: AudioResampler, frame: av.AudioFrame | None) -> Iterator[audio.Samples]:
    for part in resampler.resample(frame):
        yield np.asarray(part.to_ndarray(), np.float32)


def _loudness(path: Path, *, ffmpeg: str) -> tuple[float, float | None]:
    """Integrated loudness and true peak by EBU R 128; the peak of digital silence is None."""
    inputs = ["-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i", f"file:{path}"]
    meter = ["-map", "0:a:0", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    said = subprocess.run(
        # In this process's group: whoever ends the scan ends it, too.
        [ffmpeg, "-hide_banner", "-nostdin", "-nostats", *inputs, *meter],
        capture_output=True,
        check=True,
        timeout=_LOUDNESS_SECONDS,
    ).stderr.decode("utf-8", "replace")
    found = read_ebur128(said)
    peak = found.true_peak_dbtp
    return found.integrated_lufs, None if math.isinf(peak) and peak < 0 else peak


def _no_sound(seconds: float) -> SoundFacts:
    return SoundFacts(
        seconds=seconds,
        channels=0,
        loudness_lufs=None,
        true_peak_dbtp=None,
        silent=(Stretch(start_seconds=0.0, end_seconds=seconds),),
        clipped=(),
        clipped_runs=0,
        speech=(),
    )
