"""Signing the heads of chains, on a schedule, at a stop, and when an officer wants it."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping

from common.clock import Clock
from common.contracts.values import JsonObject
from common.db.work import Work
from common.observability.logging import get_logger
from common.observability.metrics import AUDIT_ANCHORED, AUDIT_BROKEN
from sqlalchemy.exc import SQLAlchemyError

from compliance import trail
from compliance.anchors import Anchor, list_anchors, signed_bytes
from compliance.chaining import Chaining
from compliance.errors import ChainBroken
from compliance.repository.anchors import AnchorRow, Anchors, list_moved
from compliance.repository.audit import AuditTrail
from compliance.signing import Signer
from compliance.verification import flaw_since

log = get_logger(__name__)
ACTOR = "service:compliance"
ANCHORED = "audit.anchored"
AT_STOP_SECONDS = 5.0


class Anchoring:
    """Signs the heads of chains, on a schedule and when an officer wants it."""

    def __init__(
        self,
        work: Work,
        *,
        chaining: Chaining,
        signer: Signer,
        keys: Mapping[str, bytes],
        clock: Clock,
        every_seconds: float,
    ) -> None:
        self._work = work
        self._chaining = chaining
        self._signer = signer
        self._keys = keys
        self._clock = clock
        self._every_seconds = every_seconds

    async def run(self) -> None:
        """Anchor every chain that has grown, again and again."""
        while True:
            await asyncio.sleep(self._every_seconds)
            await self.anchor_all()

    async def anchor_all(self) -> int:
        """Anchor every chain that has grown since its last anchor. → how many.

        One that cannot be signed, because it is broken, is met again each time.
        """
        async with self._work.system() as tx:
            tenants = await list_moved(tx)
        made, broken = 0, 0
        for tenant in tenants:
            try:
                made += await self.anchor(tenant, actor=ACTOR) is not None
            except ChainBroken as error:
                broken += 1
                log.error("audit.broken", tenant=tenant, reason=error.detail)
            except (SQLAlchemyError, ValueError, KeyError) as error:
                # What cannot even be read is broken, and no reason to leave the others' chains unsigned.
                broken += 1
                log.exception("audit.broken", tenant=tenant, reason=repr(error))
        AUDIT_BROKEN.labels("compliance").set(broken)
        return made

    async def stop(self) -> None:
        """What is possible in a few seconds, when the service stops."""
        async with asyncio.timeout(AT_STOP_SECONDS):
            await self.anchor_all()

    async def anchor(self, tenant: str, *, actor: str) -> Anchor | None:
        """Sign the head of the tenant's chain. None when nothing but the last anchor's own entry came since.

        What was added since the last anchor is recomputed first: a broken chain is not signed. Raises `ChainBroken`.
        """
        await self._chaining.settle(tenant)
        async with self._work.transaction(tenant) as tx:
            before = (await list_anchors(tx))[-1:]
        if flaw := await flaw_since(self._work, tenant, before[0] if before else None, keys=self._keys):
            raise ChainBroken(f"The chain is broken, so it is not signed: {flaw}")
        async with self._work.transaction(tenant) as tx:
            last = await AuditTrail(tx).find_last()
            newest = await Anchors(tx).find_last()
            if last is None or (newest is not None and last.seq <= newest.seq + 1):
                return None
            # To the microsecond, as the database keeps it: what is signed must be readable back.
            now = self._clock()
            signature = self._signer.sign(signed_bytes(tenant, last.seq, last.hash.hex(), now))
            if not await Anchors(tx).add(AnchorRow(last.seq, last.hash, now, self._signer.kid, signature)):
                return None
            detail: JsonObject = {"seq": last.seq, "hash": last.hash.hex(), "kid": self._signer.kid}
            await trail.chain(tx, ANCHORED, actor=actor, resource=f"anchor:{last.seq}", at=now, detail=detail)
        anchor = Anchor(tenant, last.seq, last.hash.hex(), now, self._signer.kid, base64.b64encode(signature).decode())
        AUDIT_ANCHORED.labels("compliance").inc()
        # The log is kept elsewhere, and is a witness of its own.
        log.info("audit.anchored", **anchor.view())
        return anchor
