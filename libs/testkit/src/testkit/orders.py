"""Giving orders as the orchestrator does, over the real bus, and reading the answers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from common.bus.connection import Bus
from common.bus.streams import DURABLES
from common.bus.wire import read_header, wire_headers
from common.contracts.message import AgentSpec, Capability, CommandBody, Event, Finished
from common.contracts.values import Value
from common.ending import end_tasks
from common.ids import derived_id
from common.observability.tracing import traceparent_of_run
from nats.aio.msg import Msg

SILENT_SECONDS = 60.0


class Orders:
    """Publishes commands and collects answers by message id."""

    def __init__(self, nats_url: str) -> None:
        self._bus = Bus(nats_url, service="orchestrator")
        self.answers: list[tuple[UUID, Finished]] = []
        self.events: list[tuple[str, bytes]] = []
        self.again_on: frozenset[str] = frozenset()
        """Codes that say nothing but that a machine was too slow: the orchestrator would try again."""
        self._further: Counter[UUID] = Counter()
        """How many attempts more a step has had than the test knows."""
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect and read what the orchestrator would read; none runs beside these tests."""
        await self._bus.connect()
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Stop listening."""
        if self._task:
            await end_tasks([self._task])
        await self._bus.close()

    async def give(
        self,
        capability: Capability[Any, Any],
        input: Value | dict[str, Any],
        *,
        tenant: str,
        run: UUID | None = None,
        step: UUID | None = None,
        attempt: int = 1,
        agent: AgentSpec | None = None,
        budget_usd_micros: int | None = None,
        private_of: UUID | None = None,
        sends: int = 0,
        at: datetime | None = None,
    ) -> UUID:
        """Order something once. The same run, step and attempt make the same message id. → the message id.

        `at`: as if it had been ordered then.
        """
        run, step = run or uuid4(), step or uuid4()
        message_id = derived_id(step, attempt)
        values = input.model_dump(mode="json") if isinstance(input, Value) else input
        order = CommandBody(input=values, agent=agent, budget_usd_micros=budget_usd_micros, private_of=private_of)
        row = {
            "id": message_id,
            "sends": f"{sends}.{uuid4().hex}",
            "created_at": at or datetime.now(UTC),
            "headers": {
                "ce-type": capability.command_subject,
                "ce-tenant": tenant,
                "ce-run": str(run),
                "ce-step": str(step),
                "ce-attempt": str(attempt),
                "traceparent": traceparent_of_run(run),
            },
        }
        headers = wire_headers(row, source="orchestrator")
        await self._bus.publish(capability.command_subject, order.model_dump_json().encode(), headers=headers)
        return message_id

    async def tell(self, event: Event, *, tenant: str, run: UUID) -> None:
        """Tell a fact as the orchestrator does. Told again it is another message."""
        row = {
            "id": uuid4(),
            "sends": "1",
            "created_at": datetime.now(UTC),
            "headers": {"ce-type": event.subject, "ce-tenant": tenant, "ce-run": str(run)},
        }
        headers = wire_headers(row, source="orchestrator")
        await self._bus.publish(event.subject, event.model_dump_json().encode(), headers=headers)

    async def answer(self, message_id: UUID, *, count: int = 1) -> Finished:
        """The answer to a message, once it was given `count` times."""
        wanted = derived_id(message_id, "answer")

        def given() -> list[Finished]:
            return [finished for answer_id, finished in self.answers if answer_id == wanted]

        await self._hears(lambda: len(given()) >= count)
        return given()[-1]

    async def order(self, capability: Capability[Any, Any], input: Value | dict[str, Any], **scope: Any) -> Finished:
        """Order something and wait for its answer; what failed by a code of `again_on` is ordered again."""
        scope.setdefault("run", uuid4())
        step, attempt = scope.setdefault("step", uuid4()), scope.pop("attempt", 1)
        while True:
            turn = attempt + self._further[step]
            answer = await self.answer(await self.give(capability, input, attempt=turn, **scope))
            if answer.problem is None or answer.problem.code not in self.again_on:
                return answer
            self._further[step] += 1

    async def event(self, subject: str, containing: str) -> bytes:
        """The body of the first event on `subject` whose body contains `containing`."""

        def found() -> list[bytes]:
            return [body for said, body in self.events if said == subject and containing.encode() in body]

        await self._hears(lambda: bool(found()))
        return found()[0]

    async def _hears(self, enough: Callable[[], bool]) -> None:
        """Return once that is so. Raises `TimeoutError` when nothing at all was heard for a while: of fifty orders at
        once the last is answered late, and that is no fault."""
        async with self._changed:
            while not enough():
                async with asyncio.timeout(SILENT_SECONDS):
                    await self._changed.wait()

    async def _listen(self) -> None:
        async with aclosing(self._bus.deliveries(DURABLES["orchestrator-answers"], batch=_a_hundred)) as batches:
            async for messages in batches:
                for message in messages:
                    await self._hear(message)
                    await message.ack()

    async def _hear(self, message: Msg) -> None:
        async with self._changed:
            if message.subject.endswith("_finished.v1"):
                header = read_header(message.headers)
                self.answers.append((header.id, Finished.model_validate_json(message.data)))
            else:
                self.events.append((message.subject, message.data))
            self._changed.notify_all()


async def _a_hundred() -> int:
    return 100
