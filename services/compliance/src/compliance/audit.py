"""The parts of the audit that its routes lean on, and how they are put together."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from common.artifacts import Artifacts
from common.clock import Clock
from common.db.work import Work

from compliance import trail
from compliance.anchoring import Anchoring
from compliance.anchors import Anchor
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
    anchoring: Anchoring
    erasing: Erasing
    holds: LegalHolds
    retention: Retention
    clock: Clock

    async def verify(self, tenant: str, *, given: Sequence[Anchor] = ()) -> Report:
        """Recompute the tenant's chain, and hold it against anchors."""
        return await verify(self.work, tenant, keys=self.keys, given=given)


def audit_of(settings: Settings, *, work: Work, artifacts: Artifacts, clock: Clock) -> Audit:
    """The audit by these settings; from now on this process seals what it appends."""
    signer = load_signer(settings)
    trail.seal_with(signer)
    keys = {signer.kid: signer.public_key, **_known(settings.audit_known_keys)}
    retention = Retention(
        work,
        artifacts=artifacts,
        signer=signer,
        clock=clock,
        classes=settings.audit_retention,
        every_seconds=settings.audit_retention_check_seconds,
    )
    return Audit(
        work=work,
        signer=signer,
        keys=keys,
        anchoring=Anchoring(work, signer=signer, keys=keys, clock=clock, every_seconds=settings.audit_anchor_seconds),
        erasing=Erasing(work, retention=retention, clock=clock, settle_seconds=settings.audit_erasure_settle_seconds),
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
