"""One look at a whole pack: what holds, what was altered, and what nobody can know from the pack alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509

from verify.airlock import ITEMS, check_airlock
from verify.archive import Archive
from verify.chain import ANCHORS, ERASED_FILE, LINKS, SEGMENTS, check_chain
from verify.findings import Findings, NotAPack, Unreadable, read_json
from verify.keys import fingerprint, key_of, read_x, signed
from verify.run import ASSETS, DEFINITION, HISTORY, POSTS, RUN, check_assets, check_posts, check_run
from verify.texts import named, record, records, text

FORMAT = "greenlight-evidence/1"
PREFIX = b"greenlight evidence pack v1\n"
PACK = "pack.json"
SIGNATURE = "signature.json"
KEYS = "keys.json"
ROOT = "c2pa/root.pem"
_NEEDED = (KEYS, RUN, DEFINITION, HISTORY, POSTS, ASSETS, ITEMS, SEGMENTS, LINKS, ANCHORS, ERASED_FILE)


@dataclass(frozen=True)
class Report:
    """What was found. `kid` is the fingerprint of the key that signed; `trusted` says whether the reader named it."""

    findings: Findings
    pack: Mapping[str, Any] = field(default_factory=dict)
    kid: str | None = None
    trusted: bool | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was altered, as far as the pack can show."""
        return not self.findings.problems


@dataclass
class _Look:
    archive: Archive
    findings: Findings
    pack: dict[str, Any]
    hashes: dict[str, str]


def verify_pack(path: Path, *, trusted: Collection[str] = ()) -> Report:
    """Look at everything. `trusted` are fingerprints of keys the reader believes; none: the signer is only named."""
    findings = Findings()
    try:
        archive = Archive(path)
        signed_bytes = archive.read(PACK)
        pack = record(read_json(signed_bytes))
    except NotAPack as error:
        findings.wrong(path.name, str(error))
        return Report(findings)
    except Unreadable as error:
        findings.wrong(PACK, str(error))
        return Report(findings)
    if pack.get("format") != FORMAT:
        findings.wrong(PACK, f"Its format is {str(pack.get('format'))[:80]!r}; this program knows {FORMAT}.")
        return Report(findings, pack)
    look = _Look(archive, findings, pack, {name: archive.sha256(name) for name in archive.members})
    key = _check_signature(look, signed_bytes)
    kid = fingerprint(key) if key else None
    if trusted and kid not in trusted:
        findings.wrong(SIGNATURE, f"The pack is signed by {kid or 'nobody'}, which is not the key you trust.")
    _check_files(look)
    try:
        _check_contents(look, key)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        # A forger may put anything anywhere. What is of another kind than the format says is no pack, and no crash.
        findings.wrong(PACK, f"A file is not in the form that the format says ({type(error).__name__}): {error}"[:300])
    return Report(findings, pack, kid, kid in trusted if trusted else None)


def _check_signature(look: _Look, data: bytes) -> bytes | None:
    """→ the key that signed `pack.json`; None when none did."""
    since = len(look.findings.problems)
    try:
        said = record(read_json(look.archive.read(SIGNATURE)))
        key = read_x(said.get("public_key"))
        if fingerprint(key) != said.get("kid") or said.get("kid") != look.pack.get("kid"):
            look.findings.wrong(SIGNATURE, "Its key is not the one the pack names: somebody else signed it anew.")
        if not signed(key, data=PREFIX + data, signature=text(said.get("signature"))):
            look.findings.wrong(SIGNATURE, f"It is no signature of {PACK} by its key: the pack's list was changed.")
            return None
    except Unreadable as error:
        look.findings.wrong(SIGNATURE, str(error))
        return None
    look.findings.holds("The list of files is signed.", since=since)
    return key


def _check_files(look: _Look) -> None:
    """Every file is listed, every listed file is there, and each has its hash."""
    since = len(look.findings.problems)
    try:
        listed = {text(each.get("path")): each for each in records(look.pack.get("files"))}
    except Unreadable as error:
        look.findings.wrong(PACK, str(error))
        return
    for name in sorted(look.hashes.keys() - listed.keys() - {PACK, SIGNATURE}):
        look.findings.wrong(name, "It was added to the pack: the signed list does not have it.")
    for name, file in listed.items():
        if name not in look.hashes:
            look.findings.wrong(name, "It was taken out of the pack.")
        elif look.hashes[name] != file.get("sha256") or look.archive.members[name].size != file.get("size"):
            look.findings.wrong(name, "It was changed: its hash is not the one in the signed list.")
    look.findings.holds(f"All {len(listed)} files are as they were signed.", since=since)


