"""What a transaction's transitions leave behind, gathered over all its runs and written table by table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, LiteralString, assert_never
from uuid import UUID

import orjson
from common.bus.runner import artifact_row
from common.contracts.catalogue import CAPABILITIES
from common.contracts.message import CommandBody
from common.contracts.values import TERMINAL_STATUSES, RunStatus
from common.db.connection import Row, Statement, columns_of
from common.db.work import Transaction
from common.ids import derived_id
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.accounts import Booking
from orchestrator.budgets import book
from orchestrator.engine.effects import (
    Effect,
    EndRun,
    Hold,
    HoldRun,
    Order,
    Record,
    Retract,
    SetTimer,
    StartRun,
    TellCancelled,
    WithdrawGate,
)
from orchestrator.engine.happenings import Answered, CancelRequested, Happening, HeldAbove, SubrunEnded
from orchestrator.engine.interrupts import vendor_handle
from orchestrator.engine.spending import report_of
from orchestrator.engine.state import At, RunFacts, RunState, step_id
from orchestrator.express import Express
from orchestrator.models import run_artifacts
from orchestrator.sending import send_order

# Who takes up an attempt closes those before it, so these are not answered any more.
_FORGET_ANSWERED: LiteralString = """
    delete from orchestrator.ready_steps r using unnest(%(steps)s::uuid[], %(attempts)s::int[]) as a(step_id, attempt)
    where r.step_id = a.step_id and r.attempt <= a.attempt
    returning r.run_id, r.step_id, r.attempt, r.capability, r.reserved_usd_micros as reserved, r.unwanted,
        (coalesce(r.sent_at, now()) at time zone 'utc')::date as day
"""
_UPDATE_RUNS: LiteralString = """
    update orchestrator.runs r set status = n.status, shown_status = n.shown_status, current_step = n.current_step,
        state = n.state::jsonb, error = n.error::jsonb, cost_usd_micros = n.cost, updated_at = %(now)s,
        finished_at = n.finished_at
    from unnest(%(id)s::uuid[], %(status)s::text[], %(shown_status)s::text[], %(current_step)s::text[],
        %(state)s::text[], %(error)s::text[], %(cost)s::bigint[], %(finished_at)s::timestamptz[])
        as n(id, status, shown_status, current_step, state, error, cost, finished_at)
    where r.id = n.id
"""
_INSERT_EVENTS: LiteralString = """
    insert into orchestrator.run_events (run_id, seq, tenant_id, type, data, at)
    select run_id, seq, tenant_id, type, data::jsonb, at from unnest(%(run_id)s::uuid[], %(seq)s::int[],
        %(tenant_id)s::text[], %(type)s::text[], %(data)s::text[], %(at)s::timestamptz[])
        as e(run_id, seq, tenant_id, type, data, at)
"""
_FORGET_UNSENT: LiteralString = """
    delete from orchestrator.ready_steps where step_id = any(%(steps)s) and sent_at is null
"""
_NOT_WANTED: LiteralString = """
    update orchestrator.ready_steps set unwanted = true where step_id = any(%(steps)s)
"""
_HOLD: LiteralString = """
    update orchestrator.ready_steps set held = %(held)s where run_id = %(run)s and sent_at is null
"""
_ORDER: LiteralString = """
    insert into orchestrator.ready_steps as r (step_id, tenant_id, run_id, workflow, step, capability, attempt,
        priority, held, unwanted, estimate_usd_micros, command, ready_at, sent_at)
    select step_id, tenant_id, run_id, workflow, step, capability, attempt, priority, held, false, estimate,
        command::jsonb, %(now)s, sent_at
    from unnest(%(step_id)s::uuid[], %(tenant_id)s::text[], %(run_id)s::uuid[], %(workflow)s::text[], %(step)s::text[],
        %(capability)s::text[], %(attempt)s::int[], %(priority)s::int[], %(held)s::bool[], %(estimate)s::bigint[],
        %(command)s::text[], %(sent_at)s::timestamptz[])
        as o(step_id, tenant_id, run_id, workflow, step, capability, attempt, priority, held, estimate, command,
            sent_at)
    on conflict (step_id, attempt) do update set capability = excluded.capability, held = excluded.held,
        unwanted = false, estimate_usd_micros = excluded.estimate_usd_micros,
        reserved_usd_micros = 0, command = excluded.command, ready_at = excluded.ready_at, sent_at = excluded.sent_at
