"""Forgetting a person: the briefs they wrote and their name in histories; costs, steps and hashes stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import orjson
from common.blanking import blanked, texts_of
from common.contracts.erasing import ERASED, RunForgotten
from common.contracts.sharing import RunShared
from common.contracts.values import TERMINAL_STATUSES
from common.db.connection import Row
from common.db.work import Transaction

_BATCH = 50


async def forget_person(tx: Transaction, user_id: str) -> Mapping[str, int]:
    """Blank what the orchestrator keeps of a person of the tenant. → how much of what.

    A run that is under way needs its brief, and one on legal hold is kept; it is counted, and a later order takes it.
    """
    ended = {"user": user_id, "ended": [status.value for status in TERMINAL_STATUSES], "limit": _BATCH}
    runs = 0
    while found := await tx.run(_ENDED, ended):
        for row in found:
            await _forget_run(tx, row, user_id=user_id)
        runs += len(found)
    named = await _forget_name(tx, user_id)
    values = {"user": user_id, "erased": ERASED}
    left = (await tx.run("select count(*)::int as n from orchestrator.runs where created_by = %(user)s", values))[0][
        "n"
    ]
    schedules = await _forget_schedules(tx, user_id)
    await tx.run(_SHARED_BY, values)
    letters = len(await tx.run(_LETTERS, values))
    conversations = len(await tx.run(_CONVERSATIONS, {"user": user_id}))
    for row in await tx.run(_SHARES, {"user": user_id, "who": f"user:{user_id}"}):
        tx.tell(RunShared(share_id=row["id"], run_id=row["run_id"], who="", ended=True), run=row["run_id"])
    counted = {
        "runs": runs,
        "named_in_runs": named,
        "schedules": schedules,
        "letters": letters,
        "conversations": conversations,
    }
    return counted | {"kept_under_way": left}


async def _forget_run(tx: Transaction, row: Row, *, user_id: str) -> None:
    run_id, texts, names = row["id"], texts_of(row["input"]), (user_id,)
    kept = {
        name: row[name] and orjson.dumps(blanked(row[name], texts, names=names)).decode()
        for name in ("input", "state", "error")
    }
    values = {**kept, "run": run_id, "erased": ERASED}
    await tx.run(_FORGET_RUN, values)
    # Orders that died carry the brief; nobody waits for them any more.
    await tx.run(_BODIES, {"run": run_id})
    tx.tell(RunForgotten(run_id=run_id), run=run_id)
    await _forget_history(tx, run_id, texts, names=names)


async def _forget_history(tx: Transaction, run_id: Any, texts: Collection[str], *, names: Collection[str]) -> None:
    for row in await tx.run("select seq, data from orchestrator.run_events where run_id = %(run)s", {"run": run_id}):
        kept = blanked(row["data"], texts, names=names)
        if kept != row["data"]:
            changed = {"run": run_id, "seq": row["seq"], "data": orjson.dumps(kept).decode()}
            await tx.run(_FORGET_EVENT, changed)


async def _forget_name(tx: Transaction, user_id: str) -> int:
    """Blank them where ended runs of others say what they decided, cancelled or resumed. → in how many runs."""
    named, after = 0, UUID(int=0)
    ended = [status.value for status in TERMINAL_STATUSES]
    while found := await tx.run(_NAMED, {"user": user_id, "ended": ended, "after": after, "limit": _BATCH}):
        for row in found:
            state = orjson.dumps(blanked(row["state"], (), names=(user_id,))).decode()
            await tx.run(_FORGET_STATE, {"run": row["id"], "state": state})
            await _forget_history(tx, row["id"], (), names=(user_id,))
        named += len(found)
        after = found[-1]["id"]
    return named


async def _forget_schedules(tx: Transaction, user_id: str) -> int:
    """Blank what they asked for again and again. Such a schedule rests: of nothing there is nothing to make."""
    found = await tx.run(_SCHEDULES, {"user": user_id})
    for row in found:
        given = orjson.dumps(blanked(row["input"], texts_of(row["input"]), names=(user_id,))).decode()
        await tx.run(_FORGET_SCHEDULE, {"id": row["id"], "input": given, "erased": ERASED})
    return len(found)


_ENDED = (
    "select id, input, state, error from orchestrator.runs where created_by = %(user)s and status = any(%(ended)s)"
    " and not exists (select from orchestrator.legal_holds h"
    " where h.tenant_id = runs.tenant_id and not h.lifted and (h.run_id is null or h.run_id = runs.id))"
    " order by id limit %(limit)s for update"
)
_FORGET_RUN = (
    "update orchestrator.runs set input = %(input)s::jsonb, state = %(state)s::jsonb, error = %(error)s::jsonb,"
    " created_by = %(erased)s where id = %(run)s"
)
_NAMED = (
    "select r.id, r.state from orchestrator.runs r where r.id > %(after)s and r.status = any(%(ended)s)"
    " and (position(%(user)s in r.state::text) > 0 or exists (select from orchestrator.run_events e"
    " where e.run_id = r.id and position(%(user)s in e.data::text) > 0))"
    " and not exists (select from orchestrator.legal_holds h"
    " where h.tenant_id = r.tenant_id and not h.lifted and (h.run_id is null or h.run_id = r.id))"
    " order by r.id limit %(limit)s for update"
)
_FORGET_STATE = "update orchestrator.runs set state = %(state)s::jsonb where id = %(run)s"
_BODIES = "update orchestrator.letters set body = null where run_id = %(run)s"
_SHARED_BY = "update orchestrator.run_shares set shared_by = %(erased)s where shared_by = %(user)s"
_FORGET_EVENT = "update orchestrator.run_events set data = %(data)s::jsonb where run_id = %(run)s and seq = %(seq)s"
_SCHEDULES = (
    "select id, input from orchestrator.schedules s where created_by = %(user)s and not exists"
    " (select from orchestrator.legal_holds h"
    " where h.tenant_id = s.tenant_id and not h.lifted and h.run_id is null) order by id for update"
)
_FORGET_SCHEDULE = (
    "update orchestrator.schedules set input = %(input)s::jsonb, created_by = %(erased)s, paused = true"
    " where id = %(id)s"
)
_LETTERS = "update orchestrator.letters set handled_by = %(erased)s where handled_by = %(user)s returning 1"
# What they said to the supervisor; a hold on the whole tenant keeps it.
_CONVERSATIONS = (
    "delete from orchestrator.conversations c where c.user_id = %(user)s and not exists"
    " (select from orchestrator.legal_holds h"
    " where h.tenant_id = c.tenant_id and not h.lifted and h.run_id is null) returning 1"
)
# The owner of a run that is still under way goes on to see it.
_SHARES = (
    "delete from orchestrator.run_shares s where who = %(who)s and not exists"
    " (select from orchestrator.runs r where r.id = s.run_id and r.created_by = %(user)s) returning id, run_id"
)
