"""A stranger verifies what a studio says about a film: in a fresh folder, with nothing but the verifier."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from testkit.studio import ROOT, Studio, join, until
from verify.keys import fingerprint
from verify.pack import PREFIX, Report, verify_pack

pytestmark = pytest.mark.journey
FORGER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
Files = dict[str, bytes]


@dataclass(frozen=True)
class Packed:
    """A published film's pack, and the key that the studio says is its own."""

    run_id: str
    path: Path
    kid: str

    def files(self) -> Files:
        """Name → bytes, in the order of the zip file."""
        with zipfile.ZipFile(self.path) as pack:
            return {name: pack.read(name) for name in pack.namelist()}


@pytest.fixture(scope="module")
def packed(studio: Studio, published: str, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """The pack of a run that made and published a film."""

    def told() -> bool | None:
        items = studio.creator.get("/v1/audit", params={"run_id": published, "limit": 200}).json()["items"]
        return True if any(item["entry"]["action"] == "post.published" for item in items) else None

    until(told, seconds=60, what="the publisher's entry")
    answer = studio.creator.get(f"/v1/runs/{published}/evidence")
    assert answer.status_code == 200, answer.text
    path = tmp_path_factory.mktemp("evidence") / "pack.zip"
    path.write_bytes(answer.content)
    [key] = studio.creator.get("/v1/audit/keys").raise_for_status().json()["keys"]
    return Packed(published, path, key["kid"])


def written(path: Path, files: Files, *, compression: int = zipfile.ZIP_STORED) -> Path:
    """A zip file of these, plain unless told otherwise."""
    with zipfile.ZipFile(path, "w") as pack:
        for name, data in files.items():
            pack.writestr(zipfile.ZipInfo(name), data, compress_type=compression)
    return path


def found(report: Report) -> str:
    """All problems, one line each."""
    return "\n".join(f"{problem.file}: {problem.what}" for problem in report.findings.problems)


def test_a_stranger_verifies_the_pack_with_only_the_verifier(packed: Packed, tmp_path: Path) -> None:
    folder = tmp_path / "stranger"
    shutil.copytree(ROOT / "libs/verify/src/verify", folder / "verify")
    shutil.copy(packed.path, folder / "pack.zip")
    # What `pip install cryptography` would put there, and nothing else.
    for name in ("cryptography", "cffi", "_cffi_backend"):
        spec = find_spec(name)
        assert spec is not None
        place = Path(str(spec.origin))
        place = place.parent if place.name == "__init__.py" else place
        (folder / place.name).symlink_to(place)
    alone = (
        "import sys; sys.path.insert(0, '.')\n"
        "def refuse(event, _):\n    if event.startswith('socket.'): raise SystemExit('it used the network')\n"
        "sys.addaudithook(refuse)\n"
        "from verify.main import main\n"
        "code = main(sys.argv[1:])\n"
        "ours = {'common', 'compliance', 'orchestrator', 'pydantic'} & set(sys.modules)\n"
        "sys.exit(f'it loaded {ours}' if ours else code)\n"
    )
    command = [sys.executable, "-I", "-S", "-c", alone, "pack.zip", "--key", packed.kid]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.endswith("Nothing was altered.\n")
    told = json.loads(subprocess.run([*command, "--json"], cwd=folder, env={}, capture_output=True, check=True).stdout)
    assert told["key"] == {"fingerprint": packed.kid, "trusted": True}
    assert (told["ok"], told["run_id"], told["state"], told["problems"]) == (True, packed.run_id, "finished", [])
    assert any("published" in sentence for sentence in told["checked"])
    assert any("approved by reviewer" in sentence for sentence in told["notes"])


def test_the_pack_has_the_film_as_it_was_released(packed: Packed, studio: Studio) -> None:
    files = packed.files()
    made = {asset["type"]: asset for asset in json.loads(files["artifacts/index.json"])}
    film = made["rendered_video"]
    assert files[film["path"]] == studio.download(film["sha256"])
    assert made["video_clip"]["path"] is None
    assert {"made_by", "origin", "licence"} <= film.keys()
    assert json.loads(files["run/brief.json"])["brief"] == "Why bees dance"
    assert "offline" in json.loads(files["run/prompts.json"])["origins"]
    assert {source["found_by"] for source in json.loads(files["run/sources.json"])["sources"]} <= {"library"}
    assert packed.kid in files["README.txt"].decode()
    assert not [name for name in files if name.endswith(".py")]
    full = studio.creator.get(f"/v1/runs/{packed.run_id}/evidence", params={"full": "true"}).raise_for_status()
    whole = packed.path.with_name("full.zip")
    whole.write_bytes(full.content)
    assert verify_pack(whole, trusted={packed.kid}).ok
    with zipfile.ZipFile(whole) as pack:
        assert all(asset["path"] for asset in json.loads(pack.read("artifacts/index.json")))


def test_the_copy_of_the_film_says_with_c2pa_how_it_was_made(packed: Packed, tmp_path: Path) -> None:
    c2pa = pytest.importorskip("c2pa")
    files = packed.files()
    film = tmp_path / "film.mp4"
    film.write_bytes(files["c2pa/film.mp4"])
    with c2pa.Reader(str(film)) as reader:
        said = json.loads(reader.json())
    manifest = said["manifests"][said["active_manifest"]]
    assertions = {each["label"]: each["data"] for each in manifest["assertions"]}
    [action] = assertions["c2pa.actions.v2"]["actions"]
    assert action["action"] == "c2pa.created"
    assert action["digitalSourceType"].endswith("/algorithmicMedia")
    assert assertions["greenlight.evidence"]["run_id"] == packed.run_id
    # Nobody's list has our root, and that is the only thing that such a reader holds against it.
    assert [each["code"] for each in said["validation_status"]] == ["signingCredential.untrusted"]


def test_a_run_that_is_still_going_says_so(studio: Studio, tmp_path: Path) -> None:
    run_id = studio.start("Why cats purr")
    studio.wait(run_id, "awaiting_ideation_approval")
    path = tmp_path / "pack.zip"
    path.write_bytes(studio.creator.get(f"/v1/runs/{run_id}/evidence").raise_for_status().content)
    report = verify_pack(path)
    assert report.ok, found(report)
    assert report.pack["state"] == "unfinished"
    assert any("unfinished" in note for note in report.findings.notes)
    studio.decide(run_id, "reject", comment="Enough.")


def test_the_pack_is_for_the_author_and_officers_of_the_tenant(packed: Packed, studio: Studio) -> None:
    path = f"/v1/runs/{packed.run_id}/evidence"
    assert studio.reviewer.get(path).status_code == 403
    with join(studio) as stranger:
        assert stranger.get(path).status_code == 404


def test_the_command_puts_a_pack_there_and_names_the_key(packed: Packed, studio: Studio, tmp_path: Path) -> None:
    key = studio.site.secrets.admin_key.get_secret_value()
    variables = {"GREENLIGHT_URL": str(studio.creator.base_url), "GREENLIGHT_TOKEN": key}
    done = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "evidence", packed.run_id, "-o", "film.zip"],
        cwd=tmp_path, env=os.environ | variables, capture_output=True, text=True, check=False,  # noqa: TID251
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"--key {packed.kid}" in done.stdout + done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["film.zip"]
    assert verify_pack(tmp_path / "film.zip", trusted={packed.kid}).ok


