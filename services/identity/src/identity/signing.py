"""Ed25519 keys: made, sealed for the database, and used."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from identity.errors import WrongMasterKey

_NONCE_BYTES = 12


@dataclass(frozen=True)
class SigningKey:
    """A key pair as the database keeps it."""

    kid: str
    public_jwk: Mapping[str, str]
    sealed_private: bytes


class Seal:
    """Encrypts private keys under the master key, each bound to its `kid`: a swapped row does not open."""

    def __init__(self, master_key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"greenlight identity signing keys")
        self._cipher = AESGCM(derived.derive(master_key.encode()))

    def close(self, private: bytes, *, kid: str) -> bytes:
        """The encrypted bytes; other ones each time."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, private, kid.encode())

    def open(self, sealed: bytes, *, kid: str) -> bytes:
        """The private bytes. Raises `WrongMasterKey` when they were sealed with another master key or changed since."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], kid.encode())
        except InvalidTag as error:
            raise WrongMasterKey(
                f"the master key does not open signing key {kid!r}; give identity the one it was started with before"
            ) from error


def make_signing_key(seal: Seal) -> SigningKey:
    """A fresh pair; its `kid` is the RFC 7638 thumbprint of the public half."""
    private = Ed25519PrivateKey.generate()
    public = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(private.public_key().public_bytes_raw())}
    # RFC 7638: the required members alone, in this order, without spaces.
    thumbprint = hashlib.sha256(json.dumps(public, separators=(",", ":"), sort_keys=True).encode()).digest()
    kid = _base64url(thumbprint)
    jwk = {**public, "kid": kid, "use": "sig", "alg": "EdDSA"}
    return SigningKey(kid, jwk, seal.close(private.private_bytes_raw(), kid=kid))


def sign(claims: Mapping[str, Any], *, key: SigningKey, seal: Seal) -> str:
    """The claims as a compact JWT. Raises `WrongMasterKey`."""
    private = Ed25519PrivateKey.from_private_bytes(seal.open(key.sealed_private, kid=key.kid))
    return jwt.encode(dict(claims), private, algorithm="EdDSA", headers={"kid": key.kid})


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
