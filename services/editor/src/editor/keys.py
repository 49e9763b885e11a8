"""The names of what is kept: everything that shapes a piece, hashed, so that a changed input is another piece."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import media
from media.code import code_version
from media.ffmpeg import ffmpeg_build

_CODE = (Path(__file__).parent, Path(media.__file__).parent)


def digest(facts: object) -> str:
    """Return the SHA-256 of plain data, in one spelling. The ffmpeg build and our code are part of it."""
    spelt = json.dumps([facts, ffmpeg_build(), code_version(*_CODE)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(spelt.encode()).hexdigest()


def hash_file(path: Path) -> str:
    """Return the SHA-256 of what a file holds."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
