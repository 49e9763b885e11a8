"""`step.call`: outside effects are written down before and after, so that a retry repeats none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from common.bus.step import Done, Step
from common.contracts.message import Outcome
from common.contracts.values import ArtifactType, Origin
from common.errors import VendorUnavailable
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
