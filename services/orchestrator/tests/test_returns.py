"""What a part of ours did not answer is tried again as soon as that part is heard again."""

from __future__ import annotations

from functools import partial

from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import Unavailable
from testkit.engine import Engine, think
from testkit.listening import eventually
from testkit.workshop import Rows


async def test_who_waits_for_a_part_that_was_away_goes_on_when_somebody_comes(engine: Engine, rows: Rows) -> None:
    away = True

    async def ask(input: IdeationInput, step: Step) -> IdeationOutput:
        if away:
            raise Unavailable("Compliance does not answer.")
        return await think(input, step)

    async with engine.on_duty(ask):
        runs = [await engine.start() for _ in range(3)]
        for run_id in runs:
            # More often than the step may fail.
            await eventually(partial(is_tried_for_the, 5, run_id, rows), seconds=20)
        # Somebody who was there all the time says nothing new; an hour's absence would make them wait this long.
        await eventually(lambda: put_off(engine, rows, steps=len(runs)), seconds=20)
        away = False
        async with engine.on_duty():
            for run_id in runs:
                run = await engine.shows(run_id, "completed")
                assert not run["degraded"]
    assert "agent.failed" not in await engine.history(runs[0])


def is_tried_for_the(times: int, run_id: object, rows: Rows) -> bool:
    """Whether the run's step has so many attempts behind it."""
    query = "select count(*) >= %s from orchestrator.run_events where run_id = %s and type = 'agent.retrying'"
    return bool(rows(query, times, run_id)[0][0])


def put_off(engine: Engine, rows: Rows, *, steps: int) -> bool:
    """Make all pauses a minute long. → whether so many steps are in one at this moment.

    It passes by what the timekeeper holds: that runs on the loop which waits here.
    """
    query = (
        "update orchestrator.timers set due_at = now() + interval '60 s' where ctid in (select ctid from"
        " orchestrator.timers where tenant_id = %s and happening ->> 'purpose' = 'return' for update skip locked)"
        " returning id"
    )
    return len(rows(query, engine.tenant)) == steps
