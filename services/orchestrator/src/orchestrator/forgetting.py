"""Forgetting a person: the briefs they wrote and their name in histories; costs, steps and hashes stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from common.blanking import blanked, texts_of
from common.contracts.erasing import ERASED, RunForgotten
from common.contracts.sharing import RunShared
from common.contracts.values import TERMINAL_STATUSES, JsonObject
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
            await _forget_run(tx, row["id"], row["input"], row["state"], user_id=user_id)
        runs += len(found)
    values = {"user": user_id, "erased": ERASED}
    left = (await tx.run("select count(*)::int as n from orchestrator.runs where created_by = %(user)s", values))[0][
        "n"
    ]
    schedules = len(await tx.run(_SCHEDULES, values))
    letters = len(await tx.run(_LETTERS, values))
    conversations = len(await tx.run(_CONVERSATIONS, {"user": user_id}))
    for row in await tx.run(_SHARES, {"user": user_id, "who": f"user:{user_id}"}):
        tx.tell(RunShared(share_id=row["id"], run_id=row["run_id"], who="", ended=True), run=row["run_id"])
    counted = {"runs": runs, "schedules": schedules, "letters": letters, "conversations": conversations}
    return counted | {"kept_under_way": left}


async def _forget_run(tx: Transaction, run_id: Any, given: JsonObject, state: JsonObject, *, user_id: str) -> None:
    texts, names = texts_of(given), (user_id,)
    values = {
        "run": run_id,
        "input": orjson.dumps(blanked(given, texts, names=names)).decode(),
        "state": orjson.dumps(blanked(state, texts, names=names)).decode(),
        "erased": ERASED,
    }
    await tx.run(_FORGET_RUN, values)
    tx.tell(RunForgotten(run_id=run_id), run=run_id)
    for row in await tx.run("select seq, data from orchestrator.run_events where run_id = %(run)s", {"run": run_id}):
        kept = blanked(row["data"], texts, names=names)
        if kept != row["data"]:
            changed = {"run": run_id, "seq": row["seq"], "data": orjson.dumps(kept).decode()}
            await tx.run(_FORGET_EVENT, changed)


_ENDED = (
    "select id, input, state from orchestrator.runs where created_by = %(user)s and status = any(%(ended)s)"
    " and not exists (select from orchestrator.legal_holds h"
    " where h.tenant_id = runs.tenant_id and not h.lifted and (h.run_id is null or h.run_id = runs.id))"
    " order by id limit %(limit)s for update"
)
_FORGET_RUN = (
    "update orchestrator.runs set input = %(input)s::jsonb, state = %(state)s::jsonb, created_by = %(erased)s"
    " where id = %(run)s"
)
_FORGET_EVENT = "update orchestrator.run_events set data = %(data)s::jsonb where run_id = %(run)s and seq = %(seq)s"
_SCHEDULES = "update orchestrator.schedules set created_by = %(erased)s where created_by = %(user)s returning 1"
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
