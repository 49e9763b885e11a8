"""The dispatcher: moves ready steps into the outbox, as many as workers have room for, tenants taking turns."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import orjson
from common.bus.connection import Bus
from common.clock import Clock
from common.contracts.catalogue import CAPABILITIES
from common.contracts.message import CommandBody
from common.db.work import Transaction, Work
from common.ids import derived_id
from common.observability.logging import get_logger
from common.observability.metrics import READY_STEPS
from nats.aio.msg import Msg
from sqlalchemy import insert, text

from orchestrator.announcer import Announcer
from orchestrator.budgets import Booking, Refusal, book, reserve
from orchestrator.engine.happenings import OverBudget
from orchestrator.models import LimitKind, timers

log = get_logger(__name__)
_WORKER_GONE_SECONDS = 5.0
_AHEAD = 2
"""How many attempts a free slot may have waiting: one being worked on, one on its way."""
_LIMITS_SECONDS = 1.0
_COUNT_SECONDS = 5.0
_NEVER_ANSWERED = timedelta(minutes=15)

_LOCK = text("select pg_try_advisory_xact_lock(hashtextextended('orchestrator.dispatch', 0))")
_UNDER_WAY = text(
    "select capability, tenant_id, workflow, count(*) as steps from orchestrator.ready_steps"
    " where sent_at is not null group by capability, tenant_id, workflow"
)
# Tenants are found by skipping through the index, so a long backlog of one costs no more than a short one. A tenant's
# n-th step has turn n plus what the tenant has under way: who has much at work comes after who has little.
_PICK = text(
    """
    with recursive wanted as (
        select * from unnest(cast(:capabilities as text[]), cast(:rooms as int[])) as w(capability, room)
    ), tenants as (
        (select w.capability, w.room, t.tenant_id from wanted w cross join lateral (
            select r.tenant_id from orchestrator.ready_steps r
            where r.capability = w.capability and r.sent_at is null and not r.held
            order by r.tenant_id limit 1) t)
        union all
        select w.capability, w.room, t.tenant_id from tenants w cross join lateral (
            select r.tenant_id from orchestrator.ready_steps r
            where r.capability = w.capability and r.sent_at is null and not r.held and r.tenant_id > w.tenant_id
            order by r.tenant_id limit 1) t
    ), busy as (
        select * from unnest(cast(:busy_capabilities as text[]), cast(:busy_tenants as text[]), cast(:busy as int[]))
            as b(capability, tenant_id, steps)
    ), ranked as (
        select r.*, w.room, row_number() over (
            partition by w.capability order by r.turn + coalesce(b.steps, 0), r.ready_at) as place
        from tenants w
        left join busy b on b.capability = w.capability and b.tenant_id = w.tenant_id
        cross join lateral (
            select r.*, row_number() over (order by r.priority desc, r.ready_at) as turn
            from orchestrator.ready_steps r
            where r.capability = w.capability and r.sent_at is null and not r.held and r.tenant_id = w.tenant_id
              and not ((r.tenant_id || '/' || r.workflow) = any(:full_workflows))
            order by r.priority desc, r.ready_at limit w.room
        ) r
        where not (w.tenant_id = any(:full_tenants))
          and not ((w.tenant_id || '/' || w.capability) = any(:full_capabilities))
    )
    select step_id, tenant_id, run_id, workflow, capability, attempt, command, estimate_usd_micros
    from ranked where place <= room order by capability, place
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


class Load:
    """What is under way, and how much more each tenant may have."""

    def __init__(self, under_way: Sequence[Any], limits: dict[tuple[str, str, str], int]) -> None:
        self._limits = limits
        self.of_capability: Counter[str] = Counter()
        self.of_pair: Counter[tuple[str, str]] = Counter()
        self._counted: Counter[tuple[str, str, str]] = Counter()
        for row in under_way:
            self.add(row.tenant_id, row.workflow, row.capability, row.steps)

    def add(self, tenant: str, workflow: str, capability: str, steps: int = 1) -> None:
        """Count steps that are under way."""
        self.of_capability[capability] += steps
        self.of_pair[capability, tenant] += steps
        for key in _limits_on(tenant, workflow, capability):
            self._counted[key] += steps

    def allows(self, tenant: str, workflow: str, capability: str) -> bool:
        """Whether one more step stays within the tenant's limits."""
        return not any(self._is_full(key) for key in _limits_on(tenant, workflow, capability))

    def full(self, kind: LimitKind) -> list[str]:
        """What may have no more now: `tenant`, or `tenant/name`."""
        keys = [key for key in self._limits if key[1] == kind and self._is_full(key)]
        return [f"{tenant}/{name}" if name else tenant for tenant, _, name in keys]

    def _is_full(self, key: tuple[str, str, str]) -> bool:
        return key in self._limits and self._counted[key] >= self._limits[key]


def _limits_on(tenant: str, workflow: str, capability: str) -> tuple[tuple[str, str, str], ...]:
    return (
        (tenant, LimitKind.STEPS, ""),
        (tenant, LimitKind.STEPS_OF_WORKFLOW, workflow),
        (tenant, LimitKind.STEPS_OF_CAPABILITY, capability),
    )


