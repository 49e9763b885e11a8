"""How long a whole film waits at its gate: `python -m bench.airlock.gate [--films 3] [--puts 5] [--json FILE]`.

A whole studio is started, full size, and makes films of 30 seconds by real runs; what the rows of its services say is
printed: how long rendering took, how long after the film's bytes were final its render was over and its scanners were
done, and what the gate waited after the render. The first film also starts the process that scans are forked from.
Then the last film is put as content of its own, each time with other bytes, so that nothing is known of it: how long it
takes from the request to the answer that has the verdict.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio
import httpx
import psycopg
from common.artifacts import Artifacts
from common.contracts.values import PLATFORM_TENANT, ArtifactRef
from testkit.stack import Stack
from testkit.studio import Studio, running_studio

BRIEFS = ("How tides work", "Why bees dance", "How bread rises", "Why the sky is blue", "How interest compounds")
SECONDS = 30
TARGET_SECONDS = 5.0
FULL = {"GREENLIGHT_RENDER_SCALE": "1.0"}
_INSTANTS = """
    select
      (select created_at from editor.outbox where run_id = %(run)s and subject like '%%assemble_timeline_finished%%'),
      (select min(created_at) from editor.outbox where run_id = %(run)s and subject like '%%film_joined%%'),
      (select created_at from editor.outbox where run_id = %(run)s and subject like '%%render_cut_finished%%'),
      (select opened_at from compliance.airlock_items where run_id = %(run)s and gate = 'publish')
"""
_SCANS = """
    select s.scanner, s.took_ms, s.scanned_at from compliance.media_scans s, compliance.airlock_items i
    where i.run_id = %s and i.gate = 'publish' and s.sha256 = i.content #>> '{video,sha256}'
"""


@dataclass(frozen=True)
class Waited:
    """Seconds of one run's film. `gate` is from the end of its render to its gate."""

    rendered: float
    render_over: float
    scans_over: float
    gate: float
    scanners: dict[str, float]


def film(studio: Studio, brief: str) -> tuple[str, Waited]:
    """Make a film up to its publish gate. → its run, and what was waited for."""
    run = studio.start(f"{brief}, {SECONDS} seconds", seconds=SECONDS)
    studio.wait(run, "awaiting_ideation_approval")
    studio.approve(run)
    studio.wait(run, "awaiting_publish_approval", seconds=600)
    with psycopg.connect(Stack(studio.site).superuser_url) as connection:
        instants = connection.execute(_INSTANTS.encode(), {"run": run}).fetchone()
        scans = connection.execute(_SCANS.encode(), (run,)).fetchall()
    if instants is None or None in instants:
        raise RuntimeError(f"run {run} has no whole history")
    began, joined, over, opened = instants
    return run, Waited(
        rendered=(joined - began).total_seconds(),
        render_over=(over - joined).total_seconds(),
        scans_over=max((at - joined).total_seconds() for _, _, at in scans),
        gate=(opened - over).total_seconds(),
        scanners={name: took / 1000 for name, took, _ in sorted(scans)},
    )


def put(studio: Studio, content: dict[str, Any]) -> float:
    """Put content whose film nobody has seen. → seconds until its verdict is there."""
    site, tenant = studio.site, PLATFORM_TENANT
    key = Stack(site).environment("publisher")["GREENLIGHT_SERVICE_KEY"]
    with httpx.Client(base_url=site.services["identity"], trust_env=False) as identity:
        answer = identity.post("/v1/tokens", headers={"x-api-key": key}, json={"tenant": tenant})
        token = answer.raise_for_status().json()["access_token"]
    video = anyio.run(_other_bytes, studio, tenant, ArtifactRef.model_validate(content["video"]))
    asked = {
        "key": uuid4().hex,
        "gate": "publish",
        "title": "Bench",
        "content": content | {"video": video.model_dump()},
        "requested_by": "somebody",
    }
    with httpx.Client(base_url=site.services["compliance"], trust_env=False, timeout=120) as compliance:
        began = time.perf_counter()
        held = compliance.post("/v1/airlock/items", headers={"Authorization": f"Bearer {token}"}, json=asked)
        took = time.perf_counter() - began
    item = held.raise_for_status().json()["id"]
    said = studio.reviewer.get(f"/v1/airlock/items/{item}").raise_for_status().text
    if "check_failed" in said:
        raise RuntimeError(f"nobody looked: {said}")
    return took


async def _other_bytes(studio: Studio, tenant: str, ref: ArtifactRef) -> ArtifactRef:
    """The same film with a box behind its end that players skip."""
    store = Artifacts(Stack(studio.site).environment("compliance")["GREENLIGHT_ARTIFACTS_URL"])
    box = (24).to_bytes(4, "big") + b"free" + uuid4().bytes
    return await store.put(tenant, await store.get(tenant, ref) + box, media_type=ref.media_type)


def conduct(data: Path, *, films: int, puts: int, environment: dict[str, str]) -> dict[str, Any]:
    """Everything measured, as JSON."""
    with running_studio(data, environment=FULL | environment) as studio:
        load = os.getloadavg()[0]
        made = [film(studio, brief) for brief in BRIEFS[: films + 1]]
        last = studio.creator.get("/v1/airlock/items", params={"run_id": made[-1][0], "gate": "publish"})
        item = last.raise_for_status().json()["items"][0]["id"]
        content = studio.reviewer.get(f"/v1/airlock/items/{item}").raise_for_status().json()["content"]
        answers = [put(studio, content) for _ in range(puts)]
    return {
        "cores": os.cpu_count(),
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "films": [asdict(waited) for _, waited in made],
        "put_seconds": [round(took, 2) for took in answers],
        "put_median": round(statistics.median(answers), 2),
        "target": TARGET_SECONDS,
    }


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--films", type=int, default=3, help="after the first (3; at most 4)")
    parser.add_argument("--puts", type=int, default=5)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the studio")
    parser.add_argument("--json", type=Path, help="where to write the numbers as JSON")
    asked = parser.parse_args()
    environment = dict(one.split("=", 1) for one in asked.set)
    with tempfile.TemporaryDirectory(prefix="greenlight-gate-") as scratch:
        said = conduct(Path(scratch), films=asked.films, puts=asked.puts, environment=environment)
    sys.stdout.write(json.dumps(said, indent=1) + "\n")
    if asked.json:
        asked.json.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
