"""Which messages of a batch are new: for loops that handle many at once and give no answers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from psycopg import sql

from common.db.connection import Statement
from common.db.work import Transaction


def claiming_statement(tx: Transaction, message_ids: Iterable[UUID]) -> Statement:
    """Answers `message_id` of those that were not handled before; they are handled when this transaction commits.

    Ids may repeat. They are claimed in one order, so that two batches never wait for each other.
    """
    return _claim_sql(str(tx.tables.inbox.schema)), {"messages": sorted(set(message_ids)), "tenant": tx.tenant}


async def claim(tx: Transaction, message_ids: Iterable[UUID]) -> set[UUID]:
    """Those that were not handled before, claimed."""
    return {row["message_id"] for row in await tx.run(*claiming_statement(tx, message_ids))}


@cache
def _claim_sql(service: str) -> sql.Composed:
    return sql.SQL(
        "insert into {} (message_id, tenant_id) select m, %(tenant)s from unnest(%(messages)s::uuid[]) as m"
        " on conflict do nothing returning message_id"
    ).format(sql.Identifier(service, "inbox"))
