"""One finished film for everybody who looks at films: the tides film at 270x480, made as a run makes it."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pytest
from common.contracts.production import Format, Shot, Word
from editor.captions import caption_document
from editor.timeline import body, film_words, scene_start, total_frames
from media.ass import Document
from media.ffmpeg import ffmpeg_path
from media.fonts import FONTS_DIR
from numpy.typing import NDArray
from producer.storyboard.canvas import INK_STYLE
from producer.storyboard.render import draw_shot

if TYPE_CHECKING:
    from bench.film import Film

Grey = NDArray[np.uint8]
Numbers = NDArray[np.float64]

ROOT = Path(__file__).parents[2]
BRIEF, SECONDS = "How tides work, 20 seconds", 20
SIZE = Format(width=270, height=480)
UNIT = 1080 / SIZE.width
"""Pixels of the design to a pixel of this film."""


@dataclass
class Screening:
    """A film, its pixels, and the type that should be in them."""

    film: Film
    folder: Path

    @cached_property
    def luma(self) -> Grey:
        """Every frame's luma."""
        return _decode(["-i", str(self.film.cut.video)], "gray", 1)[..., 0]

    @cached_property
    def sound(self) -> Numbers:
        """The film's sound in the middle, 48,000 samples a second."""
        command = [ffmpeg_path(), "-v", "error", "-i", str(self.film.cut.video), "-f", "f32le", "-ac", "1", "-"]
        raw = subprocess.run(command, check=True, capture_output=True).stdout
        return np.frombuffer(raw, np.float32).astype(float)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """What is said, timed from the film's first frame."""
        return film_words(self.film.timeline)

    @property
    def frames(self) -> int:
        """How many frames the film should have."""
        return total_frames(self.film.timeline)

    def luminance(self, frame: int) -> Numbers:
        """Return the WCAG relative luminance of a frame's pixels."""
        select = ["-i", str(self.film.cut.video), "-vf", f"select='eq(n,{frame})'", "-frames:v", "1"]
        channels = _decode(select, "rgb24", 3)[0].astype(float) / 255
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))

    def start(self, place: int) -> int:
        """Return the film's frame on which a scene begins to be seen."""
        return scene_start(self.film.timeline, place)

    def body(self, place: int) -> range:
        """Return the frames of a scene that it has to itself, counted from its first."""
        return body(self.film.timeline, place)

    def headlines(self, place: int) -> Numbers:
        """Return how much of each pixel the storyboard's type covers, for every frame of a scene."""
        shot = self.film.production.shots[place]
        document, _ = draw_shot(shot)
        words = [event for event in document.events if event.style != INK_STYLE]
        return self._cover(replace(document, events=words), frames=shot.frames)

    def captions(self, place: int, *, boxes: bool) -> Numbers:
        """Return how much of each pixel the captions cover, for every frame of a scene's body.

        `boxes` adds the box, the outline and the shadow to the letters.
        """
        scene, frames = self.film.timeline.scenes[place], self.body(place)
        document = caption_document(scene.words, frames=frames, size=SIZE, palette=self.film.timeline.palette)
        assert document is not None, "a scene without captions"
        if not boxes:
            styles = [replace(style, outline=0.0, shadow=0.0) for style in document.styles]
            letters = [event for event in document.events if r"\p1" not in event.tags]
            document = replace(document, styles=styles, events=letters)
        return self._cover(document, frames=len(frames))

    def _cover(self, document: Document, *, frames: int) -> Numbers:
        """Draw type over black and over white: where both look the same, the type covers all."""
        document.write(self.folder / "type.ass")
        seconds = frames / SIZE.fps
        black, white = (
            _decode(
                [
                    *("-f", "lavfi", "-i", f"color={ground}:s={SIZE.width}x{SIZE.height}:r={SIZE.fps}:d={seconds:.4f}"),
                    *("-vf", f"format=gbrp,ass=type.ass:fontsdir={FONTS_DIR}", "-frames:v", str(frames)),
                ],
                "gray",
                1,
                cwd=self.folder,
            )[..., 0].astype(float)
            for ground in ("black", "white")
        )
        return np.asarray(1 - (white - black) / 255)


def _decode(args: list[str], pixels: str, channels: int, cwd: Path | None = None) -> Grey:
    command = [ffmpeg_path(), "-v", "error", *args, "-f", "rawvideo", "-pix_fmt", pixels, "-"]
    raw = subprocess.run(command, check=True, capture_output=True, cwd=cwd).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, SIZE.height, SIZE.width, channels)


def shots(screening: Screening) -> tuple[Shot, ...]:
    """Return the film's shots."""
    return screening.film.production.shots


def _bench() -> ModuleType:
    """Load the script that makes films without servers; it is no package, so that nothing shipped can import it."""
    spec = importlib.util.spec_from_file_location("bench_film", ROOT / "bench" / "film.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("bench/film.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def screening(tmp_path_factory: pytest.TempPathFactory) -> Screening:
    folder = tmp_path_factory.mktemp("film")
    bench = _bench()

    async def make() -> Film:
        studio = bench.FilmStudio(folder, picture=SIZE)
        try:
            film: Film = await studio.film(BRIEF, seconds=SECONDS)
        finally:
            await studio.close()
        return film

    return Screening(asyncio.run(make()), folder)


@pytest.fixture
def film_of(tmp_path: Path) -> Callable[..., Awaitable[Film]]:
    """`await film_of("How to bake bread", seconds=9)` → that film at 270x480."""
    bench = _bench()

    async def make(brief: str, *, seconds: int) -> Film:
        studio = bench.FilmStudio(tmp_path, picture=SIZE)
        try:
            film: Film = await studio.film(brief, seconds=seconds)
        finally:
            await studio.close()
        return film

    return make


@pytest.fixture(scope="session")
def film_bench() -> ModuleType:
    """The script that makes films without servers, for tests that make their own."""
    return _bench()
