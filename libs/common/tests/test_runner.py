"""The runner, ordered over the real bus: what an attempt's end becomes, and who may act on a step at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from common.bus.runner import CANCEL_GRACE_SECONDS
from common.bus.step import Done, Pending, Step
from common.bus.suspects import POISON_CLAIMS, SUSPECT_CLAIMS
from common.contracts.message import BODY_LIMIT, CATALOGUE, Capability, Event, Outcome, StopOrder
from common.db.work import Transaction
from common.errors import ContentBlocked, OutcomeUnknown, VendorRefused, VendorUnavailable
from common.ids import derived_id
from sqlalchemy import insert
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.workshop import THINK, Ask, Reply, Rows, Working


class ThoughtHad(Event, subject="evt.ideation.thought_had.v1"):
    """A fact that ideation may tell; only these tests know it, so it leaves the catalogue again."""

    text: str


CATALOGUE.pop(ThoughtHad.subject)
HURRIED = Capability(THINK.name, Ask, Reply, timeout_ms=50)


async def echo(input: Ask, step: Step) -> Reply:
    return Reply(text=input.text)


def raising(error: Exception) -> Callable[[Ask, Step], Awaitable[Reply]]:
    async def act(input: Ask, step: Step) -> Reply:
        raise error

    return act


class Slow:
    """An act that begins, waits to be let go, and says what became of it."""

    def __init__(self) -> None:
        self.begun: list[Step] = []
        self.let_go = asyncio.Event()
        self.stopped = asyncio.Event()

    async def __call__(self, input: Ask, step: Step) -> Reply:
        self.begun.append(step)
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            self.stopped.set()
            raise
        return Reply(text=f"by {len(self.begun)}")


def a_step(tenant: str) -> dict[str, Any]:
    return {"tenant": tenant, "run": uuid4(), "step": uuid4()}


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease that is over in a moment, and a heart that does not beat within a test."""
    for module in ("leases", "step"):
        monkeypatch.setattr(f"common.bus.{module}.LEASE", timedelta(milliseconds=300))
    monkeypatch.setattr("common.bus.runner.HEARTBEAT_SECONDS", 3600)


