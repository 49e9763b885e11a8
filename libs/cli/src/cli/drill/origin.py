"""Where numbers come from: the commit and the machine, without names or addresses of either."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path

from cli.places import REPOSITORY

_MODEL = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)
_MEMORY = re.compile(r"^MemTotal:\s+(\d+) kB$", re.MULTILINE)


def commit() -> str:
    """The commit that is checked out, marked when files differ from it; `unknown` outside of a clone."""
    head = _git("rev-parse", "--short=12", "HEAD")
    if not head:
        return "unknown"
    return f"{head}+changes" if _git("status", "--porcelain", "--untracked-files=no") else head


def machine() -> str:
    """Cores, processor, memory, kernel and Python, in a line."""
    memory = _found(_MEMORY, Path("/proc/meminfo"))
    parts = [
        f"{os.cpu_count()} cores",
        _found(_MODEL, Path("/proc/cpuinfo")) or platform.machine(),
        f"{int(memory) / (1 << 20):.0f} GiB" if memory else "",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
    ]
    return ", ".join(part for part in parts if part)


def _found(pattern: re.Pattern[str], path: Path) -> str | None:
    try:
        match = pattern.search(path.read_text(encoding="utf-8"))
    except OSError:
        return None
    return match[1].strip() if match else None


def _git(*arguments: str) -> str:
    try:
        said = subprocess.run(
            ["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip()
