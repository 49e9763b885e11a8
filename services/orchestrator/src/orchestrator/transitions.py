"""Transitions: lock the runs, let each happening advance its run, write everything that follows, in one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import orjson
from common.bus.inbox import claiming_statement
from common.clock import Clock
from common.contracts.gates import GateWithdrawn
from common.contracts.values import Problem, RunStatus
from common.db.connection import Row, columns_of
from common.db.work import Transaction
from common.errors import GreenlightError
from common.observability.metrics import TRANSITIONS

from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.effects import StartRun, WithdrawGate
from orchestrator.engine.happenings import Answered, Happening, HeldAbove, Started, SubrunEnded
from orchestrator.engine.state import RunFacts, RunState
from orchestrator.express import Express
from orchestrator.inputs import check_input
from orchestrator.library import Library
from orchestrator.writes import Aftermath, HistoryEntry, RunWrites, Writes


@dataclass(frozen=True)
class Happened:
    """A happening and the run it happened to."""

    run_id: UUID
    happening: Happening
    message: UUID | None = None
    """The message that told it, if one did: one that was handled before does not happen again."""


@dataclass(frozen=True)
class Birth:
    """What a new run is besides its facts."""

    priority: int = 1
    parent: UUID | None = None
    parent_step: UUID | None = None
    forked_from: UUID | None = None
    session: UUID | None = None
    private_of: UUID | None = None
    """The run, this or one above it, whose shares say who sees it; None: the whole tenant does."""
    state: RunState | None = None
    """For a fork: what was done before; for one that another starts: whether that is paused."""


_PLAIN = Birth()
_BEGIN_RUNS: LiteralString = """
    with born as (
        select * from unnest(%(id)s::uuid[], %(tenant_id)s::text[], %(workflow)s::text[], %(digest)s::text[],
            %(input)s::text[], %(state)s::text[], %(priority)s::int[], %(created_by)s::text[], %(parent)s::uuid[],
            %(parent_step)s::uuid[], %(depth)s::int[], %(forked_from)s::uuid[], %(session)s::uuid[],
            %(private_of)s::uuid[], %(created_at)s::timestamptz[], %(entry)s::text[])
            as b(id, tenant_id, workflow, digest, input, state, priority, created_by, parent, parent_step, depth,
                forked_from, session, private_of, created_at, entry)
    ), made as (
        insert into orchestrator.runs (id, tenant_id, workflow, definition_digest, status, shown_status, input, state,
            priority, created_by, parent_run_id, parent_step_id, depth, forked_from_run_id, session_id, private_of,
            created_at, updated_at)
        select id, tenant_id, workflow, digest, 'pending', 'pending', input::jsonb, state::jsonb, priority, created_by,
            parent, parent_step, depth, forked_from, session, private_of, created_at, created_at from born
        on conflict (id) do nothing returning id
    )
    insert into orchestrator.run_events (run_id, seq, tenant_id, type, data, at)
    select b.id, 1, b.tenant_id, 'run.created', b.entry::jsonb, b.created_at from born b join made using (id)
    returning run_id
"""
_LOCK_RUNS: LiteralString = """
    select r.*, exists (
        select from orchestrator.run_accounts own join orchestrator.run_accounts a
            on a.run_id = own.run_id or a.run_id = any(own.above)
        where own.run_id = r.id and a.at_most_usd_micros is not null
    ) as capped
    from orchestrator.runs r where r.id = any(%(runs)s) order by r.id for update of r
