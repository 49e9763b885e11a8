"""Small films with one known fault each, made by ffmpeg from patterns: what scanners are tried on."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from media.ass import Document, Event, Style, timestamp
from media.ffmpeg import ffmpeg_path
from media.fonts import FONTS_DIR, INTER_BLACK, INTER_BOLD

WIDTH, HEIGHT, FPS, SECONDS = 540, 960, 30, 3.0
GROUND = f"gradients=s={WIDTH}x{HEIGHT}:r={FPS}:c0=0x04151f:c1=0x0a6c9c:x0=0:y0=0:x1={WIDTH}:y1={HEIGHT}:speed=0.05"
SPOKEN = "The moon pulls on the sea, and the water follows."
MUSIC = "aevalsrc='0.05*(sin(2*PI*220*t)+sin(2*PI*277*t)+sin(2*PI*330*t))*(0.7+0.3*cos(2*PI*t))':s=48000"


@dataclass(frozen=True, kw_only=True)
class Words:
    """A line of type: what, where (its upper left corner), how large, in which colours, and when."""

    text: str = "How tides work"
    x: int = 60
    y: int = 300
    size: int = 48
    colour: str = "#ffffff"
    outline: float = 0.0
    outline_colour: str = "#000000"
    start: float = 0.0
    end: float = 60.0


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a film is made. `finds` are the rules that must fire on it, and no others."""

    picture: str = GROUND
    sound: str | None = MUSIC
    voice: bool = True
    gain_db: float | None = None
    """On top of -19 LUFS, instead of bringing it to -14; a limiter keeps it below full scale, unless it `clips`."""
    clips: bool = False
    words: Sequence[Words] = (Words(),)
    tags: Sequence[str] = ()
    seconds: float = SECONDS
    finds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Made:
    """A film on the disk, and its captions."""

    path: Path
    vtt: str
    recipe: Recipe = field(repr=False)


def flashing(hz: float, one: str = "white", other: str = "black") -> str:
    """A picture that changes between two colours so many times a second, there and back."""
    switch = f"enable='lt(mod(t,{1 / hz:.6f}),{0.5 / hz:.6f})'"
    return f"color={other}:s={WIDTH}x{HEIGHT}:r={FPS},drawbox=w=iw:h=ih:t=fill:c={one}:{switch}"


FILMS: dict[str, Recipe] = {
    "fine": Recipe(),
    "fine lying": Recipe(picture=GROUND.replace(f"{WIDTH}x{HEIGHT}", f"{HEIGHT}x{WIDTH}"), words=(Words(y=100),)),
    "fine slow flashes": Recipe(picture=flashing(2.0), words=()),
    "fine small flashes": Recipe(
        picture=f"{GROUND},drawbox=x=200:y=400:w=120:h=120:t=fill:c=white:enable='lt(mod(t,0.1),0.05)'"
    ),
    "fine soft flashes": Recipe(picture=flashing(10.0, "0x6a6a6a", "0x585858"), words=()),
    "fine flashes above": Recipe(picture=flashing(10.0, "0xffffff", "0xf0f0f0"), words=()),
    "fine type that comes and goes": Recipe(words=(Words(), Words(x=2, y=930, size=24, start=1.0, end=1.5))),
    "fine short black": Recipe(
        picture=f"{GROUND},drawbox=w=iw:h=ih:t=fill:c=black:enable='between(t,1,1.3)'", words=()
    ),
    "black": Recipe(
        picture=f"{GROUND},drawbox=w=iw:h=ih:t=fill:c=black:enable='between(t,1,2.2)'",
        words=(),
        finds=frozenset({"media.black"}),
    ),
    "all black": Recipe(picture=f"color=black:s={WIDTH}x{HEIGHT}:r={FPS}", words=(), finds=frozenset({"media.black"})),
    "frozen": Recipe(picture=f"{GROUND},trim=end_frame=1,loop=-1:1", seconds=4.0, finds=frozenset({"media.frozen"})),
    "strobe": Recipe(picture=flashing(10.0), words=(), finds=frozenset({"media.flashing"})),
    "strobe at four": Recipe(picture=flashing(4.0), words=(), finds=frozenset({"media.flashing"})),
    "strobe of a part": Recipe(
        picture=f"{GROUND},drawbox=y=300:w=iw:h=400:t=fill:c=white:enable='lt(mod(t,0.2),0.1)'",
        words=(),
        finds=frozenset({"media.flashing"}),
    ),
    "red": Recipe(
        picture=flashing(6.0, "0xd00000", "0x101060"),
        words=(),
        finds=frozenset({"media.red_flashing", "media.flashing"}),
    ),
    "dark red": Recipe(
        picture=flashing(6.0, "0x900000", "0x000000"), words=(), finds=frozenset({"media.red_flashing"})
    ),
    "type below": Recipe(words=(Words(y=890, size=40),), finds=frozenset({"media.text_outside_safe_area"})),
    "type at the right": Recipe(
        words=(Words(text="Watch now", x=330, size=40),), finds=frozenset({"media.text_outside_safe_area"})
    ),
    "type at the top": Recipe(words=(Words(y=4, size=36),), finds=frozenset({"media.text_outside_safe_area"})),
    "grey on grey": Recipe(
        picture=GROUND.replace("0x04151f", "0x7a7a7a").replace("0x0a6c9c", "0x868686"),
        words=(Words(colour="#a4a4a4"),),
        finds=frozenset({"media.low_contrast"}),
    ),
    "yellow on white": Recipe(
        picture=GROUND.replace("0x04151f", "0xffffff").replace("0x0a6c9c", "0xececec"),
        words=(Words(colour="#e8d860"),),
        finds=frozenset({"media.low_contrast"}),
    ),
    "silence": Recipe(sound="anullsrc=r=48000", voice=False, finds=frozenset({"media.silent", "media.speech_missing"})),
    "no sound": Recipe(sound=None, voice=False, finds=frozenset({"media.no_sound", "media.speech_missing"})),
    "clipping": Recipe(gain_db=16.0, clips=True, finds=frozenset({"media.clipping", "media.too_loud", "media.peak"})),
    "too loud": Recipe(gain_db=17.0, finds=frozenset({"media.too_loud", "media.peak"})),
    "too soft": Recipe(gain_db=-24.0, finds=frozenset({"media.too_soft"})),
    "no speech": Recipe(voice=False, finds=frozenset({"media.speech_missing"})),
}
"""Films by name. `fine …` are traps: nothing may be found on them."""


