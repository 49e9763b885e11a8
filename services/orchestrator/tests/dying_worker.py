"""A worker that a tenant's job kills each time: `python dying_worker.py DATA_FOLDER TENANT`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from common.artifacts import Artifacts
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput, ProposeIdeas
from common.errors import VendorUnavailable
from embedded.environment import site_of
from testkit.stack import Stack
from testkit.workshop import working


async def main(data: Path, tenant: str) -> None:
    """Work until the tenant's job comes, and end as an out-of-memory kill does."""

    async def die(_input: IdeationInput, step: Step) -> IdeationOutput:
        if step.tenant == tenant:
            os._exit(137)
        raise VendorUnavailable("This worker is for another test.")

    store = Artifacts((data / "artifacts").as_uri())
    async with working(Stack(site_of(data)), die, artifacts=store, capability=ProposeIdeas):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
