"""The run itself: its definition, its history, what it made and where it went."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from verify.airlock import Assets
from verify.findings import Findings, Unreadable, read_json
from verify.texts import number, record, records, text

RUN = "run/run.json"
DEFINITION = "run/definition.json"
HISTORY = "run/history.ndjson"
POSTS = "run/posts.json"
ASSETS = "artifacts/index.json"


def check_run(files: Mapping[str, bytes], *, run_id: str, findings: Findings) -> dict[str, Any]:
    """Check run, definition and history against each other. → the run."""
    try:
        run = record(read_json(files[RUN]))
    except Unreadable as error:
        findings.wrong(RUN, str(error))
        return {}
    if run.get("run_id") != run_id:
        findings.wrong(RUN, "It is another run than the pack says.")
    if hashlib.sha256(files[DEFINITION]).hexdigest() != run.get("definition_digest"):
        findings.wrong(DEFINITION, "It is not the definition the run went by: its hash is not the run's digest.")
    _check_history(files[HISTORY], run, findings)
    return run


def _check_history(data: bytes, run: Mapping[str, Any], findings: Findings) -> None:
    expected = 1
    try:
        for line in data.splitlines():
            seq = number(record(read_json(line)).get("seq"))
            if seq != expected:
                findings.wrong(HISTORY, f"Entry {seq} stands where entry {expected} must be: it was reordered or cut.")
                return
            expected += 1
        if expected - 1 < number(run.get("last_seq")):
            findings.wrong(HISTORY, f"It ends with entry {expected - 1}; the run has {run.get('last_seq')}.")
    except Unreadable as error:
        findings.wrong(HISTORY, f"Near entry {expected}: {error}")


def check_assets(data: bytes, hashes: Mapping[str, str], findings: Findings) -> Assets:
    """Check that files are what the list of artifacts says. `hashes` are those of the pack's files, by name."""
    files: dict[str, str | None] = {}
    try:
        for asset in records(read_json(data)):
            sha256, path = text(asset.get("sha256")), asset.get("path")
            files[sha256] = files.get(sha256) or path
            if path is None:
                continue
            if text(path) not in hashes:
                findings.wrong(text(path), f"The {asset.get('type')} is listed as a file of the pack and is not there.")
            elif hashes[path] != sha256:
                findings.wrong(path, f"The {asset.get('type')} is not the one the run made: its bytes were changed.")
    except Unreadable as error:
        findings.wrong(ASSETS, str(error))
    return Assets(files)


def check_posts(data: bytes, items: Sequence[Mapping[str, Any]], findings: Findings) -> list[dict[str, Any]]:
    """Check that what was published is what was released. → the posts."""
    try:
        posts = records(read_json(data))
    except Unreadable as error:
        findings.wrong(POSTS, str(error))
        return []
    released = {
        permit.get("manifest_sha256")
        for item in items
        for permit in item.get("permits") or ()
        if isinstance(permit, dict)
    }
    for post in posts:
        if post.get("manifest_sha256") not in released:
            findings.wrong(POSTS, f"The post at {post.get('url')} was published without a permit for its manifest.")
    return posts
