"""Conversations as they are kept: a row each, and a row a turn, for the one person whose they are.

A turn's row holds its `Idempotency-Key`, for a turn is claimed before it is answered and taken up again if that was cut
short; `common.service.idempotency` keeps answers, a day long, of requests that have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from common.db.work import Transaction
from common.errors import Conflict, NotFound
from common.ids import derived_id, new_id
from common.service.idempotency import IdempotencyKeyReused

from orchestrator.chat.shapes import Memory, Reply

TURN_LASTS = timedelta(seconds=60)
"""A turn that has no answer after that was cut short: its person may go on."""


class TurnUnderWay(Conflict):
    """The conversation is still at the sentence before."""


@dataclass(frozen=True)
class Claimed:
    """A turn that is ours to answer, or that has its answer already."""

    conversation_id: UUID
    number: int
    memory: Memory
    reply: Reply | None = None

    @property
    def turn_id(self) -> UUID:
        """The same, however often the turn is taken up."""
        return derived_id(self.conversation_id, self.number)


class Conversations:
    """A person's conversations, in one transaction."""

    def __init__(self, tx: Transaction, user_id: str) -> None:
        self._tx = tx
        self._user = user_id

    async def claim(self, conversation: UUID | None, message: str, *, key: str | None, now: datetime) -> Claimed:
        """Begin a turn, or take up again the one of the same key.

        Raises `NotFound` for somebody else's conversation, `TurnUnderWay`, and `IdempotencyKeyReused`.
        """
        if key is not None:
            # The same key at once from two places: the second waits here until the first has begun.
            await self._tx.run(_WAIT, {"name": f"{self._tx.tenant} {self._user} {key}"})
            if (known := await self._first(_BY_KEY, key=key)) is not None:
                return await self._again(known, message, now=now)
        if conversation is None:
            conversation = new_id()
            await self._tx.run(_BEGIN, self._with(id=conversation, tenant=self._tx.tenant, now=now))
        held = await self._first(_LOCK, id=conversation)
        if held is None:
            raise NotFound(f"There is no conversation {conversation}.")
        last = await self._first(_LAST, id=conversation)
        if last is not None and last["reply"] is None and last["at"] > now - TURN_LASTS:
            raise TurnUnderWay("I am still at your sentence before this one.", retry_after_seconds=1)
        number = (last["number"] if last else 0) + 1
        values = self._with(tenant=self._tx.tenant, id=conversation, number=number, key=key)
        await self._tx.run(_TURN, values | {"message": message, "now": now})
        return Claimed(conversation, number, Memory.model_validate(held["memory"]))

    async def close(self, claimed: Claimed, reply: Reply, memory: Memory, *, now: datetime) -> None:
        """Keep the answer, and what is remembered for the next turn. A conversation that was deleted stays so."""
        values = {"id": claimed.conversation_id, "number": claimed.number, "now": now}
        said = {"reply": reply.model_dump_json(), "memory": memory.model_dump_json()}
        await self._tx.run_all([(_REMEMBER, values | said), (_ANSWER, values | said)])

    async def list_newest(self, *, limit: int, after: tuple[datetime, UUID] | None) -> Sequence[dict[str, Any]]:
        """The person's conversations, the one that was gone on with last first."""
        before, last = after or (None, None)
        return await self._tx.run(_LIST, self._with(limit=limit, before=before, id=last))

    async def turns(self, conversation: UUID, *, limit: int, after: int) -> Sequence[dict[str, Any]]:
        """Its turns in order, from after `after`. Raises `NotFound`."""
        if await self._first(_FIND, id=conversation) is None:
            raise NotFound(f"There is no conversation {conversation}.")
        return await self._tx.run(_TURNS, {"id": conversation, "limit": limit, "after": after})

    async def delete(self, conversation: UUID) -> None:
        """Forget it. One that is not there is forgotten already."""
        await self._tx.run(_DELETE, self._with(id=conversation))

    async def _again(self, known: dict[str, Any], message: str, *, now: datetime) -> Claimed:
        if known["message"] != message:
            raise IdempotencyKeyReused("This Idempotency-Key was used before with another sentence.")
        held = await self._first(_LOCK, id=known["conversation_id"])
        turn = await self._first(_TURN_NOW, id=known["conversation_id"], number=known["number"])
        if held is None or turn is None:
            raise NotFound("The conversation was deleted.")
        reply = Reply.model_validate(turn["reply"]) if turn["reply"] else None
        if reply is None and turn["at"] > now - TURN_LASTS:
            raise TurnUnderWay("I am still at this sentence.", retry_after_seconds=1)
        if reply is None:
            await self._tx.run(_CLAIM, {"id": known["conversation_id"], "number": known["number"], "now": now})
        memory = Memory.model_validate(held["memory"])
        return Claimed(known["conversation_id"], known["number"], memory, reply)

    async def _first(self, statement: Any, **values: Any) -> dict[str, Any] | None:
        return next(iter(await self._tx.run(statement, self._with(**values))), None)

    def _with(self, **values: Any) -> dict[str, Any]:
        return {"user": self._user} | values


_WAIT = "select pg_advisory_xact_lock(hashtextextended(%(name)s, 0))"
_BEGIN = (
    "insert into orchestrator.conversations (id, tenant_id, user_id, memory, created_at, updated_at)"
    " values (%(id)s, %(tenant)s, %(user)s, '{}', %(now)s, %(now)s)"
)
_LOCK = "select memory from orchestrator.conversations where id = %(id)s and user_id = %(user)s for update"
_FIND = "select 1 as found from orchestrator.conversations where id = %(id)s and user_id = %(user)s"
_LAST = (
    "select number, reply, at from orchestrator.conversation_turns where conversation_id = %(id)s"
    " order by number desc limit 1"
)
_TURN = (
    "insert into orchestrator.conversation_turns"
    " (conversation_id, number, tenant_id, user_id, key, message, at)"
    " values (%(id)s, %(number)s, %(tenant)s, %(user)s, %(key)s, %(message)s, %(now)s)"
)
_BY_KEY = (
    "select conversation_id, number, message from orchestrator.conversation_turns"
    " where user_id = %(user)s and key = %(key)s"
)
_TURN_NOW = (
    "select reply, at from orchestrator.conversation_turns where conversation_id = %(id)s and number = %(number)s"
)
_CLAIM = (
    "update orchestrator.conversation_turns set at = %(now)s where conversation_id = %(id)s and number = %(number)s"
)
_REMEMBER = "update orchestrator.conversations set memory = %(memory)s::jsonb, updated_at = %(now)s where id = %(id)s"
_ANSWER = (
    "update orchestrator.conversation_turns set reply = %(reply)s::jsonb"
    " where conversation_id = %(id)s and number = %(number)s and reply is null"
)
_LIST = (
    "select c.id, c.created_at, c.updated_at,"
    " (select message from orchestrator.conversation_turns t where t.conversation_id = c.id and t.number = 1)"
    " as opened_with,"
    " (select max(number) from orchestrator.conversation_turns t where t.conversation_id = c.id) as turns"
    " from orchestrator.conversations c where c.user_id = %(user)s"
    " and (%(before)s::timestamptz is null or (c.updated_at, c.id) < (%(before)s::timestamptz, %(id)s::uuid))"
    " order by c.updated_at desc, c.id desc limit %(limit)s"
)
_TURNS = (
    "select number, message, reply, at from orchestrator.conversation_turns"
    " where conversation_id = %(id)s and number > %(after)s order by number limit %(limit)s"
)
_DELETE = "delete from orchestrator.conversations where id = %(id)s and user_id = %(user)s"
