"""Running a benchmark of the repository: its program in a process of its own, its data below the data folder."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from cli.places import REPOSITORY, data_folder, shown
from cli.settings import Settings


def run_engine_bench(settings: Settings, options: Sequence[str], *, report: Path | None) -> int:
    """Run `bench/engine` with these options. → its exit code: 1 when a part of it failed."""
    told = [*options, *(["--report", shown(report.absolute())] if report else [])]
    command = [sys.executable, "-m", "bench.engine", "--data", str(data_folder(settings) / "bench"), *options]
    if report:
        command += ["--report", str(report.absolute())]
    command += ["--command", shlex.join(["./greenlight", "bench", "engine", *told])]
    # -m looks for `bench` in the current folder. A Ctrl-C reaches the program as it reaches us.
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode


def run_airlock_bench(settings: Settings, options: Sequence[str]) -> int:
    """Run `bench/airlock` with these options. → its exit code."""
    command = [sys.executable, "-m", "bench.airlock", "--data", str(data_folder(settings) / "bench"), *options]
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode
