"""`Idempotency-Key`: unique per tenant, principal and route for 24 hours; the same key with another body is refused."""

from __future__ import annotations

import hashlib
from typing import Any

from pydantic import BaseModel
from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from common.db.work import Transaction
from common.errors import Invalid


class IdempotencyKeyReused(Invalid):
    """The same key came with another body."""


async def answer_once(
    tx: Transaction, *, principal: str, route: str, key: str, request: BaseModel, response: dict[str, Any]
) -> dict[str, Any] | None:
    """Claim `key` for this request in the transaction that does the work.

    → None when the key is ours now (`response` is what a repeat will get), or the stored response of the first request.
    """
    keys = tx.tables.idempotency_keys
    digest = _digest(request)
    mine = (keys.c.principal == principal) & (keys.c.route == route) & (keys.c.key == key)
    await tx.session.execute(delete(keys).where(mine, keys.c.created_at < func.now() - text("interval '24 hours'")))
    claimed = await tx.session.execute(
        insert(keys)
        .values(
            tenant_id=tx.tenant,
            principal=principal,
            route=route,
            key=key,
            request_sha256=digest,
            status=200,
            response=response,
        )
        .on_conflict_do_nothing()
        .returning(keys.c.key)
    )
    if claimed.first() is not None:
        return None
    return await answered(tx, principal=principal, route=route, key=key, request=request)


async def answered(
    tx: Transaction, *, principal: str, route: str, key: str, request: BaseModel
) -> dict[str, Any] | None:
    """The stored response of the first request with this key; None when it was not used, or a day ago.

    For work too slow for one transaction: ask this before it, and `answer_once` after it.
    """
    keys = tx.tables.idempotency_keys
    mine = (keys.c.principal == principal) & (keys.c.route == route) & (keys.c.key == key)
    fresh = keys.c.created_at >= func.now() - text("interval '24 hours'")
    row = (await tx.session.execute(select(keys.c.request_sha256, keys.c.response).where(mine, fresh))).first()
    if row is None:
        return None
    if row.request_sha256 != _digest(request):
        raise IdempotencyKeyReused(f"Idempotency-Key {key!r} was used before with another body.")
    stored: dict[str, Any] = row.response
    return stored


def _digest(request: BaseModel) -> str:
    return hashlib.sha256(request.model_dump_json().encode()).hexdigest()
