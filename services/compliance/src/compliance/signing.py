"""The key that compliance signs anchors and evidence with: Ed25519, one for the whole installation.

It comes from the setting `audit_signing_key`, which every replica has; without it, outside of production, from a file
in the data folder that is made once. What it signs can be checked by anybody with the public key alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from common.ids import new_id
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from compliance.chain import SEAL_PREFIX
from compliance.settings import Settings

KEY_FILE = "compliance-signing.key"
_SEED_BYTES = 32
_PURPOSE = b"greenlight compliance signing key"


class UnsafeKey(RuntimeError):
    """The signing key is missing where it must be given, damaged, or open to others; the service does not start."""


class Signer:
    """Signs as this installation. `kid` is the RFC 7638 thumbprint of `public_key`, which is the 32 raw bytes."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._private.public_key().public_bytes_raw()
        self.kid = key_id(self.public_key)

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature; the same data gives the same bytes."""
        return self._private.sign(data)

    def certify(self, certificate: x509.CertificateBuilder) -> x509.Certificate:
        """The certificate, issued by this key."""
        return certificate.sign(self._private, None)

    def jwk(self) -> dict[str, str]:
        """The public key as RFC 8037 writes it."""
        return {**_members(self.public_key), "kid": self.kid, "use": "sig", "alg": "EdDSA"}


def load_signer(settings: Settings) -> Signer:
    """The installation's signer; any number of starts at once get the same. Raises `UnsafeKey`."""
    if settings.audit_signing_key is not None:
        return Signer(_derived(settings.audit_signing_key.get_secret_value()))
    if settings.environment == "production":
        raise UnsafeKey(
            "GREENLIGHT_AUDIT_SIGNING_KEY is not set: in production a key that was made up here would be another one "
            "in each replica and gone with its disk"
        )
    return Signer(_seed_in(Path(settings.data_dir) / KEY_FILE))


def is_sealed(digest: bytes, seal: bytes | None, keys: Mapping[str, bytes]) -> bool:
    """Whether a link's hash is sealed by one of our keys, by `kid`."""
    return seal is not None and any(verifies(key, data=SEAL_PREFIX + digest, signature=seal) for key in keys.values())


def verifies(public_key: bytes, *, data: bytes, signature: bytes) -> bool:
    """Whether the signature is that key's, over exactly this data."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public_key: bytes) -> str:
    """The RFC 7638 thumbprint of a public key: SHA-256, base64url without padding."""
    canonical = json.dumps(_members(public_key), separators=(",", ":"), sort_keys=True).encode()
    return _base64url(hashlib.sha256(canonical).digest())


def _members(public_key: bytes) -> dict[str, str]:
    return {"crv": "Ed25519", "kty": "OKP", "x": _base64url(public_key)}


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_SEED_BYTES, salt=None, info=_PURPOSE).derive(secret.encode())


def _seed_in(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    with path.open("rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise UnsafeKey(f"{path.name} can be read by others; its mode must be 0600")
        seed = file.read(_SEED_BYTES + 1)
    if len(seed) != _SEED_BYTES:
        raise UnsafeKey(f"{path.name} is damaged; give back the file that was there, or old anchors cannot be verified")
    return seed


def _make(path: Path) -> None:
    """Put a fresh key there, complete from its first moment; whoever comes second leaves the first one's."""
    partial = path.with_name(f".{path.name}.{new_id().hex}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(_SEED_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # A link fails where a rename would replace: two that start at once must end with one key.
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink(missing_ok=True)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
