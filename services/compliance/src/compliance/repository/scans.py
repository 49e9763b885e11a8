"""What scanners measured, kept by the file's hash."""

from __future__ import annotations

from datetime import datetime

from common.db.work import Transaction
from common.observability.logging import get_logger
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.models.scans import media_scans
from compliance.scanners.facts import SHAPES, VERSIONS, Facts, Scanner

log = get_logger(__name__)


class MediaScans:
    """The facts of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, sha256: str) -> dict[Scanner, Facts]:
        """What is known of a file, by scanners as they are now. A row that makes no sense is no row."""
        query = select(media_scans.c.scanner, media_scans.c.version, media_scans.c.facts).where(
            media_scans.c.tenant_id == self._tx.tenant, media_scans.c.sha256 == sha256
        )
        known: dict[Scanner, Facts] = {}
        for row in await self._tx.session.execute(query):
            scanner = Scanner(row.scanner)
            if row.version != VERSIONS[scanner]:
                continue
            try:
                known[scanner] = SHAPES[scanner].model_validate(row.facts, strict=False)
            except ValidationError as error:
                log.error("scan.unreadable", scanner=scanner.value, error=str(error))
        return known

    async def add(self, sha256: str, scanner: Scanner, facts: Facts, *, took_ms: int, at: datetime) -> None:
        """Keep what was measured. Who measured the same file at the same time got the same: the first stays."""
        await self._tx.session.execute(
            upsert(media_scans)
            .values(
                tenant_id=self._tx.tenant,
                sha256=sha256,
                scanner=scanner.value,
                version=VERSIONS[scanner],
                facts=facts.model_dump(mode="json"),
                took_ms=took_ms,
                scanned_at=at,
            )
            .on_conflict_do_nothing()
        )
