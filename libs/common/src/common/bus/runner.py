"""The runner: what happens around every capability, written once.

decode → bind context → handled before? → lease → act → record (output, inbox, answer in one commit) → ack → count.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from opentelemetry import trace
from pydantic import ValidationError
from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from common import testing_points
from common.artifacts import Artifacts
from common.bus.connection import Bus
from common.bus.dead import bury, let_rest, write_letter
from common.bus.leases import Leases, send_answer
from common.bus.outcomes import agent_entry, failure_of, unfit
from common.bus.step import Done, Pending, Step
from common.bus.stops import Stops, names_of
from common.bus.streams import ACK_WAIT_SECONDS, DURABLES
from common.bus.suspects import AGAIN_SECONDS, POISON_CLAIMS, SUSPECTS
from common.bus.wire import read_header
from common.contracts.dead import Death
from common.contracts.message import Capability, CommandBody, Finished, Header, Outcome, StopOrder
from common.contracts.safety import Side
from common.contracts.values import Problem, Value
from common.db.work import Transaction, Work
from common.ending import end_tasks
from common.errors import Invalid, LeaseLost
from common.ids import new_id
from common.observability.logging import get_logger
from common.observability.metrics import COST_MICROS, STEP_SECONDS, STEPS_ACTIVE, STEPS_FINISHED
from common.observability.tracing import span_from
from common.shield import Guard

log = get_logger(__name__)
In = TypeVar("In", bound=Value)
Out = TypeVar("Out", bound=Value)
Act = Callable[[Any, Step], Awaitable[Any]]
Also = Callable[[Transaction], Awaitable[None]]
HEARTBEAT_SECONDS = ACK_WAIT_SECONDS / 3
CANCEL_GRACE_SECONDS = 10.0


@dataclass(frozen=True)
class Served:
    """A capability bound to the function that does it, and how many attempts may run at once in this process."""

    capability: Capability[Any, Any]
    act: Act
    slots: int
    unshielded: str = ""
    """Why its input and output do not pass the shield, if they do not."""


def serves(
    capability: Capability[In, Out],
    act: Callable[[In, Step], Awaitable[Out | Done[Out] | Pending]],
    *,
    slots: int = 4,
    unshielded: str = "",
) -> Served:
    """Bind a capability to its function. Only what judges text itself may be `unshielded`, with a reason."""
    return Served(capability, act, slots, unshielded)


class Runner:
    """Works one capability's queue."""

    def __init__(
        self, served: Served, *, work: Work, bus: Bus, artifacts: Artifacts, tracer: trace.Tracer, guard: Guard
    ) -> None:
        self.served = served
        self.active: dict[Step, asyncio.Task[Any]] = {}
        self._work = work
        self._bus = bus
        self._artifacts = artifacts
        self._tracer = tracer
        self._guard = guard
        self._leases = Leases(work, served.capability)
        self._room = asyncio.Semaphore(served.slots)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stops = Stops()

    async def run(self) -> None:
        """Take messages for ever, as many at once as there are slots."""
        capability = self.served.capability
        durable = DURABLES[f"{capability.service}-{capability.verb}"]
        async with contextlib.aclosing(self._bus.deliveries(durable, batch=self._wait_for_room)) as deliveries:
            async for messages in deliveries:
                for message in messages:
                    await self._room.acquire()
                    task = asyncio.create_task(self._take(message))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    async def _wait_for_room(self) -> int:
        await self._room.acquire()
        self._room.release()
        return max(1, self.served.slots - len(self._tasks))

    async def _take(self, message: Msg) -> None:
        try:
            await self._handle(message)
        except (DBAPIError, PoolTimeout, LeaseLost, NatsError) as error:
            # Nothing could be recorded, or the server not be told: let it come again.
            log.warning("runner.unrecorded", error=repr(error))
            with contextlib.suppress(NatsError):
                await message.nak(delay=1)
        except Exception as error:
            log.exception("runner.broke", error=repr(error))
            with contextlib.suppress(NatsError):
                await message.nak(delay=2)
        finally:
            self._room.release()

    async def _handle(self, message: Msg) -> None:
        try:
            header = read_header(message.headers)
        except Invalid as error:
            await bury(self._work, message, reason=error.detail)
            return
        capability = self.served.capability
        with (
            structlog.contextvars.bound_contextvars(
                service=self._work.service,
                tenant=header.tenant,
                run_id=str(header.run),
                step_id=str(header.step),
                attempt=header.attempt,
                message_id=str(header.id),
            ),
            span_from(
                self._tracer,
                f"{capability.name} process",
                kind=trace.SpanKind.CONSUMER,
                traceparent=header.traceparent,
                attributes=_told_of(header),
            ),
        ):
            await self._attempt(message, header)

    async def _attempt(self, message: Msg, header: Header) -> None:
        step = Step(
            header, None, new_id(), self._work, self._bus, self._artifacts, self._guard, self.served.capability.name
        )
        claim = await self._leases.claim(step)
        if claim.state != "ours":
            await (message.nak(delay=claim.free_in_seconds) if claim.state == "leased" else message.ack())
            return
        step.again = claim.times > 1
        name = self.served.capability.name
        if claim.times > POISON_CLAIMS:
            await self._give_up(message, step)
            return
        if self._stops.cover(header):
            await self._end_cancelled(message, step)
            return
        if not SUSPECTS.may_begin(step, claims=claim.times):
            await self._give_back(message, step, after_seconds=AGAIN_SECONDS)
            return
        task = asyncio.current_task()
        heart = asyncio.create_task(self._beat(message, step))
        if task:
            self.active[step] = task
        labels = (self._work.service, name)
        STEPS_ACTIVE.labels(*labels).inc()
        began = asyncio.get_running_loop().time()
        try:
            finished, save = await self._act(step, message.data)
            finished = await step.settle(finished)
            testing_points.reached(f"{name}.acted")
            await self._record(step, finished, save)
        except asyncio.CancelledError:
            if step.cancelled.is_set():
                await self._end_cancelled(message, step)
                return
            if step.lost:
                return
            await self._give_back(message, step)
            raise
        finally:
            heart.cancel()
            SUSPECTS.ended(step)
            self.active.pop(step, None)
            STEPS_ACTIVE.labels(*labels).dec()
        await message.ack()
        STEP_SECONDS.labels(*labels).observe(asyncio.get_running_loop().time() - began)
        STEPS_FINISHED.labels(*labels, finished.outcome.value).inc()
        COST_MICROS.labels(*labels).inc(finished.cost_usd_micros)
        log.info(
            "step.finished",
            capability=name,
            outcome=finished.outcome.value,
            problem=finished.problem and finished.problem.code,
        )

    async def _act(self, step: Step, data: bytes) -> tuple[Finished, Any]:
        capability = self.served.capability
        try:
            body = CommandBody.model_validate_json(data)
            step.agent, step.budget_usd_micros = body.agent, body.budget_usd_micros
            step.private_of = body.private_of
            value = capability.input.model_validate(body.input)
        except ValidationError as error:
            return Finished(
                outcome=Outcome.REFUSED, problem=Problem(code="invalid_input", detail=str(error)[:2000])
            ), None
        try:
            async with asyncio.timeout(capability.timeout_ms / 1000):
                result = await self._do(value, body, step)
        except (DBAPIError, PoolTimeout, LeaseLost):
            raise
        except Exception as error:
            return failure_of(error, step, capability.name), None
        common: dict[str, Any] = {
            "cost_usd_micros": step.cost_usd_micros,
            "artifacts": tuple(step.made),
            "downgrades": tuple(step.downgrades),
            "origin": step.origin,
        }
        if isinstance(result, Pending):
            waiting = Finished(
                outcome=Outcome.PENDING,
                handle=result.handle,
                check_after=result.check_after,
                deadline=result.deadline,
                **common,
            )
            return waiting, result.save
        done = result if isinstance(result, Done) else Done(result)
        finished = Finished(outcome=Outcome.DONE, output=done.output.model_dump(mode="json"), **common)
        return (unfit(finished, capability.name) or await self._let_out(finished, step)), done.save

    async def _do(self, value: Value, body: CommandBody, step: Step) -> Any:
        """Act, if what is given may pass the shield."""
        if not self.served.unshielded:
            await step.shield(body.input, side=Side.INPUT)
        return await self.served.act(value, step)

    async def _let_out(self, finished: Finished, step: Step) -> Finished:
        """The answer, if what was made may pass the shield; else why it may not."""
        if self.served.unshielded or finished.output is None:
            return finished
        try:
            await step.shield(finished.output, side=Side.OUTPUT)
        except (DBAPIError, PoolTimeout, LeaseLost):
            raise
        except Exception as error:
            return failure_of(error, step, self.served.capability.name)
        return finished

    async def _give_up(self, message: Msg, step: Step) -> None:
        """Answer that it failed for good, and keep the message as a dead letter, in one commit."""
        service = self._work.service
        reason = f"{self.served.capability.name} ended its worker {POISON_CLAIMS} times; it was given up."
        problem = Problem(code=Death.POISON, detail=reason)
        failed = await step.settle(Finished(outcome=Outcome.FAILED, problem=problem))
        letter = partial(write_letter, message=message, service=service, code=Death.POISON, reason=reason)
        await self._record(step, failed, None, also=letter)
        await let_rest(message, service=service, reason=reason)

    async def _record(self, step: Step, finished: Finished, save: Any, *, also: Also | None = None) -> None:
        """One commit: what the capability saves, its artifacts, the inbox row, and the answer in the outbox."""
        plain = save is None and also is None and not step.events and not finished.artifacts
        if plain and step.agent is None:
            await self._leases.close(step, finished)
            return
        tables = self._work.tables
        header = step.header
        async with self._work.transaction(step.tenant, in_loop=True) as tx:
            await step.hold(tx)
            if save is not None and finished.outcome in {Outcome.DONE, Outcome.PENDING}:
                await save(tx)
            for event in step.events if finished.outcome is Outcome.DONE else ():
                tx.tell(event, run=header.run, cause=header.id)
            if also is not None:
                await also(tx)
            if step.agent is not None:
                tx.audit(agent_entry(step, finished, self.served.capability.name))
            if finished.artifacts and header.run:
                await tx.session.execute(
                    insert(tables.artifacts).on_conflict_do_nothing(),
                    [artifact_row(step.tenant, header.run, record) for record in finished.artifacts],
                )
            await tx.session.execute(
                insert(tables.inbox).values(message_id=header.id, tenant_id=step.tenant, answer_id=step.answer_id())
            )
            send_answer(tx, step, finished, self.served.capability)

    async def cancel(self, run_id: UUID, order: StopOrder) -> None:
        """Tell these steps that they are no longer wanted; what has not ended after the grace is stopped.

        Whom it was told before is told again only if it shall stop `now`.
        """
        named = self._stops.note(run_id, order)
        steps = [step for step in self.active if named & names_of(step.header)]
        steps = [step for step in steps if order.now or not step.cancelled.is_set()]
        for step in steps:
            step.cancelled.set()
        if steps and not order.now:
            await asyncio.sleep(CANCEL_GRACE_SECONDS)
        for step in steps:
            if task := self.active.get(step):
                task.cancel()

    async def _beat(self, message: Msg, step: Step) -> None:
        """Keep message and lease ours while we work; stop working when the lease is gone."""
        try:
            while True:
                await asyncio.sleep(HEARTBEAT_SECONDS)
                with contextlib.suppress(NatsError):
                    await message.in_progress()
                try:
                    async with self._work.transaction(step.tenant, in_loop=True) as tx:
                        await step.hold(tx)
                except (DBAPIError, PoolTimeout, OSError) as error:
                    log.warning("runner.heartbeat_failed", error=repr(error))
        except LeaseLost:
            log.warning("runner.lease_lost")
            step.lost = True
            if task := self.active.get(step):
                task.cancel()

    async def _end_cancelled(self, message: Msg, step: Step) -> None:
        """Say that it was stopped: what it had cost by then counts, and nobody takes it up again."""
        problem = Problem(code="cancelled", detail=f"{self.served.capability.name} was stopped.")
        stopped = await step.settle(Finished(outcome=Outcome.FAILED, problem=problem))
        await self._record(step, stopped, None)
        await message.ack()

    async def _give_back(self, message: Msg, step: Step, *, after_seconds: float | None = None) -> None:
        """Free the step, so that another worker takes it up now and not after the lease: it was not its end."""
        attempts = self._work.tables.attempts
        # Who takes it up looks back at what was spent only if it was taken up before.
        forgotten = 0 if step.cost_usd_micros else 1
        with contextlib.suppress(DBAPIError, PoolTimeout, NatsError):
            async with self._work.transaction(step.tenant) as tx:
                await tx.session.execute(
                    update(attempts)
                    .where(attempts.c.step_id == step.id, attempts.c.owner == step.owner)
                    .values(lease_until=func.now(), claims=attempts.c.claims - forgotten)
                )
            await message.nak(delay=after_seconds)

    async def stop(self) -> None:
        """Stop what is in hand; another worker takes it up. End `run` first, or it is taken up here."""
        await end_tasks(self._tasks)


def artifact_row(tenant: str, run_id: UUID, record: Any) -> dict[str, Any]:
    """An `ArtifactRecord` as a row of `artifacts`."""
    return {
        "tenant_id": tenant,
        "run_id": run_id,
        "sha256": record.ref.sha256,
        "type": record.type.value,
        "name": record.name,
        "size": record.ref.size,
        "media_type": record.ref.media_type,
        "made_by": record.made_by,
        "origin": record.origin.value,
        "licence": record.licence,
        "retention_class": record.retention_class,
    }


def _told_of(header: Header) -> dict[str, str | int]:
    """What a span says about the order it is of."""
    told: dict[str, str | int | None] = {
        "messaging.system": "nats",
        "messaging.message.id": str(header.id),
        "greenlight.tenant": header.tenant,
        "greenlight.run_id": str(header.run) if header.run else None,
        "greenlight.step_id": str(header.step) if header.step else None,
        "greenlight.attempt": header.attempt,
    }
    return {name: value for name, value in told.items() if value is not None}