def flipped(data: bytes) -> bytes:
    """The same with one bit of the middle byte changed."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def test_one_bit_of_any_file_is_seen_and_the_file_is_named(packed: Packed, tmp_path: Path) -> None:
    files = packed.files()
    for name, data in files.items():
        report = verify_pack(written(tmp_path / "pack.zip", files | {name: flipped(data)}), trusted={packed.kid})
        blamed = {problem.file for problem in report.findings.problems}
        assert name in blamed or (name == "pack.json" and "signature.json" in blamed), (name, found(report))


def edited_json(name: str, edit: Callable[[Any], None]) -> Callable[[Files], None]:
    """An alteration of a JSON file."""

    def change(files: Files) -> None:
        value = json.loads(files[name])
        edit(value)
        files[name] = json.dumps(value).encode()

    return change


def edited_lines(name: str, edit: Callable[[list[bytes]], None]) -> Callable[[Files], None]:
    """An alteration of a file of lines."""

    def change(files: Files) -> None:
        lines = files[name].splitlines(keepends=True)
        edit(lines)
        files[name] = b"".join(lines)

    return change


def publish(items: Any) -> Any:
    """The item at the last gate."""
    return next(item for item in items if item["gate"] == "publish")


def decides_as_the_author(items: Any) -> None:
    publish(items)["decisions"][-1]["decided_by"] = publish(items)["requested_by"]


def decides_later(items: Any) -> None:
    publish(items)["decisions"][-1]["decided_at"] = "2099-01-01T00:00:00Z"


def is_blocked(items: Any) -> None:
    publish(items)["verdict"]["level"] = "blocked"


def has_no_approval(items: Any) -> None:
    publish(items)["decisions"] = []


def another_film(files: Files) -> None:
    """Another film in its place, listed as if the run had made it."""
    index = json.loads(files["artifacts/index.json"])
    film = next(asset for asset in index if asset["type"] == "rendered_video")
    data = flipped(files.pop(film["path"]))
    film["sha256"] = hashlib.sha256(data).hexdigest()
    film["path"] = f"artifacts/{film['sha256']}.mp4"
    files[film["path"]] = data
    files["artifacts/index.json"] = json.dumps(index).encode()


def another_hashtag(files: Files) -> None:
    """Another caption, with every hash of compliance's own files made to fit."""
    item = publish(json.loads(files["airlock/items.json"]))
    old = item["manifest_sha256"]
    data = files.pop(f"airlock/manifests/{old}.json").replace(b'"hashtags":["#', b'"hashtags":["#un')
    new = hashlib.sha256(data).hexdigest()
    files[f"airlock/manifests/{new}.json"] = data
    for name in ("airlock/items.json", "run/posts.json"):
        files[name] = files[name].replace(old.encode(), new.encode())


