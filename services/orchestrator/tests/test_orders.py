"""What each attempt of a step was given, word for word, for as long as orders are kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from uuid import uuid4

import psycopg
import pytest
from common.bus.step import Step
from common.contracts.erasing import ERASED
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import VendorUnavailable
from pydantic import ValidationError
from testkit.engine import Engine, think
from testkit.stack import Stack

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
SECRET = "gl-" + "k" * 24


async def test_each_attempt_shows_what_it_was_given(engine: Engine, stack: Stack) -> None:
    async def act(input: IdeationInput, step: Step) -> IdeationOutput:
        if step.attempt == 1:
            raise VendorUnavailable("It is busy.")
        return await think(input, step)

    async with engine.on_duty(act):
        run_id = await engine.start(brief=f"Why bees dance {SECRET}")
        await engine.shows(run_id, "completed")
    path = f"/v1/runs/{run_id}/orders"
    first, second = (await engine.get(f"{path}?step=think")).json()
    assert (first["attempt"], second["attempt"], first["step_id"]) == (1, 2, second["step_id"])
    assert (first["capability"], first["place"], first["agent"]) == ("ideation.propose_ideas", None, None)
    assert first["input"] == second["input"] == {"brief": "Why bees dance •••"}
    assert (await engine.get(f"{path}?step=nowhere")).json() == []
    assert (await engine.get(path)).json() == [first, second]
    assert (await engine.get(f"{path}?step=%00")).status_code == 422
    assert (await engine.get(f"{path}?step=think", tenant=f"t-{uuid4().hex[:12]}")).status_code == 404

    for gone in (
        f"update orchestrator.runs set created_by = '{ERASED}' where id = %s",
        "delete from orchestrator.outbox where run_id = %s",
    ):
        with psycopg.connect(stack.superuser_url) as connection:
            connection.execute(gone, (run_id,))
        assert [one["input"] for one in (await engine.get(f"{path}?step=think")).json()] == [None, None]


async def test_a_run_says_how_its_steps_hang_together_and_where_its_trace_is(engines: Engines) -> None:
    async with engines(trace_url="http://localhost:16686/trace/{trace}") as engine:
        run_id = await engine.start("gated")
        state = (await engine.get(f"/v1/runs/{run_id}/state")).json()
        workflows = {one["name"]: one for one in (await engine.get("/v1/workflows")).json()}
    assert state["trace_url"] == f"http://localhost:16686/trace/{run_id.hex}"
    assert [(one["id"], one["kind"], one["capability"]) for one in state["outline"]] == [
        ("think", "run", "ideation.propose_ideas"),
        ("agree", "gate", None),
    ]
    assert [one["cost_usd"] for one in state["steps"]] == ["0.000000", "0.000000"]
    assert workflows["gated"]["outline"] == state["outline"]
    for wrong in ("http://localhost/", "javascript:{trace}"):
        with pytest.raises(ValidationError, match="trace_url"):
            async with engines(trace_url=wrong):
                pass


async def test_an_order_that_nobody_took_yet_shows_what_it_gives(engine: Engine) -> None:
    run_id = await engine.start(brief="Why bees dance")
    [order] = (await engine.get(f"/v1/runs/{run_id}/orders?step=think")).json()
    assert order["input"] == {"brief": "Why bees dance"}
