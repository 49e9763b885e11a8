"""`python -m bench.engine.studio --data DIR`: orchestrator and worker in one process, as in the embedded layout.

Both are the real apps of `common.service.serve` on the servers of DIR: runner, inbox, leases, outbox, relay.
Only what the worker does is ours, and it does nothing. One line of JSON says where it listens; SIGTERM ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

import uvloop
from common.bus.runner import Act, serves
from common.bus.step import Step
from common.contracts.gates import BriefCheckInput, CheckBrief, CheckResult, Verdict, VerdictLevel
from common.contracts.ideation import Idea, IdeationInput, IdeationOutput, ProposeIdeas
from common.contracts.message import Capability
from common.db.table import metadata_for, runtime_tables
from common.observability.logging import configure_logging
from common.service.serve import Platform, Wiring, serve
from common.service.settings import ServiceSettings
from embedded.environment import site_of
from fastapi import FastAPI
from safety.shield import rules_only
from testkit.listening import listening
from testkit.stack import Stack

from bench.engine.plan import STEP_SECONDS, WORK_SECONDS
from bench.engine.workflows import WAIT, WORK, write_workflows

SLOTS = 100
"""How many steps its worker takes at once, unless it is told."""
_UNLIMITED = {"GREENLIGHT_RATE_LIMIT_PER_MINUTE": "100000000"}


async def check_brief(input: BriefCheckInput, step: Step) -> CheckResult:
    """Do nothing, or take as long as the brief says."""
    if seconds := {WAIT: STEP_SECONDS, WORK: WORK_SECONDS}.get(input.brief):
        await asyncio.sleep(seconds)
    return CheckResult(verdict=Verdict(level=VerdictLevel.ALLOWED, policy_version="none"))


async def propose_ideas(input: IdeationInput, step: Step) -> IdeationOutput:
    """Say when this order arrived: the title is the machine's monotonic clock, in nanoseconds."""
    idea = Idea(
        id="1",
        title=str(time.monotonic_ns()),
        hook=input.brief,
        angle="none",
        summary="none",
        points=("none",),
        why="none",
    )
    return IdeationOutput(ideas=(idea,))


def worker(stack: Stack, capability: Capability[Any, Any], act: Act, *, slots: int) -> FastAPI:
    """A service that serves one capability and nothing else."""
    service = capability.service
    metadata = metadata_for(service)
    runtime_tables(metadata)
    settings = ServiceSettings.from_environment(stack.environment(service) | _UNLIMITED)

    def wire(_settings: ServiceSettings, _platform: Platform) -> Wiring:
        return Wiring(service=service, serves=[serves(capability, act, slots=slots)])

    return serve(wire, settings, metadata=metadata, shield=rules_only())


def orchestrator(stack: Stack, workflows: Path) -> FastAPI:
    """The orchestrator with the measured workflows."""
    from orchestrator.main import app
    from orchestrator.settings import Settings

    own = {"GREENLIGHT_WORKFLOWS_DIR": str(workflows)}
    return app(Settings.from_environment(stack.environment("orchestrator") | _UNLIMITED | own))


def airlock(stack: Stack) -> FastAPI:
    """The real compliance, which opens gates and decides."""
    from compliance.main import app
    from compliance.settings import Settings

    return app(Settings.from_environment(stack.environment("compliance") | _UNLIMITED))


async def main(data: Path, *, with_airlock: bool, slots: int) -> None:
    """Serve until SIGTERM."""
    stack = Stack(site_of(data))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with contextlib.AsyncExitStack() as entered:
        if with_airlock:
            port = int(stack.site.services["compliance"].rpartition(":")[2])
            await entered.enter_async_context(listening(airlock(stack), port=port))
            await entered.enter_async_context(listening(worker(stack, ProposeIdeas, propose_ideas, slots=slots)))
        else:
            await entered.enter_async_context(listening(worker(stack, CheckBrief, check_brief, slots=slots)))
        engine = orchestrator(stack, write_workflows(data / "bench-workflows"))
        url = await entered.enter_async_context(listening(engine))
        sys.stdout.write(json.dumps({"url": url}) + "\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--airlock", action="store_true")
    parser.add_argument("--slots", type=int, default=SLOTS)
    given = parser.parse_args()
    configure_logging()
    uvloop.run(main(given.data, with_airlock=given.airlock, slots=given.slots))
