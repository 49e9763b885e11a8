"""DBOS's turn, in the peers' environment: async workflows with async steps, called directly, so that none polls."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

import uvloop
from dbos import DBOS, DBOSConfig  # type: ignore[import-not-found,unused-ignore]

from bench.engine.plan import SEQUENCE, STEP_SECONDS, STEPS, TurnTaken, peer_arguments, print_turn, take_turn

_CONNECTIONS = 20


@DBOS.step()  # type: ignore[untyped-decorator,unused-ignore]
async def null(number: int) -> int:
    """A step that does nothing."""
    return number


@DBOS.step()  # type: ignore[untyped-decorator,unused-ignore]
async def wait(number: int) -> int:
    """A step that waits."""
    await asyncio.sleep(STEP_SECONDS)
    return number


@DBOS.workflow()  # type: ignore[untyped-decorator,unused-ignore]
async def durable_run() -> int:
    """The run that throughput is measured with."""
    return sum([await null(1) for _ in range(STEPS)])


@DBOS.workflow()  # type: ignore[untyped-decorator,unused-ignore]
async def sequence() -> int:
    """The run that is measured alone."""
    return sum([await wait(1) for _ in range(SEQUENCE)])


async def main() -> TurnTaken:
    """Take the turn that the command line names."""
    asked = peer_arguments()
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": asked.database,
        "sys_db_pool_size": _CONNECTIONS,
        "log_level": "WARNING",
    }
    DBOS(config=config)
    DBOS.launch()

    async def complete() -> None:
        if (done := await durable_run()) != STEPS:
            raise RuntimeError(f"a run ended after {done} of {STEPS} steps")

    try:
        return await take_turn(
            asked.turn,
            run=complete,
            sequence=sequence,
            configuration={
                "dbos": version("dbos"),
                "workflows": "async, called directly",
                "event loop": "uvloop",
                "connections": str(_CONNECTIONS),
            },
        )
    finally:
        DBOS.destroy()


if __name__ == "__main__":
    print_turn(uvloop.run(main()))
