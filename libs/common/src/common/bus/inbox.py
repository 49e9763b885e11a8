"""Which messages of a batch are new: for loops that handle many at once and give no answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import LiteralString
from uuid import UUID

from common.db.connection import Statement, of_service
from common.db.work import Transaction

_CLAIM: LiteralString = (
    "insert into {inbox} (message_id, tenant_id) select m, %(tenant)s from unnest(%(messages)s::uuid[]) as m"
    " on conflict do nothing returning message_id"
)


def claiming_statement(tx: Transaction, message_ids: Iterable[UUID]) -> Statement:
    """Answers `message_id` of those that were not handled before; they are handled when this transaction commits.

    Ids may repeat. They are claimed in one order, so that two batches never wait for each other.
    """
    return of_service(_CLAIM, str(tx.tables.inbox.schema)), {"messages": sorted(set(message_ids)), "tenant": tx.tenant}


async def claim(tx: Transaction, message_ids: Iterable[UUID]) -> set[UUID]:
    """Those that were not handled before, claimed."""
    return {row["message_id"] for row in await tx.run(*claiming_statement(tx, message_ids))}
