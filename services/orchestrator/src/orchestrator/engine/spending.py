"""What a run has cost: its own steps' answers, and what the runs it started say they have cost so far."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from common.contracts.values import TERMINAL_STATUSES, Problem

from orchestrator.engine.happenings import SubrunEnded, SubrunSpent
from orchestrator.engine.state import RunState, Spent

if TYPE_CHECKING:
    from orchestrator.engine.draft import Draft


def take_cost(draft: Draft, told: SubrunSpent | SubrunEnded) -> Spent:
    """Count what a run started from here has cost. → what of it is new.

    It always tells the whole of it, so what comes twice, late or in another order counts once.
    """
    state, run = draft.state, str(told.run_id)
    known = state.spent_below.get(run, Spent())
    new = Spent(
        cost_usd_micros=max(0, told.cost_usd_micros - known.cost_usd_micros),
        unknown_usd_micros=max(0, told.unknown_usd_micros - known.unknown_usd_micros),
    )
    if new.cost_usd_micros or new.unknown_usd_micros:
        draft.changed = True
        state.spent_below[run] = known.plus(new)
        count(draft, new)
    return new


def costs(spent: Spent) -> dict[str, int | None]:
    """Money as entries of the history say it."""
    return {"cost_usd_micros": spent.cost_usd_micros or None, "unknown_usd_micros": spent.unknown_usd_micros or None}


def count(draft: Draft, new: Spent) -> None:
    """Add to what the run has cost."""
    draft.state.cost_usd_micros += new.cost_usd_micros
    draft.state.unknown_usd_micros += new.unknown_usd_micros


def report_of(
    state: RunState, *, run_id: UUID, step_id: UUID, cost_before: int, at: datetime
) -> SubrunEnded | SubrunSpent | None:
    """What a run tells the step of another one that started it: that it is over, or that it has cost more."""
    if state.status in TERMINAL_STATUSES:
        error = state.error
        return SubrunEnded(
            at=at,
            step_id=step_id,
            run_id=run_id,
            status=state.status,
            output=state.output,
            problem=Problem(code=error.code, detail=error.detail) if error else None,
            cost_usd_micros=state.cost_usd_micros,
            unknown_usd_micros=state.unknown_usd_micros,
        )
    if state.cost_usd_micros == cost_before:
        return None
    cost, unknown = state.cost_usd_micros, state.unknown_usd_micros
    return SubrunSpent(at=at, step_id=step_id, run_id=run_id, cost_usd_micros=cost, unknown_usd_micros=unknown)
