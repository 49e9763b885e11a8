"""What people have looked at, and what files sound like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from common.contracts.values import JsonObject
from common.db.work import Transaction
from media.envelope import Envelope
from media.probe import Loudness
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.models import looks, seen_contents, sound_measures


@dataclass(frozen=True)
class Look:
    """What somebody saw last of a chain of revisions, and when."""

    item_id: UUID
    manifest_sha256: str
    seen_at: datetime


@dataclass(frozen=True)
class SeenContent:
    """Content as it was when somebody looked, and what the run had cost."""

    content: JsonObject
    spent_usd_micros: int | None


class Looks:
    """What was looked at in the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, user_id: str, chain_id: UUID) -> Look | None:
        """What a person saw last of a chain."""
        query = select(looks).where(
            looks.c.tenant_id == self._tx.tenant, looks.c.user_id == user_id, looks.c.chain_id == chain_id
        )
        row = (await self._tx.session.execute(query)).first()
        return Look(row.item_id, row.manifest_sha256, row.seen_at) if row else None

    async def put(self, user_id: str, chain_id: UUID, look: Look) -> None:
        """Remember what a person saw; the latest look counts, whichever arrives last."""
        values = {"item_id": look.item_id, "manifest_sha256": look.manifest_sha256, "seen_at": look.seen_at}
        statement = upsert(looks).values(tenant_id=self._tx.tenant, user_id=user_id, chain_id=chain_id, **values)
        await self._tx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "user_id", "chain_id"],
                set_=values,
                where=looks.c.seen_at <= statement.excluded.seen_at,
            )
        )

    async def keep_content(self, item_id: UUID, manifest_sha256: str, seen: SeenContent) -> None:
        """Keep content that was looked at; it is there already when somebody else looked before."""
        await self._tx.session.execute(
            upsert(seen_contents)
            .values(
                tenant_id=self._tx.tenant,
                item_id=item_id,
                manifest_sha256=manifest_sha256,
                content=seen.content,
                spent_usd_micros=seen.spent_usd_micros,
            )
            .on_conflict_do_nothing()
        )

    async def find_content(self, item_id: UUID, manifest_sha256: str) -> SeenContent | None:
        """Content that was looked at."""
        table = seen_contents.c
        query = select(table.content, table.spent_usd_micros).where(
            table.tenant_id == self._tx.tenant, table.item_id == item_id, table.manifest_sha256 == manifest_sha256
        )
        row = (await self._tx.session.execute(query)).first()
        return SeenContent(row.content, row.spent_usd_micros) if row else None

    async def find_sound(self, sha256: str) -> Envelope | None:
        """What a file sounds like, if it was measured."""
        table = sound_measures.c
        query = select(sound_measures).where(table.tenant_id == self._tx.tenant, table.sha256 == sha256)
        row = (await self._tx.session.execute(query)).first()
        if row is None:
            return None
        peak = row.true_peak_dbtp if row.true_peak_dbtp is not None else float("-inf")
        loudness = Loudness(integrated_lufs=row.integrated_lufs, true_peak_dbtp=peak)
        return Envelope(loudness=loudness, seconds=tuple(row.envelope))

    async def keep_sound(self, sha256: str, sound: Envelope) -> None:
        """Keep a measurement; the same file always gives the same."""
        peak = sound.loudness.true_peak_dbtp
        await self._tx.session.execute(
            upsert(sound_measures)
            .values(
                tenant_id=self._tx.tenant,
                sha256=sha256,
                integrated_lufs=sound.loudness.integrated_lufs,
                true_peak_dbtp=peak if peak != float("-inf") else None,
                envelope=list(sound.seconds),
            )
            .on_conflict_do_nothing()
        )
