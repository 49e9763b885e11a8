"""The verifier against hostile files. Packs that a studio made are in tests/journeys/test_evidence.py."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from verify.findings import Unreadable, read_json
from verify.keys import NoKey, fingerprint, trusted_keys
from verify.main import main
from verify.pack import FORMAT, PREFIX, verify_pack
from verify.texts import micros

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
X = base64.urlsafe_b64encode(PUBLIC).rstrip(b"=").decode()
RUN, ITEM, AT = "run-1", "item-1", "2026-11-21T09:30:00.000001Z"
MANIFEST = json.dumps({"content": {"caption": "Tides"}, "policy_version": "p1"}).encode()
HELD = hashlib.sha256(MANIFEST).hexdigest()


def an_entry(**more: Any) -> str:
    return json.dumps({"run_id": RUN, "resource": f"airlock_item:{ITEM}", "result": "ok", **more})


def a_chain(bodies: list[str]) -> tuple[list[dict[str, Any]], str]:
    """The links of a tenant's first entries, as docs/evidence.md says, and the last hash."""
    prev, links = bytes(32), []
    for seq, body in enumerate(bodies, start=1):
        salt = bytes([seq]) * 32
        entry = hashlib.sha256(salt + body.encode()).digest()
        counted = (2).to_bytes(4, "big") + b"t1" + seq.to_bytes(8, "big") + micros(AT).to_bytes(8, "big", signed=True)
        prev = hashlib.sha256(prev + counted + entry).digest()
        link = {"seq": seq, "recorded_at": AT, "entry_sha256": entry.hex(), "hash": prev.hex()}
        links.append({**link, "salt": salt.hex(), "body": body})
    return links, prev.hex()


def an_anchor(*, seq: int, head: str) -> dict[str, Any]:
    anchor = {"v": 1, "tenant": "t1", "seq": seq, "hash": head, "at": AT}
    signature = KEY.sign(json.dumps(anchor, sort_keys=True, separators=(",", ":")).encode())
    return {**anchor, "kid": fingerprint(PUBLIC), "signature": base64.b64encode(signature).decode()}


