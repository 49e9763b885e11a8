"""Checking an exported audit trail without any stack: hashes, seals and anchors, by one public key.

docs/audit.md says the same in words, for who would rather write it themselves.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cli.exits import ExitCode
from cli.trouble import Trouble

FORMAT = "greenlight-audit-export/1"
SEAL_PREFIX = b"greenlight audit seal v1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class _Checked:
    tenant: str
    key: Ed25519PublicKey
    whole: bool
    """Whether the file goes up to the chain's end."""
    prev: str | None = None
    first: int | None = None
    seq: int = 0
    blanked: int = 0
    seal: str | None = None
    hashes: dict[int, str] = field(default_factory=dict)
    bad: tuple[int, str] | None = None


def check_export(path: Path, *, anchors: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What `verify` of a stack would say about the links in the file. Raises `Trouble` for what is no export."""
    lines = _lines(path)
    head = next(lines, {})
    if head.get("format") != FORMAT:
        raise _no_export(path, f"its first line is not that of a {FORMAT}")
    try:
        checked = _Checked(str(head["tenant"]), _key_of(head["key"]), whole=head["to"] is None)
        end = _walk(checked, lines)
    except (KeyError, TypeError, ValueError) as error:
        raise _no_export(path, repr(error)) from error
    if checked.bad is None and not end:
        checked.bad = (checked.seq + 1, "The file has no end: it was cut off.")
    if checked.bad is None and checked.seq and not _is_sealed(checked):
        checked.bad = (checked.seq, f"Entry {checked.seq} is not sealed by the key in the file.")
    if checked.bad is None and end and not _is_signed(checked, end):
        checked.bad = (checked.seq, "The end of the file is not signed by its key.")
    for anchor in (*end.get("anchors", ()), *anchors):
        checked.bad = checked.bad or _against(checked, anchor)
    return {
        "ok": checked.bad is None,
        "entries": checked.seq - (checked.first or 1) + 1 if checked.seq else 0,
        "first_bad_seq": checked.bad[0] if checked.bad else None,
        "last_bad_seq": checked.bad[0] if checked.bad else None,
        "reason": checked.bad[1] if checked.bad else None,
        "head": checked.prev,
        "blanked": checked.blanked,
        "gaps": [],
        "tail": f"Checked with the public key {head['key']['x']}: compare it with one you were given some other way.",
    }


def read_anchors(path: Path) -> list[dict[str, Any]]:
    """Anchors that were kept. Raises `Trouble`."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        anchors = found["items"] if isinstance(found, dict) and "items" in found else found
        return [dict(anchor) for anchor in (anchors if isinstance(anchors, list) else [anchors])]
    except (ValueError, TypeError) as error:
        raise Trouble(
            f"{path} holds no anchors: {error}.",
            exit_code=ExitCode.USAGE,
            code="no_anchors",
            next_step="./greenlight audit anchor --list -o anchors.json",
        ) from error


def _walk(checked: _Checked, lines: Iterator[dict[str, Any]]) -> dict[str, Any]:
    for line in lines:
        if line.get("end"):
            return line
        if checked.bad is None:
            checked.bad = _flaw(checked, line)
            checked.first = checked.first or line["seq"]
            checked.seq, checked.prev, checked.seal = line["seq"], line["hash"], line.get("seal")
            checked.blanked += "body" in line and line["body"] is None
            checked.hashes[line["seq"]] = line["hash"]
    return {}


def _flaw(checked: _Checked, line: dict[str, Any]) -> tuple[int, str] | None:
    seq = line["seq"]
    if checked.first is not None and seq != checked.seq + 1:
        return checked.seq + 1, f"Entry {checked.seq + 1} is not in the file."
    if checked.prev is not None and line["prev"] != checked.prev:
        return seq, f"Entry {seq} does not continue entry {seq - 1}."
    if line["hash"] != _link(checked.tenant, line):
        return seq, f"The hash of entry {seq} is not that of its link."
    body = line.get("body")
    if body is not None:
        digest = hashlib.sha256(bytes.fromhex(line["salt"]) + body.encode()).hexdigest()
        if digest != line["entry_sha256"]:
            return seq, f"Entry {seq} was changed after it was chained."
    return None


def _link(tenant: str, line: dict[str, Any]) -> str:
    name = tenant.encode()
    micros = (datetime.fromisoformat(line["recorded_at"]) - _EPOCH) // timedelta(microseconds=1)
    return hashlib.sha256(
        bytes.fromhex(line["prev"])
        + len(name).to_bytes(4, "big")
        + name
        + int(line["seq"]).to_bytes(8, "big")
        + micros.to_bytes(8, "big", signed=True)
        + bytes.fromhex(line["entry_sha256"])
    ).hexdigest()


def _is_sealed(checked: _Checked) -> bool:
    """A seal vouches for everything before it, so the last one is enough."""
    if checked.seal is None:
        return False
    return _verifies(checked.key, bytes.fromhex(checked.seal), SEAL_PREFIX + bytes.fromhex(checked.prev or ""))


def _is_signed(checked: _Checked, end: dict[str, Any]) -> bool:
    told = {name: value for name, value in end.items() if name not in {"kid", "signature"}}
    data = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    fits = end["hash"] == checked.prev and end["last_seq"] == (checked.seq or None)
    return fits and _verifies(checked.key, base64.b64decode(end["signature"]), data)


def _against(checked: _Checked, anchor: dict[str, Any]) -> tuple[int, str] | None:
    seq = int(anchor["seq"])
    told = {"v": 1, **{name: anchor[name] for name in ("tenant", "seq", "hash", "at")}}
    data = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    try:
        genuine = _verifies(checked.key, base64.b64decode(anchor["signature"]), data)
    except binascii.Error:
        genuine = False
    if not genuine or anchor["tenant"] != checked.tenant:
        return seq, f"The anchor of entry {seq} is not signed by the key in the file."
    if seq > checked.seq and checked.whole:
        return (
            checked.seq + 1,
            f"Entries {checked.seq + 1} to {seq} are missing: an anchor proves that they were there.",
        )
    known = checked.hashes.get(seq)
    if known is not None and known != anchor["hash"]:
        return seq, f"An anchor has another hash for entry {seq}: the chain was written anew before it."
    return None


def _verifies(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _key_of(jwk: dict[str, str]) -> Ed25519PublicKey:
    text = jwk["x"]
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            try:
                found = json.loads(line)
            except ValueError as error:
                raise _no_export(path, str(error)) from error
            if not isinstance(found, dict):
                raise _no_export(path, "a line is no object")
            yield found


def _no_export(path: Path, why: str) -> Trouble:
    return Trouble(
        f"{path} is no export of an audit trail: {why}.",
        exit_code=ExitCode.USAGE,
        code="no_export",
        next_step="./greenlight audit export -o audit.ndjson",
    )
