"""Shots to film, small and slow (ten frames a second, so that a test sees seconds of film for little work), and a
screening room to look at them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest
from common.contracts.production import Beat, BeatKind, Change, Diagram, DiagramForm, Figure, Format, Shot, Speech
from common.contracts.values import ArtifactRef
from media.ass import Document
from media.ffmpeg import ffmpeg_path
from media.fonts import FONTS_DIR
from media.palette import choose_palette
from numpy.typing import NDArray
from producer.storyboard.canvas import INK_STYLE
from producer.storyboard.render import draw_shot, encode_args, prepare_shot
from producer.storyboard.stage import Picture

Frames = NDArray[np.uint8]

SPEECH = Speech(
    audio=ArtifactRef(sha256="0" * 64, size=1, media_type="audio/wav"), duration_ms=3_000, words=(), voice="none"
)
BEAT = Beat(
    kind=BeatKind.POINT,
    narration="The Moon pulls the water of the sea toward it, and the tide comes in.",
    headline="The Moon pulls the sea toward it",
    emphasis=("the sea",),
    kicker="How it works",
    detail="Gravity lifts a bulge on the side that faces the Moon.",
    figure=Figure(value="1,250 km", label="from shore to shore"),
    items=("Wait for the moon", "Watch the water", "Walk back in time"),
    change=Change(before="Low water", after="The tide comes in", before_label="Before", after_label="Now"),
    diagram=Diagram(
        form=DiagramForm.CHAIN, nodes=("The Moon", "The sea", "The tide"), links=("pulls the water", "comes in")
    ),
)

MakeShot = Callable[..., Shot]
Draw = Callable[[Shot], tuple[Document, Picture]]


@dataclass(frozen=True)
class Type:
    """The type of one frame: how much of each pixel it covers, and its colour there."""

    cover: NDArray[np.float64]
    ink: Frames


class Screening:
    """Looking at films: decode clips, and tell the type in a shot from what lies behind it."""

    def film(self, shot: Shot, folder: Path, *, texts: bool = True) -> Path:
        """Film a shot right here and return the clip; `texts` off leaves the type out."""
        folder.mkdir(parents=True, exist_ok=True)
        to = folder / "clip.mp4"
        prepare_shot(shot, folder / "drawing.ass", folder / "ground.rgb", texts=texts)
        args = encode_args(shot, ground="ground.rgb", drawing="drawing.ass", to=to)
        subprocess.run([ffmpeg_path(), "-hide_banner", "-nostdin", "-y", *args], cwd=folder, check=True)
        return to

    def decode(self, clip: Path, *, pixels: str = "rgb24") -> Frames:
        """Return every frame of a clip."""
        with av.open(str(clip)) as container:
            return np.stack([frame.to_ndarray(format=pixels) for frame in container.decode(video=0)])

    def type_of(self, shot: Shot, folder: Path, *, frame: int, draw: Draw = draw_shot) -> Type:
        """Return the type of one frame, found by drawing it alone over black and over white."""
        folder.mkdir(parents=True, exist_ok=True)
        document, _ = draw(shot)
        words = [event for event in document.events if event.style != INK_STYLE]
        Document(document.width, document.height, document.styles, words).write(folder / "words.ass")
        black, white = (self._over(ground, shot, folder, frame) for ground in ("black", "white"))
        cover = 1 - (white.astype(float) - black.astype(float)).mean(axis=2) / 255
        return Type(cover=cover, ink=black)

    def _over(self, ground: str, shot: Shot, folder: Path, frame: int) -> Frames:
        look = shot.format
        source = f"color={ground}:s={look.width}x{look.height}:r={look.fps}:d={(frame + 1) / look.fps:.3f}"
        chain = f"format=gbrp,ass=words.ass:fontsdir={FONTS_DIR},select='eq(n,{frame})'"
        command = [ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", source, "-vf", chain, "-frames:v", "1"]
        raw = subprocess.run(
            [*command, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], cwd=folder, check=True, capture_output=True
        ).stdout
        return np.frombuffer(raw, np.uint8).reshape(look.height, look.width, 3)

    def luminance(self, pixels: Frames) -> NDArray[np.float64]:
        """Return the WCAG relative luminance of each pixel."""
        channels = pixels.astype(float) / 255
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


@pytest.fixture
def screening() -> Screening:
    return Screening()


@pytest.fixture
def a_shot() -> MakeShot:
    def make(
        *,
        layout: str = "above",
        beat: Beat = BEAT,
        brief: str = "How tides work",
        seconds: float = 1.6,
        seed: int = 3,
        width: int = 270,
        height: int = 480,
        fps: int = 10,
    ) -> Shot:
        return Shot(
            index=1,
            total=5,
            beat=beat,
            layout=layout,
            palette=choose_palette(brief, seed),
            seed=seed,
            frames=round(seconds * fps),
            voice_start_ms=300,
            speech=SPEECH,
            format=Format(width=width, height=height, fps=fps),
        )

    return make
