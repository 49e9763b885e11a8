"""Which processes a test has left behind."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path


def children(program: str) -> set[str]:
    """The names, as the kernel knows them, of our live child processes that run `program`."""
    names = set()
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            with suppress(FileNotFoundError):
                names.add((Path("/proc") / pid / "comm").read_text().strip())
    return {name for name in names if program in name}


def die_once(marker: str, answer: int) -> int:
    """The answer; but whoever comes first is killed, as by the kernel when memory runs out. For pools of processes."""
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return answer
    os.kill(os.getpid(), signal.SIGKILL)
    return -1
