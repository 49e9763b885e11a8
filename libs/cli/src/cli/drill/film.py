"""The one film of a drill: a second long, made once, stored for the drill's tenant."""

from __future__ import annotations

import tempfile
from pathlib import Path

from common.artifacts import Artifacts
from media.ffmpeg import BITEXACT, run_ffmpeg

_SECONDS = 30.0
_CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\nThis is a drill.\n"
Inputs = dict[str, str | int]


async def put_film(data: Path, *, tenant: str) -> Inputs:
    """Make the film and put it into the stack's store. → the inputs of the workflow `drill` that name it."""
    store = Artifacts((data / "artifacts").as_uri())
    with tempfile.TemporaryDirectory(prefix="greenlight-drill-") as name:
        folder = Path(name)
        picture = ["-f", "lavfi", "-i", "color=c=0x12301f:s=90x160:r=10:d=1"]
        sound = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono", "-shortest", "-c:a", "aac"]
        film = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart", *BITEXACT]
        await run_ffmpeg([*picture, *sound, *film, str(folder / "film.mp4")], timeout_s=_SECONDS)
        await run_ffmpeg([*picture, "-frames:v", "1", str(folder / "film.jpg")], timeout_s=_SECONDS)
        (folder / "film.vtt").write_text(_CAPTIONS, encoding="utf-8")
        inputs: Inputs = {}
        for kind, file, media_type in (
            ("video", "film.mp4", "video/mp4"),
            ("thumbnail", "film.jpg", "image/jpeg"),
            ("captions", "film.vtt", "text/vtt"),
        ):
            ref = await store.put_file(tenant, folder / file, media_type=media_type)
            inputs |= {f"{kind}_sha256": ref.sha256, f"{kind}_bytes": ref.size}
    return inputs
