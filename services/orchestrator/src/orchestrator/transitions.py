"""Transitions: lock the runs, let each happening advance its run, write everything that follows, in one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from common.clock import Clock
from common.contracts.values import Problem, RunStatus
from common.db.work import Transaction
from common.errors import GreenlightError
from common.observability.metrics import TRANSITIONS
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.effects import StartRun
from orchestrator.engine.happenings import Answered, Happening, Started, SubrunEnded
from orchestrator.engine.state import RunFacts, RunState
from orchestrator.express import Express
from orchestrator.inputs import check_input
from orchestrator.library import Library
from orchestrator.models import run_events, runs
from orchestrator.writes import Aftermath, HistoryEntry, RunWrites, Writes


@dataclass(frozen=True)
class Happened:
    """A happening and the run it happened to."""

    run_id: UUID
    happening: Happening


@dataclass(frozen=True)
class Birth:
    """What a new run is besides its facts."""

    priority: int = 1
    parent: UUID | None = None
    parent_step: UUID | None = None
    forked_from: UUID | None = None
    session: UUID | None = None
    state: RunState | None = None
    """For a fork: what was done before."""


_PLAIN = Birth()
_LOCK_RUNS: LiteralString = """
    select r.*, exists (
        select from orchestrator.run_accounts a where a.run_id = r.id and a.at_most_usd_micros is not null
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
        state = (birth.state or RunState()).model_copy(update={"seq": 1})
        made = await tx.session.execute(
            upsert(runs)
            .values(
                id=facts.id,
                tenant_id=facts.tenant,
                workflow=facts.workflow,
                definition_digest=definition.digest,
                status="pending",
                shown_status="pending",
                input=facts.input,
                state=state.compact(),
                priority=birth.priority,
                created_by=facts.created_by,
                parent_run_id=birth.parent,
                parent_step_id=birth.parent_step,
                depth=facts.depth,
                forked_from_run_id=birth.forked_from,
                session_id=birth.session,
                created_at=facts.created_at,
                updated_at=facts.created_at,
            )
            .on_conflict_do_nothing()
            .returning(runs.c.id)
        )
        if made.first() is None:
            return False
        entry = {"workflow": facts.workflow, "input": facts.input, "created_by": facts.created_by}
        await tx.session.execute(
            insert(run_events).values(
                run_id=facts.id, seq=1, tenant_id=facts.tenant, type="run.created", data=entry, at=facts.created_at
            )
        )
        return True

    async def apply(self, tx: Transaction, happened: Sequence[Happened]) -> Aftermath:
        """Advance each run by what happened to it, in the given order. Runs are locked sorted by id.

        A run that is not there (another tenant's, or deleted) is passed over.
        """
        wanted = sorted({one.run_id for one in happened}, key=str)
        told: list[tuple[UUID, Happening]] = [(one.run_id, one.happening) for one in happened]
        writes = Writes(self._clock(), self._express)
        forget = writes.answered_by(told)
        rows, *forgotten = await tx.run_all([(_LOCK_RUNS, {"runs": wanted}), *([forget] if forget else [])])
        happenings = writes.mark_first(told, forgotten[0] if forgotten else [])
        for row in rows:
            definition = await self._library.definition(tx, row["definition_digest"])
            mine = [happening for run_id, happening in happenings if run_id == row["id"]]
            await self._advance(tx, writes.of_run(facts_of(row), row), definition, mine)
        return await writes.write(tx)

    async def _advance(
        self, tx: Transaction, writes: RunWrites, definition: Definition, happenings: Sequence[Happening]
    ) -> None:
        before = state = RunState.model_validate(writes.row["state"])
        for happening in happenings:
            state, effects = advance(definition, writes.facts, state, happening)
            if isinstance(happening, Answered):
                writes.answered(happening, accepted=bool(effects), state=state)
            for effect in effects:
                if isinstance(effect, StartRun):
                    await self._start_run(tx, writes, effect)
                else:
                    writes.take(effect, state)
        if state is not before:
            writes.finish(state)
            TRANSITIONS.labels("orchestrator").inc(len(happenings))

    async def _start_run(self, tx: Transaction, writes: RunWrites, asked: StartRun) -> None:
        """Begin a run from a step of another; what stands against it comes back as its end."""
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
        )
        if await self.begin(tx, facts, definition, birth):
            writes.happens_next(facts.id, Started(at=now))


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
