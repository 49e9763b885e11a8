"""Secrets in the database, encrypted under a key that is made of a secret in the settings: a dump alone opens none."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class SealBroken(Exception):
    """It was sealed with another secret, for another purpose or name, or changed since."""


class Seal:
    """AES-256-GCM under what `secret` is for one `purpose`; each text is bound to a name: a swapped row stays shut."""

    def __init__(self, secret: str, *, purpose: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
        self._cipher = AESGCM(derived.derive(secret.encode()))

    def close(self, plain: bytes, *, name: str) -> bytes:
        """Nonce, text and tag; other bytes each time."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def open(self, sealed: bytes, *, name: str) -> bytes:
        """What was sealed under that name. Raises `SealBroken`."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
        except InvalidTag as error:
            raise SealBroken from error
