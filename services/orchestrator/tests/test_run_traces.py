"""All orders of a run go out in one trace, whose id is the run's."""

from __future__ import annotations

import pytest
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import VendorUnavailable
from common.observability.tracing import current_traceparent
from testkit.engine import Engine, think
from testkit.workshop import Rows


@pytest.mark.feature("P40")
async def test_every_order_of_a_run_is_in_the_trace_of_the_run(engine: Engine, rows: Rows) -> None:
    seen: list[tuple[str, str]] = []

    async def act(input: IdeationInput, step: Step) -> IdeationOutput:
        if step.tenant == engine.tenant:
            seen.append((step.run_id.hex, (current_traceparent() or "").split("-")[1]))
        if step.attempt == 1:
            raise VendorUnavailable("It is busy.")
        return await think(input, step)

    async with engine.on_duty(act):
        runs = [await engine.start(), await engine.start()]
        for run in runs:
            await engine.shows(run, "completed")
    assert sorted(seen) == sorted([(run.hex, run.hex) for run in runs] * 2)
    sent = rows(
        "select run_id, headers ->> 'traceparent' from orchestrator.outbox"
        " where tenant_id = %s and subject like 'cmd.%%' and subject not like '%%audit%%'",
        engine.tenant,
    )
    assert len(sent) == 4
    assert {(run, traceparent.split("-")[1]) for run, traceparent in sent} == {(run, run.hex) for run in runs}
