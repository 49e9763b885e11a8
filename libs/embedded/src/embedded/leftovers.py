"""Which processes are really there: births that tell a reused pid, and children that outlived their parent."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_KILL_SECONDS = 5.0
OWNER_VARIABLE = "GREENLIGHT_OWNER"
"""Set for every app process and inherited by all it starts: `<data folder>:<name>`."""


def find_birth(pid: int) -> int | None:
    """When the process was started, in clock ticks since boot; None when there is no such process (or no /proc).

    Pid and birth together name one process for as long as the machine is up.
    """
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    # A zombie has ended; only its parent has not looked yet.
    return None if fields[0] in "ZX" else int(fields[19])


def is_running(pid: int, *, born: int | None) -> bool:
    """Whether that very process still runs. Without a birth (no /proc) any process of that pid counts."""
    if _PROC.joinpath("self", "stat").exists():
        birth = find_birth(pid)
        return birth is not None and born in (None, birth)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def list_at_work_in(folder: Path, *, program: str) -> list[int]:
    """Pids of the processes running `program` (a file name) whose current folder is `folder`."""
    return _matching(lambda process: _is_at_work(process, folder.resolve(), program))


def list_owned(data: Path, *, name: str | None = None) -> list[int]:
    """Pids of everything that the named app of this data folder (or any of its apps) started, however detached."""
    wanted = f"{OWNER_VARIABLE}={owner_tag(data, '' if name is None else name)}".encode()
    return _matching(lambda process: _carries(process, wanted, whole=name is not None))


def owner_tag(data: Path, name: str) -> str:
    """The value of `OWNER_VARIABLE` for one app of a data folder."""
    return f"{data.resolve()}:{name}"


async def end_all(pids: Iterable[int], *, patience_seconds: float = 0.0) -> None:
    """Wait for the processes to go; kill those that are still there after the patience."""
    births = {pid: birth for pid in pids if (birth := find_birth(pid)) is not None}
    stubborn = await _outlasting(births, timeout_seconds=patience_seconds)
    for pid in stubborn:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    await _outlasting(stubborn, timeout_seconds=_KILL_SECONDS)


async def _outlasting(births: Mapping[int, int], *, timeout_seconds: float) -> Mapping[int, int]:
    """Those that still run after the time, or none as soon as all are gone."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + timeout_seconds
    while births := {pid: birth for pid, birth in births.items() if is_running(pid, born=birth)}:
        if clock() >= deadline:
            break
        await asyncio.sleep(0.01)
    return births


def _matching(wanted: Callable[[Path], bool]) -> list[int]:
    if not _PROC.is_dir():
        return []
    own = os.getpid()
    return [
        pid for entry in _PROC.iterdir() if entry.name.isdigit() and (pid := int(entry.name)) != own and wanted(entry)
    ]


def _is_at_work(process: Path, folder: Path, program: str) -> bool:
    try:
        return (process / "cwd").readlink() == folder and (process / "exe").readlink().name == program
    except OSError:
        return False


def _carries(process: Path, wanted: bytes, *, whole: bool) -> bool:
    try:
        variables = (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return any(variable == wanted if whole else variable.startswith(wanted) for variable in variables)
