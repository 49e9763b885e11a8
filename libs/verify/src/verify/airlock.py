"""What was decided, by whom, on exactly which content, and what was allowed to leave because of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from verify.chain import Trail
from verify.findings import Findings, Unreadable, read_json
from verify.texts import ERASED, digest, micros, record, records, text, texts

ITEMS = "airlock/items.json"
MANIFESTS = "airlock/manifests/"
_APPROVED = frozenset({"approved", "releasing", "released", "release_failed"})
_CLOSED_BY = {"expired": "gate.expired", "withdrawn": "gate.withdrawn"}
_BLANKED = "erasure.content_blanked"
_NOBODY = ("service:", "agent:", "system:")

Find = Callable[[str], bytes | None]
"""A file's bytes by its name in the pack."""


@dataclass(frozen=True)
class Assets:
    """What the run made: hash → the file of the pack that has its bytes; None where only the hash is known."""

    files: Mapping[str, str | None]


@dataclass
class _Look:
    findings: Findings
    find: Find
    trail: Trail
    assets: Assets


def check_airlock(data: bytes, *, find: Find, trail: Trail, assets: Assets, findings: Findings) -> list[dict[str, Any]]:
    """Check every item and its decisions, manifests and permits against each other and the chain. → the items."""
    look = _Look(findings, find, trail, assets)
    try:
        items = records(read_json(data))
    except Unreadable as error:
        findings.wrong(ITEMS, str(error))
        return []
    for item in items:
        try:
            _check_item(look, item)
        except Unreadable as error:
            findings.wrong(ITEMS, f"{_title(item)}: {error}")
    return items


def _title(item: Mapping[str, Any]) -> str:
    return f"Item {item.get('id')} ({item.get('gate')})"


def _check_item(look: _Look, item: Mapping[str, Any]) -> None:
    decisions, permits = records(item.get("decisions")), records(item.get("permits"))
    fell_back = _fell_back(look, item)
    for decision in decisions:
        _check_decision(look, item, decision, fell_back=fell_back)
    held = text(item.get("manifest_sha256"))
    content = _manifest(look, item, held, policy=text(item.get("policy_version")), needed=True)
    approvals = [each for each in decisions if each.get("decision") == "approved" and each.get("closes")]
    if item.get("status") in _APPROVED:
        _check_approval(look, item, approvals, held=held)
        for ref in _refs(content):
            _check_bytes(look, item, ref)
    for permit in permits:
        _check_permit(look, item, permit, approvals)
    look.findings.note(_told(item, decisions, permits))


def _told(item: Mapping[str, Any], decisions: list[dict[str, Any]], permits: list[dict[str, Any]]) -> str:
    said = [f"{each.get('decision')} by {each.get('decided_by')} at {each.get('decided_at')}" for each in decisions]
    said += [f"{each.get('outcome') or 'under way'} by permit {each.get('id')}" for each in permits]
    return f"{_title(item)}, asked for by {item.get('requested_by')}: {', then '.join(said) or 'nothing decided yet'}."


def _fell_back(look: _Look, item: Mapping[str, Any]) -> set[str]:
    """The codes of what the run had fallen back to when the item was opened."""
    codes = {text(each.get("code")) for each in records(item.get("downgrades"))}
    if codes and not _chained(look, item, {"gate.opened"}, {"downgrades": sorted(codes)}):
        _not_chained(look, item, "what the run had fallen back to")
    for entry in look.trail.find("gate.opened", resource=f"airlock_item:{item.get('id')}"):
        if left_out := {*texts(entry.detail.get("downgrades", []))} - codes:
            also = ", ".join(sorted(left_out))
            look.findings.wrong(ITEMS, f"{_title(item)}: the chain says that the run fell back to {also}, too.")
    return codes


def _check_decision(look: _Look, item: Mapping[str, Any], decision: Mapping[str, Any], *, fell_back: set[str]) -> None:
    who, author = text(decision.get("decided_by")), text(item.get("requested_by"))
    approves = decision.get("decision") == "approved"
    if who == author and who != ERASED:
        look.findings.wrong(ITEMS, f"{_title(item)}: {who} decided, who is the author.")
    if who == author == ERASED:
        look.findings.note(f"{_title(item)}: author and decider are both erased, so that they differ cannot be seen.")
    if approves and who.startswith(_NOBODY):
        look.findings.wrong(ITEMS, f"{_title(item)}: {who} approved, who is no person.")
    if micros(decision.get("decided_at")) < micros(item.get("opened_at")):
        look.findings.wrong(ITEMS, f"{_title(item)}: it was decided before it was opened.")
    accepted = texts(decision.get("accepted_downgrades"))
    if approves and (left_out := fell_back - {*accepted}):
        look.findings.wrong(ITEMS, f"{_title(item)}: {who} approved and did not accept {', '.join(sorted(left_out))}.")
    manifest = text(decision.get("manifest_sha256"))
    _manifest(look, item, manifest, policy=text(decision.get("policy_version")), needed=False)
    action = _CLOSED_BY.get(str(item.get("status")), "gate.decided") if decision.get("closes") else "gate.agreed"
    said = {"manifest_sha256": manifest, "decision": decision.get("decision")}
    said |= {"accepted_downgrades": accepted or None}
    if not _chained(look, item, {action, "gate.decided"} if decision.get("closes") else {action}, said, actor=who):
        _not_chained(look, item, f"the decision {decision.get('decision')} by {who}")


