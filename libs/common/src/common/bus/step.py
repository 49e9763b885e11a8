"""What a capability is given besides its input: its place in a run, and its way to act and to speak."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import text

from common.artifacts import Artifacts
from common.bus.calls import CallKind, Calls, CallState, Request
from common.bus.connection import Bus
from common.bus.wire import spoken_subject
from common.clock import rfc3339, utc_now
from common.contracts.message import AgentSpec, Event, Finished, Header
from common.contracts.safety import Side
from common.contracts.values import (
    ArtifactRecord,
    ArtifactRef,
    ArtifactType,
    Downgrade,
    JsonObject,
    Origin,
    Value,
)
from common.db.work import Transaction, Work
from common.errors import GreenlightError, LeaseLost, OutcomeUnknown, Permanent, Rejected, Transient, VendorRateLimited
from common.ids import derived_id
from common.observability.calls import seen_call
from common.shield import About, Guard

Out = TypeVar("Out", bound=Value)
Save = Callable[[Transaction], Awaitable[None]]
LEASE = timedelta(seconds=3)
"""Shorter than the stream's ack wait: when a dead worker's message comes to the next one, the step is free."""
_PROGRESS_EVERY = 0.1
_SAID_NO = (Rejected, Permanent, VendorRateLimited)
"""Errors by which a vendor says that it did nothing. After any other it may have, and charge for it."""


class CallChanged(Permanent):
    """A retry asks for something else under the key of a recorded call: the capability is not deterministic."""


class OverBudget(Permanent):
    """The call could cost more than is left of what was set aside for its step; it was not made."""

    def __init__(self, detail: str, *, needs_usd_micros: int) -> None:
        super().__init__(detail)
        self.needs_usd_micros = needs_usd_micros


class MoneyInDoubt(Transient):
    """What was set aside would have been enough, had not a call been lost that may have cost some of it.

    The next attempt has money set aside for it anew.
    """


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


@dataclass(eq=False)
class Step:
    """One attempt of one step, in the hands of the worker that leased it."""

    header: Header
    agent: AgentSpec | None
    owner: UUID
    work: Work
    bus: Bus
    artifacts: Artifacts
    guard: Guard
    capability: str
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    budget_usd_micros: int | None = None
    """What was set aside for this attempt; None: no budget binds it."""
    private_of: UUID | None = None
    """The private run it is part of: what it leaves for people to see is for those who see that run."""
    cost_usd_micros: int = 0
    """What its calls have cost so far, as far as no earlier attempt has told it."""
    unknown_usd_micros: int = 0
    """Of the cost, what calls may have cost at most whose outcome nobody knows."""
    made: list[ArtifactRecord] = field(default_factory=list)
    downgrades: list[Downgrade] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    origin: Origin | None = None
    lost: bool = False
    again: bool = False
    """Whether a worker took up this attempt before and did not come to its end."""
    _in_flight_usd_micros: int = 0
    _landed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a call ends; whoever waits for that clears it before."""
    _in_doubt: bool = False
    _looked_back: bool = False
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _spoke_at: float = 0.0
    _untold: str = ""
    _telling: bool = False
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
        self._say("progress", {"done": round(min(max(done, 0.0), 1.0), 4), "message": message})

    def token(self, text: str) -> None:
        """Show watchers more of what is being written. At most ten frames a second leave, pieces joined; none is kept.

        Only what passed the shield may be told: `shield` first.
        """
        self._untold += text
        if not self._telling:
            self._telling = True
            self._keep_speaking(self._tell_tokens())

    async def _tell_tokens(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._spoke_at + _PROGRESS_EVERY - loop.time()))
        self._spoke_at, self._telling = loop.time(), False
        text, self._untold = self._untold, ""
        self._say("token", {"text": text})

    def _say(self, type: str, data: JsonObject) -> None:
        frame = {"v": 1, "type": type, "run_id": str(self.run_id), "seq": None, "after_seq": None}
        body = orjson.dumps(frame | {"at": rfc3339(utc_now()), "data": {"step_id": str(self.id)} | data})
        self._keep_speaking(self.bus.say(spoken_subject("live", tenant=self.tenant, run=self.run_id), body))

    def _keep_speaking(self, words: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(words)
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

    async def shield(self, content: JsonObject, *, side: Side) -> None:
        """Return when every string of `content` may pass. Raises `ContentBlocked` or `ShieldUnavailable`.

        The runner does this with every input and output; a capability does it for what it would use before it answers.
        """
        about = About(
            tenant=self.tenant,
            side=side,
            actor=f"service:{self.work.service}",
            resource=self.capability,
            run=self.header.run,
            cause=self.header.id,
            agent=self.agent.name if self.agent else None,
        )
        await self.guard.pass_through(content, about)

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
        save: Callable[[Out], Save | None] | None = None,
    ) -> Out:
        """The only way to an outside effect: written down before and after, so a retry gets the recorded result.

        A call that began and never ended is made again only if it is `repeatable`; else `OutcomeUnknown` is raised.
        Raises `CallChanged` when the key was used before with another `request`, and `OverBudget`, without making the
        call, when it may cost up to `at_most_usd_micros` and less is left once the step's other calls have ended. What
        costs money says how much at most: when nobody learns how the call ended, that much counts as spent. What
        `save` gives for the answer runs in the transaction that records it.
        """
        most = at_most_usd_micros or 0
        await self._look_back()
        while self._is_short_of(most) and not await self._calls.is_done(key):
            if self._in_flight_usd_micros:
                # What is under way may turn out cheaper; cut off by a refusal, it would count with all it may cost.
                self._landed.clear()
                await self._landed.wait()
            elif self._is_short_of(most):
                raise self._refusal(name, most)
        self._in_flight_usd_micros += most
        try:
            asked = Request(request)
            recorded = await self._calls.begin(name, key, kind=kind, request=asked, most=most)
            if recorded is not None:
                if recorded.request_sha256 != asked.sha256:
                    raise CallChanged(f"Call {key!r} of step {self.id} was made before with another request.")
                if recorded.state is CallState.DONE:
                    return returns.model_validate(recorded.result)
                if not repeatable:
                    raise OutcomeUnknown(f"{name} was called before and its outcome was never recorded")
                await self._calls.begin_again(key, most=most)
            # Models tell more about themselves than tools do, in spans of their own.
            seen = nullcontext() if kind == "model" else seen_call(self.work.service, name, kind)
            return await self._make(key, fn, cost_usd_micros, most=most, seen=seen, save=save)
        finally:
            self._in_flight_usd_micros -= most
            self._landed.set()

    async def knows(self, key: str) -> bool:
        """Whether a call of that key has ended well, in this attempt or one before it."""
        return (self.again or self.attempt > 1) and await self._calls.is_done(key)

    async def settle(self, finished: Finished) -> Finished:
        """The answer with all that was spent and is not told yet, also by workers that were lost.

        What calls may have cost whose outcome is not known by now counts as spent, and is said apart.
        """
        await self._look_back()
        in_flight = self._in_flight_usd_micros
        told = {
            "cost_usd_micros": self.cost_usd_micros + in_flight,
            "unknown_usd_micros": self.unknown_usd_micros + in_flight,
        }
        if in_flight or self._in_doubt:
            await self._calls.give_up()
        return finished.model_copy(update=told)

    async def _make(
        self,
        key: str,
        fn: Callable[[], Awaitable[Out]],
        price: Callable[[Out], int],
        *,
        most: int,
        seen: AbstractContextManager[None],
        save: Callable[[Out], Save | None] | None,
    ) -> Out:
        """Make a call, and write down what came of it and what it cost."""
        cost = 0
        try:
            with seen:
                answer = await fn()
            cost = price(answer)
            await self._calls.end(key, answer, cost, save=save(answer) if save else None)
        except _SAID_NO:
            if most:
                await self._calls.was_refused(key)
            raise
        except BaseException:
            # It was stopped or cut off: the vendor may have done it, and charge for it.
            self.cost_usd_micros += max(cost, most)
            self.unknown_usd_micros += max(cost, most)
            self._in_doubt = True
            raise
        self.cost_usd_micros += cost
        return answer

    async def _look_back(self) -> None:
        """Take on what was spent on this step before and not told by anybody; once, before its own first call."""
        if self._looked_back or not (self.again or self.attempt > 1):
            return
        async with self._looking:
            if not self._looked_back:
                untold = await self._calls.look_back()
                self.cost_usd_micros += untold.cost_usd_micros
                self.unknown_usd_micros += untold.unknown_usd_micros
                self._looked_back = True

    def _left(self) -> int:
        return max(0, (self.budget_usd_micros or 0) - self.cost_usd_micros - self._in_flight_usd_micros)

    def _is_short_of(self, amount: int) -> bool:
        return self.budget_usd_micros is not None and amount > self._left()

    def _refusal(self, name: str, most: int) -> GreenlightError:
        said = f"{name} may cost ${most / 1e6:.2f}, and this step has ${self._left() / 1e6:.2f} left"
        if most <= self._left() + self.unknown_usd_micros:
            return MoneyInDoubt(f"{said}: it may have been spent by a call that never ended.")
        return OverBudget(f"{said}.", needs_usd_micros=most)

    @property
    def _calls(self) -> Calls:
        return Calls(self)

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