def _check_contents(look: _Look, key: bytes | None) -> None:
    """Files that are there have to say the same as each other, also where the signer says so."""
    findings = look.findings
    files: dict[str, bytes] = {}
    for name in _NEEDED:
        try:
            files[name] = look.archive.read(name)
        except Unreadable as error:
            findings.wrong(name, str(error))
    if len(files) < len(_NEEDED):
        return
    run_id, tenant = str(look.pack.get("run_id")), str(look.pack.get("tenant"))
    keys = _keys(files[KEYS], key, findings)
    since = len(findings.problems)
    run = check_run(files, run_id=run_id, findings=findings)
    findings.holds("Definition and history are the run's, whole and in order.", since=since)
    since = len(findings.problems)
    assets = check_assets(files[ASSETS], look.hashes, findings)
    bytes_held = sum(path is not None for path in assets.files.values())
    findings.holds(f"{bytes_held} of {len(assets.files)} artifacts are here, byte for byte.", since=since)
    since = len(findings.problems)
    lost = look.pack.get("beyond_retention") is True
    if lost:
        findings.note("The run is old: entries whose time was over were deleted, as the studio's retention says.")
    trail = check_chain(files, tenant=tenant, run_id=run_id, keys=keys, findings=findings)
    trail.lost = lost
    findings.holds(_chain_sentence(len(trail.entries), trail.anchored_at), since=since)
    since = len(findings.problems)
    items = check_airlock(
        files[ITEMS], find=lambda name: _find(look, name), trail=trail, assets=assets, findings=findings
    )
    findings.holds("Each decision names exactly the content that is here, and the chain says the same.", since=since)
    since = len(findings.problems)
    posts = check_posts(files[POSTS], items, findings)
    if posts:
        findings.holds(
            f"What was published ({named([post.get('url') for post in posts])}) is what was approved.", since=since
        )
    _check_c2pa(look, key)
    _say_what_it_is(look, run, items)


def _chain_sentence(entries: int, anchored_at: str | None) -> str:
    return f"{entries} audit entries are in their places in the chain, which was anchored at {anchored_at}."


def _find(look: _Look, name: str) -> bytes | None:
    return look.archive.read(name) if name in look.archive.members else None


def _keys(data: bytes, signer: bytes | None, findings: Findings) -> dict[str, bytes]:
    """The keys that anchors and seals may be signed with: those the pack lists, for which its signer vouches."""
    try:
        listed = [key_of(each) for each in records(record(read_json(data)).get("keys"))]
    except Unreadable as error:
        findings.wrong(KEYS, str(error))
        return {}
    keys = {fingerprint(key): key for key in listed}
    if signer is not None and signer not in keys.values():
        findings.wrong(KEYS, "The key that signed the pack is not among the installation's keys it lists.")
    elif len(keys) > 1:
        findings.note("Older parts of the chain are signed by keys that were used before; the signer vouches for them.")
    return keys


def _check_c2pa(look: _Look, key: bytes | None) -> None:
    data = _find(look, ROOT)
    if data is None:
        return
    try:
        root = x509.load_pem_x509_certificate(data)
        same = key is not None and root.public_key().public_bytes_raw() == key  # type: ignore[union-attr]
    except (ValueError, AttributeError):
        same = False
    if not same:
        look.findings.wrong(ROOT, "Its key is not the pack's: the C2PA copy of the film is somebody else's.")
        return
    look.findings.note(
        "The copy of the film under c2pa/ says with C2PA how it was made. This program checks that the copy is the one "
        f"that was packed; a C2PA tool that is given {ROOT} checks the rest."
    )


def _say_what_it_is(look: _Look, run: Mapping[str, Any], items: list[dict[str, Any]]) -> None:
    if look.pack.get("state") == "unfinished":
        look.findings.note(f"The run was unfinished when this was packed: it was {run.get('status')}. More may follow.")
    if not any(item.get("status") == "released" for item in items):
        look.findings.note("Nothing of this run had been released when this was packed.")
