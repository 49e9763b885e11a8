"""`python -m bench.airlock.serving --data DIR`: compliance as it ships, on the servers of DIR, until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

import uvloop
from common.observability.logging import configure_logging
from compliance.main import app
from compliance.settings import Settings
from embedded.environment import site_of
from testkit.listening import listening
from testkit.stack import Stack

_UNLIMITED = {"GREENLIGHT_RATE_LIMIT_PER_MINUTE": "100000000"}


async def main(data: Path) -> None:
    """Serve until SIGTERM; one line says where."""
    stack = Stack(site_of(data))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings.from_environment(stack.environment("compliance") | _UNLIMITED)
    async with listening(app(settings)) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    configure_logging()
    uvloop.run(main(parser.parse_args().data))
