"""The dispatcher: moves ready steps into the outbox, as many as workers have room for, tenants taking turns."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from common.bus.connection import Bus
from common.clock import Clock
from common.contracts.catalogue import CAPABILITIES
from common.contracts.message import CommandBody
from common.contracts.services import Heartbeat
from common.db.work import Transaction, Work
from common.ids import derived_id
from common.observability.logging import get_logger
from common.observability.metrics import READY_STEPS
from nats.aio.msg import Msg
from sqlalchemy import insert, text

from orchestrator.announcer import Announcer
from orchestrator.budgets import MONEY, Refusal, reserve
from orchestrator.engine.happenings import OverBudget
from orchestrator.express import Express
from orchestrator.models import LimitKind, timers
from orchestrator.sending import send_order

log = get_logger(__name__)
GONE_SECONDS = 5.0
"""How long a worker may be silent before it counts as gone."""
_LIMITS_SECONDS = 1.0
_COUNT_SECONDS = 5.0

_LOCK: LiteralString = "select pg_try_advisory_xact_lock(hashtextextended('orchestrator.dispatch', 0)) as locked"
_UNDER_WAY: LiteralString = """
    select capability, tenant_id, workflow, count(*) as steps from orchestrator.ready_steps
    where sent_at is not null group by capability, tenant_id, workflow
"""
# Tenants are found by skipping through the index, so a long backlog of one costs no more than a short one. A tenant's
# n-th step has turn n plus what the tenant has under way: who has much at work comes after who has little.
_PICK: LiteralString = """
    with recursive wanted as (
        select * from unnest(%(capabilities)s::text[], %(rooms)s::int[]) as w(capability, room)
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
        select * from unnest(%(busy_capabilities)s::text[], %(busy_tenants)s::text[], %(busy)s::int[])
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
              and not ((r.tenant_id || '/' || r.workflow) = any(%(full_workflows)s::text[]))
            order by r.priority desc, r.ready_at limit w.room
        ) r
        where not (w.tenant_id = any(%(full_tenants)s::text[]))
          and not ((w.tenant_id || '/' || w.capability) = any(%(full_capabilities)s::text[]))
    )
    select step_id, tenant_id, run_id, workflow, capability, attempt, command, estimate_usd_micros
    from ranked where place <= room order by capability, place
    """
# Whoever ends or pauses a run holds its rows at this moment: what is not free is not taken.
_CLAIM: LiteralString = """
    update orchestrator.ready_steps r set sent_at = %(now)s from (
        select step_id, attempt from orchestrator.ready_steps
        where step_id = any(%(steps)s) and sent_at is null and not held for update skip locked
    ) as free where r.step_id = free.step_id and r.attempt = free.attempt
    returning r.step_id, exists (
        select from orchestrator.run_accounts own join orchestrator.run_accounts a
            on a.run_id = own.run_id or a.run_id = any(own.above)
        where own.run_id = r.run_id and a.at_most_usd_micros is not null
    ) as capped
"""
_PUT_BACK: LiteralString = """
    update orchestrator.ready_steps set sent_at = null where step_id = any(%(steps)s) and sent_at = %(now)s
"""
_REMOVE: LiteralString = """
    delete from orchestrator.ready_steps r
    using unnest(%(steps)s::uuid[], %(attempts)s::int[]) as a(step_id, attempt)
    where r.step_id = a.step_id and r.attempt = a.attempt
