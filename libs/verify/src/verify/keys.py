"""Public keys: how they are named, how a reader says which one they trust, and what they signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from verify.findings import Unreadable, read_json

_FINGERPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
_RAW = 32


class NoKey(Exception):
    """What the reader gave names no key; the message says why, in a sentence."""


def fingerprint(public_key: bytes) -> str:
    """The RFC 7638 thumbprint of an Ed25519 public key (its 32 bytes): SHA-256, base64url without padding."""
    x = base64.urlsafe_b64encode(public_key).rstrip(b"=").decode()
    canonical = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": x}, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()


def signed(public_key: bytes, *, data: bytes, signature: str) -> bool:
    """Whether this key made the signature (base64) over exactly this data."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, ValueError, binascii.Error, TypeError):
        return False
    return True


def key_of(jwk: Any) -> bytes:
    """The 32 bytes of a JWK (RFC 8037). Raises `Unreadable`."""
    if not isinstance(jwk, Mapping) or jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
        raise Unreadable("A key in it is no Ed25519 key.")
    return read_x(jwk.get("x"))


def read_x(x: Any) -> bytes:
    """The 32 bytes of a key in base64url. Raises `Unreadable`."""
    try:
        key = base64.b64decode(str(x) + "=" * (-len(str(x)) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("A key in it is not base64url.") from error
    if len(key) != _RAW:
        raise Unreadable(f"A key in it has {len(key)} bytes and not {_RAW}.")
    return key


def trusted_keys(given: str) -> frozenset[str]:
    """The fingerprints a reader trusts: one as it is, or those of a file (JWK, JWK set or PEM). Raises `NoKey`."""
    path = Path(given)
    if _FINGERPRINT.fullmatch(given) and not path.exists():
        return frozenset({given})
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoKey(f"{given!r} is neither a fingerprint (43 letters, digits, - or _) nor a file.") from error
    try:
        return frozenset(fingerprint(key) for key in _in_file(data))
    except (Unreadable, ValueError, UnsupportedAlgorithm) as error:
        raise NoKey(f"{path.name} holds no Ed25519 public key: {error}") from error


def _in_file(data: bytes) -> list[bytes]:
    if data.lstrip().startswith(b"-----BEGIN"):
        key = load_pem_public_key(data)
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("it is of another kind.")
        return [key.public_bytes_raw()]
    text = data.strip()
    if _FINGERPRINT.fullmatch(text.decode(errors="replace")):
        # A fingerprint alone cannot be told from a key by its looks; a key says so by being JSON or PEM.
        raise ValueError("it holds a fingerprint; give that itself.")
    value = read_json(text)
    return [key_of(each) for each in (value.get("keys", [value]) if isinstance(value, dict) else [value])]
