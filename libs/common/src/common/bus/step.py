"""What a capability is given besides its input: its place in a run, and its way to act and to speak."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, Literal, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from common.artifacts import Artifacts
from common.bus.connection import Bus
from common.bus.wire import spoken_subject
from common.clock import rfc3339, utc_now
from common.contracts.message import AgentSpec, Event, Header
from common.contracts.values import ArtifactRecord, ArtifactRef, ArtifactType, Downgrade, Origin, Value
from common.db.work import Transaction, Work
from common.errors import LeaseLost, OutcomeUnknown, Permanent
from common.ids import derived_id

Out = TypeVar("Out", bound=Value)
Save = Callable[[Transaction], Awaitable[None]]
CallKind = Literal["model", "tool", "vendor"]
LEASE = timedelta(seconds=3)
"""Shorter than the stream's ack wait: when a dead worker's message comes to the next one, the step is free."""
_PROGRESS_EVERY = 0.1


class CallChanged(Permanent):
    """A retry asks for something else under the key of a recorded call: the capability is not deterministic."""


class OverBudget(Permanent):
    """The call could cost more than is left of what was set aside for its step; it was not made."""


@dataclass(frozen=True)
class Done(Generic[Out]):
    """The output, and what to save in the transaction that closes the step."""

    output: Out
    save: Save | None = None


@dataclass(frozen=True)
class Pending:
    """Ends the attempt and leaves the step open until a signal carries `handle`; then the capability runs again.

    Without a signal it runs again at `check_after`, and fails at `deadline`.
    """

    handle: str
    check_after: datetime | None = None
    deadline: datetime | None = None
    save: Save | None = None


@dataclass(frozen=True)
class _Recorded:
    """A call that was begun before; `untold_usd_micros` is its cost if no answer has told it."""

    state: str
    result: object
    request_sha256: str
    untold_usd_micros: int


@dataclass(eq=False)
class Step:
    """One attempt of one step, in the hands of the worker that leased it."""

    header: Header
    agent: AgentSpec | None
    owner: UUID
    work: Work
    bus: Bus
    artifacts: Artifacts
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    budget_usd_micros: int | None = None
    """What was set aside for this attempt; None: no budget binds it."""
    cost_usd_micros: int = 0
    """What its calls have cost so far."""
    made: list[ArtifactRecord] = field(default_factory=list)
    downgrades: list[Downgrade] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    origin: Origin | None = None
    lost: bool = False
    _in_flight_usd_micros: int = 0
    _paid: set[str] = field(default_factory=set)
    _spoke_at: float = 0.0
    _speaking: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def tenant(self) -> str:
        """Whose work this is."""
        return self.header.tenant

    @property
    def run_id(self) -> UUID:
        """The run this step belongs to."""
        if self.header.run is None:
            raise LookupError("this command belongs to no run")
        return self.header.run

    @property
    def id(self) -> UUID:
        """The step visit: the same for all its attempts."""
        return self.header.step or self.header.id

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self.header.attempt or 1

    @property
    def idempotency_key(self) -> str:
        """A key for vendors that honour one: the same for all attempts of this step."""
        return str(self.id)

    def tell(self, event: Event) -> None:
        """Tell the others a fact, when and only when the step ends well."""
        self.events.append(event)

    def degrade(self, downgrade: Downgrade) -> None:
        """Admit a fallback: the run becomes `degraded` and the next gate shows it."""
        self.downgrades.append(downgrade)

    def progress(self, done: float, message: str = "") -> None:
        """Tell watchers how far this is (0 to 1). At most ten a second leave; none is kept."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._spoke_at < _PROGRESS_EVERY and done < 1:
            return
        self._spoke_at = loop.time()
        data = {"step_id": str(self.id), "done": round(min(max(done, 0.0), 1.0), 4), "message": message}
        frame = {"v": 1, "type": "progress", "run_id": str(self.run_id), "seq": None, "after_seq": None}
        body = orjson.dumps(frame | {"at": rfc3339(utc_now()), "data": data})
        task = loop.create_task(self.bus.say(spoken_subject("live", tenant=self.tenant, run=self.run_id), body))
        self._speaking.add(task)
        task.add_done_callback(self._speaking.discard)

    async def keep(
        self,
        content: bytes | Path,
        *,
        type: ArtifactType,
        name: str,
        media_type: str,
        made_by: str,
        origin: Origin,
        licence: str | None = None,
    ) -> ArtifactRef:
        """Store bytes or a file as an artifact of this step; it is announced when the step ends well."""
        if isinstance(content, Path):
            ref = await self.artifacts.put_file(self.tenant, content, media_type=media_type)
        else:
            ref = await self.artifacts.put(self.tenant, content, media_type=media_type)
        self.announce(ArtifactRecord(ref=ref, type=type, name=name, made_by=made_by, origin=origin, licence=licence))
        return ref

    def announce(self, record: ArtifactRecord) -> None:
        """Announce bytes that are in the store already, for example by a call that an earlier attempt recorded."""
        self.made.append(record)

    async def note(self, save: Save) -> None:
        """Commit something now: a draft worth keeping, or the intention before an irreversible call."""
        async with self.work.transaction(self.tenant) as tx:
            await self.hold(tx)
            await save(tx)

    async def call(
        self,
        name: str,
        key: str,
        fn: Callable[[], Awaitable[Out]],
        *,
        returns: type[Out],
        kind: CallKind,
        request: Value,
        repeatable: bool = True,
        cost_usd_micros: Callable[[Out], int] = lambda _: 0,
        at_most_usd_micros: int | None = None,
    ) -> Out:
        """The only way to an outside effect: written down before and after, so a retry gets the recorded result.

        A call that began and never ended is made again only if it is `repeatable`; else `OutcomeUnknown` is raised.
        Raises `CallChanged` when the key was used before with another `request`, and `OverBudget`, without making the
        call, when it may cost up to `at_most_usd_micros` and less is left. What costs money says how much at most.
        """
        most = at_most_usd_micros or 0
        if self._is_short_of(most) and not await self._was_made(key):
            raise OverBudget(f"{name} may cost ${most / 1e6:.2f}, and this step has ${self._left() / 1e6:.2f} left.")
        self._in_flight_usd_micros += most
        try:
            request_sha256 = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
            recorded = await self._begin_call(name, key, kind, request_sha256)
            if recorded is not None:
                if recorded.request_sha256 != request_sha256:
                    raise CallChanged(f"Call {key!r} of step {self.id} was made before with another request.")
                if recorded.state == "done":
                    self._take_on(key, recorded.untold_usd_micros)
                    return returns.model_validate(recorded.result)
                if not repeatable:
                    raise OutcomeUnknown(f"{name} was called before and its outcome was never recorded")
            answer = await fn()
            cost = cost_usd_micros(answer)
            self._take_on(key, cost)
        finally:
            self._in_flight_usd_micros -= most
        await self._end_call(key, answer, cost)
        return answer

    async def untold_usd_micros(self) -> int:
        """What the recorded calls of this step have cost that no answer of any attempt has told yet."""
        calls = self.work.tables.calls
        async with self.work.transaction(self.tenant) as tx:
            found = await tx.session.execute(
                select(calls.c.attempt, func.sum(calls.c.cost_usd_micros).label("cost"))
                .where(calls.c.step_id == self.id, calls.c.state == "done")
                .group_by(calls.c.attempt)
            )
            return sum([int(row.cost) for row in found.all() if not await self._was_answered(tx, row.attempt)])

    def _left(self) -> int:
        return max(0, (self.budget_usd_micros or 0) - self.cost_usd_micros - self._in_flight_usd_micros)

    def _is_short_of(self, amount: int) -> bool:
        return self.budget_usd_micros is not None and amount > self._left()

    def _take_on(self, key: str, cost: int) -> None:
        """A call is paid for once, however often its key is asked for."""
        if key not in self._paid:
            self._paid.add(key)
            self.cost_usd_micros += cost

    async def _was_made(self, key: str) -> bool:
        calls = self.work.tables.calls
        made = select(calls.c.key).where(calls.c.step_id == self.id, calls.c.key == key, calls.c.state == "done")
        async with self.work.transaction(self.tenant) as tx:
            return (await tx.session.execute(made)).first() is not None

    async def _was_answered(self, tx: Transaction, attempt: int) -> bool:
        """Whether an attempt has told what it cost; one that lost its worker or its lease has not."""
        inbox = self.work.tables.inbox
        command = self.header.id if attempt == self.attempt else derived_id(self.id, attempt)
        found = await tx.session.execute(select(inbox.c.message_id).where(inbox.c.message_id == command))
        return found.first() is not None

    async def _begin_call(self, name: str, key: str, kind: str, request_sha256: str) -> _Recorded | None:
        calls = self.work.tables.calls
        async with self.work.transaction(self.tenant) as tx:
            await self.hold(tx)
            begun = await tx.session.execute(
                insert(calls)
                .values(
                    step_id=self.id,
                    key=key,
                    tenant_id=self.tenant,
                    attempt=self.attempt,
                    name=name,
                    kind=kind,
                    request_sha256=request_sha256,
                    state="started",
                )
                .on_conflict_do_nothing()
                .returning(calls.c.key)
            )
            if begun.first() is not None:
                return None
            mine = (calls.c.step_id == self.id) & (calls.c.key == key)
            row = (await tx.session.execute(select(calls).where(mine))).one()
            untold = 0
            if row.cost_usd_micros and not await self._was_answered(tx, row.attempt):
                untold = row.cost_usd_micros
                # From now on it is this attempt that tells it.
                await tx.session.execute(update(calls).where(mine).values(attempt=self.attempt))
            return _Recorded(row.state, row.result, row.request_sha256, untold)

    async def _end_call(self, key: str, answer: Value, cost: int) -> None:
        calls = self.work.tables.calls
        async with self.work.transaction(self.tenant) as tx:
            await self.hold(tx)
            await tx.session.execute(
                update(calls)
                .where(calls.c.step_id == self.id, calls.c.key == key)
                .values(
                    state="done",
                    attempt=self.attempt,
                    result=answer.model_dump(mode="json"),
                    cost_usd_micros=cost,
                    finished_at=func.now(),
                )
            )

    async def hold(self, tx: Transaction) -> None:
        """Fence a transaction: it commits only if this attempt is still ours. Extends the lease."""
        held = await tx.session.execute(
            text(
                f'update "{self.work.service}".attempts set lease_until = now() + :lease'  # noqa: S608
                " where step_id = :step and attempt = :attempt and owner = :owner returning 1"
            ),
            {"lease": LEASE, "step": self.id, "attempt": self.attempt, "owner": self.owner},
        )
        if held.first() is None:
            raise LeaseLost(f"attempt {self.attempt} of step {self.id} belongs to another worker now")

    def answer_id(self) -> UUID:
        """The id of this attempt's answer: the same however often it is given."""
        return derived_id(self.header.id, "answer")