"""


class Transitions:
    """Applies happenings to runs of one tenant inside a given transaction."""

    def __init__(self, library: Library, express: Express, *, clock: Clock) -> None:
        self._library = library
        self._express = express
        self._clock = clock

    async def begin(self, tx: Transaction, facts: RunFacts, definition: Definition, birth: Birth = _PLAIN) -> bool:
        """Write a new run and the first entry of its history. → False when the run is there already."""
        return facts.id in await self.begin_all(tx, [(facts, definition, birth)])

    async def begin_all(self, tx: Transaction, births: Sequence[tuple[RunFacts, Definition, Birth]]) -> set[UUID]:
        """Write new runs, and the first entry of the history of each. → those that were not there already."""
        made = await tx.run(_BEGIN_RUNS, columns_of([_birth_row(*one) for one in births]))
        return {row["run_id"] for row in made}

    async def apply(self, tx: Transaction, happened: Sequence[Happened], *, unread: bool = False) -> Aftermath:
        """Advance each run by what happened to it, in the given order. Runs are locked sorted by id.

        A run that is not there (another tenant's, or deleted) is passed over. `unread`: nothing in this transaction
        reads what is written here, so it may be written together with the commit.
        """
        writes = Writes(self._clock(), self._express)
        rows, told = await self._look(tx, happened, writes)
        for row in rows:
            definition = await self._library.definition(tx, row["definition_digest"])
            mine = [happening for run_id, happening in told if run_id == row["id"]]
            await self._advance(tx, writes.of_run(facts_of(row), row), definition, mine)
        return await writes.write(tx, unread=unread)

    async def _look(
        self, tx: Transaction, happened: Sequence[Happened], writes: Writes
    ) -> tuple[list[Row], list[tuple[UUID, Happening]]]:
        """→ the runs, locked, and what is new about them; in one message, in which messages are claimed first."""
        messages = {one.message for one in happened if one.message}
        told = [(one.run_id, one.happening) for one in happened]
        claiming = [claiming_statement(tx, messages)] if messages else []
        locking = [(_LOCK_RUNS, {"runs": sorted({one.run_id for one in happened})})]
        forgetting = writes.answered_by(told)
        found = await tx.run_all([*claiming, *locking, *forgetting])
        new: set[UUID | None] = {row["message_id"] for row in found[0]} if messages else set()
        first = []
        for one in happened:
            if one.message is None or one.message in new:
                new.discard(one.message)
                first.append((one.run_id, one.happening))
        return found[len(claiming)], writes.mark_first(first, found[-1] if forgetting else [])

    async def _advance(
        self, tx: Transaction, writes: RunWrites, definition: Definition, happenings: Sequence[Happening]
    ) -> None:
        before = state = RunState.model_validate(writes.row["state"])
        for happening in happenings:
            state, effects = advance(definition, writes.facts, state, happening)
            if isinstance(happening, Answered):
                writes.answered(happening, effects, state=state)
            for effect in effects:
                if isinstance(effect, StartRun):
                    await self._start_run(tx, writes, effect, state)
                elif isinstance(effect, WithdrawGate):
                    fact = GateWithdrawn(item_id=effect.item_id, reason=effect.reason, actor=effect.by)
                    tx.tell(fact, run=writes.facts.id)
                else:
                    writes.take(effect, state)
        if state is not before:
            writes.finish(state)
            TRANSITIONS.labels("orchestrator").inc(len(happenings))

    async def _start_run(self, tx: Transaction, writes: RunWrites, asked: StartRun, state: RunState) -> None:
        """Begin a run from a step of another, paused if that one is; what stands against it comes back as its end."""
        parent, now = writes.facts, self._clock()
        try:
            definition = self._library.get(asked.workflow)
            facts = RunFacts(
                id=asked.id,
                tenant=parent.tenant,
                workflow=definition.name,
                input=check_input(definition, asked.input),
                created_by=parent.created_by,
                created_at=now,
                depth=parent.depth + 1,
            )
        except GreenlightError as error:
            problem = Problem(code=error.code, detail=error.detail)
            refused = SubrunEnded(at=now, step_id=asked.id, run_id=asked.id, status=RunStatus.FAILED, problem=problem)
            writes.happens_next(parent.id, refused)
            return
        birth = Birth(
            priority=writes.row["priority"],
            parent=parent.id,
            parent_step=asked.id,
            session=writes.row["session_id"],
            private_of=writes.row["private_of"],
            state=RunState(above=_held_by(parent.id, state, at=now)),
        )
        if await self.begin(tx, facts, definition, birth):
            writes.begun(facts.id)
            writes.happens_next(facts.id, Started(at=now))


def _held_by(parent: UUID, state: RunState, *, at: datetime) -> HeldAbove | None:
    """What a run is told that begins while the one above it is paused."""
    return HeldAbove(at=at, by=f"run:{parent}", held=True, seq=state.seq) if state.held else None


def _birth_row(facts: RunFacts, definition: Definition, birth: Birth) -> dict[str, Any]:
    state = (birth.state or RunState()).model_copy(update={"seq": 1})
    entry = {"workflow": facts.workflow, "input": facts.input, "created_by": facts.created_by}
    return {
        "id": facts.id,
        "tenant_id": facts.tenant,
        "workflow": facts.workflow,
        "digest": definition.digest,
        "input": orjson.dumps(facts.input).decode(),
        "state": state.model_dump_json(exclude_defaults=True),
        "priority": birth.priority,
        "created_by": facts.created_by,
        "parent": birth.parent,
        "parent_step": birth.parent_step,
        "depth": facts.depth,
        "forked_from": birth.forked_from,
        "session": birth.session,
        "private_of": birth.private_of,
        "created_at": facts.created_at,
        "entry": orjson.dumps(entry).decode(),
    }


def facts_of(row: Any) -> RunFacts:
    """What never changes about the run of this row."""
    return RunFacts(
        id=row["id"],
        tenant=row["tenant_id"],
        workflow=row["workflow"],
        input=row["input"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        depth=row["depth"],
    )


__all__ = ["Aftermath", "Birth", "Happened", "HistoryEntry", "Transitions", "facts_of"]
