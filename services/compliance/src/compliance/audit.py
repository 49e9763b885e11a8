"""The parts of the audit that its routes lean on, and how they are put together."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from common.artifacts import Artifacts
from common.bus.connection import Bus
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
from compliance.repository.anchors import list_kids
from compliance.retention import Retention
from compliance.settings import Settings
from compliance.signing import Signer, UnsafeKey, key_id, load_signer
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

    async def start(self) -> None:
        """From now on this process seals what it appends.

        Raises `UnsafeKey` when anchors were signed by a key that is neither ours nor among those that were.

        Behind a seal that it does not know a process seals nothing, and what is unsealed once stays so: a key that was
        changed without naming the old one has to be found out before the first entry.
        """
        async with self.work.system() as tx:
            unknown = sorted(set(await list_kids(tx)) - self.keys.keys())
        if unknown:
            raise UnsafeKey(
                f"The audit trail was signed with the key {unknown[0]}, which this process does not know. Give"
                " GREENLIGHT_AUDIT_KNOWN_KEYS its public key, or the signing key that was used before."
            )
        trail.seal_with(self.signer, keys=self.keys)

    async def settle(self, principal: Annotated[Principal, Depends(current_principal)]) -> None:
        """FastAPI dependency of what reads the trail: everything the caller's tenant did so far is in it."""
        await self.chaining.settle(principal.tenant)


def audit_of(settings: Settings, *, work: Work, bus: Bus, artifacts: Artifacts, clock: Clock) -> Audit:
    """The audit by these settings."""
    signer = load_signer(settings)
    keys = {signer.kid: signer.public_key, **_known(settings.audit_known_keys)}
    retention = Retention(
        work,
        artifacts=artifacts,
        signer=signer,
        clock=clock,
        classes=settings.audit_retention,
        every_seconds=settings.audit_retention_check_seconds,
    )
    chaining = Chaining(work, bus, clock=clock, every_seconds=settings.audit_chaining_seconds)
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
