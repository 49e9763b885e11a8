"""What is not wanted any more: heard from the orchestrator, which repeats it until an order is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from nats.aio.msg import Msg

from common.bus.connection import Bus
from common.clock import utc_now
from common.contracts.message import Header, StopOrder

STOPS_KEPT = timedelta(minutes=15)


class Stoppable(Protocol):
    """What works on steps, and can be told to stop."""

    async def cancel(self, run_id: UUID, order: StopOrder) -> None:
        """Stop what the order names."""


class Stops:
    """The runs, steps and orders that are not wanted, and since when: what was ordered before then is not begun."""

    def __init__(self) -> None:
        self._since: dict[UUID, datetime] = {}

    def note(self, run_id: UUID, order: StopOrder) -> frozenset[UUID]:
        """Remember what the order names. → the ids of that."""
        now = utc_now()
        named = frozenset(order.steps or order.orders or (run_id,))
        self._since = {one: since for one, since in self._since.items() if now - since < STOPS_KEPT}
        self._since |= dict.fromkeys(named, now)
        return named

    def cover(self, header: Header) -> bool:
        """Whether this order is not wanted any more."""
        known = [self._since[one] for one in names_of(header) if one in self._since]
        return any(header.time <= since for since in known)


def names_of(header: Header) -> set[UUID]:
    """By which ids a stop may mean this order."""
    return {one for one in (header.run, header.step, header.id) if one}


async def listen_for_stops(bus: Bus, workers: Sequence[Stoppable]) -> None:
    """From now on, tell these workers of every stop that is heard."""
    tasks: set[asyncio.Task[None]] = set()

    async def hear(message: Msg) -> None:
        with suppress(ValueError):
            run_id = UUID(message.subject.rsplit(".", 1)[1])
            order = StopOrder.model_validate_json(message.data or b"{}")
            for worker in workers:
                task = asyncio.create_task(worker.cancel(run_id, order))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

    await bus.hear("ctl.cancel.*", hear)
