"""The dispatcher: moves ready steps into the outbox, as many as workers have room for, tenants taking turns."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import orjson
from common.bus.connection import Bus
from common.contracts.catalogue import CAPABILITIES
from common.contracts.message import CommandBody
from common.db.work import Transaction, Work
from common.ids import derived_id
from common.observability.metrics import READY_STEPS
from nats.aio.msg import Msg
from sqlalchemy import text

_WORKER_GONE_SECONDS = 5.0
_AHEAD = 2
"""How many attempts a free slot may have waiting: one being worked on, one on its way."""

_PICK = text(
    """
    with turns as (
        select step_id, row_number() over (partition by tenant_id order by priority desc, ready_at) as turn, ready_at
        from orchestrator.ready_steps
        where capability = :capability and sent_at is null
    ), chosen as (
        select step_id, turn from turns order by turn, ready_at limit :room
    )
    select r.step_id, r.tenant_id, r.run_id, r.capability, r.attempt, r.command
    from orchestrator.ready_steps r join chosen using (step_id)
    where r.sent_at is null
    order by chosen.turn, r.ready_at
    for update of r skip locked
    """
)


class Slots:
    """How much room workers announced, forgotten when they fall silent."""

    def __init__(self) -> None:
        self._announced: dict[tuple[str, str], tuple[float, dict[str, int]]] = {}

    async def hear(self, message: Msg) -> None:
        """Take a worker's heartbeat."""
        body = orjson.loads(message.data)
        service = message.subject.rsplit(".", 1)[1]
        self._announced[service, body["worker"]] = (time.monotonic(), body["slots"])

    def by_capability(self) -> dict[str, int]:
        """The slots of each capability that has a living worker."""
        total: dict[str, int] = defaultdict(int)
        for heard_at, slots in self._announced.values():
            if time.monotonic() - heard_at < _WORKER_GONE_SECONDS:
                for capability, count in slots.items():
                    total[capability] += count
        return total


class Dispatcher:
    """Sends what is ready. Several may work at once: each takes rows the others have not locked."""

    def __init__(self, work: Work, bus: Bus, ordered: asyncio.Event, *, poll_ms: int) -> None:
        self._work = work
        self._bus = bus
        self._ordered = ordered
        self._poll_seconds = poll_ms / 1000
        self.slots = Slots()

    async def listen(self) -> None:
        """Hear the workers, and ask them to speak up now."""
        await self._bus.hear("ctl.worker.*", self.slots.hear)
        await self._bus.say("ctl.ask", b"")

    async def run(self) -> None:
        """Dispatch for ever, at once when something became ready, else every poll."""
        while True:
            if not await self.dispatch():
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll_seconds):
                        await self._ordered.wait()
                        self._ordered.clear()

    async def dispatch(self) -> int:
        """Send one round. → how many steps were sent."""
        sent = 0
        async with self._work.system() as tx:
            waiting = await self._backlog(tx)
            slots = self.slots.by_capability()
            for capability, (ready, under_way) in waiting.items():
                READY_STEPS.labels("orchestrator", capability).set(ready)
                room = slots.get(capability, 0) * _AHEAD - under_way
                if ready and room > 0:
                    chosen = await tx.session.execute(_PICK, {"capability": capability, "room": room})
                    sent += await self._send(tx, chosen.mappings().all())
        return sent

    async def _backlog(self, tx: Transaction) -> dict[str, tuple[int, int]]:
        found = await tx.session.execute(
            text(
                "select capability, count(*) filter (where sent_at is null) as ready,"
                " count(*) filter (where sent_at is not null) as under_way"
                " from orchestrator.ready_steps group by capability"
            )
        )
        waiting = dict.fromkeys(CAPABILITIES, (0, 0))
        return waiting | {row.capability: (row.ready, row.under_way) for row in found}

    async def _send(self, tx: Transaction, rows: Sequence[Any]) -> int:
        for row in rows:
            tx.send(
                CAPABILITIES[row["capability"]].command_subject,
                CommandBody.model_validate(row["command"]),
                message_id=derived_id(row["step_id"], row["attempt"]),
                tenant=row["tenant_id"],
                run=row["run_id"],
                step=row["step_id"],
                attempt=row["attempt"],
            )
        if rows:
            await tx.session.execute(
                text("update orchestrator.ready_steps set sent_at = now() where step_id = any(:ids)"),
                {"ids": [row["step_id"] for row in rows]},
            )
        return len(rows)
