"""The film's sound: voice placed and polished, music ducked under it, the whole brought to one loudness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media.ffmpeg import BITEXACT, run_ffmpeg
from media.probe import SILENCE_LUFS, Loudness, loudness, read_ebur128

from editor.errors import CutFailedChecks
from editor.segments import digest

SAMPLE_RATE = 48_000
TARGET_LUFS = -14.0
PEAK_LIMIT_DBTP = -1.0
"""What no peak may pass in the finished file, after AAC."""

_CEILING_DBTP = -1.5
"""Where the limiter stands: AAC overshoots by up to half a decibel."""
_GOOD_ENOUGH_LU = 0.5
_MASTERINGS = 4
_VOICE_LUFS, _MUSIC_LUFS = -19.0, -28.5
"""Levels the two are brought to before they are treated: filters with thresholds then do the same to any source."""
_MOST_GAIN_DB = 30.0

_POLISH = (
    "highpass=f=80,equalizer=f=220:t=q:w=1:g=-2.5,equalizer=f=3200:t=q:w=1.2:g=2.5,lowpass=f=14000,"
    "acompressor=threshold=0.08:ratio=3:attack=8:release=120:makeup=2,aecho=1:1:19|31:0.10|0.07"
)
_DUCK = "sidechaincompress=threshold=0.05:ratio=3:attack=12:release=480:knee=4"
_METER = "ebur128=peak=sample:framelog=quiet"
_STEREO = f"aresample={SAMPLE_RATE},aformat=sample_fmts=fltp:channel_layouts=stereo"
_AAC = ("-c:a", "aac", "-b:a", "160k", "-ar", str(SAMPLE_RATE), "-ac", "2", "-threads", "1", *BITEXACT)


@dataclass(frozen=True, kw_only=True)
class Take:
    """A piece of speech as a file, and when it is heard."""

    path: Path
    start_ms: int


def sound_key(*, voice: Sequence[tuple[str, int]], music: str, samples: int) -> str:
    """Return the key of a film's sound: of the hashes of what is heard, when, and how it is mixed."""
    recipe = [_POLISH, _DUCK, _AAC, _VOICE_LUFS, _MUSIC_LUFS, TARGET_LUFS, _CEILING_DBTP, _GOOD_ENOUGH_LU]
    return digest({"voice": list(voice), "music": music, "samples": samples, "recipe": recipe})


async def mix_sound(takes: Sequence[Take], *, music: Path, samples: int, folder: Path, timeout_s: float = 600) -> Path:
    """Return the film's sound as AAC in `folder`: exactly `samples` long, -14 LUFS, no true peak above -1 dBTP.

    Each of the runs may take `timeout_s`. Raises `FfmpegFailed` for a source that cannot be read, and
    `CutFailedChecks` when there is nothing but silence.
    """
    voice, mixed = folder / "voice.wav", folder / "mix.wav"
    spoken = await _place_voice(takes, samples=samples, target=voice, timeout_s=timeout_s) if takes else None
    bed = await loudness(music, timeout_s=timeout_s)
    graph = _mix_graph(voice=spoken, music=bed, samples=samples)
    inputs = [*(["-i", str(voice)] if takes else []), "-stream_loop", "-1", "-i", f"file:{music}"]
    said = await run_ffmpeg([*inputs, "-filter_complex", graph, *_wav(mixed)], timeout_s=timeout_s)
    heard = read_ebur128(said)
    if heard.integrated_lufs <= SILENCE_LUFS:
        raise CutFailedChecks(("The film has no sound: voice and music are silent.",))
    return await _master(mixed, heard, target=folder / "sound.m4a", timeout_s=timeout_s)


