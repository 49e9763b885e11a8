"""The version of code that makes pictures and sounds: part of the key of whatever it made."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

DRAWING = ("av", "budoux", "numpy", "pillow", "uharfbuzz")
"""What besides ffmpeg has a hand in pixels and places."""


@cache
def code_version(*sources: Path, libraries: tuple[str, ...] = DRAWING) -> str:
    """Name these modules and all below these folders, and the libraries they draw with, in 16 hex digits. Read once a
    process.
    """
    read = hashlib.sha256(json.dumps({name: version(name) for name in libraries}).encode())
    for source in sources:
        for module in sorted(source.rglob("*.py")) if source.is_dir() else [source]:
            read.update(f"{source.name}/{module.relative_to(source)}\0".encode() + module.read_bytes())
    return read.hexdigest()[:16]