"""
_SET_TIMERS: LiteralString = """
    insert into orchestrator.timers (id, tenant_id, run_id, due_at, happening)
    select id, tenant_id, run_id, due_at, happening::jsonb from unnest(%(id)s::uuid[], %(tenant_id)s::text[],
        %(run_id)s::uuid[], %(due_at)s::timestamptz[], %(happening)s::text[])
        as t(id, tenant_id, run_id, due_at, happening)
    on conflict (id) do nothing
"""
_AWAIT: LiteralString = """
    insert into orchestrator.awaited (tenant_id, handle, run_id)
    select tenant_id, handle, run_id from unnest(%(tenant_id)s::text[], %(handle)s::text[], %(run_id)s::uuid[])
        as w(tenant_id, handle, run_id)
    on conflict do nothing
"""
_AWAIT_NO_MORE: LiteralString = """
    delete from orchestrator.awaited where run_id = any(%(runs)s)
"""


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

    def __init__(self, now: datetime, express: Express) -> None:
        self.now = now
        self._express = express
        self.aftermath = Aftermath()
        self.orders: dict[UUID, dict[str, Any] | None] = {}
        self.timers: dict[UUID, dict[str, Any]] = {}
        self.artifacts: list[dict[str, Any]] = []
        self.holds: list[dict[str, Any]] = []
        self.bookings: dict[tuple[UUID, int], Booking] = {}
        """For each answered attempt, what was set aside for it, and what it cost."""
        self.children: list[tuple[UUID, UUID]] = []
        """Runs that begin now, each with the one that started it."""
        self._runs: dict[UUID, RunWrites] = {}

    def of_run(self, facts: RunFacts, row: Any) -> RunWrites:
        """The part of one run."""
        self._runs[facts.id] = RunWrites(self, facts, row)
        return self._runs[facts.id]

    def answered_by(self, happened: Sequence[tuple[UUID, Happening]]) -> list[Statement]:
        """The statement that takes what these answer out of the backlog, if they answer anything."""
        answers = [one for _, one in happened if isinstance(one, Answered)]
        columns = {"steps": [one.step_id for one in answers], "attempts": [one.attempt for one in answers]}
        return [(_FORGET_ANSWERED, columns)] if answers else []

    def mark_first(
        self, happened: Sequence[tuple[UUID, Happening]], forgotten: Sequence[Row]
    ) -> list[tuple[UUID, Happening]]:
        """The same happenings; of answers it is said whether they are the first to their attempt."""
        self.bookings = {
            (row["step_id"], row["attempt"]): Booking(
                row["run_id"], released=row["reserved"], spent=0, day=row["day"], unwanted=row["unwanted"]
            )
            for row in forgotten
        }
        for row in forgotten:
            self._express.give_back(row["capability"])
        first: set[tuple[UUID, int] | None] = set(self.bookings)
        told: list[tuple[UUID, Happening]] = []
        for run_id, one in happened:
            attempt = (one.step_id, one.attempt) if isinstance(one, Answered) else None
            again = attempt is not None and attempt not in first
            first.discard(attempt)
            told.append((run_id, one.model_copy(update={"outstanding": False}) if again else one))
        return told

    def spend(self, answered: Answered) -> None:
        """Note what the first answer to an attempt says it cost."""
        if (booking := self.bookings.get((answered.step_id, answered.attempt))) is not None:
            spent = booking.spent + answered.finished.cost_usd_micros
            self.bookings[answered.step_id, answered.attempt] = replace(booking, spent=spent)

    async def write(self, tx: Transaction, *, unread: bool) -> Aftermath:
        """Write all of it into the transaction, `unread` together with the commit. → what to tell afterwards."""
        changed = [one for one in self._runs.values() if one.state is not None]
        statements = [*self._backlog(tx)]
        if changed:
            statements.append((_UPDATE_RUNS, columns_of([one.run_row() for one in changed]) | {"now": self.now}))
        if self.aftermath.entries:
            statements.append((_INSERT_EVENTS, columns_of([_event_row(entry) for entry in self.aftermath.entries])))
        if awaited := [row for entry in self.aftermath.entries if (row := _awaited_row(entry))]:
            statements.append((_AWAIT, columns_of(awaited)))
        if gone := [one.facts.id for one in changed if one.is_over_for_good]:
            statements.append((_AWAIT_NO_MORE, {"runs": gone}))
        if self.timers:
            statements.append((_SET_TIMERS, columns_of(list(self.timers.values()))))
        over = {one.facts.id for one in changed if one.is_over}
        books = over or self.children or any(one.moves_money for one in self.bookings.values())
        # Who sends orders locks those first, and accounts after them; so do we, where there is anything to book.
        if unread and not books:
            for statement, values in statements:
                tx.run_last(statement, values)
        elif statements:
            await tx.run_all(statements)
        if self.artifacts:
            await tx.session.execute(upsert(run_artifacts).on_conflict_do_nothing(), self.artifacts)
        if books:
            await book(tx, list(self.bookings.values()), today=self.now.date(), over=over, started=self.children)
        return self.aftermath

    def _backlog(self, tx: Transaction) -> Iterator[Statement]:
        # A first attempt finds no row of another; a later one may, of one that was sent or never was.
        if gone := [step for step, row in self.orders.items() if row is None or self._follows_unanswered(step, row)]:
            yield _FORGET_UNSENT, {"steps": gone}
            yield _NOT_WANTED, {"steps": gone}
        if rows := [row for row in self.orders.values() if row is not None]:
            yield _ORDER, columns_of([self._send_at_once(tx, row) for row in rows]) | {"now": self.now}
        for hold in self.holds:
            yield _HOLD, hold
            self.aftermath.ordered = True

    def _follows_unanswered(self, step: UUID, order: Mapping[str, Any]) -> bool:
        return order["attempt"] > 1 and (step, order["attempt"] - 1) not in self.bookings

    def _send_at_once(self, tx: Transaction, row: dict[str, Any]) -> dict[str, Any]:
        """The order as it is to be written: sent already, if the express lane takes it."""
        free = not row["held"] and not row["estimate"] and not self._runs[row["run_id"]].row["capped"]
        if not free or not self._express.takes(row["capability"], tenant=row["tenant_id"]):
            self._express.close(row["capability"])
            self.aftermath.ordered = True
            return row | {"sent_at": None}
        send_order(tx, CAPABILITIES[row["capability"]].command_subject, row["command"].encode(), row)
        return row | {"sent_at": self.now}


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

    @property
    def is_over_for_good(self) -> bool:
        """Whether the run has ended and cannot be retried."""
        return self.is_over and self.state is not None and self.state.status is not RunStatus.FAILED

    def answered(self, answered: Answered, effects: Sequence[Effect], *, state: RunState) -> None:
        """Money was spent; artifacts count if the answer did, and was not one that came too late."""
        if effects:
            self._all.spend(answered)
        late = all(isinstance(effect, Record) and effect.type == "agent.stopped" for effect in effects)
        if not late and answered.finished.artifacts:
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
                self._all.orders[effect.step_id] = self._order_row(effect, held=state.held)
            case Retract():
                self._all.orders[effect.step_id] = None
            case SetTimer():
                timer = effect.timer
                self._schedule(derived_id(timer.step_id, timer.attempt, timer.purpose), effect.due_at, timer)
            case EndRun():
                self.happens_next(effect.id, CancelRequested(at=self._all.now, by=effect.by, now=effect.now))
            case HoldRun():
                self.happens_next(effect.id, HeldAbove(at=self._all.now, by=effect.by, held=effect.held, seq=state.seq))
            case Hold():
                self._all.holds.append({"run": self.facts.id, "held": effect.held})
            case TellCancelled():
                self._all.aftermath.stops.append(Stop(self.facts.id, effect.steps, effect.now))
            case StartRun() | WithdrawGate():
                raise TypeError("only a transition can start a run, or tell others")
            case _:
                assert_never(effect)

    def begun(self, run_id: UUID) -> None:
        """Note that this run has started another one."""
        self._all.children.append((run_id, self.facts.id))

    def happens_next(self, run_id: UUID, happening: Happening) -> None:
        """Have something happen to a run, another one or this, as soon as this transaction has committed."""
        kind = type(happening).__name__
        step = happening.step_id if isinstance(happening, SubrunEnded) else ""
        timer = derived_id(run_id, self.facts.id, kind, step, happening.at.isoformat())
        self._schedule(timer, self._all.now, happening, run_id=run_id)
        self._all.aftermath.due = True

    def finish(self, state: RunState) -> None:
        """The state after all of it; what it ended as and cost is told to the run that started it."""
        self.state = state
        parent, step, before = (self.row[name] for name in ("parent_run_id", "parent_step_id", "cost_usd_micros"))
        if parent is None:
            return
        if report := report_of(state, run_id=self.facts.id, step_id=step, cost_before=before, at=self._all.now):
            self.happens_next(parent, report)

    def run_row(self) -> dict[str, Any]:
        """The run's row as it will be."""
        state, now = self.state, self._all.now
        if state is None:
            raise ValueError("the run did not change")
        return {
            "id": self.facts.id,
            "status": state.status.value,
            "shown_status": state.shown,
            "current_step": state.current,
            "state": state.model_dump_json(exclude_defaults=True),
            "error": state.error.model_dump_json() if state.error else None,
            "cost": state.cost_usd_micros,
            "finished_at": now if self.is_over else None,
        }

    def _schedule(self, timer: UUID, due_at: datetime, happening: Happening, *, run_id: UUID | None = None) -> None:
        self._all.timers[timer] = {
            "id": timer,
            "tenant_id": self.facts.tenant,
            "run_id": run_id or self.facts.id,
            "due_at": due_at,
            "happening": happening.model_dump_json(),
        }

    def _order_row(self, order: Order, *, held: bool) -> dict[str, Any]:
        body = CommandBody(
            input=order.input,
            agent=order.agent,
            budget_usd_micros=order.estimate_usd_micros or None,
            private_of=self.row["private_of"],
        )
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
            "estimate": order.estimate_usd_micros,
            "command": body.model_dump_json(),
        }


def _step_of(state: RunState, run: UUID, wanted: UUID) -> str:
    """Which step an accepted answer belongs to, by its author's name."""
    for key, part in state.steps.items():
        if step_id(run, at := At.read(key), part.visit) == wanted:
            return at.step.partition(".")[0]
    return state.current or ""


def _awaited_row(entry: HistoryEntry) -> dict[str, Any] | None:
    """What has to be known of a step that came to wait for a vendor; None for any other entry."""
    handle = vendor_handle(entry.type, entry.data)
    return {"tenant_id": entry.tenant, "handle": handle, "run_id": entry.run_id} if handle else None


def _event_row(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "run_id": entry.run_id,
        "seq": entry.seq,
        "tenant_id": entry.tenant,
        "type": entry.type,
        "data": orjson.dumps(entry.data).decode(),
        "at": entry.at,
    }


__all__ = ["Aftermath", "HistoryEntry", "RunWrites", "Stop", "Writes"]
