"""`dev compose-env`: secrets that are random, private, and stay."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from pathlib import Path

from cli.compose.environment import complete, read_variables
from common.contracts.catalogue import SERVICES


def test_a_repeat_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert "POSTGRES_PASSWORD" in complete(path)
    before = path.read_bytes()
    assert complete(path) == []
    assert path.read_bytes() == before


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("GREENLIGHT_RENDER_SCALE=0.25\n")
    path.chmod(0o644)
    complete(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("GREENLIGHT_RENDER_SCALE=0.25\n")


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    complete(one)
    complete(other)
    values = [set(read_variables(path.read_text()).values()) for path in (one, other)]
    assert values[0].isdisjoint(values[1])
    assert len(values[0]) == len(read_variables(one.read_text()))


def test_passwords_stand_in_urls_and_in_nats_configuration(tmp_path: Path) -> None:
    complete(tmp_path / ".env")
    for name, value in read_variables((tmp_path / ".env").read_text()).items():
        if name.endswith("_PASSWORD"):
            assert re.fullmatch(r"[a-z][a-z0-9]{40,}", value), name


def test_an_upgrade_adds_what_is_new_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    complete(path)
    before = read_variables(path.read_text())
    path.write_text("".join(line for line in path.read_text().splitlines(True) if "KNOWLEDGE" not in line))
    added = complete(path)
    after = read_variables(path.read_text())
    assert set(added) == {name for name in before if "KNOWLEDGE" in name} | {"GREENLIGHT_SERVICE_KEYS"}
    assert {name: after[name] for name in before if name not in added} == {
        name: value for name, value in before.items() if name not in added
    }
    assert path.read_text().count("GREENLIGHT_SERVICE_KEYS=") == 1


def test_identity_knows_each_service_by_the_hash_of_its_key(tmp_path: Path) -> None:
    complete(tmp_path / ".env")
    values = read_variables((tmp_path / ".env").read_text())
    digests = json.loads(values["GREENLIGHT_SERVICE_KEYS"])
    for service in SERVICES:
        assert digests[service] == hashlib.sha256(values[f"{service.upper()}_SERVICE_KEY"].encode()).hexdigest()
