"""Outside calls of a step, as they are written down: before, after, and when nobody knows how they ended.

A call's cost is what it cost or, until that is known, what it may cost at most. An attempt that dies in a call leaves
it `started`; whoever works on the step next finds it, and counts it as spent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from common.contracts.values import Value
from common.db.work import Transaction
from common.ids import derived_id, new_id

if TYPE_CHECKING:
    from common.bus.step import Save, Step

CallKind = Literal["model", "tool", "vendor"]
_ANSWERS_KEPT = timedelta(days=30)
"""How long the inbox remembers answers (see `Relay`); what calls cost before that was told long ago."""


class CallState(StrEnum):
    """How far a call is."""

    STARTED = "started"
    DONE = "done"
    UNKNOWN = "unknown"
    """It was begun, its worker was lost, and nobody will ever say how it ended."""


@dataclass(frozen=True)
class Recorded:
    """A call that was begun before."""

    state: CallState
    result: object
    request_sha256: str


class Request:
    """What a call asks for, and its hash, by which another request under the same key is known."""

    def __init__(self, value: Value) -> None:
        self._json = value.model_dump_json()
        self.sha256 = hashlib.sha256(self._json.encode()).hexdigest()

    @property
    def kept(self) -> object:
        """As it is written down, for people to read."""
        # The database keeps no text with this character in it.
        return orjson.loads(self._json.replace("\\u0000", "\\ufffd"))


@dataclass(frozen=True)
class Untold:
    """What no answer has told yet: what calls have cost, and how much of that is what lost calls may have cost."""

    cost_usd_micros: int
    unknown_usd_micros: int


class Calls:
    """The calls of one step, written by one attempt of it. Raises `LeaseLost` once that is not the newest any more."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._work = step.work
        self._rows = step.work.tables.calls

    async def begin(self, name: str, key: str, *, kind: CallKind, request: Request, most: int) -> Recorded | None:
        """Write down that a call begins, which may cost `most`. → what is known of it, if it was begun before."""
        calls = self._rows
        async with self._work.transaction(self._step.tenant) as tx:
            await self._step.hold(tx)
            begun = await tx.session.execute(
                insert(calls)
                .values(
                    step_id=self._step.id,
                    key=key,
                    tenant_id=self._step.tenant,
                    attempt=self._step.attempt,
                    name=name,
                    kind=kind,
                    request_sha256=request.sha256,
                    request=request.kept,
                    run_id=self._step.run_id,
                    private_of=self._step.private_of,
                    state=CallState.STARTED.value,
                    cost_usd_micros=most,
                )
                .on_conflict_do_nothing()
                .returning(calls.c.key)
            )
            if begun.first() is not None:
                return None
            row = (await tx.session.execute(select(calls).where(self._is(key)))).one()
            return Recorded(CallState(row.state), row.result, row.request_sha256)

    async def begin_again(self, key: str, *, most: int) -> None:
        """Begin a call once more. What it may have cost before stays, under a key of its own."""
        calls, lost = self._rows, self._rows.c
        apart: dict[str, ColumnElement[Any]] = {
            "key": literal(f"{key} lost {new_id()}"),
            "state": literal(CallState.UNKNOWN.value),
            "finished_at": func.now(),
        }
        names = [column.name for column in calls.c]
        copied = select(*(apart.get(name, lost[name]) for name in names)).where(self._is(key), lost.cost_usd_micros > 0)
        async with self._work.transaction(self._step.tenant) as tx:
            await self._step.hold(tx)
            await tx.session.execute(insert(calls).from_select(names, copied))
            begun = {"state": CallState.STARTED.value, "cost_usd_micros": most, "started_at": func.now()}
            await tx.session.execute(
                update(calls).where(self._is(key)).values(begun | {"attempt": self._step.attempt, "finished_at": None})
            )

    async def end(self, key: str, answer: Value, cost: int, *, save: Save | None) -> None:
        """Write down how a call ended, and `save`. One that was given up stays what was told of it."""
        ended = {"result": answer.model_dump(mode="json"), "cost_usd_micros": cost, "finished_at": func.now()}
        await self._change(key, ended | {"state": CallState.DONE.value}, save=save)

    async def was_refused(self, key: str) -> None:
        """Write down that a call cost nothing: the vendor said no. It stays begun, for whoever must not repeat it."""
        await self._change(key, {"cost_usd_micros": 0})

    async def is_done(self, key: str) -> bool:
        """Whether the call's result is known."""
        found = select(self._rows.c.key).where(self._is(key), self._rows.c.state == CallState.DONE.value)
        async with self._work.transaction(self._step.tenant) as tx:
            return (await tx.session.execute(found)).first() is not None

    async def give_up(self) -> None:
        """Say of this attempt's calls that may have cost something and have not ended that nobody knows how they do."""
        calls = self._rows.c
        mine = (calls.step_id == self._step.id) & (calls.attempt == self._step.attempt)
        in_flight = mine & (calls.state == CallState.STARTED.value) & (calls.cost_usd_micros > 0)
        async with self._work.transaction(self._step.tenant) as tx:
            await self._step.hold(tx)
            given_up = update(self._rows).where(in_flight)
            await tx.session.execute(given_up.values(state=CallState.UNKNOWN.value, finished_at=func.now()))

    async def look_back(self) -> Untold:
        """What workers before this one have spent and not told. From now on it is this attempt that tells it.

        To be asked before the attempt makes calls of its own.
        """
        calls = self._rows.c
        recent = calls.started_at > func.now() - _ANSWERS_KEPT
        costly = (calls.step_id == self._step.id) & (calls.cost_usd_micros > 0) & recent
        async with self._work.transaction(self._step.tenant) as tx:
            found = (
                await tx.session.execute(
                    select(calls.key, calls.attempt, calls.state, calls.cost_usd_micros).where(costly)
                )
            ).all()
            told = await self._answered(tx, {row.attempt for row in found})
            untold = [row for row in found if row.attempt not in told]
            if untold:
                await self._step.hold(tx)
                await tx.session.execute(
                    update(self._rows)
                    .where(calls.step_id == self._step.id, calls.key.in_([row.key for row in untold]))
                    .values(
                        attempt=self._step.attempt,
                        state=case(
                            (calls.state == CallState.STARTED.value, CallState.UNKNOWN.value), else_=calls.state
                        ),
                    )
                )
        return Untold(
            sum(row.cost_usd_micros for row in untold),
            sum(row.cost_usd_micros for row in untold if row.state != CallState.DONE),
        )

    async def _answered(self, tx: Transaction, attempts: Set[int]) -> set[int]:
        """Which attempts have told what they cost; one that lost its worker or its lease has not."""
        if not attempts:
            return set()
        commands = {self._command(attempt): attempt for attempt in attempts}
        inbox = self._work.tables.inbox.c
        found = await tx.session.execute(select(inbox.message_id).where(inbox.message_id.in_(list(commands))))
        return {commands[message] for message in found.scalars()}

    def _command(self, attempt: int) -> UUID:
        own = attempt == self._step.attempt
        return self._step.header.id if own else derived_id(self._step.id, attempt)

    async def _change(self, key: str, values: dict[str, object], *, save: Save | None = None) -> None:
        calls = self._rows.c
        async with self._work.transaction(self._step.tenant) as tx:
            await self._step.hold(tx)
            open_one = update(self._rows).where(self._is(key), calls.state == CallState.STARTED.value)
            await tx.session.execute(open_one.values(values | {"attempt": self._step.attempt}))
            if save is not None:
                await save(tx)

    def _is(self, key: str) -> ColumnElement[bool]:
        return (self._rows.c.step_id == self._step.id) & (self._rows.c.key == key)
