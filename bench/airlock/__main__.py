"""`python -m bench.airlock`, which `./greenlight bench airlock` runs: create, list, decide, on servers of its own."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvloop
from testkit.stack import running_stack

from bench.airlock.visits import measure_round, open_door
from bench.engine.machine import describe, load_average

P95_MS, PER_SECOND = 37.0, 200.0


async def conduct(data: Path, *, items: int, clients: int, visits: int, rounds: int) -> dict[str, Any]:
    """What was found, as JSON: every round, and the medians over them."""
    with tempfile.TemporaryDirectory(prefix="stack-", dir=data) as folder, running_stack(Path(folder)) as stack:
        found: dict[str, Any] = {
            "machine": asdict(describe(stack)),
            "size": {"items": items, "clients": clients, "visits": visits, "rounds": rounds},
            "load_before": load_average(),
        }
        async with open_door(stack, items=items) as door:
            await measure_round(door, clients=clients, visits=2)
            measured = [await measure_round(door, clients=clients, visits=visits) for _ in range(rounds)]
    p95 = [one.all_ms.p95 for one in measured]
    per_second = [one.requests_per_second for one in measured]
    return found | {
        "load_after": load_average(),
        "rounds": [asdict(one) for one in measured],
        "p95_ms": {"median": statistics.median(p95), "least": min(p95), "most": max(p95), "target": P95_MS},
        "requests_per_second": {
            "median": statistics.median(per_second),
            "least": min(per_second),
            "most": max(per_second),
            "target": PER_SECOND,
        },
    }


def main(arguments: list[str]) -> int:
    """Measure what the command line asks for, and say it."""
    parser = argparse.ArgumentParser(prog="bench.airlock", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="where servers are kept meanwhile")
    parser.add_argument("--quick", action="store_true", help="one round with 1,000 items")
    parser.add_argument("--items", type=int, help="open items there already (10,000; with --quick 1,000)")
    parser.add_argument("--clients", type=int, default=20, help="at once (20)")
    parser.add_argument("--rounds", type=int, help="5; with --quick 1")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON document")
    given = parser.parse_args(arguments)
    given.data.mkdir(parents=True, exist_ok=True)
    found = uvloop.run(
        conduct(
            given.data.absolute(),
            items=given.items or (1_000 if given.quick else 10_000),
            clients=given.clients,
            visits=5 if given.quick else 30,
            rounds=given.rounds or (1 if given.quick else 5),
        )
    )
    sys.stdout.write(json.dumps(found) + "\n" if given.json else _text(found))
    return 0


def _text(found: dict[str, Any]) -> str:
    size, lines = found["size"], []
    lines.append(f"{size['clients']} clients, {size['items']:,} items there, load {found['load_before']}")
    for number, one in enumerate(found["rounds"], 1):
        parts = ", ".join(f"{name} {one[f'{name}_ms']['p95']} ms" for name in ("create", "list", "decide", "all"))
        lines.append(f"round {number}: {one['requests_per_second']} requests/s; p95 {parts}")
    for name, unit in (("p95_ms", "ms"), ("requests_per_second", "requests/s")):
        said = found[name]
        lines.append(
            f"{name}: median {said['median']} {unit} ({said['least']} to {said['most']}); target {said['target']}"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
