"""`Idempotency-Key`: unique per tenant, principal and route for 24 hours; the same key with another body is refused."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from common.db.work import Transaction
from common.errors import Conflict, Invalid

_UNDER_WAY, _DONE = 102, 200


class IdempotencyKeyReused(Invalid):
    """The same key came with another body."""


class IdempotencyKeyInUse(Conflict):
    """The first request with this key is still being worked on."""


class IdempotentOutcomeUnknown(Conflict):
    """The first request with this key was begun and never ended; what came of it, nobody knows."""


async def answer_once(
    tx: Transaction, *, principal: str, route: str, key: str, request: BaseModel, response: dict[str, Any]
) -> dict[str, Any] | None:
    """Claim `key` for this request in the transaction that does the work.

    → None when the key is ours now (`response` is what a repeat will get), or the stored response of the first request.
    """
    mine = _mine(tx, principal=principal, route=route, key=key)
    begun = {"principal": principal, "route": route, "key": key, "request_sha256": _digest(request)}
    if await _claim(tx, mine, begun | {"status": _DONE, "response": response}):
        return None
    row = (await tx.session.execute(select(tx.tables.idempotency_keys).where(mine))).one()
    return _stored(row, request)


async def begin_once(
    tx: Transaction, *, principal: str, route: str, key: str, request: BaseModel, lasts: timedelta, again: bool
) -> dict[str, Any] | None:
    """Claim `key` before work too slow for one transaction. To be followed by `end_once`, or by `give_up`.

    → None when the work is ours now, or the stored response of the first request. Raises `IdempotencyKeyInUse` while
    somebody else is at it, and `IdempotentOutcomeUnknown` when they did not come to an end in all the time it `lasts`,
    unless it may be done `again`.
    """
    keys = tx.tables.idempotency_keys
    mine = _mine(tx, principal=principal, route=route, key=key)
    begun = {"principal": principal, "route": route, "key": key, "request_sha256": _digest(request)}
    if await _claim(tx, mine, begun | {"status": _UNDER_WAY, "response": {}}):
        return None
    is_over = (keys.c.created_at < func.now() - lasts).label("is_over")
    row = (await tx.session.execute(select(keys, is_over).where(mine).with_for_update())).one_or_none()
    if row is None:
        raise IdempotencyKeyInUse(f"The first request with Idempotency-Key {key!r} was just given up.")
    stored = _stored(row, request)
    if row.status == _DONE:
        return stored
    if not row.is_over:
        raise IdempotencyKeyInUse(f"The first request with Idempotency-Key {key!r} is still being worked on.")
    if not again:
        said = f"The first request with Idempotency-Key {key!r} was cut off, and nobody knows what came of it."
        raise IdempotentOutcomeUnknown(f"{said} Have a look, then use another key.")
    await tx.session.execute(update(keys).where(mine).values(created_at=func.now()))
    return None


async def end_once(tx: Transaction, *, principal: str, route: str, key: str, response: dict[str, Any]) -> None:
    """Store what a repeat will get for the key that `begin_once` claimed."""
    mine = _mine(tx, principal=principal, route=route, key=key)
    ended = update(tx.tables.idempotency_keys).where(mine)
    await tx.session.execute(ended.values(status=_DONE, response=response))


async def give_up(tx: Transaction, *, principal: str, route: str, key: str) -> None:
    """Let go of a key that `begin_once` claimed: nothing was done, and a repeat may do it."""
    keys = tx.tables.idempotency_keys
    mine = _mine(tx, principal=principal, route=route, key=key)
    await tx.session.execute(delete(keys).where(mine, keys.c.status == _UNDER_WAY))


async def _claim(tx: Transaction, mine: ColumnElement[bool], values: dict[str, Any]) -> bool:
    """Whether the key was free, or a day old, and is ours now."""
    keys = tx.tables.idempotency_keys
    await tx.session.execute(delete(keys).where(mine, keys.c.created_at < func.now() - text("interval '24 hours'")))
    claimed = await tx.session.execute(
        insert(keys).values(tenant_id=tx.tenant, **values).on_conflict_do_nothing().returning(keys.c.key)
    )
    return claimed.first() is not None


def _mine(tx: Transaction, *, principal: str, route: str, key: str) -> ColumnElement[bool]:
    keys = tx.tables.idempotency_keys.c
    return and_(keys.principal == principal, keys.route == route, keys.key == key)


def _stored(row: Any, request: BaseModel) -> dict[str, Any]:
    if row.request_sha256 != _digest(request):
        raise IdempotencyKeyReused(f"Idempotency-Key {row.key!r} was used before with another body.")
    stored: dict[str, Any] = row.response
    return stored


def _digest(request: BaseModel) -> str:
    return hashlib.sha256(request.model_dump_json().encode()).hexdigest()