def _chained(
    look: _Look, item: Mapping[str, Any], actions: set[str], said: Mapping[str, Any], *, actor: str | None = None
) -> bool:
    """Whether an entry of the chain says the same."""
    return any(
        all(entry.detail.get(name) == value for name, value in said.items())
        and (actor is None or entry.body.get("actor") in {actor, ERASED})
        for action in actions
        for entry in look.trail.find(action, resource=f"airlock_item:{item.get('id')}")
    )


def _not_chained(look: _Look, item: Mapping[str, Any], what: str) -> None:
    if look.trail.lost:
        look.findings.note(f"{_title(item)}: {what} is in no entry that can still be read; some are gone.")
    else:
        look.findings.wrong(ITEMS, f"{_title(item)}: the chain does not say the same about {what}.")


def _check_approval(look: _Look, item: Mapping[str, Any], approvals: list[dict[str, Any]], *, held: str) -> None:
    if not approvals:
        look.findings.wrong(ITEMS, f"{_title(item)}: it is {item.get('status')}, and nobody approved it.")
    elif approvals[-1].get("manifest_sha256") != held:
        look.findings.wrong(ITEMS, f"{_title(item)}: what was approved is not what is held: another manifest hash.")
    verdict = record(item.get("verdict"))
    if verdict.get("level") == "blocked":
        look.findings.wrong(ITEMS, f"{_title(item)}: it was approved, and the checks had blocked it.")
    if verdict.get("policy_version") != item.get("policy_version"):
        look.findings.wrong(ITEMS, f"{_title(item)}: the verdict is by another policy than the manifest names.")


def _check_permit(
    look: _Look, item: Mapping[str, Any], permit: Mapping[str, Any], approvals: list[dict[str, Any]]
) -> None:
    manifest, granted = text(permit.get("manifest_sha256")), micros(permit.get("granted_at"))
    covering = [
        each
        for each in approvals
        if each.get("manifest_sha256") == manifest and micros(each.get("decided_at")) <= granted
    ]
    if not covering:
        look.findings.wrong(
            ITEMS, f"{_title(item)}: permit {permit.get('id')} has no approval of the same manifest before it."
        )
    if permit.get("finished_at") is not None and micros(permit["finished_at"]) < granted:
        look.findings.wrong(ITEMS, f"{_title(item)}: permit {permit.get('id')} was finished before it was granted.")
    if permit.get("outcome") == "released" and manifest != item.get("manifest_sha256"):
        look.findings.wrong(ITEMS, f"{_title(item)}: what was released is not what is held: another manifest hash.")
    said = {"permit_id": permit.get("id"), "manifest_sha256": manifest}
    if not _chained(look, item, {"permit.granted"}, said):
        _not_chained(look, item, f"permit {permit.get('id')}")


def _manifest(look: _Look, item: Mapping[str, Any], sha256: str, *, policy: str, needed: bool) -> Any:
    """The content under a manifest hash; None when it cannot be read."""
    digest(sha256)
    name = f"{MANIFESTS}{sha256}.json"
    data = look.find(name)
    if data is None:
        if look.trail.find(_BLANKED, resource=f"airlock_item:{item.get('id')}"):
            look.findings.note(f"{_title(item)}: its author was forgotten; {sha256[:12]}… is known by its hash alone.")
        elif needed:
            look.findings.wrong(name, f"{_title(item)}: the manifest of what is held is missing.")
        else:
            look.findings.note(f"{_title(item)}: an earlier content ({sha256[:12]}…) is known by its hash alone.")
        return None
    if hashlib.sha256(data).hexdigest() != sha256:
        look.findings.wrong(name, f"{_title(item)}: its hash is not the one decided on: the content was changed.")
    manifest = record(read_json(data))
    if manifest.get("policy_version") != policy:
        look.findings.wrong(name, f"{_title(item)}: it names another policy version than the decision does.")
    return manifest.get("content")


def _refs(content: Any) -> Iterator[str]:
    """The hashes of all artifacts that a content names, at any depth."""
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if {"sha256", "size", "media_type"} <= value.keys() and isinstance(value["sha256"], str):
                yield value["sha256"]
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _check_bytes(look: _Look, item: Mapping[str, Any], sha256: str) -> None:
    if sha256 not in look.assets.files:
        look.findings.wrong(ITEMS, f"{_title(item)}: {sha256[:12]}… was approved, and is not in the list of artifacts.")
    elif look.assets.files[sha256] is None:
        look.findings.note(f"{_title(item)}: the bytes of {sha256[:12]}… are not in the pack; their hash was approved.")