def make_film(recipe: Recipe, target: Path, *, voice: Path) -> Made:
    """Make the film of a recipe; `voice` is a WAV of somebody who says `SPOKEN`."""
    inputs = ["-f", "lavfi", "-t", f"{recipe.seconds}", "-i", f"{recipe.picture},format=yuv420p"]
    video = "null"
    if recipe.words:
        size = (HEIGHT, WIDTH) if f"{HEIGHT}x{WIDTH}" in recipe.picture else (WIDTH, HEIGHT)
        _document(recipe.words, size).write(target.with_suffix(".ass"))
        video = f"ass={target.with_suffix('.ass').name}:fontsdir={FONTS_DIR}"
    graph = [f"[0:v]{video}[v]"]
    if recipe.sound is not None:
        inputs += ["-f", "lavfi", "-t", f"{recipe.seconds}", "-i", recipe.sound]
        mix = "[1:a]anull[m]"
        if recipe.voice:
            inputs += ["-i", str(voice)]
            mix = "[2:a]aresample=48000,volume=2[w];[1:a][w]amix=inputs=2:normalize=0:duration=first[m]"
        level = (
            "loudnorm=I=-14:TP=-2:LRA=11,aresample=48000"
            if recipe.gain_db is None
            else f"loudnorm=I=-19:TP=-2:LRA=11,volume={recipe.gain_db}dB"
            + (",aformat=s16" if recipe.clips else ",alimiter=limit=0.97:level=false:attack=1:release=20")
        )
        graph += [mix, f"[m]{level if recipe.sound != 'anullsrc=r=48000' else 'anull'},aresample=48000[a]"]
    maps = ["-map", "[v]", *(["-map", "[a]", "-c:a", "aac", "-b:a", "160k"] if recipe.sound is not None else [])]
    tags = [part for tag in recipe.tags for part in ("-metadata", tag)]
    command = [ffmpeg_path(), "-v", "error", "-nostdin", "-y", *inputs, "-filter_complex", ";".join(graph), *maps]
    command += ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-t", f"{recipe.seconds}", *tags, target.name]
    subprocess.run(command, check=True, cwd=target.parent, capture_output=True)
    vtt = f"WEBVTT\n\n1\n00:00:00.100 --> 00:00:{min(2.9, recipe.seconds):06.3f}\n{SPOKEN}\n"
    return Made(target, vtt, recipe)


def variant(name: str, change: Callable[[Recipe], Recipe] = lambda recipe: recipe) -> Recipe:
    """A film of the list, changed."""
    return change(replace(FILMS[name]))


def write_wav(path: Path, pcm: bytes, *, rate: int) -> Path:
    """A mono WAV of 16-bit samples."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


def _document(words: Sequence[Words], size: tuple[int, int]) -> Document:
    document = Document(*size)
    document.styles = [
        Style(
            f"w{number}",
            INTER_BLACK if line.size > 30 else INTER_BOLD,
            line.size,
            colour=line.colour,
            outline=line.outline,
            outline_colour=line.outline_colour,
        )
        for number, line in enumerate(words)
    ]
    document.events = [
        Event(timestamp(line.start), timestamp(line.end), f"w{number}", rf"\an7\pos({line.x},{line.y})", line.text)
        for number, line in enumerate(words)
    ]
    return document