def decision_of_another(lines: list[bytes]) -> None:
    """The entry of the decision with another actor."""
    at = next(at for at, line in enumerate(lines) if b"gate.decided" in line)
    lines[at] = lines[at].replace(b'\\"actor\\":\\"reviewer\\"', b'\\"actor\\":\\"nobodyxx\\"')


def without_text(lines: list[bytes]) -> None:
    """An entry of the run made to look like somebody else's."""
    at = next(at for at, line in enumerate(lines) if b"gate.decided" in line)
    link = json.loads(lines[at])
    del link["salt"], link["body"]
    lines[at] = json.dumps(link).encode() + b"\n"


def swapped(lines: list[bytes]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def cut(lines: list[bytes]) -> None:
    del lines[-1]


def dropped(lines: list[bytes]) -> None:
    del lines[2]


FORGED: dict[str, tuple[Callable[[Files], None], str]] = {
    "the history is reordered": (edited_lines("run/history.ndjson", swapped), "run/history.ndjson: Entry 3 stands"),
    "the history is cut": (edited_lines("run/history.ndjson", cut), "run/history.ndjson: It ends with entry"),
    "the definition is another": (
        edited_json("run/definition.json", lambda value: value.update(name="other")),
        "run/definition.json: It is not the definition",
    ),
    "an audit entry is dropped": (edited_lines("chain/links.ndjson", dropped), "chain/links.ndjson: Entry"),
    "audit entries are reordered": (edited_lines("chain/links.ndjson", swapped), "are missing or reordered"),
    "the chain is cut": (edited_lines("chain/links.ndjson", cut), "are missing"),
    "an entry's text is changed": (
        edited_lines("chain/links.ndjson", decision_of_another),
        "was changed after it was chained",
    ),
    "an entry's text is left out": (edited_lines("chain/links.ndjson", without_text), "nothing says it was erased"),
    "an anchor is left out": (edited_json("chain/anchors.json", lambda value: value.clear()), "no signed anchor"),
    "an anchor is moved": (
        edited_json("chain/anchors.json", lambda value: value[0].update(hash="0" * 64)),
        "is not signed by one of the pack's keys",
    ),
    "the author decides": (
        edited_json("airlock/items.json", decides_as_the_author),
        "admin decided, who is the author",
    ),
    "the permit comes before the approval": (
        edited_json("airlock/items.json", decides_later),
        "has no approval of the same manifest before it",
    ),
    "the checks had blocked it": (edited_json("airlock/items.json", is_blocked), "the checks had blocked it"),
    "nobody approved it": (edited_json("airlock/items.json", has_no_approval), "nobody approved it"),
    "the film is another": (another_film, "was approved, and is not in the list of artifacts"),
    "the caption is another": (another_hashtag, "the chain does not say the same"),
    "the post is another": (
        edited_json("run/posts.json", lambda value: value[0].update(manifest_sha256="0" * 64)),
        "was published without a permit",
    ),
    "the run is another": (
        edited_json("run/run.json", lambda value: value.update(run_id="0" * 8)),
        "It is another run than the pack says",
    ),
    "the certificate is another's": (
        lambda files: files.update({"c2pa/root.pem": b"-----BEGIN CERTIFICATE-----\n"}),
        "c2pa/root.pem: Its key is not the pack's",
    ),
}


def sealed_by_a_forger(files: Files) -> Files:
    """List and signature made anew, by a key that is added to the studio's own."""
    public = FORGER.public_key().public_bytes_raw()
    x = base64.urlsafe_b64encode(public).rstrip(b"=").decode()
    keys = json.loads(files["keys.json"])
    keys["keys"].append({"kty": "OKP", "crv": "Ed25519", "x": x})
    rest = {name: data for name, data in files.items() if name not in {"pack.json", "signature.json"}}
    rest["keys.json"] = json.dumps(keys).encode()
    head = json.loads(files["pack.json"]) | {"kid": fingerprint(public)}
    head["files"] = [
        {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in rest.items()
    ]
    document = json.dumps(head).encode()
    signature = base64.b64encode(FORGER.sign(PREFIX + document)).decode()
    said = {"kid": fingerprint(public), "public_key": x, "signature": signature}
    return rest | {"pack.json": document, "signature.json": json.dumps(said).encode()}


@pytest.mark.parametrize("what", FORGED)
def test_a_forger_who_signs_anew_is_found_out_twice(packed: Packed, tmp_path: Path, what: str) -> None:
    alter, expected = FORGED[what]
    files = packed.files()
    alter(files)
    path = written(tmp_path / "pack.zip", sealed_by_a_forger(files))
    # By what does not fit, also for a reader who knows no key; and by the key.
    unknowing = verify_pack(path)
    assert expected in found(unknowing), found(unknowing)
    assert "which is not the key you trust" in found(verify_pack(path, trusted={packed.kid}))


def test_a_forger_who_changes_nothing_is_told_from_the_studio_by_the_key_alone(packed: Packed, tmp_path: Path) -> None:
    files = packed.files()
    del files["c2pa/root.pem"], files["c2pa/film.mp4"]
    path = written(tmp_path / "pack.zip", sealed_by_a_forger(files))
    report = verify_pack(path)
    assert report.ok, found(report)
    assert report.kid != packed.kid
    assert not verify_pack(path, trusted={packed.kid}).ok


@pytest.fixture
def altered(packed: Packed, tmp_path: Path) -> Callable[..., str]:
    """`altered(files)` → the problems of a pack of these."""

    def look(files: Files, **more: Any) -> str:
        return found(verify_pack(written(tmp_path / "pack.zip", files, **more), trusted={packed.kid}))

    return look


def test_files_that_were_added_or_taken_out_are_named(packed: Packed, altered: Callable[..., str]) -> None:
    files = packed.files()
    assert "run/more.json: It was added" in altered(files | {"run/more.json": b"{}"})
    without = {name: data for name, data in files.items() if name != "run/costs.json"}
    assert "run/costs.json: It was taken out" in altered(without)


def test_what_is_no_plain_zip_file_is_not_looked_into(
    packed: Packed, altered: Callable[..., str], tmp_path: Path
) -> None:
    files = packed.files()
    whole = packed.path.read_bytes()
    assert "leads out of the pack" in altered(files | {"../../evil": b"x"})
    assert "is compressed" in altered(files | {"bomb": bytes(1 << 24)}, compression=zipfile.ZIP_DEFLATED)
    path = tmp_path / "raw.zip"
    for data in (whole[:-1], whole[: len(whole) // 2], whole + b"x", b"", b"no zip"):
        path.write_bytes(data)
        assert len(verify_pack(path).findings.problems) == 1
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr(zipfile.ZipInfo("pack.json"), b"{}")
        with pytest.warns(UserWarning, match="Duplicate name"):
            pack.writestr(zipfile.ZipInfo("pack.json"), b"{}")
    assert "two members called 'pack.json'" in found(verify_pack(path))
