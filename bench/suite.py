"""The suite's own numbers: cold start, idle memory, brief to published. `python bench/suite.py --help`.

Each round runs the commands a person would, in a data folder of its own, and reads what the system itself says.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
GREENLIGHT = str(ROOT / "greenlight")
BRIEF = "How tides work, in 20 seconds"


def run(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    """One `./greenlight` command with its data in `data`."""
    environment = os.environ | {"GREENLIGHT_DATA": str(data)}  # noqa: TID251 — a command gets ours, and its folder
    return subprocess.run([GREENLIGHT, *arguments], env=environment, capture_output=True, text=True, check=True)


def seconds(act: Callable[[], object]) -> float:
    """How long `act` took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def memory_mb(data: Path) -> float:
    """Proportional set size of the supervisor and everything below it, in MB."""
    supervisor = psutil.Process(json.loads((data / "stack.json").read_text())["supervisor_pid"])
    family = [supervisor, *supervisor.children(recursive=True)]
    return float(sum(process.memory_full_info().pss for process in family)) / 1e6


def one_round(data: Path) -> dict[str, float]:
    """Cold start, idle memory after 10 s, and a film on a running stack."""
    found: dict[str, float] = {}
    found["up, seconds"] = seconds(lambda: run("up", "--detach", "--port", "0", data=data))
    try:
        time.sleep(10)
        found["idle, MB (PSS)"] = memory_mb(data)
        found["film on a running stack, seconds"] = seconds(lambda: run("demo", BRIEF, "--yes", data=data))
    finally:
        run("down", data=data)
    found["demo from nothing running, seconds"] = seconds(lambda: run("demo", BRIEF, "--yes", data=data))
    return found


def main() -> None:
    """Print a table: median, least and most of each number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        run(
            "up", "--detach", "--port", "0", data=Path(folder)
        )  # The first start creates the database; it is not measured.
        run("down", data=Path(folder))
        results = [one_round(Path(folder)) for _ in range(rounds)]
    sys.stdout.write(f"{rounds} rounds, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}\n")
    for name in results[0]:
        values = sorted(result[name] for result in results)
        sys.stdout.write(f"{name}: {statistics.median(values):.1f} ({values[0]:.1f} to {values[-1]:.1f})\n")


if __name__ == "__main__":
    main()
