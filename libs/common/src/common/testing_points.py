"""Named places where a test may stop, fail or kill the process. In production a name that nobody armed does nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

_armed: dict[str, Callable[[], None]] = {}


def reached(name: str) -> None:
    """Tell that execution got to `name`; runs what a test armed there."""
    if action := _armed.get(name):
        action()


def arm(name: str, action: Callable[[], None]) -> None:
    """Run `action` each time `name` is reached."""
    _armed[name] = action


def disarm(name: str) -> None:
    """Forget what was armed at `name`."""
    _armed.pop(name, None)


def arm_from_setting(points: str, *, markers: Path) -> None:
    """Arm `name` or `name:n` (the n-th time) to kill this process with SIGKILL; several are parted by commas.

    Each kills once: a marker in the folder `markers` tells the process that comes after.
    """
    for point in filter(None, points.split(",")):
        name, _, nth = point.partition(":")
        marker = markers / f"killed-at-{name}"
        if not marker.exists():
            arm(name, _kill_on(int(nth or 1), marker))


def _kill_on(nth: int, marker: Path) -> Callable[[], None]:
    passed = 0

    def count_and_kill() -> None:
        nonlocal passed
        passed += 1
        if passed == nth:
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    return count_and_kill
