"""`python -m bench.engine`, which `./greenlight bench engine` runs: measure, then say it as text, JSON or a report."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import uvloop

from bench.engine.conduct import FULL_SIZE, PARTS, QUICK_SIZE, conduct
from bench.engine.report import write_report


def main(arguments: list[str]) -> int:
    """Measure what the command line asks for. → 1 when a part failed, else 0."""
    parser = argparse.ArgumentParser(prog="bench.engine", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="where servers and the peers' environment are kept")
    parser.add_argument("--quick", action="store_true", help="one round and small sizes")
    parser.add_argument("--rounds", type=int, help="alternating rounds (5; with --quick 1)")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part; may be given again")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON document")
    parser.add_argument("--report", type=Path, help="write a Markdown report here and the raw numbers beside it")
    parser.add_argument("--command", default=f"python -m bench.engine {shlex.join(arguments)}", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    size = QUICK_SIZE if given.quick else FULL_SIZE
    if given.rounds:
        size = replace(size, rounds=given.rounds)
    parts = given.only or PARTS
    given.data.mkdir(parents=True, exist_ok=True)
    found = uvloop.run(conduct(given.data.absolute(), size=size, parts=parts, command=given.command, tell=_tell))
    raw = given.report.with_suffix(".json") if given.report else None
    page = write_report(found, raw=raw.name if raw else None)
    if raw:
        given.report.write_text(page, encoding="utf-8")
        raw.write_text(json.dumps(found) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(found) + "\n" if given.json else page)
    return 1 if found["failed"] else 0


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
