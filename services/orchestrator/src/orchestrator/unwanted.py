"""Orders that were sent and then were not wanted: workers are told until they answer, and answered for when lost.

The announcer tells them at once, and that may be lost: nobody was connected, the worker was not there, we were killed
right after the commit. The row stays until the answer, so it is told again until then.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from common.bus.connection import Bus
from common.clock import Clock
from common.contracts.message import Finished, Outcome, StopOrder
from common.contracts.values import Problem
from common.db.work import Work
from common.ids import derived_id
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.announcer import Announcer
from orchestrator.dispatcher import Slots
from orchestrator.engine.happenings import Answered
from orchestrator.models import timers
from orchestrator.sending import order_id

_REPEAT_SECONDS = 1.0
NEVER_ANSWERED = timedelta(minutes=15)
"""How long workers may be told of an order until who had it counts as lost."""

_UNWANTED: LiteralString = """
    select step_id, tenant_id, run_id, capability, attempt, reserved_usd_micros from orchestrator.ready_steps
    where unwanted and sent_at is not null
"""


class Unwanted:
    """Looks after orders that nobody wants. Several may be at it: what one tells twice changes nothing."""

    def __init__(self, work: Work, bus: Bus, announcer: Announcer, slots: Slots, *, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._announcer = announcer
        self._slots = slots
        self._clock = clock
        self._told: dict[UUID, datetime] = {}
        """Since when workers that are there have been told of each order."""

    async def run(self) -> None:
        """For ever, every second."""
        while True:
            await self.look()
            await asyncio.sleep(_REPEAT_SECONDS)

    async def look(self) -> None:
        """Tell the workers once more, and answer for those that are lost."""
        now, heard = self._clock(), self._slots.by_capability()
        async with self._work.system() as tx:
            found = {order_id(row): row for row in await tx.run(_UNWANTED)}
        stops: dict[UUID, list[UUID]] = defaultdict(list)
        for order, row in found.items():
            stops[row["run_id"]].append(order)
        for run_id, orders in stops.items():
            body = StopOrder(orders=tuple(orders)).model_dump_json().encode()
            await self._bus.say(f"ctl.cancel.{run_id}", body)
        # While nobody is there its orders lie in a queue; whoever comes is told, and answers.
        self._told = {one: self._told.get(one, now) for one, row in found.items() if row["capability"] in heard}
        await self._answer_for([found[one] for one, since in self._told.items() if now - since >= NEVER_ANSWERED], now)

    async def _answer_for(self, lost: list[Any], now: datetime) -> None:
        """Answer for workers that are lost: all that was set aside for the attempt counts as spent."""
        if lost:
            async with self._work.system() as tx:
                await tx.session.execute(
                    upsert(timers).on_conflict_do_nothing(), [_unanswered(row, now) for row in lost]
                )
            self._announcer.due.set()


def _unanswered(row: Any, now: datetime) -> dict[str, Any]:
    """The timer that answers for a worker which is lost."""
    money = row["reserved_usd_micros"]
    problem = Problem(code="unanswered", detail="Its worker was lost.")
    finished = Finished(outcome=Outcome.FAILED, problem=problem, cost_usd_micros=money, unknown_usd_micros=money)
    answered = Answered(at=now, step_id=row["step_id"], attempt=row["attempt"], finished=finished)
    return {
        "id": derived_id(row["step_id"], row["attempt"], "unanswered"),
        "tenant_id": row["tenant_id"],
        "run_id": row["run_id"],
        "due_at": now,
        "happening": answered.model_dump(mode="json"),
    }
