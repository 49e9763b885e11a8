"""How the audit chain is computed, byte for byte, so that anybody can check it with twenty lines of their own.

    entry_sha256 = SHA-256(salt ‖ body)            salt: 32 random bytes · body: RFC 8785 JSON, UTF-8
    hash         = SHA-256(prev ‖ tenant ‖ seq ‖ recorded_at ‖ entry_sha256)

    prev          32 bytes: the hash before; zeros for the first entry of a tenant
    tenant        4 bytes big-endian length, then that many bytes of UTF-8
    seq           8 bytes big-endian, from 1 without gaps
    recorded_at   8 bytes big-endian, signed: microseconds since 1970-01-01T00:00:00Z
    entry_sha256  32 bytes

    seal          Ed25519("greenlight audit seal v1" ‖ hash), on each link: no part of the hash

Only the tenant varies in length and it is preceded by its length, so no two chains have the same bytes. The salt keeps
a blanked entry from being guessed from its hash. This format holds from the first row on and never changes.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

GENESIS = bytes(32)
SALT_BYTES = 32
SEAL_PREFIX = b"greenlight audit seal v1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def entry_sha256(salt: bytes, body: bytes) -> bytes:
    """The fingerprint of an entry; it stays when salt and body are blanked."""
    return hashlib.sha256(salt + body).digest()


def link(prev: bytes, *, tenant: str, seq: int, recorded_at: datetime, entry_sha256: bytes) -> bytes:
    """The hash that chains an entry to all before it."""
    name = tenant.encode()
    micros = (recorded_at - _EPOCH) // _MICROSECOND
    return hashlib.sha256(
        prev
        + len(name).to_bytes(4, "big")
        + name
        + seq.to_bytes(8, "big")
        + micros.to_bytes(8, "big", signed=True)
        + entry_sha256
    ).digest()