"""


class Slots:
    """How much room workers announced, forgotten when they fall silent."""

    def __init__(self) -> None:
        self._announced: dict[tuple[str, str], tuple[float, Heartbeat]] = {}

    async def hear(self, message: Msg) -> None:
        """Take a worker's heartbeat."""
        heartbeat = Heartbeat.model_validate_json(message.data)
        worker = message.subject.rsplit(".", 1)[1], heartbeat.worker
        self._announced[worker] = (time.monotonic(), heartbeat)
        if heartbeat.leaves:
            del self._announced[worker]

    def by_service(self) -> dict[str, list[Heartbeat]]:
        """For each service that is heard, what each of its workers said last."""
        heard: dict[str, list[Heartbeat]] = defaultdict(list)
        for (service, _), (heard_at, heartbeat) in self._announced.items():
            if time.monotonic() - heard_at < GONE_SECONDS:
                heard[service].append(heartbeat)
        return heard

    def by_capability(self) -> dict[str, int]:
        """The slots of each capability that has a living worker."""
        total: dict[str, int] = defaultdict(int)
        for heard_at, heartbeat in self._announced.values():
            if time.monotonic() - heard_at < GONE_SECONDS:
                for capability, count in heartbeat.slots.items():
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
            self.add(row["tenant_id"], row["workflow"], row["capability"], row["steps"])

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

    def __init__(
        self, work: Work, bus: Bus, announcer: Announcer, express: Express, *, clock: Clock, poll_ms: int
    ) -> None:
        self._work = work
        self._express = express
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
        await self._bus.hear("ctl.worker.*", self._hear)
        await self._bus.say("ctl.ask", b"")

    async def _hear(self, message: Msg) -> None:
        await self.slots.hear(message)
        self._express.keep(self.slots.by_capability())

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
            (lock,), under_way = await tx.run_all([(_LOCK, {}), (_UNDER_WAY, {})])
            if not lock["locked"]:
                return 0
            await self._look_around(tx)
            load = Load(under_way, self._limits)
            pace, slots = self._express.pace, self.slots.by_capability()
            most = {name: pace.room(name, slots=count) for name, count in slots.items() if name in CAPABILITIES}
            left = {name: most[name] - load.of_capability[name] for name in most}
            rooms = {name: room for name, room in left.items() if room > 0}
            bound = {tenant for tenant, _, _ in self._limits}
            if not rooms:
                self._express.narrow(left, bound=bound)
                return 0
            found = await self._pick(tx, rooms, load)
            chosen = [row for row in found if _take(row, load)]
            self._express.open(
                {name: most[name] - load.of_capability[name] for name in rooms if not _may_wait(name, found)},
                bound=bound,
            )
            return await self._hand_out(tx, chosen) if chosen else 0

    async def _hand_out(self, tx: Transaction, chosen: Sequence[Any]) -> int:
        """Send what can be paid for; refuse what cannot. → how many of these are settled."""
        now = self._clock()
        capped = await self._claim(tx, chosen, now)
        claimed = [row for row in chosen if row["step_id"] in capped]
        reserved = await reserve(tx, claimed, today=now.date())
        refused = {refusal.step_id: refusal for refusal in reserved.refusals}
        unsent = {*refused, *reserved.deferred}
        self._send(tx, [row for row in claimed if row["step_id"] not in unsent], capped)
        await self._refuse(tx, [(row, refused[row["step_id"]]) for row in claimed if row["step_id"] in refused])
        if reserved.deferred:
            await tx.run(_PUT_BACK, {"steps": reserved.deferred, "now": now})
        return len(claimed) - len(reserved.deferred)

    async def _claim(self, tx: Transaction, rows: Sequence[Any], now: datetime) -> dict[UUID, bool]:
        """Lock and mark what is still to be sent. → each such step, and whether some cap binds its run."""
        found = await tx.run(_CLAIM, {"steps": [row["step_id"] for row in rows], "now": now})
        own = {row["step_id"]: row["capped"] for row in found}
        caps = {tenant for tenant, kind, _ in self._limits if kind in MONEY}
        return {
            row["step_id"]: own[row["step_id"]] or row["tenant_id"] in caps for row in rows if row["step_id"] in own
        }

    async def _pick(self, tx: Transaction, rooms: dict[str, int], load: Load) -> Sequence[Any]:
        return await tx.run(
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

    def _send(self, tx: Transaction, rows: Sequence[Any], capped: Mapping[UUID, bool]) -> None:
        for row in rows:
            command = CommandBody.model_validate(row["command"])
            if capped[row["step_id"]] and command.budget_usd_micros is None:
                # Nothing was set aside for it, so nothing may be spent.
                command = command.model_copy(update={"budget_usd_micros": 0})
            body = command.model_dump_json().encode()
            send_order(tx, CAPABILITIES[row["capability"]].command_subject, body, row)

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
        steps, attempts = [row["step_id"] for row, _ in refused], [row["attempt"] for row, _ in refused]
        await tx.run(_REMOVE, {"steps": steps, "attempts": attempts})
        self._announcer.due.set()

    async def _look_around(self, tx: Transaction) -> None:
        """Every second the limits, every few seconds the length of the backlog."""
        now = time.monotonic()
        if now - self._limits_read_at > _LIMITS_SECONDS:
            found = await tx.session.execute(text("select tenant_id, kind, name, at_most from orchestrator.limits"))
            self._limits = {(row.tenant_id, row.kind, row.name): row.at_most for row in found}
            self._limits_read_at = now
        if now - self._counted_at > _COUNT_SECONDS:
            self._counted_at = now
            await self._count(tx)

    async def _count(self, tx: Transaction) -> None:
        found = await tx.session.execute(
            text("select capability, count(*) from orchestrator.ready_steps where sent_at is null group by capability")
        )
        waiting = dict.fromkeys(CAPABILITIES, 0) | {row[0]: row[1] for row in found}
        for capability, count in waiting.items():
            READY_STEPS.labels("orchestrator", capability).set(count)


def _may_wait(capability: str, found: Sequence[Any]) -> bool:
    """Whether there may be more that waits for the capability than was found."""
    return any(row["capability"] == capability for row in found)


def _take(row: Any, load: Load) -> bool:
    """Whether the step may go now; it then counts."""
    allowed = load.allows(row["tenant_id"], row["workflow"], row["capability"])
    if allowed:
        load.add(row["tenant_id"], row["workflow"], row["capability"])
    return allowed
