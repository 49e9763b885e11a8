"""Signed anchors of the audit chains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common.db.work import Transaction
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from compliance.models import audit_anchors


@dataclass(frozen=True)
class AnchorRow:
    """One signed place of a chain."""

    seq: int
    hash: bytes
    at: datetime
    kid: str
    signature: bytes


class Anchors:
    """Those of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = audit_anchors.c.tenant_id == tx.tenant

    async def add(self, anchor: AnchorRow) -> bool:
        """Keep an anchor. → False when there is one for that entry already."""
        row = insert(audit_anchors).values(
            tenant_id=self._tx.tenant,
            seq=anchor.seq,
            hash=anchor.hash,
            at=anchor.at,
            kid=anchor.kid,
            signature=anchor.signature,
        )
        added = await self._tx.session.execute(row.on_conflict_do_nothing().returning(audit_anchors.c.seq))
        return added.first() is not None

    async def find_last(self) -> AnchorRow | None:
        """The newest."""
        query = select(audit_anchors).where(self._mine).order_by(audit_anchors.c.seq.desc()).limit(1)
        row = (await self._tx.session.execute(query)).first()
        return None if row is None else AnchorRow(row.seq, row.hash, row.at, row.kid, row.signature)

    async def list_after(self, seq: int | None, *, limit: int | None) -> Sequence[AnchorRow]:
        """Those behind `seq`, the oldest first."""
        query = select(audit_anchors).where(self._mine).order_by(audit_anchors.c.seq).limit(limit)
        if seq is not None:
            query = query.where(audit_anchors.c.seq > seq)
        rows = await self._tx.session.execute(query)
        return [AnchorRow(row.seq, row.hash, row.at, row.kid, row.signature) for row in rows]


async def list_tenants(tx: Transaction) -> Sequence[str]:
    """Every tenant that has a chain. Needs a system transaction."""
    rows = await tx.run("select distinct tenant_id from compliance.audit_sources order by tenant_id")
    return [row["tenant_id"] for row in rows]


async def list_kids(tx: Transaction) -> Sequence[str]:
    """The keys that any tenant's anchors were signed with, by `kid`. Needs a system transaction."""
    return [row["kid"] for row in await tx.run("select distinct kid from compliance.audit_anchors")]


async def list_moved(tx: Transaction) -> Sequence[str]:
    """Tenants whose chain does not end at its last anchor, or at that anchor's own entry. Needs a system transaction.

    Those whose chain became shorter are among them.
    """
    rows = await tx.run(
        """
        select tenant_id from (select distinct tenant_id from compliance.audit_sources) tenants
          left join lateral (select max(seq) as seq from compliance.audit_chain c
                              where c.tenant_id = tenants.tenant_id) chain on true
          left join lateral (select max(seq) as seq from compliance.audit_anchors a
                              where a.tenant_id = tenants.tenant_id) anchor on true
         where anchor.seq is null or chain.seq is null or chain.seq - anchor.seq not in (0, 1)
         order by tenant_id
        """
    )
    return [row["tenant_id"] for row in rows]
