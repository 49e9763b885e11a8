"""Entries in a run's history about what happened around the run, which change nothing about where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from common.db.work import Transaction
from sqlalchemy import insert

from orchestrator.models import run_events
from orchestrator.transitions import HistoryEntry

# The row's lock is the one that transitions take, so the number is nobody else's.
_NEXT_SEQ: LiteralString = """
    update orchestrator.runs
    set state = jsonb_set(state, '{seq}', to_jsonb(coalesce((state ->> 'seq')::int, 0) + 1))
    where id = %(run)s returning (state ->> 'seq')::int as seq
"""


async def note_in_history(
    tx: Transaction, run: UUID, type: str, data: Mapping[str, Any], *, at: datetime
) -> list[HistoryEntry]:
    """Add an entry to the history of a run. → it, to be announced after the commit; none without such a run."""
    counted = await tx.run(_NEXT_SEQ, {"run": run})
    if not counted:
        return []
    said = {name: value for name, value in data.items() if value is not None}
    entry = HistoryEntry(tx.tenant, run, counted[0]["seq"], type, said, at)
    await tx.session.execute(
        insert(run_events).values(
            run_id=run, seq=entry.seq, tenant_id=entry.tenant, type=entry.type, data=entry.data, at=entry.at
        )
    )
    return [entry]
