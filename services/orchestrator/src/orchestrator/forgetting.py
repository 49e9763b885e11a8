"""Forgetting a person: the briefs they wrote and their name in histories; costs, steps and hashes stay.

A run that is under way needs its brief and its people, and one on legal hold is kept: each such run is written down,
and forgets when it has ended and nothing holds it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import orjson
from common.apart import for_each
from common.blanking import blanked, texts_of
from common.clock import Clock
from common.contracts.erasing import ERASED, ErasureOrdered, RunForgotten
from common.contracts.sharing import RunShared
from common.contracts.values import TERMINAL_STATUSES
from common.db.connection import Row
from common.db.work import Transaction, Work
from common.service.erasing import answer
from psycopg import sql

_BATCH = 50
LOOK_SECONDS = 5.0
_MAY_BE_RETRIED = "1 day"
"""So long a failed run keeps its brief: once it is forgotten there is nothing to try again."""
_AGAIN_SECONDS = (60, 3600)
_OVER = [status.value for status in TERMINAL_STATUSES]


class Forgetter:
    """Blanks what the orchestrator keeps of people, and comes back for what has to wait."""

    def __init__(self, work: Work, *, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def forget(self, tx: Transaction, order: ErasureOrdered) -> Mapping[str, int]:
        """Blank what there is of a person of the tenant. → how much of what, and of how many runs later."""
        user_id, runs, named, after = order.user_id, 0, 0, UUID(int=0)
        while found := await tx.run(_ENDED, {"user": user_id, "ended": _OVER, "limit": _BATCH}):
            for row in found:
                await _forget_run(tx, row, user_id=user_id)
            runs += len(found)
        while found := await tx.run(_NAMED, {"user": user_id, "ended": _OVER, "after": after, "limit": _BATCH}):
            for row in found:
                await _forget_name(tx, row, user_id)
            named += len(found)
            after = found[-1]["id"]
        kept = await tx.run(_KEEP, {"user": user_id, "erasure": order.erasure_id, "tenant": tx.tenant})
        schedules = await _forget_schedules(tx, user_id)
        await tx.run(_SHARED_BY, {"user": user_id, "erased": ERASED})
        letters = len(await tx.run(_LETTERS, {"user": user_id, "erased": ERASED}))
        conversations = len(await tx.run(_CONVERSATIONS, {"user": user_id}))
        for share in await tx.run(_SHARES, {"user": user_id, "who": f"user:{user_id}"}):
            _end_share(tx, share)
        return {
            "runs": runs,
            "named_in_runs": named,
            "schedules": schedules,
            "letters": letters,
            "conversations": conversations,
            "kept_under_way": len(kept),
        }

    async def run(self) -> None:
        """Look for ever for runs that had to wait and have ended."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Let every run forget that has ended by now. Several may look at once: each run is taken by one."""
        async with self._work.system() as tx:
            tenants = [row["tenant_id"] for row in await tx.run(_TENANTS)]
        await for_each(tenants, self._follow_up, what="forgetting")

    async def _follow_up(self, tenant: str) -> None:
        taken = _BATCH
        while taken == _BATCH:
            async with self._work.transaction(tenant, in_loop=True) as tx:
                taken = await self._take_due(tx)
        async with self._work.transaction(tenant, in_loop=True) as tx:
            await self._tell_again(tx)

    async def _take_due(self, tx: Transaction) -> int:
        counted: dict[UUID, Counter[str]] = defaultdict(Counter)
        done: set[UUID] = set()
        due = await tx.run(_DUE, {"ended": _OVER, "retried": _MAY_BE_RETRIED, "limit": _BATCH})
        for row in due:
            if row["id"] in done:
                # It was changed since it was read; the next look takes it as it is now.
                continue
            done.add(row["id"])
            order = {"erasure": row["erasure_id"], "run": row["id"], "user": row["user_id"], "erased": ERASED}
            if row["created_by"] == row["user_id"]:
                await _forget_run(tx, row, user_id=row["user_id"])
                await tx.run(_CHILDREN, order)
                for share in await tx.run(_OWN_SHARES, order):
                    _end_share(tx, share)
                await tx.run(_TOLD, order | {"times": 0, "seconds": _AGAIN_SECONDS[0]})
                counted[row["erasure_id"]]["runs"] += 1
            else:
                await _forget_name(tx, row, row["user_id"])
                await tx.run(_DONE, order)
                counted[row["erasure_id"]]["named_in_runs"] += 1
        for erasure_id, counts in counted.items():
            [left] = await tx.run(_LEFT, {"erasure": erasure_id})
            said = {**counts, "kept_under_way": left["n"]}
            answer(tx, erasure_id, said, service=self._work.service, at=self._clock())
        return len(due)

    async def _tell_again(self, tx: Transaction) -> None:
        """Who heard that a run is forgotten may have held it then, or have got something of it afterwards."""
        for row in await tx.run(_AGAIN, {"ended": _OVER, "limit": _BATCH}):
            tx.tell(RunForgotten(run_id=row["run_id"]), run=row["run_id"])
            order = {"erasure": row["erasure_id"], "run": row["run_id"], "erased": ERASED}
            if row["told"] < len(_AGAIN_SECONDS):
                await tx.run(_TOLD, order | {"times": row["told"], "seconds": _AGAIN_SECONDS[row["told"]]})
            else:
                await tx.run(_DONE, order)


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