class Dispatcher:
    """Sends what is ready. Of several, one at a time has its round; a round takes milliseconds."""

    def __init__(self, work: Work, bus: Bus, announcer: Announcer, *, clock: Clock, poll_ms: int) -> None:
        self._work = work
        self._bus = bus
        self._announcer = announcer
        self._clock = clock
        self._poll_seconds = poll_ms / 1000
        self._limits: dict[tuple[str, str, str], int] = {}
        self._limits_read_at = float("-inf")
        self._counted_at = float("-inf")
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
                        await self._announcer.ordered.wait()
                        self._announcer.ordered.clear()

    async def dispatch(self) -> int:
        """Send one round. → how many steps were sent."""
        async with self._work.system() as tx:
            if not (await tx.session.execute(_LOCK)).scalar_one():
                return 0
            await self._look_around(tx)
            load = Load((await tx.session.execute(_UNDER_WAY)).all(), self._limits)
            slots = self.slots.by_capability()
            rooms = {name: slots[name] * _AHEAD - load.of_capability[name] for name in slots}
            rooms = {name: room for name, room in rooms.items() if room > 0 and name in CAPABILITIES}
            if not rooms:
                return 0
            chosen = [row for row in await self._pick(tx, rooms, load) if _take(row, load)]
            if not chosen:
                return 0
            refused = {refusal.step_id: refusal for refusal in await reserve(tx, chosen, today=self._clock().date())}
            await self._send(tx, [row for row in chosen if row["step_id"] not in refused])
            await self._refuse(tx, [(row, refused[row["step_id"]]) for row in chosen if row["step_id"] in refused])
        return len(chosen)

    async def _pick(self, tx: Transaction, rooms: dict[str, int], load: Load) -> Sequence[Any]:
        found = await tx.session.execute(
            _PICK,
            {
                "capabilities": list(rooms),
                "rooms": list(rooms.values()),
                "busy_capabilities": [capability for capability, _ in load.of_pair],
                "busy_tenants": [tenant for _, tenant in load.of_pair],
                "busy": list(load.of_pair.values()),
                "full_tenants": load.full(LimitKind.STEPS),
                "full_workflows": load.full(LimitKind.STEPS_OF_WORKFLOW),
                "full_capabilities": load.full(LimitKind.STEPS_OF_CAPABILITY),
            },
        )
        return found.mappings().all()

    async def _send(self, tx: Transaction, rows: Sequence[Any]) -> None:
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

    async def _refuse(self, tx: Transaction, refused: Sequence[tuple[Any, Refusal]]) -> None:
        """Take what cannot be paid for out of the backlog, and tell its run."""
        if not refused:
            return
        now = self._clock()
        rows = []
        for row, refusal in refused:
            told = OverBudget(at=now, step_id=row["step_id"], attempt=row["attempt"], detail=refusal.detail)
            timer = derived_id(row["step_id"], row["attempt"], "over_budget")
            happening = told.model_dump(mode="json")
            scope = {"tenant_id": row["tenant_id"], "run_id": row["run_id"]}
            rows.append(scope | {"id": timer, "due_at": now, "happening": happening})
        await tx.session.execute(insert(timers), rows)
        await tx.session.execute(
            text("delete from orchestrator.ready_steps where step_id = any(:ids)"),
            {"ids": [row["step_id"] for row, _ in refused]},
        )
        self._announcer.due.set()

    async def _look_around(self, tx: Transaction) -> None:
        """Every second the limits, every few seconds the length of the backlog and what was never answered."""
        now = time.monotonic()
        if now - self._limits_read_at > _LIMITS_SECONDS:
            found = await tx.session.execute(text("select tenant_id, kind, name, at_most from orchestrator.limits"))
            self._limits = {(row.tenant_id, row.kind, row.name): row.at_most for row in found}
            self._limits_read_at = now
        if now - self._counted_at > _COUNT_SECONDS:
            self._counted_at = now
            await self._count(tx)
            await self._forget_unanswered(tx)

    async def _count(self, tx: Transaction) -> None:
        found = await tx.session.execute(
            text("select capability, count(*) from orchestrator.ready_steps where sent_at is null group by capability")
        )
        waiting = dict.fromkeys(CAPABILITIES, 0) | {row[0]: row[1] for row in found}
        for capability, count in waiting.items():
            READY_STEPS.labels("orchestrator", capability).set(count)

    async def _forget_unanswered(self, tx: Transaction) -> None:
        """Nobody answers any more for what is not wanted and whose worker is gone: its money is free again."""
        forgotten = await tx.session.execute(
            text(
                "delete from orchestrator.ready_steps where unwanted"
                " and sent_at < now() - cast(:after as interval) returning run_id, reserved_usd_micros"
            ),
            {"after": _NEVER_ANSWERED},
        )
        released: Counter[Any] = Counter()
        for row in forgotten:
            released[row.run_id] += row.reserved_usd_micros
        await book(tx, [Booking(run, released=amount, spent=0, over=False) for run, amount in released.items()])


def _take(row: Any, load: Load) -> bool:
    """Whether the step may go now; it then counts."""
    allowed = load.allows(row["tenant_id"], row["workflow"], row["capability"])
    if allowed:
        load.add(row["tenant_id"], row["workflow"], row["capability"])
    return allowed
