"""A still design from words: a title card or a thumbnail, by the templates that films are drawn with."""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path
from typing import Literal

from common.compute import ComputePool
from common.contracts.production import Beat, BeatKind, Format, Shot, Speech
from common.contracts.values import ArtifactRef
from media.ffmpeg import run_ffmpeg
from media.palette import choose_palette
from pydantic import BaseModel, ConfigDict, Field

from producer.storyboard.illustrations import choose_illustrations
from producer.storyboard.render import film_shot

Template = Literal["poster", "banner", "above", "below", "card", "arch", "marker", "quote", "frame"]
_UNHEARD = Speech(
    audio=ArtifactRef(sha256="0" * 64, size=0, media_type="audio/wav"), duration_ms=1, words=(), voice="none"
)


class DesignRequest(BaseModel):
    """What a design says and how large it is."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"headline": "Why tides rise", "emphasis": ["tides"]}]}
    )

    headline: str = Field(min_length=1, max_length=140, pattern=r"\S")
    emphasis: tuple[str, ...] = Field(default=(), max_length=8, description="Words of it in the accent colour.")
    kicker: str = Field(default="", max_length=40)
    detail: str = Field(default="", max_length=160)
    about: str = Field(default="", max_length=400, description="Chooses colours and picture; the headline if empty.")
    template: Template = "poster"
    width: int = Field(default=1080, ge=180, le=1920, multiple_of=2)
    height: int = Field(default=1920, ge=180, le=1920, multiple_of=2)


async def draw_design(request: DesignRequest, *, compute: ComputePool, scratch: Path) -> bytes:
    """The design as a JPEG of its size. The same request gives the same bytes."""
    shot = _shot(request)
    with tempfile.TemporaryDirectory(dir=scratch, prefix="design-") as folder:
        work = Path(folder)
        film, target = work / "design.mp4", work / "design.jpg"
        await film_shot(shot, to=film, work=work, compute=compute, progress=lambda _: None)
        # The film's first frame is made to be looked at alone: nothing in it is still on its way.
        still = ["-v", "error", "-i", str(film), "-frames:v", "1", "-q:v", "2", "-bitexact", str(target)]
        await run_ffmpeg(still, timeout_s=30)
        return await compute(target.read_bytes)


def _shot(request: DesignRequest) -> Shot:
    beat = Beat(
        kind=BeatKind.HOOK,
        narration=request.headline,
        headline=request.headline,
        emphasis=request.emphasis,
        kicker=request.kicker,
        detail=request.detail,
    )
    about = f"{request.about} {request.headline}"
    seed = zlib.crc32(about.encode())
    [picture] = choose_illustrations([beat.model_copy(update={"narration": about})], seed=seed)
    return Shot(
        index=0,
        total=1,
        beat=beat,
        layout=f"{request.template}:{picture}",
        palette=choose_palette(about, seed),
        seed=seed,
        frames=1,
        voice_start_ms=0,
        speech=_UNHEARD,
        format=Format(width=request.width, height=request.height),
    )
