"""`python -m bench.airlock`, which `./greenlight bench airlock` runs: create, list, decide, on servers of its own.

*Paced* is what a request takes when 200 are begun in a second; *crowded* how many there can be, when every client asks
again at once.
"""

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
_UNITS = {
    "paced_p95_ms": "ms",
    "crowded_p95_ms": "ms",
    "requests_per_second": "requests/s",
    "processor_ms": "ms of a core a request in the service, crowded",
}


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
            size = {"clients": clients, "visits": visits}
            paced = [await measure_round(door, **size, per_second=PER_SECOND) for _ in range(rounds)]
            crowded = [await measure_round(door, **size) for _ in range(rounds)]
    return found | {
        "load_after": load_average(),
        "paced_rounds": [asdict(one) for one in paced],
        "crowded_rounds": [asdict(one) for one in crowded],
        "paced_p95_ms": _spread([one.all_ms.p95 for one in paced]) | {"target": P95_MS},
        "crowded_p95_ms": _spread([one.all_ms.p95 for one in crowded]),
        "requests_per_second": _spread([one.requests_per_second for one in crowded]) | {"target": PER_SECOND},
        "processor_ms": _spread([one.processor_ms for one in crowded]),
    }


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


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
    for kind in ("paced", "crowded"):
        for number, one in enumerate(found[f"{kind}_rounds"], 1):
            parts = ", ".join(f"{name} {one[f'{name}_ms']['p95']} ms" for name in ("create", "list", "decide", "all"))
            lines.append(f"{kind} {number}: {one['requests_per_second']} requests/s; p95 {parts}")
    for name, unit in _UNITS.items():
        said = found[name]
        target = f"; target {said['target']}" if "target" in said else ""
        lines.append(f"{name}: median {said['median']} {unit} ({said['least']} to {said['most']}){target}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
