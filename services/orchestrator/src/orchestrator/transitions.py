"""Transitions: lock the runs, let each happening advance its run, write everything that follows, in one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from common.bus.runner import artifact_row
from common.clock import Clock
from common.contracts.message import CommandBody
from common.contracts.values import TERMINAL_STATUSES
from common.db.work import Transaction
from common.ids import derived_id
from common.observability.metrics import TRANSITIONS
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.effects import Order, Record, Retract, SetTimer, TellCancelled
from orchestrator.engine.happenings import Answered, Happening
from orchestrator.engine.lookup import locate
from orchestrator.engine.state import RunFacts, RunState
from orchestrator.library import Library
from orchestrator.models import ready_steps, run_artifacts, run_events, runs, timers


@dataclass(frozen=True)
class HistoryEntry:
    """An entry of a run's history, as it was committed."""

    tenant: str
    run_id: UUID
    seq: int
    type: str
    data: dict[str, Any]
    at: datetime


@dataclass
class Aftermath:
    """What to tell others once the transaction has committed."""

    entries: list[HistoryEntry] = field(default_factory=list)
    cancelled: list[UUID] = field(default_factory=list)
    ordered: bool = False

    def add(self, other: Aftermath) -> None:
        """Take in what another run's transition left."""
        self.entries += other.entries
        self.cancelled += other.cancelled
        self.ordered |= other.ordered


@dataclass(frozen=True)
class Happened:
    """A happening and the run it happened to."""

    run_id: UUID
    happening: Happening


class Transitions:
    """Applies happenings to runs of one tenant inside a given transaction."""

    def __init__(self, library: Library, *, clock: Clock) -> None:
        self._library = library
        self._clock = clock

    async def begin(self, tx: Transaction, facts: RunFacts, definition: Definition) -> None:
        """Write a new run and the first entry of its history."""
        entry = {"workflow": facts.workflow, "input": facts.input, "created_by": facts.created_by}
        await tx.session.execute(
            insert(runs).values(
                id=facts.id,
                tenant_id=facts.tenant,
                workflow=facts.workflow,
                definition_digest=definition.digest,
                status="pending",
                shown_status="pending",
                input=facts.input,
                state=RunState(seq=1).model_dump(mode="json"),
                created_by=facts.created_by,
                created_at=facts.created_at,
                updated_at=facts.created_at,
            )
        )
        await tx.session.execute(
            insert(run_events).values(
                run_id=facts.id, seq=1, tenant_id=facts.tenant, type="run.created", data=entry, at=facts.created_at
            )
        )

    async def apply(self, tx: Transaction, happened: Sequence[Happened]) -> Aftermath:
        """Advance each run by what happened to it, in the given order. Runs are locked sorted by id.

        A run that is not there (another tenant's, or deleted) is passed over.
        """
        aftermath = Aftermath()
        wanted = sorted({one.run_id for one in happened}, key=str)
        found = await tx.session.execute(
            select(runs).where(runs.c.id.in_(wanted)).order_by(runs.c.id).with_for_update()
        )
        rows = {row["id"]: row for row in found.mappings()}
        for run_id, row in rows.items():
            definition = await self._library.definition(tx, row["definition_digest"])
            mine = [one.happening for one in happened if one.run_id == run_id]
            aftermath.add(await self._advance(tx, row, definition, mine))
        return aftermath

    async def _advance(
        self, tx: Transaction, row: Any, definition: Definition, happenings: Sequence[Happening]
    ) -> Aftermath:
        facts = RunFacts(
            id=row["id"],
            tenant=row["tenant_id"],
            workflow=row["workflow"],
            input=row["input"],
            created_by=row["created_by"],
            created_at=row["created_at"],
        )
        before = state = RunState.model_validate(row["state"])
        batch = _Batch(facts, row["priority"], self._clock())
        for happening in happenings:
            state, effects = advance(definition, facts, state, happening)
            if isinstance(happening, Answered) and effects:
                batch.announce(definition, state, happening)
            for effect in effects:
                batch.take(effect, state)
        if state is not before:
            await batch.write(tx, state)
            TRANSITIONS.labels("orchestrator").inc(len(happenings))
        return batch.aftermath


