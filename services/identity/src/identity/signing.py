"""Ed25519 keys: made, sealed for the database, and used."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from common import sealing
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from identity.errors import WrongMasterKey


@dataclass(frozen=True)
class SigningKey:
    """A key pair as the database keeps it."""

    kid: str
    public_jwk: Mapping[str, str]
    sealed_private: bytes


class Seal:
    """Encrypts private keys under the master key, each bound to its `kid`."""

    def __init__(self, master_key: str) -> None:
        self._seal = sealing.Seal(master_key, purpose="greenlight identity signing keys")

    def close(self, private: bytes, *, kid: str) -> bytes:
        """The encrypted bytes; other ones each time."""
        return self._seal.close(private, name=kid)

    def open(self, sealed: bytes, *, kid: str) -> bytes:
        """The private bytes. Raises `WrongMasterKey` when they were sealed with another master key or changed since."""
        try:
            return self._seal.open(sealed, name=kid)
        except sealing.SealBroken as error:
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
