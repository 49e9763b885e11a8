"""A worker that pays a vendor, and dies where it is told: `python paying_worker.py FOLDER DATA TENANT POINT GATE`.

In FOLDER are the vendor's `ledger` and the markers of points at which one has died. It works while the file GATE is
there.
"""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

from common import testing_points
from common.artifacts import Artifacts
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput, ProposeIdeas
from embedded.environment import site_of
from testkit.engine import announce, think
from testkit.listening import eventually
from testkit.money import ESTIMATE, Spender
from testkit.stack import Stack
from testkit.workshop import working

SLOTS = 8


async def main(folder: Path, data: Path, tenant: str, point: str, gate: Path) -> None:
    """Work until it is killed."""
    chance = random.Random(point)
    prices = [chance.randrange(ESTIMATE // 10, ESTIMATE + 1, 1000) for _ in range(97)]
    spender = Spender(*prices, ledger=folder / "ledger")

    async def act(input: IdeationInput, step: Step) -> IdeationOutput:
        # Other tests may have left something in the queue.
        if step.tenant != tenant:
            return await think(input, step)
        await eventually(gate.exists, seconds=60)
        return await spender(input, step)

    testing_points.arm_from_setting(point, markers=folder)
    store = Artifacts((data / "artifacts").as_uri())
    async with working(Stack(site_of(data)), act, artifacts=store, capability=ProposeIdeas, slots=SLOTS) as worker:
        await announce(worker, ProposeIdeas, slots=SLOTS)


if __name__ == "__main__":
    folder, data, tenant, point, gate = sys.argv[1:]
    asyncio.run(main(Path(folder), Path(data), tenant, point, Path(gate)))
