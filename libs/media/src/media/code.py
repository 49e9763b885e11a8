"""The version of code that makes pictures and sounds: part of the key of whatever it made."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

DRAWING = ("av", "numpy", "pillow", "uharfbuzz")
"""What besides ffmpeg has a hand in pixels and places."""


@cache
def code_version(*packages: Path, libraries: tuple[str, ...] = DRAWING) -> str:
    """Name the sources below these folders, and the libraries they draw with, in 16 hex digits. Read once a process."""
    read = hashlib.sha256(json.dumps({name: version(name) for name in libraries}).encode())
    for package in packages:
        for source in sorted(package.rglob("*.py")):
            read.update(f"{package.name}/{source.relative_to(package)}\0".encode() + source.read_bytes())
    return read.hexdigest()[:16]
