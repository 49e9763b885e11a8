"""Which messages of a batch are new: for loops that handle many at once and give no answers."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from common.db.work import Transaction


async def claim(tx: Transaction, message_ids: Iterable[UUID]) -> set[UUID]:
    """Those that were not handled before; they are handled when this transaction commits.

    Ids may repeat. They are claimed in one order, so that two batches never wait for each other.
    """
    inbox = tx.tables.inbox
    rows = [{"message_id": message_id, "tenant_id": tx.tenant} for message_id in sorted(set(message_ids))]
    claimed = await tx.session.execute(
        insert(inbox).values(rows).on_conflict_do_nothing().returning(inbox.c.message_id)
    )
    return set(claimed.scalars())
