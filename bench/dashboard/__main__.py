"""`python -m bench.dashboard`, which `./greenlight bench dashboard` runs: the dashboard in a real Chromium.

Weight, largest paint and interactions with 10,000 runs stored; commit to picture with 200 sockets at 500 entries of
history a second, which follow a run each, and then hear everything; a list of 100,000 runs scrolled by the wheel. On a
whole stack as it ships; prints Markdown.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import uvloop

from bench.dashboard.conduct import FULL_SIZE, QUICK_SIZE, Part, conduct
from bench.engine.machine import allow_many_files


def main(arguments: list[str]) -> int:
    """Measure what the command line asks for, and say it."""
    parser = argparse.ArgumentParser(prog="bench.dashboard", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="where the stack is kept meanwhile")
    parser.add_argument("--quick", action="store_true", help="one round, 1,000 and 3,000 runs, 5 seconds")
    parser.add_argument("--rounds", type=int, help="5; with --quick 1")
    parser.add_argument("--only", type=Part, choices=Part, action="append", help="only this part; may be given again")
    given = parser.parse_args(arguments)
    size = QUICK_SIZE if given.quick else FULL_SIZE
    if given.rounds:
        size = replace(size, rounds=given.rounds)
    given.data.mkdir(parents=True, exist_ok=True)
    allow_many_files()
    with tempfile.TemporaryDirectory(prefix="stack-", dir=given.data.absolute()) as folder:
        sys.stdout.write(uvloop.run(conduct(Path(folder), size=size, parts=given.only or list(Part))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
