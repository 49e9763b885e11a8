"""One turn of one engine, measured from the start of its process to its end."""

from __future__ import annotations

import resource
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psutil

_EVERY_S = 0.2
_TURN_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a turn took: seconds on the clock, of all processors, and the most memory of its whole family."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def take_turn(command: Sequence[str], *, cwd: Path) -> Turn:
    """Run a command and measure it with everything it starts. Raises `RuntimeError` with what it said last."""
    before, began = _children_cpu(), perf_counter()
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        watch = _Watch(process.pid)
        watch.start()
        try:
            _, said = process.communicate(timeout=_TURN_SECONDS)
        except BaseException:
            process.kill()
            raise
        finally:
            watch.done.set()
            watch.join()
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said[-2000:].strip()}")
    return Turn(seconds=perf_counter() - began, cpu_seconds=_children_cpu() - before, peak_mb=watch.peak / 1e6)


class _Watch(threading.Thread):
    """Looks at a family of processes five times a second and remembers the most memory it had at once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.peak = 0
        self._pid = pid

    def run(self) -> None:
        while not self.done.wait(_EVERY_S):
            with suppress(psutil.Error):
                root = psutil.Process(self._pid)
                self.peak = max(self.peak, sum(map(_pss, [root, *root.children(recursive=True)])))


def _pss(process: psutil.Process) -> int:
    """Memory with what is shared counted once; none for a process that has just ended."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
