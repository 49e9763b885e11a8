"""Music that somebody brought, cut to a film: as long, faded at both ends, and as loud as our own would be."""

from __future__ import annotations

import tempfile
import wave
from pathlib import Path

import numpy as np
from common.bus.step import Step
from common.compute import ComputePool
from common.contracts.uploads import Brought
from common.contracts.values import ArtifactType
from media.ffmpeg import BITEXACT, FfmpegFailed, run_ffmpeg

from producer.errors import UploadUnusable
from producer.music import SAMPLE_RATE, level, wav_bytes
from producer.uploads.originals import fetch_original

_CHANNELS = 2


async def bed_of_brought(brought: Brought, *, total_ms: int, step: Step, compute: ComputePool, scratch: Path) -> bytes:
    """The bed of a film that lasts `total_ms`. Music that is shorter begins again. The same facts, the same bytes."""
    with tempfile.TemporaryDirectory(dir=scratch, prefix="music-") as folder:
        work = Path(folder)
        original = await fetch_original(brought, step, type=ArtifactType.MUSIC, name="music-original", into=work)
        target, seconds = work / "cut.wav", total_ms / 1000
        sound = ["-map", "0:a:0", "-ac", str(_CHANNELS), "-ar", str(SAMPLE_RATE), "-c:a", "pcm_s16le"]
        source = ["-protocol_whitelist", "file", "-stream_loop", "-1", "-i", str(original)]
        try:
            await run_ffmpeg(
                ["-v", "error", *source, "-t", f"{seconds:.3f}", *sound, *BITEXACT, str(target)], timeout_s=120
            )
        except FfmpegFailed as error:
            raise UploadUnusable("The music cannot be decoded.") from error
        return await compute(cut_wav, target, seconds)


def cut_wav(path: Path, seconds: float) -> bytes:
    """The sound of exactly that length, level and faded as our own beds are: what the compute pool is asked for."""
    with wave.open(str(path), "rb") as reader:
        raw = np.frombuffer(reader.readframes(reader.getnframes()), dtype="<i2")
    count = round(seconds * SAMPLE_RATE)
    sides = raw.reshape(-1, _CHANNELS).T.astype(np.float32)[:, :count] / np.float32(32_768)
    whole = np.zeros((_CHANNELS, count), dtype=np.float32)
    whole[:, : sides.shape[1]] = sides
    return wav_bytes(level(whole))
