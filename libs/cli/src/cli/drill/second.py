"""A second orchestrator beside the one that runs: the same program with the same environment on another port."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from embedded.child import Child
from embedded.environment import service_environment, site_of
from embedded.files import private_folder
from embedded.leftovers import OWNER_VARIABLE, owner_tag
from embedded.ready import answers_http
from embedded.settings import app_environment

from cli.drill.processes import Victim, held
from cli.drill.site import Site
from cli.places import REPOSITORY

_READY_SECONDS = 60.0


@asynccontextmanager
async def second_orchestrator(site: Site) -> AsyncIterator[Victim]:
    """One more orchestrator for the block, told what the first is told; ready when the block begins."""
    port = _free_port()
    environment = app_environment() | service_environment("orchestrator", site_of(site.data))
    # Under a name of its own: the supervisor ends what an earlier life of its own orchestrator has left behind.
    environment |= {"GREENLIGHT_PORT": str(port), OWNER_VARIABLE: owner_tag(site.data, "drill")}
    child = Child(
        "second-orchestrator",
        log=private_folder(site.data / "logs") / "second-orchestrator.log",
        death_signal=signal.SIGKILL,
        grace_seconds=10.0,
    )
    command = [sys.executable, "-P", "-m", "embedded.host", "--service", "orchestrator"]
    await child.spawn(command, environment=environment, folder=REPOSITORY)
    try:
        await child.until(lambda: answers_http(f"http://127.0.0.1:{port}/ready"), timeout_seconds=_READY_SECONDS)
        with held(child.pid or 0) as victim:
            try:
                yield victim
            finally:
                if victim.is_gone():
                    await child.wait()
    finally:
        await child.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
