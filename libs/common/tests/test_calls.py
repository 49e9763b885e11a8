"""`step.call`: outside effects are written down before and after, so that a retry repeats none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from common.bus.step import Done, Step
from common.contracts.message import Outcome
from common.contracts.values import ArtifactType, Origin
from common.errors import VendorRateLimited, VendorRefused, VendorUnavailable
from testkit.orders import Orders
from testkit.workshop import THINK, Ask, Reply, Rows, Working


class Vendor:
    """Something outside that counts how often it was asked, and may break off after it did its work."""

    def __init__(self, *, breaks: int = 0) -> None:
        self.asked = 0
        self.breaks = breaks

    async def ask(self) -> Reply:
        self.asked += 1
        if self.asked <= self.breaks:
            raise ConnectionResetError
        return Reply(text=f"answer {self.asked}")


def calling(vendor: Vendor, **options: Any) -> Callable[[Ask, Step], Awaitable[Reply]]:
    """Ask the vendor, then fail on the first attempt: what the call answered was not handed on."""

    async def act(input: Ask, step: Step) -> Reply:
        answer = await step.call(
            "vendor", "ask", vendor.ask, returns=Reply, kind="vendor", request=input,
            cost_usd_micros=lambda _: 250, **options,
        )  # fmt: skip
        if step.attempt == 1:
            raise VendorUnavailable("Something else is away.")
        return answer

    return act


def a_step(tenant: str) -> dict[str, Any]:
    return {"tenant": tenant, "run": uuid4(), "step": uuid4()}


async def test_a_retry_gets_the_recorded_result(working: Working, orders: Orders, rows: Rows, tenant: str) -> None:
    vendor, scope = Vendor(), a_step(tenant)
    async with working(calling(vendor)):
        first = await orders.order(THINK, Ask(), **scope)
        second = await orders.order(THINK, Ask(), **scope, attempt=2)
    assert (first.outcome, first.cost_usd_micros) == (Outcome.FAILED, 250)
    # What was paid for is paid for once.
    assert (second.output, second.cost_usd_micros, vendor.asked) == ({"text": "answer 1"}, 0, 1)
    found = rows("select state, kind, attempt, cost_usd_micros from ideation.calls where tenant_id = %s", tenant)
    assert found == [("done", "vendor", 1, 250)]


async def test_a_call_that_never_ended_is_made_again_if_that_does_no_harm(
    working: Working, orders: Orders, tenant: str
) -> None:
    vendor, scope = Vendor(breaks=1), a_step(tenant)
    async with working(calling(vendor)):
        await orders.order(THINK, Ask(), **scope)
        second = await orders.order(THINK, Ask(), **scope, attempt=2)
    assert (second.output, vendor.asked) == ({"text": "answer 2"}, 2)


async def test_an_irreversible_call_that_never_ended_is_not_made_again(
    working: Working, orders: Orders, tenant: str
) -> None:
    vendor, scope = Vendor(breaks=1), a_step(tenant)
    async with working(calling(vendor, repeatable=False)):
        await orders.order(THINK, Ask(), **scope)
        second = await orders.order(THINK, Ask(), **scope, attempt=2)
    assert second.problem is not None
    assert (second.problem.code, second.problem.retryable, vendor.asked) == ("outcome_unknown", False, 1)


async def test_another_request_under_the_same_key_is_refused(working: Working, orders: Orders, tenant: str) -> None:
    vendor, scope = Vendor(), a_step(tenant)
    async with working(calling(vendor)):
        await orders.order(THINK, Ask(text="this"), **scope)
        second = await orders.order(THINK, Ask(text="that"), **scope, attempt=2)
    assert second.problem is not None
    assert (second.problem.code, second.problem.retryable, vendor.asked) == ("call_changed", False, 1)


# Budgets


class Meter:
    """Asks the vendor as often as it is told, each time for at most 100 of what the step has."""

    def __init__(self, vendor: Vendor, *, times: int = 1, together: bool = False) -> None:
        self.vendor = vendor
        self.times = times
        self.together = together

    async def __call__(self, input: Ask, step: Step) -> Reply:
        asked = [self._ask(input, step, number) for number in range(self.times)]
        answers = await asyncio.gather(*asked) if self.together else [await one for one in asked]
        return answers[-1]

    async def _ask(self, input: Ask, step: Step, number: int) -> Reply:
        return await step.call(
            "vendor", f"ask {number}", self.vendor.ask, returns=Reply, kind="vendor", request=input,
            cost_usd_micros=lambda _: 80, at_most_usd_micros=100,
        )  # fmt: skip


@pytest.mark.parametrize("together", [False, True])
async def test_a_call_that_could_pass_the_budget_is_not_made(
    working: Working, orders: Orders, rows: Rows, tenant: str, together: bool
) -> None:
    """260 are enough for three calls of 80 that may cost 100 each: the third waits until the others have cost it."""
    vendor = Vendor()
    async with working(Meter(vendor, times=4, together=together)):
        finished = await orders.order(THINK, Ask(), tenant=tenant, budget_usd_micros=260)
    assert finished.problem is not None
    assert (finished.problem.code, finished.problem.retryable) == ("over_budget", False)
    assert (vendor.asked, finished.cost_usd_micros, finished.unknown_usd_micros) == (3, 240, 0)
    assert finished.needs_usd_micros == 100
    # Of the call that was not made nothing is written, so that it can be made when there is money.
    assert rows("select count(*)::int from ideation.calls where tenant_id = %s", tenant) == [(3,)]


async def test_without_a_budget_and_for_a_recorded_call_nothing_is_refused(
    working: Working, orders: Orders, tenant: str
) -> None:
    vendor, scope = Vendor(), a_step(tenant)
    async with working(Meter(vendor, times=3)):
        first = await orders.order(THINK, Ask(), **scope)
        second = await orders.order(THINK, Ask(), **scope, attempt=2, budget_usd_micros=0)
    assert (first.cost_usd_micros, second.outcome, second.cost_usd_micros) == (240, Outcome.DONE, 0)
    assert vendor.asked == 3


async def test_what_a_lost_attempt_paid_is_told_by_the_next_one(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    """Its worker was gone before it could answer; the money was spent all the same."""
    vendor, scope, gone = Vendor(), a_step(tenant), asyncio.Event()
    meter = Meter(vendor)

    async def act(input: Ask, step: Step) -> Reply:
        answer = await meter(input, step)
        if step.attempt == 1:
            gone.set()
            await asyncio.Event().wait()
        return answer

    async with working(act):
        await orders.give(THINK, Ask(), **scope)
        await asyncio.wait_for(gone.wait(), 20)
    async with working(act):
        second = await orders.order(THINK, Ask(), **scope, attempt=2)
        third = await orders.order(THINK, Ask(), **scope, attempt=3)
    assert (second.cost_usd_micros, third.cost_usd_micros, vendor.asked) == (80, 0, 1)


async def test_a_call_in_which_its_worker_died_counts_for_all_it_may_cost(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    """The same attempt is taken up by another worker: there is no money for the call once more, and it says why."""
    vendor, scope, asked = Vendor(), a_step(tenant), asyncio.Event()

    async def hang() -> Reply:
        asked.set()
        await asyncio.Event().wait()
        return Reply()

    async def act(input: Ask, step: Step) -> Reply:
        return await step.call(
            "vendor", "ask", vendor.ask if step.again or step.attempt > 1 else hang, returns=Reply, kind="vendor",
            request=input, cost_usd_micros=lambda _: 80, at_most_usd_micros=100,
        )  # fmt: skip

    async with working(act):
        lost = await orders.give(THINK, Ask(), **scope, budget_usd_micros=100)
        await asyncio.wait_for(asked.wait(), 20)
    async with working(act):
        first = await orders.answer(lost)
        second = await orders.order(THINK, Ask(), **scope, attempt=2, budget_usd_micros=100)
    assert first.problem is not None
    assert (first.problem.code, first.problem.retryable) == ("money_in_doubt", True)
    assert (first.cost_usd_micros, first.unknown_usd_micros) == (100, 100)
    assert (second.output, second.cost_usd_micros, second.unknown_usd_micros) == ({"text": "answer 1"}, 80, 0)
    found = rows(
        "select state, attempt, cost_usd_micros::int from ideation.calls where tenant_id = %s order by attempt", tenant
    )
    assert found == [("unknown", 1, 100), ("done", 2, 80)]


@pytest.mark.parametrize(
    ("error", "unknown"),
    [(VendorRefused("No."), 0), (VendorRateLimited("Later."), 0), (VendorUnavailable("?"), 100), (OSError(), 100)],
)
async def test_only_what_a_vendor_refused_costs_nothing(
    working: Working, orders: Orders, rows: Rows, error: Exception, unknown: int
) -> None:
    tenant = f"t-{uuid4().hex[:12]}"

    async def fail() -> Reply:
        raise error

    async def act(input: Ask, step: Step) -> Reply:
        return await step.call(
            "vendor", "ask", fail, returns=Reply, kind="vendor", request=input, at_most_usd_micros=100
        )

    async with working(act):
        finished = await orders.order(THINK, Ask(), tenant=tenant)
    assert (finished.cost_usd_micros, finished.unknown_usd_micros) == (unknown, unknown)
    found = rows("select state, cost_usd_micros::int from ideation.calls where tenant_id = %s", tenant)
    assert found == [("unknown" if unknown else "started", unknown)]


# What else is kept


async def test_what_was_noted_stays_when_the_attempt_fails(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    async def act(input: Ask, step: Step) -> Reply:
        await step.note(lambda tx: _remember(step, tx))
        raise VendorUnavailable("It is away.")

    async with working(act):
        await orders.order(THINK, Ask(), tenant=tenant)
    assert rows("select reason from ideation.dead_letters where tenant_id = %s", tenant) == [("noted",)]


async def _remember(step: Step, tx: Any) -> None:
    letter = {"id": uuid4(), "tenant_id": step.tenant, "subject": "", "reason": "noted", "headers": {}, "body": b""}
    await tx.session.execute(step.work.tables.dead_letters.insert().values(letter))


async def test_artifacts_are_announced_once_and_kept(working: Working, orders: Orders, rows: Rows, tenant: str) -> None:
    async def act(input: Ask, step: Step) -> Done[Reply]:
        for _ in range(2):
            await step.keep(
                b"same bytes", type=ArtifactType.SCRIPT, name="a.txt", media_type="text/plain", made_by="test",
                origin=Origin.OFFLINE,
            )  # fmt: skip
        return Done(Reply())

    async with working(act):
        finished = await orders.order(THINK, Ask(), tenant=tenant)
    assert len({record.ref.sha256 for record in finished.artifacts}) == 1
    assert rows("select size, media_type from ideation.artifacts where tenant_id = %s", tenant) == [(10, "text/plain")]
