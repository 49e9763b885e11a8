"""The film's sound: voice placed and polished, music and the clips' own sounds ducked under it, all at one loudness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from common.contracts.scenes import MusicMix
from media.ffmpeg import BITEXACT, run_ffmpeg
from media.probe import SILENCE_LUFS, Loudness, loudness, read_ebur128

from editor.errors import CutFailedChecks
from editor.keys import digest

SAMPLE_RATE = 48_000
TARGET_LUFS = -14.0
PEAK_LIMIT_DBTP = -1.0
"""What no peak may pass in the finished file, after AAC."""

_CEILING_DBTP = -1.5
"""Where the limiter stands: AAC overshoots by up to half a decibel."""
_GOOD_ENOUGH_LU = 0.5
_MASTERINGS = 4
_VOICE_LUFS, _MUSIC_LUFS, _CLIP_LUFS = -19.0, -28.5, -26.0
"""Levels the three are brought to before they are treated: filters with thresholds then do the same to any source."""
_MOST_GAIN_DB = 30.0
_AT_ONCE = 16
"""How many pieces of sound one ffmpeg lays beside each other."""

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


@dataclass(frozen=True, kw_only=True)
class Ambience:
    """A stretch of a clip's own sound: where it is in the file, how fast it goes by, and when it is heard."""

    path: Path
    start_ms: int
    duration_ms: int
    trim_ms: int = 0
    speed: float = 1.0
    gain_db: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Music:
    """The bed, which is repeated until the film ends, and how it lies under the rest."""

    path: Path
    mix: MusicMix


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """A file that is heard from some moment on, and how it is made ready."""

    path: Path
    start_ms: int
    ready: str


@dataclass(frozen=True, kw_only=True)
class _Bed:
    """What lies under the voice: an input, how it is made ready, and whether the voice pushes it down."""

    stream: int
    ready: str
    ducked: bool


def sound_key(heard: object, *, samples: int) -> str:
    """Return the key of a film's sound, of plain data that says what is heard when: how it is mixed is added here."""
    recipe = [_POLISH, _DUCK, _AAC, _VOICE_LUFS, _MUSIC_LUFS, _CLIP_LUFS, TARGET_LUFS, _CEILING_DBTP, _GOOD_ENOUGH_LU]
    return digest({"heard": heard, "samples": samples, "recipe": recipe})


async def mix_sound(
    takes: Sequence[Take],
    *,
    music: Music | None,
    samples: int,
    folder: Path,
    ambience: Sequence[Ambience] = (),
    timeout_s: float = 600,
) -> Path:
    """Return the film's sound as AAC in `folder`: exactly `samples` long, -14 LUFS, no true peak above -1 dBTP.

    Each of the runs may take `timeout_s`. Raises `FfmpegFailed` for a source that cannot be read, and
    `CutFailedChecks` when there is nothing but silence.
    """
    voice, around, mixed = folder / "voice.wav", folder / "ambience.wav", folder / "mix.wav"
    inputs: list[str] = []
    beds: list[_Bed] = []
    spoken = await _place_voice(takes, samples=samples, target=voice, timeout_s=timeout_s) if takes else None
    if spoken:
        inputs += ["-i", str(voice)]
    if music:
        bed = await loudness(music.path, timeout_s=timeout_s)
        beds.append(_Bed(stream=len(beds) + bool(spoken), ready=_music(bed, music.mix, samples), ducked=music.mix.duck))
        inputs += ["-stream_loop", "-1", "-i", f"file:{music.path}"]
    if ambience:
        await _place_ambience(ambience, samples=samples, target=around, timeout_s=timeout_s)
        beds.append(_Bed(stream=len(beds) + bool(spoken), ready=f"{_STEREO},{_exactly(samples)}", ducked=True))
        inputs += ["-i", str(around)]
    if not inputs:
        raise CutFailedChecks(("The film has no sound: there is neither voice nor music.",))
    graph = _mix_graph(voice=spoken, beds=beds, samples=samples)
    said = await run_ffmpeg([*inputs, "-filter_complex", graph, *_wav(mixed)], timeout_s=timeout_s)
    heard = read_ebur128(said)
    if heard.integrated_lufs <= SILENCE_LUFS:
        raise CutFailedChecks(("The film has no sound: voice and music are silent.",))
    return await _master(mixed, heard, folder=folder, timeout_s=timeout_s)


async def _place_voice(takes: Sequence[Take], *, samples: int, target: Path, timeout_s: float) -> Loudness:
    pieces = [_Piece(path=take.path, start_ms=take.start_ms, ready=_STEREO) for take in takes]
    return read_ebur128(await _lay(pieces, f"{_exactly(samples)},{_METER}", target=target, timeout_s=timeout_s))


async def _place_ambience(ambience: Sequence[Ambience], *, samples: int, target: Path, timeout_s: float) -> None:
    """Lay the clips' sounds where their scenes are, each at one level and without a click at its ends."""
    pieces = []
    for one in ambience:
        level = await loudness(one.path, timeout_s=timeout_s)
        seconds, gain = one.duration_ms / 1000, _gain_db(level, _CLIP_LUFS) + one.gain_db
        # A tempo of less than a half is two steps of one filter.
        tempo = f"atempo={one.speed:g}" if one.speed >= 0.5 else f"atempo=0.5,atempo={one.speed / 0.5:g}"
        ready = (
            f"{_STEREO},atrim=start={one.trim_ms / 1000:.3f}:duration={seconds * one.speed:.4f},"
            f"asetpts=N/SR/TB,{tempo},volume={gain:.2f}dB,afade=t=in:d=0.12,"
            f"afade=t=out:st={max(0.0, seconds - 0.2):.3f}:d=0.2"
        )
        pieces.append(_Piece(path=one.path, start_ms=one.start_ms, ready=ready))
    await _lay(pieces, _exactly(samples), target=target, timeout_s=timeout_s)


