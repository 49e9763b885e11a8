"""The one cut that every engine renders: footage, voice, music and captions, written once as files and one JSON."""

from __future__ import annotations

import json
import subprocess
import wave
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from media.ffmpeg import BITEXACT, ffmpeg_path

CLIPS, OVERLAP, FPS = 4, 12, 30
_WORD_MS = 180
"""How long a word takes at least: a short clip has fewer of them."""
_RATE = 48_000
_SAID = (
    "Tides rise and fall twice a day because the moon pulls at every drop of water",
    "The side of the earth that faces the moon is pulled a little harder than the rest",
    "On the far side the water is left behind and so it stands high there too",
    "The earth turns beneath both hills of water and that is a tide coming in again",
)


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A word and when it is heard, in milliseconds of the film."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, kw_only=True)
class BenchCut:
    """The cut as plain data, for engines in any language. Files are names in the folder it lies in."""

    width: int
    height: int
    fps: int
    overlap: int
    scene_frames: int
    clips: tuple[str, ...]
    voice: str
    voices: tuple[str, ...]
    """The same voice as a file for each clip, which is how our own films have it."""
    music: str
    font: str
    words: tuple[Spoken, ...]

    @property
    def frames(self) -> int:
        """How long the film is."""
        return len(self.clips) * self.scene_frames - (len(self.clips) - 1) * self.overlap


def read_cut(folder: Path) -> BenchCut:
    """The cut that `write_cut` left in a folder."""
    told = json.loads((folder / "cut.json").read_text(encoding="utf-8"))
    told["clips"], told["voices"] = tuple(told["clips"]), tuple(told["voices"])
    told["words"] = tuple(Spoken(**word) for word in told["words"])
    return BenchCut(**told)


def write_cut(folder: Path, *, width: int, height: int, seconds: int, font: Path, clips: int = CLIPS) -> BenchCut:
    """Make the footage, once, and return the cut. The same numbers give the same files.

    `seconds` is how long it is with four clips; with more, each of them is as long as those.
    """
    folder.mkdir(parents=True, exist_ok=True)
    frames = (seconds * FPS + (CLIPS - 1) * OVERLAP) // CLIPS
    names = tuple(_write_clip(folder, place, width, height, frames) for place in range(clips))
    words = tuple(_words(frames, clips=clips))
    cut = BenchCut(
        width=width, height=height, fps=FPS, overlap=OVERLAP, scene_frames=frames, clips=names, voice="voice.wav",
        voices=tuple(f"voice{place}.wav" for place in range(clips)), music="music.wav", font=font.name, words=words,
    )  # fmt: skip
    (folder / font.name).write_bytes(font.read_bytes())
    voice = _voice(words, seconds=cut.frames / FPS)
    _write_wave(folder / cut.voice, voice)
    for place, name in enumerate(cut.voices):
        start, stop = (at * (frames - OVERLAP) * _RATE // FPS for at in (place, place + 1))
        _write_wave(folder / name, voice[start:stop])
    _write_wave(folder / cut.music, _music(seconds=cut.frames / FPS))
    (folder / "cut.json").write_text(json.dumps(asdict(cut)), encoding="utf-8")
    return cut


def _write_clip(folder: Path, place: int, width: int, height: int, frames: int) -> str:
    """Soft moving colours under grain, which is what our clips are like and what is dear to encode."""
    name = f"clip{place}.mp4"
    small = f"gradients=s={width // 8}x{height // 8}:r={FPS}:n=4:seed={place + 3}:speed=0.03:type=radial"
    subprocess.run(
        [
            *(ffmpeg_path(), "-v", "error", "-y", "-f", "lavfi", "-i", small),
            *(
                "-vf",
                f"scale={width}:{height}:flags=bicubic,setsar=1,noise=alls=5:allf=t+u:all_seed=1",
                "-frames:v",
                f"{frames}",
            ),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", "-g", "30", *BITEXACT),
            *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", str(folder / name)),
        ],
        check=True,
    )
    return name


def _words(frames: int, *, clips: int) -> list[Spoken]:
    """Spread each scene's words over the frames it has to itself."""
    words = []
    for place in range(clips):
        start = place * (frames - OVERLAP) + (OVERLAP if place else 0)
        room_ms = (frames - 2 * OVERLAP) * 1000 / FPS - 300
        said = _SAID[place % len(_SAID)].split()[: max(1, int(room_ms / _WORD_MS))]
        each = room_ms / len(said)
        for number, text in enumerate(said):
            at = start * 1000 / FPS + 100 + number * each
            words.append(Spoken(text=text, start_ms=round(at), end_ms=round(at + each * 0.85)))
    return words


def _voice(words: tuple[Spoken, ...], *, seconds: float) -> np.ndarray:
    """A burst of filtered noise for every word: it has the rhythm of speech, and needs no voice."""
    chance = np.random.default_rng(7)
    sound = np.zeros(round(seconds * _RATE))
    for word in words:
        start, stop = (round(at * _RATE / 1000) for at in (word.start_ms, word.end_ms))
        burst = np.convolve(chance.standard_normal(stop - start), np.ones(24) / 24, mode="same")
        sound[start:stop] = burst * np.hanning(stop - start) * 0.9
    return sound


def _music(*, seconds: float) -> np.ndarray:
    at = np.arange(round(seconds * _RATE)) / _RATE
    chord = np.array([[110.0], [164.8], [220.0], [277.2]])
    return np.asarray(np.sin(2 * np.pi * chord * at).sum(axis=0) * 0.07)


def _write_wave(path: Path, sound: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
