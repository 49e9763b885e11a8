"""What a transaction's transitions leave behind, gathered over all its runs and written table by table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from common.bus.runner import artifact_row
from common.contracts.message import CommandBody
from common.contracts.values import TERMINAL_STATUSES, Problem
from common.db.work import Transaction
from common.ids import derived_id
from sqlalchemy import bindparam, insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.budgets import Booking, book
from orchestrator.engine.effects import Effect, EndRun, Hold, Order, Record, Retract, SetTimer, StartRun, TellCancelled
from orchestrator.engine.happenings import Answered, CancelRequested, Happening, SubrunEnded
from orchestrator.engine.state import At, RunFacts, RunState, step_id
from orchestrator.models import ready_steps, run_artifacts, run_events, runs, timers

_UPDATE_RUN = (
    update(runs)
    .where(runs.c.id == bindparam("run"))
    .values(
        status=bindparam("new_status"),
        shown_status=bindparam("new_shown_status"),
        current_step=bindparam("new_current_step"),
        state=bindparam("new_state"),
        error=bindparam("new_error"),
        cost_usd_micros=bindparam("new_cost"),
        updated_at=bindparam("new_updated_at"),
        finished_at=bindparam("new_finished_at"),
    )
)
_FORGET_ANSWERED = text(
    "delete from orchestrator.ready_steps r"
    " using unnest(cast(:steps as uuid[]), cast(:attempts as int[])) as a(step_id, attempt)"
    " where r.step_id = a.step_id and r.attempt = a.attempt"
    " returning r.run_id, r.step_id, r.attempt, r.reserved_usd_micros"
)
_FORGET_UNSENT = text("delete from orchestrator.ready_steps where step_id = any(:steps) and sent_at is null")
_NOT_WANTED = text("update orchestrator.ready_steps set unwanted = true where step_id = any(:steps)")
_HOLD = text("update orchestrator.ready_steps set held = :held where run_id = :run and sent_at is null")


@dataclass(frozen=True)
class HistoryEntry:
    """An entry of a run's history, as it was committed."""

    tenant: str
    run_id: UUID
    seq: int
    type: str
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Stop:
    """Workers that are busy with the run, or with these steps of it, should stop."""

    run_id: UUID
    steps: tuple[UUID, ...] = ()
    now: bool = False


@dataclass
class Aftermath:
    """What to tell others once the transaction has committed."""

    entries: list[HistoryEntry] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    ordered: bool = False
    due: bool = False
    """Something happens next, at once."""