def documents() -> dict[str, Any]:
    """A small pack that holds: an item of a degraded run that somebody else than its author approved."""
    said = {"manifest_sha256": HELD, "decision": "approved", "accepted_downgrades": ["clip_drawn"]}
    bodies = [
        an_entry(action="gate.opened", actor="service:compliance", detail={"downgrades": ["clip_drawn"]}),
        an_entry(action="gate.decided", actor="rita", detail=said),
    ]
    links, head = a_chain(bodies)
    decision = {"decided_by": "rita", "decided_at": AT, "policy_version": "p1", "closes": True, **said}
    item = {
        "id": ITEM,
        "gate": "publish",
        "status": "approved",
        "requested_by": "anna",
        "opened_at": AT,
        "manifest_sha256": HELD,
        "policy_version": "p1",
        "verdict": {"level": "allowed", "policy_version": "p1"},
        "downgrades": [{"code": "clip_drawn", "detail": "Shot 2 is drawn.", "stage": "production"}],
        "decisions": [decision],
        "permits": [],
    }
    definition = b'{"name": "short_video"}'
    run = {"run_id": RUN, "status": "completed", "last_seq": 2}
    run["definition_digest"] = hashlib.sha256(definition).hexdigest()
    return {
        "keys.json": {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": X}]},
        "run/run.json": run,
        "run/definition.json": definition,
        "run/history.ndjson": [{"seq": 1}, {"seq": 2}],
        "run/posts.json": [],
        "artifacts/index.json": [{"sha256": "0" * 64, "type": "video_clip", "path": None}],
        "airlock/items.json": [item],
        f"airlock/manifests/{HELD}.json": MANIFEST,
        "chain/segments.json": [{"first": 1, "last": 2, "prev": "0" * 64, "entries": [1, 2]}],
        "chain/links.ndjson": links,
        "chain/anchors.json": [an_anchor(seq=2, head=head)],
        "chain/erased.json": [],
    }


def written(value: Any, name: str) -> bytes:
    if isinstance(value, bytes):
        return value
    if name.endswith(".ndjson") and isinstance(value, list):
        return b"".join(json.dumps(each).encode() + b"\n" for each in value)
    return json.dumps(value).encode()


def packed(path: Path, found: dict[str, Any], **head: Any) -> Path:
    """A signed pack of these."""
    files = {name: written(value, name) for name, value in found.items()}
    listed = [
        {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in files.items()
    ]
    kid = fingerprint(PUBLIC)
    base = {"format": FORMAT, "tenant": "t1", "run_id": RUN, "made_at": AT, "state": "finished", "kid": kid}
    document = json.dumps({**base, "files": listed, **head}).encode()
    signature = base64.b64encode(KEY.sign(PREFIX + document)).decode()
    files["pack.json"] = document
    files["signature.json"] = json.dumps({"kid": kid, "public_key": X, "signature": signature}).encode()
    with zipfile.ZipFile(path, "w") as pack:
        for name, data in files.items():
            pack.writestr(zipfile.ZipInfo(name), data)
    return path


def problems(path: Path) -> str:
    return "\n".join(f"{each.file}: {each.what}" for each in verify_pack(path).findings.problems)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return packed(tmp_path / "pack.zip", documents())


def test_a_pack_that_somebody_else_wrote_by_the_document_holds(pack: Path) -> None:
    report = verify_pack(pack, trusted={fingerprint(PUBLIC)})
    assert (report.ok, report.trusted) == (True, True), problems(pack)


def test_an_erased_entry_is_said_to_be_erased(tmp_path: Path) -> None:
    found = documents()
    kept = json.loads(found["chain/links.ndjson"][1]["body"]) | {"actor": "erased"}
    found["chain/links.ndjson"][1] |= {"salt": None, "body": None}
    found["airlock/items.json"][0]["decisions"][0]["decided_by"] = "erased"
    assert "nothing says it was erased" in problems(packed(tmp_path / "a.zip", found))
    found["chain/erased.json"] = [{"seq": 2, "kept": kept, "said_by": 9}]
    report = verify_pack(packed(tmp_path / "b.zip", found))
    assert report.ok
    assert any("Entry 2 was erased" in note and "gate.decided" in note for note in report.findings.notes)
    # What is kept of it goes on to say what was decided, and excuses nothing else.
    found["chain/erased.json"][0]["kept"] = kept | {"detail": kept["detail"] | {"decision": "rejected"}}
    assert "the chain does not say the same about the decision" in problems(packed(tmp_path / "c.zip", found))


def test_a_content_that_was_blanked_for_its_author_is_known_by_its_hash(tmp_path: Path) -> None:
    found = documents()
    del found[f"airlock/manifests/{HELD}.json"]
    assert "the manifest of what is held is missing" in problems(packed(tmp_path / "a.zip", found))
    bodies = [link["body"] for link in found["chain/links.ndjson"]]
    links, head = a_chain([*bodies, an_entry(action="erasure.content_blanked", actor="service:compliance", detail={})])
    found["chain/links.ndjson"] = links
    found["chain/segments.json"] = [{"first": 1, "last": 3, "prev": "0" * 64, "entries": [1, 2, 3]}]
    found["chain/anchors.json"] = [an_anchor(seq=3, head=head)]
    report = verify_pack(packed(tmp_path / "b.zip", found))
    assert report.ok, problems(tmp_path / "b.zip")
    assert any("its author was forgotten" in note for note in report.findings.notes)


def degrade(item: dict[str, Any], *, lists: list[str], accepts: list[str]) -> None:
    item["downgrades"] = [{"code": code} for code in lists]
    item["decisions"][0]["accepted_downgrades"] = accepts


@pytest.mark.parametrize(
    ("lists", "accepts", "problem"),
    [
        (["clip_drawn"], [], "rita approved and did not accept clip_drawn"),
        (["clip_drawn"], [], "the chain does not say the same about the decision approved by rita"),
        ([], [], "the chain says that the run fell back to clip_drawn, too"),
        ([], ["clip_drawn"], "the chain says that the run fell back to clip_drawn, too"),
        (["clip_drawn", "mute"], ["clip_drawn"], "rita approved and did not accept mute"),
        (["clip_drawn", "mute"], ["clip_drawn", "mute"], "does not say the same about what the run had fallen back to"),
        (["clip_drawn", "mute"], ["clip_drawn", "mute"], "does not say the same about the decision approved by rita"),
    ],
)
def test_an_approval_that_accepts_less_than_the_run_fell_back_to_is_none(
    tmp_path: Path, lists: list[str], accepts: list[str], problem: str
) -> None:
    found = documents()
    degrade(found["airlock/items.json"][0], lists=lists, accepts=accepts)
    assert problem in problems(packed(tmp_path / "pack.zip", found))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in a document a value can be put in the place of another."""
    inside = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [path, *(each for name, below in inside for each in places(below, (*path, name)))]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=70),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_stands_wherever_is_no_crash(tmp_path: Path, data: st.DataObject) -> None:
    found = copy.deepcopy(documents())
    name = data.draw(st.sampled_from(sorted(found)))
    path = data.draw(st.sampled_from(places(found[name])))
    value = data.draw(ANYTHING)
    if not path:
        found[name] = value
    else:
        inside = found[name]
        for step in path[:-1]:
            inside = inside[step]
        inside[path[-1]] = value
    verify_pack(packed(tmp_path / "pack.zip", found))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=0), st.integers(0, 255))
def test_any_byte_of_the_file_may_be_another_and_is_seen(tmp_path: Path, at: int, byte: int) -> None:
    path = packed(tmp_path / "pack.zip", documents())
    whole = bytearray(path.read_bytes())
    # A zip file keeps the time of a member, and who made it, where nothing of the evidence is.
    unsigned = set(of_no_meaning(bytes(whole)))
    at %= len(whole)
    if whole[at] == byte:
        return
    whole[at] = byte
    path.write_bytes(whole)
    assert problems(path) or at in unsigned


def of_no_meaning(whole: bytes) -> list[int]:
    """Offsets of versions, times and attributes in a zip file's own records."""
    count, _, begins = struct.unpack("<HLL", whole[-12:-2])
    found: list[int] = []
    at = begins
    for _ in range(count):
        name = struct.unpack_from("<H", whole, at + 28)[0]
        local = struct.unpack_from("<L", whole, at + 42)[0]
        found += [*range(at + 4, at + 8), *range(at + 12, at + 16), *range(at + 36, at + 42)]
        found += [*range(local + 4, local + 6), *range(local + 10, local + 14)]
        # The checksum is there twice, and both have to be the same; what counts is the SHA-256.
        at += 46 + name
    return found


def test_members_that_overlap_or_hide_something_are_refused(pack: Path) -> None:
    whole = pack.read_bytes()
    begins = struct.unpack_from("<L", whole, len(whole) - 6)[0]
    gap = whole[:begins] + b"hidden" + whole[begins:-6] + struct.pack("<L", begins + 6) + whole[-2:]
    pack.write_bytes(gap)
    assert "between the last member and the list" in problems(pack)
    second = begins + 46 + len("keys.json")
    overlapping = bytearray(whole)
    overlapping[second + 42 : second + 46] = bytes(4)
    pack.write_bytes(overlapping)
    assert "between or below members" in problems(pack)


@pytest.mark.parametrize("text", [b'{"a": 1, "a": 2}', b"NaN", b"[" * 100_000, b"\xff", b""])
def test_what_readers_would_disagree_about_is_no_json(text: bytes) -> None:
    with pytest.raises(Unreadable):
        read_json(text)


def test_a_reader_names_the_key_by_fingerprint_or_file(tmp_path: Path, pack: Path) -> None:
    kid = fingerprint(PUBLIC)
    jwk = tmp_path / "key.json"
    jwk.write_text(json.dumps({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": X}]}))
    pem = tmp_path / "key.pem"
    pem.write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert trusted_keys(kid) == trusted_keys(str(jwk)) == trusted_keys(str(pem)) == {kid}
    for wrong in ("nothing", str(pack)):
        with pytest.raises(NoKey):
            trusted_keys(wrong)


def test_the_exit_code_tells(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = fingerprint(bytes(32))
    assert main([str(pack)]) == 0
    assert f"Signed by {fingerprint(PUBLIC)}" in capsys.readouterr().out
    assert main([str(pack), "--key", other]) == 1
    assert "which is not the key you trust" in capsys.readouterr().out
    assert main([str(pack), "--key", "nonsense"]) == 2
    assert main([str(pack.with_name("missing.zip"))]) == 2


def test_names_in_a_pack_cannot_steer_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = documents()
    found["airlock/items.json"][0]["gate"] = "publish\x1b[2J\u202e"
    assert main([str(packed(tmp_path / "pack.zip", found))]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\u202e" not in said
