"""How long the scanners take for a film, and how that compares with rendering it.

    .venv/bin/python -m bench.airlock.scan FILM.mp4 [--rounds 5] [--json FILE]

Each round runs the three scanners of a film in their own processes, side by side, as the airlock does; nothing else
runs in this process. Seconds on the wall, and of the processor for all of a round's processes; medians with spread.
Without a film one of 30 seconds is made first, and what its clips and its render took is printed beside.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from compliance.scanners.facts import PictureFacts, Scanner, SoundFacts
from compliance.scanners.judging import judge_picture, judge_sound
from compliance.scanners.running import Runner
from media.probe import probe

LOOKING = (Scanner.PICTURE, Scanner.SOUND, Scanner.TAGS)
"""What every film goes through; who looks for a logo needs one."""


async def scan(path: Path, runner: Runner) -> dict[str, float]:
    """Seconds of each scanner and of all side by side, and the findings there were."""
    seconds: dict[str, float] = {}
    found = 0

    async def one(scanner: Scanner) -> None:
        nonlocal found
        began = time.perf_counter()
        facts = await runner.scan(scanner, path)
        seconds[scanner.value] = time.perf_counter() - began
        if isinstance(facts, PictureFacts):
            found += len(judge_picture(facts, where="/video"))
        if isinstance(facts, SoundFacts):
            found += len(judge_sound(facts, where="/video"))

    began, before = time.perf_counter(), _children_cpu()
    await asyncio.gather(*(one(scanner) for scanner in LOOKING))
    seconds["all"] = time.perf_counter() - began
    seconds["processor"] = _children_cpu() - before
    seconds["findings"] = float(found)
    return seconds


def make(folder: Path, *, seconds: int) -> tuple[Path, dict[str, float]]:
    """A film of ours, and how long its parts took."""
    brief = f"How tides work, {seconds} seconds"
    film = Path(__file__).parents[1] / "film.py"
    command = [sys.executable, str(film), brief, "--to", str(folder), "--seconds", str(seconds)]
    subprocess.run(command, check=True, capture_output=True)
    took = json.loads((folder / "facts.json").read_text(encoding="utf-8"))["seconds"]
    return folder / "film.mp4", {part: took[part] for part in ("clips", "render")}


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _main(asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="greenlight-scan-") as scratch:
        film, made = (asked.film, {}) if asked.film else make(Path(scratch), seconds=30)
        info = probe(film)
        runner = Runner(timeout_seconds=600, niceness=0)
        rounds = [await scan(film, runner) for _ in range(asked.rounds)]
    said: dict[str, object] = {
        "film": f"{info.duration_ms / 1000:g} s, {info.width}x{info.height}@{info.fps:g}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "rounds": asked.rounds,
        "made in": made,
        "findings": max(one["findings"] for one in rounds),
    }
    for name in ("picture", "sound", "tags", "all", "processor"):
        values = [one[name] for one in rounds]
        said[f"{name} seconds"] = f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"
    for name, value in said.items():
        sys.stdout.write(f"{name:>18}  {value}\n")
    if asked.json:
        asked.json.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("film", type=Path, nargs="?", help="a film (default: one of 30 seconds is made)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="where to write the numbers as JSON")
    asyncio.run(_main(parser.parse_args()))


if __name__ == "__main__":
    main()
