"""What was measured on, and how busy it was."""

from __future__ import annotations

import os
import platform
import resource
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg
from testkit.stack import Stack

_DURABLE = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers")


@dataclass(frozen=True)
class Machine:
    """The machine and what ran on it."""

    cores: int
    processor: str
    memory_gb: float
    system: str
    python: str
    greenlight: str
    postgres: dict[str, str]


def describe(stack: Stack) -> Machine:
    """This machine, and the settings of the PostgreSQL that all engines share."""
    with psycopg.connect(stack.superuser_url) as connection:
        rows = connection.execute(
            "select name, current_setting(name) from pg_settings where name = any(%s)", [list(_DURABLE)]
        )
        postgres = {name: str(value) for name, value in rows}
    return Machine(
        cores=os.cpu_count() or 1,
        processor=_processor(),
        memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        greenlight=version("greenlight-orchestrator"),
        postgres=postgres,
    )


def load_average() -> float:
    """How many processes wanted a core, over the last minute."""
    return round(os.getloadavg()[0], 2)


def allow_many_files() -> None:
    """Hundreds of sockets in one process need more than the usual limit on open files."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    resident: int = psutil.Process(pid).memory_info().rss
    return round(resident / 1e6, 1)


def processor_seconds(pid: int) -> float:
    """What a process has computed since it began, all its threads together."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