class _Batch:
    """The rows one run's happenings lead to."""

    def __init__(self, facts: RunFacts, priority: int, now: datetime) -> None:
        self.aftermath = Aftermath()
        self._facts = facts
        self._priority = priority
        self._now = now
        self._orders: dict[UUID, Order | None] = {}
        self._timers: list[SetTimer] = []
        self._artifacts: list[dict[str, Any]] = []

    def announce(self, definition: Definition, state: RunState, answered: Answered) -> None:
        """Note the artifacts that an accepted answer announces."""
        found = locate(definition, self._facts.id, state, answered.step_id)
        if found is None:
            return
        scope = {"step": found[0].id, "announced_at": self._now}
        for record in answered.finished.artifacts:
            self._artifacts.append(artifact_row(self._facts.tenant, self._facts.id, record) | scope)

    def take(self, effect: Record | Order | Retract | SetTimer | TellCancelled, state: RunState) -> None:
        match effect:
            case Record():
                state.seq += 1
                facts = self._facts
                entry = HistoryEntry(facts.tenant, facts.id, state.seq, effect.type, effect.data, self._now)
                self.aftermath.entries.append(entry)
            case Order():
                self._orders[effect.step_id] = effect
                self.aftermath.ordered = True
            case Retract():
                self._orders[effect.step_id] = None
            case SetTimer():
                self._timers.append(effect)
            case TellCancelled():
                self.aftermath.cancelled.append(self._facts.id)

    async def write(self, tx: Transaction, state: RunState) -> None:
        """Write all of it into the transaction."""
        over = state.status in TERMINAL_STATUSES
        await tx.session.execute(
            update(runs)
            .where(runs.c.id == self._facts.id)
            .values(
                status=state.status.value,
                shown_status=state.shown,
                current_step=state.current,
                state=state.model_dump(mode="json"),
                error=state.error.model_dump(mode="json") if state.error else None,
                cost_usd_micros=state.cost_usd_micros,
                updated_at=self._now,
                finished_at=self._now if over else None,
            )
        )
        if self.aftermath.entries:
            await tx.session.execute(insert(run_events), [_event_row(entry) for entry in self.aftermath.entries])
        await self._write_orders(tx)
        if self._timers:
            await tx.session.execute(
                upsert(timers).on_conflict_do_nothing(), [self._timer_row(t) for t in self._timers]
            )
        if self._artifacts:
            await tx.session.execute(upsert(run_artifacts).on_conflict_do_nothing(), self._artifacts)

    async def _write_orders(self, tx: Transaction) -> None:
        if gone := list(self._orders):
            await tx.session.execute(delete(ready_steps).where(ready_steps.c.step_id.in_(gone)))
        if orders := [order for order in self._orders.values() if order is not None]:
            await tx.session.execute(insert(ready_steps), [self._order_row(order) for order in orders])

    def _order_row(self, order: Order) -> dict[str, Any]:
        return {
            "step_id": order.step_id,
            "tenant_id": self._facts.tenant,
            "run_id": self._facts.id,
            "step": order.step,
            "capability": order.capability,
            "attempt": order.attempt,
            "priority": self._priority,
            "command": CommandBody(input=order.input, agent=order.agent).model_dump(mode="json"),
            "ready_at": self._now,
            "sent_at": None,
        }

    def _timer_row(self, effect: SetTimer) -> dict[str, Any]:
        timer = effect.timer
        return {
            "id": derived_id(timer.step_id, timer.attempt, timer.purpose),
            "tenant_id": self._facts.tenant,
            "run_id": self._facts.id,
            "due_at": effect.due_at,
            "timer": timer.model_dump(mode="json"),
        }


def _event_row(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "run_id": entry.run_id,
        "seq": entry.seq,
        "tenant_id": entry.tenant,
        "type": entry.type,
        "data": entry.data,
        "at": entry.at,
    }
