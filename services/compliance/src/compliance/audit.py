"""The parts of the audit that its routes lean on, and how they are put together."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from common.artifacts import Artifacts
from common.clock import Clock
from common.db.work import Work
from common.service.principal import Principal, current_principal
from fastapi import Depends

from compliance import trail
from compliance.anchoring import Anchoring
from compliance.anchors import Anchor
from compliance.chaining import Chaining
from compliance.erasure import Erasing
from compliance.holds import LegalHolds
from compliance.retention import Retention
from compliance.settings import Settings
from compliance.signing import Signer, key_id, load_signer
from compliance.verification import Report, verify


@dataclass(frozen=True)
class Audit:
    """The audit of all tenants; each call is for one."""

    work: Work
    signer: Signer
    keys: dict[str, bytes]
    """The public keys that count, ours and those that were ours before, by `kid`."""
    chaining: Chaining
    anchoring: Anchoring
    erasing: Erasing
    holds: LegalHolds
    retention: Retention
    clock: Clock

    async def verify(self, tenant: str, *, given: Sequence[Anchor] = ()) -> Report:
        """Recompute the tenant's chain, and hold it against anchors."""
        await self.chaining.settle(tenant)
        return await verify(self.work, tenant, keys=self.keys, given=given)

    async def settle(self, principal: Annotated[Principal, Depends(current_principal)]) -> None:
        """FastAPI dependency of what reads the trail: everything the caller's tenant did so far is in it."""
        await self.chaining.settle(principal.tenant)


def audit_of(settings: Settings, *, work: Work, artifacts: Artifacts, clock: Clock) -> Audit:
    """The audit by these settings; from now on this process seals what it appends."""
    signer = load_signer(settings)
    keys = {signer.kid: signer.public_key, **_known(settings.audit_known_keys)}
    trail.seal_with(signer, keys=keys)
    retention = Retention(
        work,
        artifacts=artifacts,
        signer=signer,
        clock=clock,
        classes=settings.audit_retention,
        every_seconds=settings.audit_retention_check_seconds,
    )
    chaining = Chaining(work, clock=clock, every_seconds=settings.audit_chaining_seconds)
    return Audit(
        work=work,
        signer=signer,
        keys=keys,
        chaining=chaining,
        anchoring=Anchoring(
            work,
            chaining=chaining,
            signer=signer,
            keys=keys,
            clock=clock,
            every_seconds=settings.audit_anchor_seconds,
        ),
        erasing=Erasing(
            work,
            chaining=chaining,
            retention=retention,
            clock=clock,
            settle_seconds=settings.audit_erasure_settle_seconds,
        ),
        holds=LegalHolds(work, clock=clock),
        retention=retention,
        clock=clock,
    )


def _known(texts: Sequence[str]) -> dict[str, bytes]:
    keys = {}
    for text in texts:
        try:
            key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except binascii.Error as error:
            raise ValueError(f"audit_known_keys: {text!r} is not base64url") from error
        keys[key_id(key)] = key
    return keys