async def _lay(pieces: Sequence[_Piece], finish: str, *, target: Path, timeout_s: float) -> str:
    """Put pieces of sound where they are heard, finish what they make together, and return what ffmpeg said.

    ffmpeg carries each of its inputs, silent as it is, through all of a film. So neighbours are put together first,
    and then their groups: work and memory of two hundred pieces are ten times those of twenty, not a hundred times.
    """
    if len(pieces) > _AT_ONCE:
        pieces = [
            await _group(neighbours, target.with_stem(f"{target.stem}-{number}"), timeout_s=timeout_s)
            for number, neighbours in enumerate(_neighbours(pieces))
        ]
    inputs, placed = [], []
    for number, piece in enumerate(pieces):
        inputs += ["-i", f"file:{piece.path}"]
        placed.append(f"[{number}:a]{piece.ready},adelay={piece.start_ms}:all=1[p{number}]")
    names = "".join(f"[p{number}]" for number in range(len(pieces)))
    together = f"{names}amix=inputs={len(pieces)}:normalize=0:dropout_transition=0:duration=longest"
    graph = ";".join((*placed, f"{together},{finish}[o]"))
    return await run_ffmpeg([*inputs, "-filter_complex", graph, *_wav(target)], timeout_s=timeout_s)


def _neighbours(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Return as many groups as are laid at once, or fewer, each of pieces that follow each other."""
    ordered = sorted(pieces, key=lambda piece: piece.start_ms)
    size = max(_AT_ONCE, -(-len(ordered) // _AT_ONCE))
    return [ordered[at : at + size] for at in range(0, len(ordered), size)]


async def _group(pieces: Sequence[_Piece], target: Path, *, timeout_s: float) -> _Piece:
    """Make one piece of several, which begins when the first of them does."""
    first = pieces[0].start_ms
    moved = [replace(piece, start_ms=piece.start_ms - first) for piece in pieces]
    await _lay(moved, "anull", target=target, timeout_s=timeout_s)
    return _Piece(path=target, start_ms=first, ready=_STEREO)


def _music(bed: Loudness, mix: MusicMix, samples: int) -> str:
    """Bring the music to its level, and fade it in and out."""
    seconds = samples / SAMPLE_RATE
    fade_in, fade_out = min(0.15, seconds / 4), min(1.6, seconds / 3)
    return (
        f"{_STEREO},{_exactly(samples)},volume={_gain_db(bed, _MUSIC_LUFS) + mix.gain_db:.2f}dB,"
        f"afade=t=in:d={fade_in:.3f},afade=t=out:st={seconds - fade_out:.3f}:d={fade_out:.3f}"
    )


def _mix_graph(*, voice: Loudness | None, beds: Sequence[_Bed], samples: int) -> str:
    """Let the voice push down what lies under it, and add all of it."""
    # The compressor drops a varying bit of what it holds when its inputs end: let them end after the film does.
    tail = f"apad=pad_len={SAMPLE_RATE}"
    under = [place for place, bed in enumerate(beds) if voice and bed.ducked]
    parts, heard = [], []
    if voice:
        keys = "".join(f"[key{place}]" for place in under)
        polished = f"{_STEREO},volume={_gain_db(voice, _VOICE_LUFS):.2f}dB,{_POLISH}"
        parts.append(f"[0:a]{polished},asplit={1 + len(under)}[voice]{keys}")
        heard.append("[voice]")
    for place, bed in enumerate(beds):
        if place in under:
            parts += [
                f"[{bed.stream}:a]{bed.ready},{tail}[bed{place}]",
                f"[key{place}]{tail}[longer{place}]",
                f"[bed{place}][longer{place}]{_DUCK}[under{place}]",
            ]
        else:
            parts.append(f"[{bed.stream}:a]{bed.ready}[under{place}]")
        heard.append(f"[under{place}]")
    together = f"{''.join(heard)}amix=inputs={len(heard)}:normalize=0:dropout_transition=0"
    return ";".join((*parts, f"{together},{_exactly(samples)},{_METER}[o]"))


async def _master(mixed: Path, heard: Loudness, *, folder: Path, timeout_s: float) -> Path:
    """Bring the mix to the target by one gain and a true-peak limiter, and correct by what the AAC measures.

    One gain for the whole film keeps its dynamics; ffmpeg's loudnorm turns to a moving gain as soon as a peak would
    pass its ceiling, which with speech is always. How far AAC overshoots follows no rule, so a correction can make it
    worse: of several tries the best is taken, never just the last.
    """
    gain, ceiling = TARGET_LUFS - heard.integrated_lufs, _CEILING_DBTP
    tries: list[tuple[float, float, Path]] = []
    for number in range(_MASTERINGS):
        target = folder / f"sound-{number}.m4a"
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
        tries.append((max(over, 0.0), abs(off), target))
        if abs(off) <= _GOOD_ENOUGH_LU and over < 0:
            break
        gain += off
        if over >= 0:
            ceiling -= over + 0.1
    return min(tries)[2]


def _gain_db(source: Loudness, wanted: float) -> float:
    """Return the gain to a loudness; silence stays silence, and a whisper is not blown up into noise."""
    if source.integrated_lufs <= SILENCE_LUFS:
        return 0.0
    return min(_MOST_GAIN_DB, wanted - source.integrated_lufs)


def _exactly(samples: int) -> str:
    return f"apad=whole_len={samples},atrim=end_sample={samples},asetpts=N/SR/TB"


def _wav(target: Path) -> list[str]:
    return ["-map", "[o]", "-c:a", "pcm_f32le", "-ar", str(SAMPLE_RATE), *BITEXACT, str(target)]
