"""How long a changed policy takes to look at everything approved again: from activation to the last item.

    .venv/bin/python -m bench.airlock.reevaluation [--items 500] [--rounds 5] [--json FILE]

One replica on one machine, with the servers of a test stack: real PostgreSQL, fsync on, captions of each item read from
the store. In each round every tenth item names what the new pack forbids, and is opened again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from common.artifacts import Artifacts
from common.clock import utc_now
from common.compute import ComputePool
from common.contracts.gates import ContentType, GateInput
from common.contracts.values import Decision
from common.db.pool import Pool
from common.db.table import runtime_tables
from common.db.work import Work
from common.service.principal import Principal
from compliance import trail
from compliance.domain import ItemStatus, seal
from compliance.examiner import Examiner
from compliance.models import metadata
from compliance.opening import Holding, hold
from compliance.policies import Policies
from compliance.reevaluation import Reevaluation
from compliance.repository.items import Items
from compliance.signing import Signer
from sqlalchemy import text
from testkit.stack import running_stack

_PACK = """\
pack: house
version: 1.0.0
description: For measuring.
rules:
  - {id: house.word, severity: blocking, text: Found., remedy: Change it., phrases: [zeppelin]}
tests:
  - {text: a zeppelin, expect: [house.word]}
"""
_CAPTIONS = "WEBVTT\n\n" + "\n".join(
    f"00:{n:02}.000 --> 00:{n:02}.900\nThe moon pulls, the sea follows.\n" for n in range(30)
)


class Bench:
    """Items of one tenant a round, approved under the policy of before."""

    def __init__(self, work: Work, artifacts: Artifacts, compute: ComputePool) -> None:
        self._work, self._artifacts = work, artifacts
        self._policies = Policies(work, compute=compute, clock=utc_now)
        self._examiner = Examiner(self._policies, artifacts=artifacts, compute=compute, limit_bytes=1 << 20)
        self._loop = Reevaluation(
            work, policies=self._policies, examiner=self._examiner, clock=utc_now, every_seconds=1.0
        )

    async def fill(self, tenant: str, count: int) -> None:
        """So many approved posts."""
        for number in range(count):
            captions = await self._artifacts.put(tenant, f"{_CAPTIONS}\n{number}".encode(), media_type="text/vtt")
            content = {
                "title": f"How tides work, part {number}",
                "caption": "Over the bay flies a zeppelin." if number % 10 == 0 else "The moon pulls, the sea follows.",
                "hashtags": ["#tides", "#moon", "#AIgenerated"],
                "narration": ["Twice a day the sea comes in and goes out again."] * 8,
                "captions": captions.model_dump(mode="json"),
                "duration_ms": 30_000,
                "platforms": ["local_feed", "tiktok", "youtube"],
            }
            verdict = await self._examiner.examine(tenant, content)
            asked = GateInput(
                gate="publish", title="x", content=content, requested_by="author", content_type=ContentType.POST
            )
            sealed = seal(content, policy_version=verdict.policy_version)
            async with self._work.transaction(tenant) as tx:
                holding = Holding(uuid4(), uuid4(), asked, sealed, verdict)
                item = await hold(tx, holding, now=utc_now(), due_after_ms=3_600_000)
                if item is None:
                    raise RuntimeError("the item was there already")
                values = {"decided_at": utc_now(), "decided_by": "r", "decision": Decision.APPROVED.value}
                await Items(tx).move(
                    item.id, allowed=frozenset({ItemStatus.OPEN}), to=ItemStatus.APPROVED, values=values
                )

    async def seconds(self, tenant: str) -> tuple[float, float]:
        """From the order to activate until nothing is left: on the wall, and of this process's processor time."""
        officer = Principal(tenant, "officer", frozenset({"compliance_officer"}), "")
        await self._policies.keep(_PACK, pack="house", principal=officer, may_repeat=True)
        wall, cpu = time.perf_counter(), time.process_time()
        await self._policies.activate("house", number=None, principal=officer)
        while await self._loop.look():
            pass
        return time.perf_counter() - wall, time.process_time() - cpu

    async def count(self, tenant: str) -> dict[str, int]:
        """How many items stand where."""
        async with self._work.transaction(tenant) as tx:
            rows = await tx.session.execute(
                text("select status, count(*) from compliance.airlock_items where tenant_id = :tenant group by 1"),
                {"tenant": tenant},
            )
            return {row[0]: row[1] for row in rows}


async def measure(url: str, artifacts: Artifacts, *, items: int, rounds: int) -> dict[str, Any]:
    """Everything, as numbers."""
    signer = Signer(bytes(range(32)))
    trail.seal_with(signer, keys={signer.kid: signer.public_key})
    pool = Pool(url, service="compliance", size=4)
    work = Work(pool, service="compliance", tables=runtime_tables(metadata))
    compute = ComputePool(1)
    bench = Bench(work, artifacts, compute)
    await bench.fill("warm", 10)
    await bench.seconds("warm")
    took = []
    for number in range(rounds):
        tenant = f"round-{number}"
        await bench.fill(tenant, items)
        took.append(await bench.seconds(tenant))
        stand = await bench.count(tenant)
        if stand.get("open", 0) != -(-items // 10) or sum(stand.values()) != items:
            raise RuntimeError(f"not everything was looked at: {stand}")
    compute.close()
    await work.close()
    walls = sorted(wall for wall, _ in took)
    return {
        "items": items,
        "rounds": rounds,
        "reopened_a_round": -(-items // 10),
        "seconds": {
            "median": round(statistics.median(walls), 2),
            "least": round(walls[0], 2),
            "most": round(walls[-1], 2),
        },
        "processor_seconds": round(statistics.median(cpu for _, cpu in took), 2),
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="greenlight-bench-") as folder, running_stack(Path(folder)) as stack:
        url = stack.environment("compliance")["GREENLIGHT_DATABASE_URL"]
        artifacts = Artifacts((Path(folder) / "artifacts").as_uri())
        shown = asyncio.run(measure(url, artifacts, items=options.items, rounds=options.rounds))
    sys.stdout.write(json.dumps(shown, indent=2) + "\n")
    if options.json:
        options.json.write_text(json.dumps(shown, indent=2) + "\n")


if __name__ == "__main__":
    main()
