"""Running a benchmark of the repository: its program in a process of its own, its data below the data folder."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from cli.places import REPOSITORY, data_folder, shown
from cli.settings import Settings


def run_bench(settings: Settings, name: str, options: Sequence[str]) -> int:
    """Run the bench of this name with these options. → its exit code: not 0 when a part of it failed."""
    command = [sys.executable, "-m", f"bench.{name}", "--data", str(data_folder(settings) / "bench"), *options]
    # -m looks for `bench` in the current folder. A Ctrl-C reaches the program as it reaches us.
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode


def run_reported_bench(settings: Settings, name: str, options: Sequence[str], *, report: Path | None) -> int:
    """The same for a bench that writes a report, which says by what command it was made."""
    told = [*options, *(["--report", shown(report.absolute())] if report else [])]
    written = ["--report", str(report.absolute())] if report else []
    return run_bench(
        settings, name, [*options, *written, "--command", shlex.join(["./greenlight", "bench", name, *told])]
    )