async def _place_voice(takes: Sequence[Take], *, samples: int, target: Path, timeout_s: float) -> Loudness:
    inputs, placed = [], []
    for number, take in enumerate(takes):
        inputs += ["-i", f"file:{take.path}"]
        placed.append(f"[{number}:a]{_STEREO},adelay={take.start_ms}:all=1[v{number}]")
    names = "".join(f"[v{number}]" for number in range(len(takes)))
    together = f"{names}amix=inputs={len(takes)}:normalize=0:dropout_transition=0:duration=longest"
    graph = ";".join((*placed, f"{together},{_exactly(samples)},{_METER}[o]"))
    said = await run_ffmpeg([*inputs, "-filter_complex", graph, *_wav(target)], timeout_s=timeout_s)
    return read_ebur128(said)


def _mix_graph(*, voice: Loudness | None, music: Loudness, samples: int) -> str:
    """Fade the music in and out, let the voice push it down, and add the two."""
    seconds = samples / SAMPLE_RATE
    fade_in, fade_out = min(0.15, seconds / 4), min(1.6, seconds / 3)
    bed = (
        f"{_STEREO},{_exactly(samples)},volume={_gain_db(music, _MUSIC_LUFS):.2f}dB,"
        f"afade=t=in:d={fade_in:.3f},afade=t=out:st={seconds - fade_out:.3f}:d={fade_out:.3f}"
    )
    if voice is None:
        return f"[0:a]{bed},{_METER}[o]"
    # The compressor drops a varying bit of what it holds when its inputs end: let them end after the film does.
    tail = f"apad=pad_len={SAMPLE_RATE}"
    return ";".join(
        (
            f"[0:a]{_STEREO},volume={_gain_db(voice, _VOICE_LUFS):.2f}dB,{_POLISH},asplit=2[voice][key]",
            f"[1:a]{bed},{tail}[bed]",
            f"[key]{tail}[longer]",
            f"[bed][longer]{_DUCK}[ducked]",
            f"[voice][ducked]amix=inputs=2:normalize=0:dropout_transition=0,{_exactly(samples)},{_METER}[o]",
        )
    )


async def _master(mixed: Path, heard: Loudness, *, target: Path, timeout_s: float) -> Path:
    """Bring the mix to the target by one gain and a true-peak limiter, and correct by what the AAC measures.

    One gain for the whole film keeps its dynamics; ffmpeg's loudnorm turns to a moving gain as soon as a peak would
    pass its ceiling, which with speech is always.
    """
    gain, ceiling = TARGET_LUFS - heard.integrated_lufs, _CEILING_DBTP
    for _ in range(_MASTERINGS):
        # At four times the rate: between two samples a wave can rise above both, which is what true peak means.
        graph = (
            f"volume={gain:.2f}dB,aresample={4 * SAMPLE_RATE},"
            f"alimiter=limit={10 ** (ceiling / 20):.5f}:attack=5:release=60:level=false:latency=true,"
            f"aresample={SAMPLE_RATE}"
        )
        await run_ffmpeg(["-i", str(mixed), "-af", graph, *_AAC, str(target)], timeout_s=timeout_s)
        got = await loudness(target, timeout_s=timeout_s)
        off = TARGET_LUFS - got.integrated_lufs
        over = got.true_peak_dbtp - PEAK_LIMIT_DBTP
        if abs(off) <= _GOOD_ENOUGH_LU and over < 0:
            break
        gain += off
        if over >= 0:
            ceiling -= over + 0.1
    return target


def _gain_db(source: Loudness, wanted: float) -> float:
    """Return the gain to a loudness; silence stays silence, and a whisper is not blown up into noise."""
    if source.integrated_lufs <= SILENCE_LUFS:
        return 0.0
    return min(_MOST_GAIN_DB, wanted - source.integrated_lufs)


def _exactly(samples: int) -> str:
    return f"apad=whole_len={samples},atrim=end_sample={samples},asetpts=N/SR/TB"


def _wav(target: Path) -> list[str]:
    return ["-map", "[o]", "-c:a", "pcm_f32le", "-ar", str(SAMPLE_RATE), *BITEXACT, str(target)]
