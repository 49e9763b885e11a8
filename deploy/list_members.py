"""The wheels of ours that services need: `python list_members.py /wheels ideation editor`. Standard library only."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

OURS = "greenlight-"


def list_members(wheels: Path, services: list[str]) -> list[Path]:
    """The services' wheels and those below them, each once. Raises `KeyError` for a name that has no wheel."""
    known = dict(_named(wheels))
    waiting = [f"{OURS}{service}" for service in services]
    for name in waiting:
        waiting += [below for below in _needs(known[name]) if below not in waiting]
    return sorted(known[name] for name in set(waiting))


def _named(wheels: Path) -> Iterator[tuple[str, Path]]:
    for wheel in wheels.glob("*.whl"):
        yield wheel.name.split("-", 1)[0].replace("_", "-"), wheel


def _needs(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()
    return re.findall(rf"^Requires-Dist: ({OURS}[a-z-]+)$", text, re.MULTILINE)


if __name__ == "__main__":
    sys.stdout.writelines(f"{wheel}\n" for wheel in list_members(Path(sys.argv[1]), sys.argv[2:]))
