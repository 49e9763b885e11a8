"""What a run's steps asked and were answered, for those who see the run, until its author is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from common.contracts.erasing import RunForgotten
from common.contracts.ideation import IdeationInput, ProposeIdeas
from common.contracts.message import Outcome
from common.contracts.sharing import RunShared
from testkit.chat_model import MODEL, USD_A_CALL, ChatModel
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.people import People
from testkit.plugin import Serving

SECRET = "gl-" + "k" * 24
BRIEF = f"How tides work, and never tell {SECRET}"


def told(ideation: httpx.AsyncClient, run: object) -> Callable[..., Any]:
    """`await told(person)` → the calls of the run as they are shown to them."""

    async def ask(person: Any, **query: Any) -> list[dict[str, Any]]:
        found = await ideation.get("/v1/calls/ideation", params={"run_id": str(run)} | query, headers=person.headers)
        assert found.status_code == 200, found.text
        return list(found.json()["items"])

    return ask


@pytest.mark.feature("P82")
async def test_a_prompt_and_its_answer_are_for_those_who_see_the_run(
    serving: Serving, orders: Orders, people: People, model: ChatModel, tenant: str
) -> None:
    run, step = uuid4(), uuid4()
    ann, bob = [await people.join(tenant, "creator") for _ in range(2)]
    other = await people.join(f"t-{uuid4().hex[:12]}", "admin")
    knobs = {"text_model": "sandbox", "text_model_url": model.url, "text_model_name": MODEL}
    async with serving("ideation", **knobs, text_model_cache_seconds=0) as ideation:
        calls = told(ideation, run)
        finished = await orders.order(
            ProposeIdeas, IdeationInput(brief=BRIEF, count=2), tenant=tenant, run=run, step=step, private_of=run
        )
        assert finished.outcome is Outcome.DONE, finished.problem
        assert [await calls(one) for one in (ann, bob, other)] == [[], [], []]

        await orders.tell(RunShared(share_id=uuid4(), run_id=run, who=f"user:{ann.user_id}"), tenant=tenant, run=run)
        [shown] = await eventually(lambda: calls(ann))
        assert (await calls(bob), await calls(other)) == ([], [])
        assert (shown["step_id"], shown["kind"], shown["state"]) == (str(step), "model", "done")
        assert (shown["name"], float(shown["cost_usd"])) == (f"endpoint/{MODEL}", USD_A_CALL)
        asked = shown["asked"]["messages"]
        assert {one["role"] for one in asked} == {"system", "user"}
        assert "How tides work" in asked[-1]["content"]
        assert SECRET not in str(shown)
        assert "ideas" in shown["answered"]["text"]
        assert [await calls(ann, step_id=str(one)) for one in (step, uuid4())] == [[shown], []]

        await orders.tell(RunForgotten(run_id=run), tenant=tenant, run=run)
        [left] = await eventually(lambda: calls(ann), until=lambda found: found[0]["asked"] is None)
        assert left == shown | {"asked": None, "answered": None}


async def test_calls_come_in_pages_and_only_for_a_run_that_is_named(
    serving: Serving, orders: Orders, people: People, tenant: str
) -> None:
    run = uuid4()
    ann = await people.join(tenant, "reviewer")
    async with serving("ideation") as ideation:
        for _ in range(3):
            await orders.order(ProposeIdeas, IdeationInput(brief="How tides work"), tenant=tenant, run=run)
        every = await told(ideation, run)(ann)
        assert len(every) == 3
        assert {one["asked"]["brief"] for one in every} == {"How tides work"}
        paged: list[dict[str, Any]] = []
        cursor: str | None = None
        while cursor is not None or not paged:
            query = {"run_id": str(run), "limit": "2"} | ({"cursor": cursor} if cursor else {})
            page = (await ideation.get("/v1/calls/ideation", params=query, headers=ann.headers)).json()
            paged += page["items"]
            cursor = page["next_cursor"]
        assert paged == every
        for wrong in ("", "?run_id=x", f"?run_id={run}&cursor=x"):
            answer = await ideation.get(f"/v1/calls/ideation{wrong}", headers=ann.headers)
            assert answer.status_code == 422
        assert (await ideation.get("/v1/calls/ideation", params={"run_id": str(run)})).status_code == 401
