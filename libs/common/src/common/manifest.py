"""The release manifest: one hash over exactly what a decision covers."""

from __future__ import annotations

import hashlib

import rfc8785

from common.contracts.values import JsonObject


def manifest_sha256(content: JsonObject, *, policy_version: str) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of the content and the policy it was checked by.

    Content names artifacts by their hash, so one flipped byte of a video is another manifest.
    """
    return hashlib.sha256(canonical_json({"content": content, "policy_version": policy_version})).hexdigest()


def state_sha256(state: JsonObject | None) -> str | None:
    """SHA-256 of something's canonical JSON, for an audit entry: what it was before, or is since. None for nothing.

    An entry outlives erasure in parts, so leave out what names people: a short text can be guessed from its hash.
    """
    return None if state is None else hashlib.sha256(canonical_json(state)).hexdigest()


def canonical_json(value: JsonObject) -> bytes:
    """RFC 8785 canonical JSON: the same value always gives the same bytes."""
    encoded: bytes = rfc8785.dumps(value)
    return encoded