def _end_share(tx: Transaction, row: Row) -> None:
    tx.tell(RunShared(share_id=row["id"], run_id=row["run_id"], who="", ended=True), run=row["run_id"])


async def _forget_name(tx: Transaction, row: Row, user_id: str) -> None:
    """Blank them where somebody else's run says what they decided, cancelled or resumed."""
    state = orjson.dumps(blanked(row["state"], (), names=(user_id,))).decode()
    await tx.run(_FORGET_STATE, {"run": row["id"], "state": state})
    await _forget_history(tx, row["id"], (), names=(user_id,))


async def _forget_schedules(tx: Transaction, user_id: str) -> int:
    """Blank what they asked for again and again. Such a schedule rests: of nothing there is nothing to make."""
    found = await tx.run(_SCHEDULES, {"user": user_id})
    for row in found:
        given = orjson.dumps(blanked(row["input"], texts_of(row["input"]), names=(user_id,))).decode()
        await tx.run(_FORGET_SCHEDULE, {"id": row["id"], "input": given, "erased": ERASED})
    return len(found)


_FREE = sql.SQL(
    "r.status = any(%(ended)s) and not exists (select from orchestrator.legal_holds h"
    " where h.tenant_id = r.tenant_id and not h.lifted and (h.run_id is null or h.run_id = r.id))"
)
"""A run that has ended, and that no legal hold keeps."""
_NAMES = sql.SQL(
    "(position(%(user)s in r.state::text) > 0 or exists (select from orchestrator.run_events e"
    " where e.run_id = r.id and position(%(user)s in e.data::text) > 0))"
)
_ENDED = sql.SQL(
    "select r.id, r.input, r.state, r.error from orchestrator.runs r where r.created_by = %(user)s and {free}"
    " order by r.id limit %(limit)s for update"
).format(free=_FREE)
_NAMED = sql.SQL(
    "select r.id, r.state from orchestrator.runs r where r.id > %(after)s and {free} and {names}"
    " order by r.id limit %(limit)s for update"
).format(free=_FREE, names=_NAMES)
_KEEP = sql.SQL(
    "insert into orchestrator.forgotten_later (erasure_id, run_id, tenant_id, user_id)"
    " select %(erasure)s, r.id, %(tenant)s, %(user)s from orchestrator.runs r"
    " where r.created_by = %(user)s or {names} on conflict do nothing returning 1"
).format(names=_NAMES)
_DUE = sql.SQL(
    "select l.erasure_id, l.user_id, r.id, r.created_by, r.input, r.state, r.error from orchestrator.forgotten_later l"
    " join orchestrator.runs r on r.id = l.run_id where l.told = 0 and {free}"
    " and (r.status <> 'failed' or r.updated_at <= now() - %(retried)s::interval)"
    " order by r.id, l.erasure_id limit %(limit)s for update of l, r skip locked"
).format(free=_FREE)
# What it started since has the same author, and nothing more is started by what has ended.
_CHILDREN = (
    "insert into orchestrator.forgotten_later (erasure_id, run_id, tenant_id, user_id)"
    " select %(erasure)s, r.id, r.tenant_id, %(user)s from orchestrator.runs r"
    " where r.parent_run_id = %(run)s and r.created_by = %(user)s on conflict do nothing"
)
_OWN_SHARES = (
    "delete from orchestrator.run_shares where run_id = %(run)s and who = 'user:' || %(user)s returning id, run_id"
)
_TOLD = (
    "update orchestrator.forgotten_later set user_id = %(erased)s, told = %(times)s + 1,"
    " again_at = now() + make_interval(secs => %(seconds)s) where erasure_id = %(erasure)s and run_id = %(run)s"
)
_AGAIN = sql.SQL(
    "select l.erasure_id, l.run_id, l.told from orchestrator.forgotten_later l"
    " join orchestrator.runs r on r.id = l.run_id where l.told > 0 and l.again_at <= now() and {free}"
    " order by l.again_at limit %(limit)s for update of l skip locked"
).format(free=_FREE)
_DONE = "delete from orchestrator.forgotten_later where erasure_id = %(erasure)s and run_id = %(run)s"
_LEFT = "select count(*)::int as n from orchestrator.forgotten_later where erasure_id = %(erasure)s and told = 0"
_TENANTS = "select distinct tenant_id from orchestrator.forgotten_later order by 1"
_FORGET_RUN = (
    "update orchestrator.runs set input = %(input)s::jsonb, state = %(state)s::jsonb, error = %(error)s::jsonb,"
    " created_by = %(erased)s where id = %(run)s"
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
