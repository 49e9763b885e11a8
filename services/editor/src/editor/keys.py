"""The names of what is kept: everything that shapes a piece, hashed, so that a changed input is another piece."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

import media
from media.ffmpeg import ffmpeg_build

_DRAWING = ("av", "numpy", "pillow", "uharfbuzz")
"""What besides ffmpeg has a hand in pixels and places."""


def digest(facts: object) -> str:
    """Return the SHA-256 of plain data, in one spelling. The ffmpeg build and our code are part of it."""
    spelt = json.dumps([facts, ffmpeg_build(), code_version()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(spelt.encode()).hexdigest()


@cache
def code_version() -> str:
    """Name the code that makes films in 16 hex digits: the editor's and its tools' sources, and what they draw with."""
    read = hashlib.sha256(json.dumps({name: version(name) for name in _DRAWING}).encode())
    for package in (Path(__file__).parent, Path(media.__file__).parent):
        for source in sorted(package.rglob("*.py")):
            read.update(f"{package.name}/{source.relative_to(package)}\0".encode() + source.read_bytes())
    return read.hexdigest()[:16]
