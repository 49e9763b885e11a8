"""Signed anchors: what proves, outside of the database, how far a chain went.

    signed bytes = RFC 8785 JSON of {"at", "hash", "seq", "tenant", "v": 1}     hash: hex · at: RFC 3339, UTC
    signature    = Ed25519 over them, by the key that `kid` (RFC 7638) names

An anchor that somebody else keeps cannot be taken back: who cuts the chain before it or writes it anew is found out.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common.clock import rfc3339
from common.contracts.values import JsonObject
from common.db.work import Transaction
from common.errors import Invalid
from common.manifest import canonical_json

from compliance.repository.anchors import Anchors
from compliance.signing import verifies


@dataclass(frozen=True)
class Anchor:
    """A signed place of a chain, as it is exported."""

    tenant: str
    seq: int
    hash: str
    at: datetime
    kid: str
    signature: str

    def says(self) -> bytes:
        """What is signed."""
        return signed_bytes(self.tenant, self.seq, self.hash, self.at)

    def is_genuine(self, keys: dict[str, bytes]) -> bool:
        """Whether one of our keys, which its `kid` names, signed exactly this."""
        key = keys.get(self.kid)
        try:
            signature = base64.b64decode(self.signature, validate=True)
        except (binascii.Error, ValueError):
            return False
        return key is not None and verifies(key, data=self.says(), signature=signature)

    def view(self) -> JsonObject:
        """The anchor as JSON."""
        return {
            "tenant": self.tenant,
            "seq": self.seq,
            "hash": self.hash,
            "at": rfc3339(self.at),
            "kid": self.kid,
            "signature": self.signature,
        }


async def list_anchors(tx: Transaction, *, after: int | None = None, limit: int | None = None) -> Sequence[Anchor]:
    """The tenant's anchors, the oldest first."""
    return [
        Anchor(tx.tenant, row.seq, row.hash.hex(), row.at, row.kid, base64.b64encode(row.signature).decode())
        for row in await Anchors(tx).list_after(after, limit=limit)
    ]


def read_anchor(given: JsonObject) -> Anchor:
    """An anchor from its JSON. Raises `Invalid`."""
    try:
        return Anchor(
            str(given["tenant"]),
            int(given["seq"]),
            str(given["hash"]),
            datetime.fromisoformat(str(given["at"])),
            str(given["kid"]),
            str(given["signature"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"This is no anchor: {error!r}.") from error


def signed_bytes(tenant: str, seq: int, digest: str, at: datetime) -> bytes:
    """What is signed for an anchor of that entry."""
    return canonical_json({"v": 1, "tenant": tenant, "seq": seq, "hash": digest, "at": rfc3339(at)})
