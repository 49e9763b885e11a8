"""Which processes a test has left behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def children(program: str) -> set[str]:
    """The names, as the kernel knows them, of our live child processes that run `program`."""
    pids = (pid for task in Path("/proc/self/task").iterdir() for pid in _read(task / "children").split())
    names = {_read(Path("/proc") / pid / "comm").strip() for pid in pids}
    return {name for name in names if program in name}


def _read(path: Path) -> str:
    """What the kernel says there; nothing of a thread or a process that has ended meanwhile."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def die_once(marker: str, answer: int) -> int:
    """The answer; but whoever comes first is killed, as by the kernel when memory runs out. For pools of processes."""
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return answer
    os.kill(os.getpid(), signal.SIGKILL)
    return -1