# What an attempt's end becomes


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ContentBlocked("Rule 7 forbids it."), (Outcome.REFUSED, "content_blocked", False)),
        (VendorUnavailable("It is away.", retry_after_ms=700), (Outcome.FAILED, "vendor_unavailable", True)),
        (VendorRefused("It says no."), (Outcome.FAILED, "vendor_refused", False)),
        (OutcomeUnknown("It may be out."), (Outcome.FAILED, "outcome_unknown", False)),
        (KeyError("secret-of-the-house"), (Outcome.FAILED, "internal_error", True)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_an_error_becomes_an_answer(
    working: Working, orders: Orders, tenant: str, error: Exception, expected: tuple[Outcome, str, bool]
) -> None:
    async with working(raising(error)):
        finished = await orders.order(THINK, Ask(), tenant=tenant)
    assert finished.problem is not None
    assert (finished.outcome, finished.problem.code, finished.problem.retryable) == expected
    assert "secret-of-the-house" not in finished.model_dump_json()
    assert finished.problem.retry_after_ms == (700 if isinstance(error, VendorUnavailable) else None)


async def test_an_attempt_that_takes_too_long_is_given_up(working: Working, orders: Orders, tenant: str) -> None:
    slow = Slow()
    async with working(slow, capability=HURRIED):
        finished = await orders.order(THINK, Ask(), tenant=tenant)
    assert finished.problem is not None
    assert (finished.outcome, finished.problem.code, finished.problem.retryable) == (Outcome.FAILED, "timed_out", True)
    assert slow.stopped.is_set()


@pytest.mark.parametrize("letter", ["a", "語"], ids=["ascii", "three bytes a letter"])
async def test_an_answer_over_the_limit_is_a_failure(
    working: Working, orders: Orders, tenant: str, letter: str
) -> None:
    async def verbose(input: Ask, step: Step) -> Reply:
        step.cost_usd_micros = 5
        return Reply(text=letter * (BODY_LIMIT // len(letter.encode())))

    async with working(verbose):
        finished = await orders.order(THINK, Ask(), tenant=tenant)
    assert finished.problem is not None
    assert (finished.outcome, finished.problem.code) == (Outcome.FAILED, "answer_too_large")
    assert finished.cost_usd_micros == 5
    assert finished.output is None


async def test_an_answer_with_a_zero_character_is_a_failure_and_one_that_spells_it_is_not(
    working: Working, orders: Orders, tenant: str
) -> None:
    async def repeat(input: Ask, step: Step) -> Reply:
        return Reply(text=texts.pop())

    texts = ["a \\u0000 in letters", "a \x00 itself"]
    async with working(repeat):
        refused = await orders.order(THINK, Ask(), tenant=tenant)
        told = await orders.order(THINK, Ask(), tenant=tenant)
    assert refused.problem is not None
    assert (refused.outcome, refused.problem.code) == (Outcome.FAILED, "answer_unstorable")
    assert (told.outcome, told.output) == (Outcome.DONE, {"text": "a \\u0000 in letters"})


async def test_pending_leaves_the_step_open_and_saves(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)

    async def submit(input: Ask, step: Step) -> Pending:
        return Pending("vendor:7", check_after=later, save=lambda tx: mark(tx, step))

    async with working(submit):
        finished = await orders.order(THINK, Ask(), tenant=tenant)
    assert (finished.outcome, finished.handle, finished.check_after) == (Outcome.PENDING, "vendor:7", later)
    assert marks(rows, tenant) == 1


async def mark(tx: Transaction, step: Step) -> None:
    """Leave a trace that only a committed save leaves."""
    values = {"step_id": uuid4(), "key": "mark", "tenant_id": step.tenant, "attempt": step.attempt}
    more = {"name": "mark", "kind": "tool", "request_sha256": "", "state": "done"}
    await tx.session.execute(insert(step.work.tables.calls).values(values | more))


def marks(rows: Rows, tenant: str) -> int:
    [(count,)] = rows("select count(*) from ideation.calls where tenant_id = %s and key = 'mark'", tenant)
    return int(count)


async def test_what_is_told_and_saved_leaves_only_with_success(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    async def boast(input: Ask, step: Step) -> Done[Reply]:
        step.tell(ThoughtHad(text=input.text))
        text = "x" * (BODY_LIMIT + 1) if input.text == "too much" else "ok"
        return Done(Reply(text=text), save=lambda tx: mark(tx, step))

    async with working(boast):
        failed = await orders.order(THINK, Ask(text="too much"), tenant=tenant)
        assert (failed.outcome, marks(rows, tenant)) == (Outcome.FAILED, 0)
        await orders.order(THINK, Ask(text="fine"), tenant=tenant)
    assert marks(rows, tenant) == 1
    told = rows("select body from ideation.outbox where tenant_id = %s and subject = %s", tenant, ThoughtHad.subject)
    assert len(told) == 1
    assert b"fine" in told[0][0]


async def test_a_repeat_gets_the_stored_answer_and_acts_no_more(working: Working, orders: Orders, tenant: str) -> None:
    acted: list[Step] = []

    async def count(input: Ask, step: Step) -> Reply:
        acted.append(step)
        return Reply(text=str(uuid4()))

    scope = a_step(tenant)
    async with working(count):
        first = await orders.order(THINK, Ask(), **scope)
        second = await orders.answer(await orders.give(THINK, Ask(), **scope), count=2)
    assert (second, len(acted)) == (first, 1)


# Messages that nobody can do anything with


async def test_a_message_without_headers_is_kept_as_a_dead_letter(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    nonce = uuid4().hex.encode()

    def letters() -> list[tuple[Any, ...]]:
        return rows("select tenant_id, subject, reason from ideation.dead_letters where body = %s", nonce)

    async with working(echo):
        await orders._bus.publish(THINK.command_subject, nonce, headers={"ce-id": "7"})
        [(owner, subject, reason)] = await eventually(letters)
        assert (owner, subject) == ("unknown", THINK.command_subject)
        assert "CloudEvents" in reason
        # It was terminated: the queue goes on.
        assert (await orders.order(THINK, Ask(text="next"), tenant=tenant)).outcome is Outcome.DONE


@pytest.mark.parametrize("named", ["", "a b", "x" * 65, "a/../b"])
async def test_a_message_of_no_tenant_is_a_dead_letter(
    working: Working, orders: Orders, rows: Rows, named: str
) -> None:
    nonce = uuid4().hex.encode()
    headers = {"ce-id": str(uuid4()), "ce-type": THINK.command_subject, "ce-tenant": named}
    async with working(echo):
        await orders._bus.publish(THINK.command_subject, nonce, headers=headers)
        await eventually(lambda: rows("select 1 from ideation.dead_letters where body = %s", nonce))


async def test_what_kills_its_worker_every_time_is_given_up(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    step = uuid4()
    claimed_before(rows, tenant, step, times=POISON_CLAIMS)
    async with working(echo):
        finished = await orders.order(THINK, Ask(), tenant=tenant, step=step)
        await eventually(lambda: rows("select 1 from ideation.dead_letters where tenant_id = %s", tenant))
    assert finished.problem is not None
    assert (finished.outcome, finished.problem.code, finished.problem.retryable) == (Outcome.FAILED, "poison", False)


async def test_one_time_less_is_tried_again(working: Working, orders: Orders, rows: Rows, tenant: str) -> None:
    step = uuid4()
    claimed_before(rows, tenant, step, times=POISON_CLAIMS - 1)
    async with working(echo):
        assert (await orders.order(THINK, Ask(), tenant=tenant, step=step)).outcome is Outcome.DONE


async def test_what_may_kill_its_worker_is_not_worked_on_beside_another_one(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    """Whatever dies with it would else be given up with it."""
    slow, scopes = Slow(), [a_step(tenant) for _ in range(3)]
    for scope in scopes:
        claimed_before(rows, tenant, scope["step"], times=SUSPECT_CLAIMS)
    claims = "select claims from ideation.attempts where tenant_id = %s order by claims"
    async with working(slow):
        messages = [await orders.give(THINK, Ask(), **scope) for scope in scopes]
        await eventually(lambda: slow.begun)
        # What nobody suspects waits for nobody.
        innocent = await orders.give(THINK, Ask(), **a_step(tenant))
        await eventually(lambda: len(slow.begun) == 2)
        counted = [(1,), (SUSPECT_CLAIMS,), (SUSPECT_CLAIMS,), (SUSPECT_CLAIMS + 1,)]
        await eventually(lambda: rows(claims, tenant), until=lambda found: found == counted)
        slow.let_go.set()
        for message in (*messages, innocent):
            assert (await orders.answer(message)).outcome is Outcome.DONE


def claimed_before(rows: Rows, tenant: str, step: Any, *, times: int, lease: str = "-1 s") -> None:
    """What workers leave that died (or, with a lease ahead, that live)."""
    rows(
        "insert into ideation.attempts (step_id, tenant_id, attempt, owner, lease_until, claims)"
        " values (%s, %s, 1, %s, now() + %s::interval, %s)",
        step, tenant, uuid4(), lease, times,
    )  # fmt: skip


# Whose step it is


@pytest.mark.feature("A17", "M19", "P84")
async def test_only_the_worker_with_the_lease_acts(working: Working, orders: Orders, tenant: str) -> None:
    slow, scope = Slow(), a_step(tenant)
    async with working(slow), working(slow):
        message = await orders.give(THINK, Ask(), **scope)
        await eventually(lambda: slow.begun)
        for _ in range(3):
            await orders.give(THINK, Ask(), **scope)
        slow.let_go.set()
        finished = await orders.answer(message)
    assert (len(slow.begun), finished.output) == (1, {"text": "by 1"})


async def test_waiting_for_a_lease_is_no_death(working: Working, orders: Orders, rows: Rows, tenant: str) -> None:
    """A message may come back any number of times while another holds the step: only claims count."""
    step = uuid4()
    claimed_before(rows, tenant, step, times=1, lease="600 ms")
    async with working(echo):
        finished = await orders.order(THINK, Ask(), tenant=tenant, step=step)
    assert finished.outcome is Outcome.DONE
    assert rows("select claims from ideation.attempts where step_id = %s", step) == [(2,)]


@pytest.mark.usefixtures("short_lease")
async def test_a_worker_that_lost_its_lease_saves_nothing(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    slow, scope = Slow(), a_step(tenant)
    late = Slow()

    async def stale(input: Ask, step: Step) -> Done[Reply]:
        reply = await late(input, step)
        return Done(reply, save=lambda tx: mark(tx, step))

    async with working(stale, slots=1):
        message = await orders.give(THINK, Ask(), **scope)
        await eventually(lambda: late.begun)
        async with working(slow, slots=1):
            slow.let_go.set()
            await orders.give(THINK, Ask(), **scope)
            finished = await orders.answer(message)
            late.let_go.set()
            again = await orders.answer(message, count=2)
    assert (finished.output, again) == ({"text": "by 1"}, finished)
    assert marks(rows, tenant) == 0


async def test_an_older_attempt_is_not_worked_on(working: Working, orders: Orders, tenant: str) -> None:
    acted: list[int] = []

    async def note(input: Ask, step: Step) -> Reply:
        acted.append(step.attempt)
        return Reply()

    scope = a_step(tenant)
    async with working(note, slots=1):
        await orders.order(THINK, Ask(), **scope, attempt=2)
        await orders.give(THINK, Ask(), **scope, attempt=1)
        await orders.order(THINK, Ask(), tenant=tenant)
    assert acted == [2, 1]


async def test_a_newer_attempt_closes_the_one_before(
    working: Working, orders: Orders, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.runner.HEARTBEAT_SECONDS", 0.05)
    slow, scope = Slow(), a_step(tenant)

    async def first_is_slow(input: Ask, step: Step) -> Reply:
        return await slow(input, step) if step.attempt == 1 else Reply(text="second")

    async with working(first_is_slow):
        first = await orders.give(THINK, Ask(), **scope)
        await eventually(lambda: slow.begun)
        finished = await orders.order(THINK, Ask(), **scope, attempt=2)
        await asyncio.wait_for(slow.stopped.wait(), 10)
    assert finished.output == {"text": "second"}
    assert derived_id(first, "answer") not in {message for message, _ in orders.answers}


# Stopping


async def test_a_cancelled_step_is_told_and_then_stopped(
    working: Working, orders: Orders, rows: Rows, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CANCEL_GRACE_SECONDS == 10
    monkeypatch.setattr("common.bus.runner.CANCEL_GRACE_SECONDS", 0.1)
    slow, run = Slow(), uuid4()
    async with working(slow) as worker:
        await orders.give(THINK, Ask(), tenant=tenant, run=run)
        await eventually(lambda: slow.begun)
        cancelling = asyncio.create_task(worker.runner.cancel(run, StopOrder()))
        await asyncio.wait_for(slow.begun[0].cancelled.wait(), 5)
        assert not slow.stopped.is_set()
        await asyncio.wait_for(slow.stopped.wait(), 5)
        await cancelling
        await eventually(lambda: not worker.runner.active)
    # It said what it had cost by then, and nobody takes it up again.
    assert len(rows("select 1 from ideation.inbox where tenant_id = %s", tenant)) == 1


async def test_what_was_ordered_before_it_was_stopped_is_not_begun(
    working: Working, orders: Orders, tenant: str
) -> None:
    slow, run, step = Slow(), uuid4(), uuid4()
    async with working(slow) as worker:
        await worker.runner.cancel(run, StopOrder(steps=(step,)))
        before = datetime.now(UTC) - timedelta(seconds=1)
        message = await orders.give(THINK, Ask(), tenant=tenant, run=run, step=step, at=before)
        answer = await orders.answer(message)
        assert (answer.outcome, answer.problem and answer.problem.code) == (Outcome.FAILED, "cancelled")
        assert not slow.begun


async def test_an_order_that_is_stopped_again_and_again_cleans_up_and_a_later_attempt_goes_on(
    working: Working, orders: Orders, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.runner.CANCEL_GRACE_SECONDS", 0.1)
    scope, begun, cleaned = a_step(tenant), asyncio.Event(), asyncio.Event()

    async def tidy(input: Ask, step: Step) -> Reply:
        if step.attempt == 1:
            begun.set()
            try:
                await step.cancelled.wait()
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.1)
                cleaned.set()
        return Reply(text=f"attempt {step.attempt}")

    async with working(tidy) as worker:
        message = await orders.give(THINK, Ask(), **scope)
        await begun.wait()
        stop = StopOrder(orders=(message,))
        # Often enough that one would come while it cleans up.
        for _ in range(8):
            again = asyncio.create_task(worker.runner.cancel(scope["run"], stop))
            await asyncio.wait([again], timeout=0.03)
        answer = await orders.answer(message)
        later = await orders.order(THINK, Ask(), **scope, attempt=2)
    assert (answer.outcome, answer.problem and answer.problem.code) == (Outcome.FAILED, "cancelled")
    assert cleaned.is_set()
    assert later.output == {"text": "attempt 2"}


async def test_another_runs_step_is_not_cancelled(
    working: Working, orders: Orders, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.runner.CANCEL_GRACE_SECONDS", 0)
    slow = Slow()
    async with working(slow) as worker:
        message = await orders.give(THINK, Ask(), tenant=tenant)
        await eventually(lambda: slow.begun)
        await worker.runner.cancel(uuid4(), StopOrder())
        slow.let_go.set()
        assert (await orders.answer(message)).outcome is Outcome.DONE


@pytest.mark.feature("M26")
async def test_a_process_that_stops_gives_its_step_to_the_next_at_once(
    working: Working, orders: Orders, rows: Rows, tenant: str
) -> None:
    slow, step = Slow(), uuid4()
    async with working(slow):
        message = await orders.give(THINK, Ask(text="still wanted"), tenant=tenant, step=step)
        await eventually(lambda: slow.begun)
    assert slow.stopped.is_set()
    began = asyncio.get_running_loop().time()
    async with working(echo):
        finished = await orders.answer(message)
    # Sooner than the lease or the server would have let it.
    assert asyncio.get_running_loop().time() - began < 3
    assert finished.output == {"text": "still wanted"}
    assert rows("select claims from ideation.attempts where step_id = %s", step) == [(1,)]


async def test_as_many_at_once_as_there_are_slots(working: Working, orders: Orders, tenant: str) -> None:
    slow = Slow()
    async with working(slow, slots=2) as worker:
        messages = [await orders.give(THINK, Ask(), tenant=tenant) for _ in range(5)]
        await eventually(lambda: len(slow.begun) == 2)
        assert len(worker.runner.active) == 2
        slow.let_go.set()
        for message in messages:
            assert (await orders.answer(message)).outcome is Outcome.DONE
    assert len(slow.begun) == 5