class Writes:
    """The rows that the happenings of one transaction lead to."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.aftermath = Aftermath()
        self.orders: dict[UUID, dict[str, Any] | None] = {}
        self.timers: dict[UUID, dict[str, Any]] = {}
        self.artifacts: list[dict[str, Any]] = []
        self.holds: list[dict[str, Any]] = []
        self.spent: Counter[UUID] = Counter()
        self.released: Counter[UUID] = Counter()
        """For each run, what was set aside and is no longer needed."""
        self._answered: set[UUID] = set()
        self._runs: dict[UUID, RunWrites] = {}

    def of_run(self, facts: RunFacts, row: Any) -> RunWrites:
        """The part of one run."""
        self._runs[facts.id] = RunWrites(self, facts, row)
        return self._runs[facts.id]

    async def forget_answered(
        self, tx: Transaction, happened: Sequence[tuple[UUID, Happening]]
    ) -> list[tuple[UUID, Happening]]:
        """Take what is answered out of the backlog. → the same happenings; answers say whether they are the first."""
        answers = [one for _, one in happened if isinstance(one, Answered)]
        if not answers:
            return list(happened)
        self._answered = {one.step_id for one in answers}
        steps, attempts = [one.step_id for one in answers], [one.attempt for one in answers]
        first: set[tuple[UUID, int]] = set()
        for row in await tx.session.execute(_FORGET_ANSWERED, {"steps": steps, "attempts": attempts}):
            first.add((row.step_id, row.attempt))
            self.released[row.run_id] += row.reserved_usd_micros
        told: list[tuple[UUID, Happening]] = []
        for run_id, one in happened:
            if isinstance(one, Answered):
                outstanding = (one.step_id, one.attempt) in first
                first.discard((one.step_id, one.attempt))
                told.append((run_id, one.model_copy(update={"outstanding": outstanding})))
            else:
                told.append((run_id, one))
        return told

    async def write(self, tx: Transaction) -> Aftermath:
        """Write all of it into the transaction. → what to tell once it has committed."""
        changed = [one for one in self._runs.values() if one.state is not None]
        if changed:
            await tx.session.execute(_UPDATE_RUN, [one.run_row() for one in changed])
        if entries := self.aftermath.entries:
            await tx.session.execute(insert(run_events), [_event_row(entry) for entry in entries])
        await self._write_backlog(tx)
        if self.timers:
            await tx.session.execute(upsert(timers).on_conflict_do_nothing(), list(self.timers.values()))
        if self.artifacts:
            await tx.session.execute(upsert(run_artifacts).on_conflict_do_nothing(), self.artifacts)
        over = {one.facts.id for one in changed if one.is_over}
        bookings = [Booking(run, self.released[run], self.spent[run], run in over) for run in self._runs]
        await book(tx, bookings)
        return self.aftermath

    async def _write_backlog(self, tx: Transaction) -> None:
        if gone := [step for step in self.orders if step not in self._answered]:
            await tx.session.execute(_FORGET_UNSENT, {"steps": gone})
            await tx.session.execute(_NOT_WANTED, {"steps": gone})
        if rows := [row for row in self.orders.values() if row is not None]:
            statement = upsert(ready_steps)
            newer = {column: statement.excluded[column] for column in rows[0] if column != "step_id"}
            await tx.session.execute(statement.on_conflict_do_update(index_elements=["step_id"], set_=newer), rows)
            self.aftermath.ordered = True
        for hold in self.holds:
            await tx.session.execute(_HOLD, hold)
            self.aftermath.ordered = True


class RunWrites:
    """What the happenings of one run lead to."""

    def __init__(self, writes: Writes, facts: RunFacts, row: Any) -> None:
        self.facts = facts
        self.row = row
        self.state: RunState | None = None
        self._all = writes

    @property
    def is_over(self) -> bool:
        """Whether the run has ended."""
        return self.state is not None and self.state.status in TERMINAL_STATUSES

    def answered(self, answered: Answered, *, accepted: bool, state: RunState) -> None:
        """Money was spent; artifacts count if the answer did."""
        if accepted:
            self._all.spent[self.facts.id] += answered.finished.cost_usd_micros
        if accepted and answered.finished.artifacts:
            step = _step_of(state, self.facts.id, answered.step_id)
            for record in answered.finished.artifacts:
                made = artifact_row(self.facts.tenant, self.facts.id, record)
                self._all.artifacts.append(made | {"step": step, "announced_at": self._all.now})

    def take(self, effect: Effect, state: RunState) -> None:
        """Note one effect."""
        match effect:
            case Record():
                state.seq += 1
                facts = self.facts
                entry = HistoryEntry(facts.tenant, facts.id, state.seq, effect.type, effect.data, self._all.now)
                self._all.aftermath.entries.append(entry)
            case Order():
                self._all.orders[effect.step_id] = self._order_row(effect, held=state.paused)
            case Retract():
                self._all.orders[effect.step_id] = None
            case SetTimer():
                timer = effect.timer
                self._schedule(derived_id(timer.step_id, timer.attempt, timer.purpose), effect.due_at, timer)
            case EndRun():
                self.happens_next(effect.id, CancelRequested(at=self._all.now, by=effect.by))
            case Hold():
                self._all.holds.append({"run": self.facts.id, "held": effect.held})
            case TellCancelled():
                self._all.aftermath.stops.append(Stop(self.facts.id, effect.steps, effect.now))
            case StartRun():
                raise TypeError("only a transition can start a run")
            case _:
                assert_never(effect)

    def happens_next(self, run_id: UUID, happening: Happening) -> None:
        """Have something happen to a run, another one or this, as soon as this transaction has committed."""
        kind = type(happening).__name__
        timer = derived_id(run_id, self.facts.id, kind, happening.at.isoformat())
        self._schedule(timer, self._all.now, happening, run_id=run_id)
        self._all.aftermath.due = True

    def finish(self, state: RunState) -> None:
        """The state after all of it; a run that has ended tells the one that started it."""
        self.state = state
        if self.is_over and self.row["parent_run_id"] is not None:
            error = state.error
            problem = Problem(code=error.code, detail=error.detail) if error else None
            ended = SubrunEnded(
                at=self._all.now,
                step_id=self.row["parent_step_id"],
                run_id=self.facts.id,
                status=state.status,
                output=state.output,
                problem=problem,
                cost_usd_micros=state.cost_usd_micros,
            )
            self.happens_next(self.row["parent_run_id"], ended)

    def run_row(self) -> dict[str, Any]:
        """The run's row as it will be."""
        state, now = self.state, self._all.now
        if state is None:
            raise ValueError("the run did not change")
        return {
            "run": self.facts.id,
            "new_status": state.status.value,
            "new_shown_status": state.shown,
            "new_current_step": state.current,
            "new_state": state.compact(),
            "new_error": state.error.model_dump(mode="json") if state.error else None,
            "new_cost": state.cost_usd_micros,
            "new_updated_at": now,
            "new_finished_at": now if self.is_over else None,
        }

    def _schedule(self, timer: UUID, due_at: datetime, happening: Happening, *, run_id: UUID | None = None) -> None:
        self._all.timers[timer] = {
            "id": timer,
            "tenant_id": self.facts.tenant,
            "run_id": run_id or self.facts.id,
            "due_at": due_at,
            "happening": happening.model_dump(mode="json"),
        }

    def _order_row(self, order: Order, *, held: bool) -> dict[str, Any]:
        body = CommandBody(input=order.input, agent=order.agent, budget_usd_micros=order.estimate_usd_micros or None)
        return {
            "step_id": order.step_id,
            "tenant_id": self.facts.tenant,
            "run_id": self.facts.id,
            "workflow": self.facts.workflow,
            "step": order.step,
            "capability": order.capability,
            "attempt": order.attempt,
            "priority": self.row["priority"],
            "held": held,
            "unwanted": False,
            "estimate_usd_micros": order.estimate_usd_micros,
            "reserved_usd_micros": 0,
            "command": body.model_dump(mode="json"),
            "ready_at": self._all.now,
            "sent_at": None,
        }


def _step_of(state: RunState, run: UUID, wanted: UUID) -> str:
    """Which step an accepted answer belongs to, by its author's name."""
    for key, part in state.steps.items():
        if step_id(run, at := At.read(key), part.visit) == wanted:
            return at.step.partition(".")[0]
    return state.current or ""


def _event_row(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "run_id": entry.run_id,
        "seq": entry.seq,
        "tenant_id": entry.tenant,
        "type": entry.type,
        "data": entry.data,
        "at": entry.at,
    }


__all__ = ["Aftermath", "HistoryEntry", "RunWrites", "Stop", "Writes"]
