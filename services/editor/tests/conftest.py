"""A small film to cut: three scenes of 1.2 seconds, made by ffmpeg once a session."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from common.contracts.production import (
    Beat,
    BeatKind,
    Clip,
    Format,
    Palette,
    PostCopy,
    ProductionOutput,
    Script,
    Shot,
    Speech,
    Word,
)
from common.contracts.values import ArtifactRef
from media.ffmpeg import BITEXACT, ffmpeg_path

FRAMES, OVERLAP, FPS = 36, 6, 30
SIZE = Format(width=270, height=480, fps=FPS)
PALETTE = Palette(name="night", ground="#0b0d2a", first="#3b1d8f", second="#d4367c", accent="#ffd23f", ink="#140f2e")
SAID = (
    "Tides rise twice a day.",
    "The moon pulls the sea.",
    "And the earth turns beneath.",
)


def pretend(name: str) -> ArtifactRef:
    """Return the address of bytes that no test will ask for."""
    return ArtifactRef(sha256=hashlib.sha256(name.encode()).hexdigest(), size=1, media_type="application/octet-stream")


@pytest.fixture
def palette() -> Palette:
    return PALETTE


@pytest.fixture
def a_production() -> Callable[..., tuple[ProductionOutput, list[Clip]]]:
    """Make a production and its clips; `refs` are the real files by name where a test renders."""

    def make(
        *, refs: Mapping[str, ArtifactRef] | None = None, scenes: int = 3, overlap: int = OVERLAP
    ) -> tuple[ProductionOutput, list[Clip]]:
        def ref(name: str) -> ArtifactRef:
            return refs[name] if refs else pretend(name)

        shots = tuple(_shot(index, total=scenes, voice=ref(f"voice{index % 3}")) for index in range(scenes))
        clips = [
            Clip(index=index, video=ref(f"clip{index}"), frames=FRAMES, provider="test") for index in range(scenes)
        ]
        production = ProductionOutput(
            script=Script(
                title="Tides", beats=tuple(shot.beat for shot in shots), post=PostCopy(title="Tides", caption="Tides")
            ),
            shots=shots,
            transition_frames=overlap,
            music=ref("music"),
            duration_ms=1,
            palette=PALETTE,
        )
        return production, clips

    return make


def _shot(index: int, *, total: int, voice: ArtifactRef) -> Shot:
    kind = (BeatKind.HOOK, BeatKind.POINT, BeatKind.CLOSE)[index % 3]
    words = tuple(
        Word(text=text, start_ms=place * 150, end_ms=place * 150 + 140)
        for place, text in enumerate(SAID[index % 3].split())
    )
    return Shot(
        index=index,
        total=total,
        beat=Beat(kind=kind, narration=SAID[index % 3], headline="Tides"),
        layout="test",
        palette=PALETTE,
        seed=1,
        frames=FRAMES,
        voice_start_ms=220,
        speech=Speech(audio=voice, duration_ms=800, words=words, voice="tone"),
        format=SIZE,
    )


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Real files by name: four clips that move and are sharp, three voices, and a music bed shorter than the film."""
    folder = tmp_path_factory.mktemp("footage")
    files = {}
    for number in range(4):
        files[f"clip{number}"] = path = folder / f"clip{number}.mp4"
        _ffmpeg(
            *("-f", "lavfi", "-i", f"testsrc2=s={SIZE.width}x{SIZE.height}:r={FPS},hue=h={number * 80}"),
            *("-frames:v", str(FRAMES), "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", *BITEXACT),
            str(path),
        )
    for number in range(3):
        files[f"voice{number}"] = path = folder / f"voice{number}.wav"
        tone = f"aevalsrc=0.3*sin(2*PI*{170 + 30 * number}*t)*(0.6+0.4*sin(2*PI*5*t)):s=48000:d=0.8"
        _ffmpeg("-f", "lavfi", "-i", tone, str(path))
    files["music"] = path = folder / "music.wav"
    _ffmpeg("-f", "lavfi", "-i", "aevalsrc=0.1*sin(2*PI*220*t)+0.1*sin(2*PI*330*t):s=48000:d=2", str(path))
    return files


@pytest.fixture(scope="session")
def refs(footage: Mapping[str, Path]) -> dict[str, ArtifactRef]:
    return {name: address(path) for name, path in footage.items()}


def address(path: Path) -> ArtifactRef:
    data = path.read_bytes()
    return ArtifactRef(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type="application/octet-stream")


def _ffmpeg(*args: str) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *args], check=True)
