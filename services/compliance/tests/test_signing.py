"""The signing key: one for all who start at once, never lost, never open to others, never made up in production."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from compliance.signing import KEY_FILE, UnsafeKey, key_id, load_signer, verifies
from pydantic import SecretStr


@pytest.fixture
def settings(settings_for: Any, tmp_path: Path) -> Any:
    return settings_for("compliance", data_dir=str(tmp_path), audit_signing_key=None)


def test_many_that_start_at_once_have_one_key(settings: Any, tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        signers = list(pool.map(load_signer, [settings] * 32))
    assert len({signer.public_key for signer in signers}) == 1
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    assert load_signer(settings).kid == signers[0].kid == key_id(signers[0].public_key)


def test_a_signature_is_of_exactly_this_by_exactly_this_key(settings: Any) -> None:
    signer = load_signer(settings)
    signature = signer.sign(b"data")
    assert verifies(signer.public_key, data=b"data", signature=signature)
    assert not verifies(signer.public_key, data=b"Data", signature=signature)
    assert not verifies(bytes(32), data=b"data", signature=signature)
    assert not verifies(b"short", data=b"data", signature=signature)
    assert (signer.jwk()["kty"], signer.jwk()["kid"]) == ("OKP", signer.kid)


def test_a_key_that_others_can_read_or_that_is_damaged_stops_the_start(settings: Any, tmp_path: Path) -> None:
    load_signer(settings)
    file = tmp_path / KEY_FILE
    file.chmod(0o640)
    with pytest.raises(UnsafeKey, match="0600"):
        load_signer(settings)
    file.chmod(0o600)
    file.write_bytes(b"half")
    with pytest.raises(UnsafeKey, match="damaged"):
        load_signer(settings)


def test_in_production_it_must_be_given(settings: Any, tmp_path: Path) -> None:
    production = settings.model_copy(update={"environment": "production"})
    with pytest.raises(UnsafeKey, match="GREENLIGHT_AUDIT_SIGNING_KEY"):
        load_signer(production)
    given = production.model_copy(update={"audit_signing_key": SecretStr("s" * 40)})
    assert load_signer(given).kid == load_signer(given).kid
    assert not list(tmp_path.iterdir())


async def test_it_does_not_start_behind_seals_of_a_key_that_it_does_not_know(airlock: Any, serving: Any) -> None:
    """It would seal nothing, and what is unsealed once stays so; the one that runs goes on as before."""
    await airlock.approved()
    officer = await airlock.person("compliance_officer")
    (await airlock.client.post("/v1/audit/anchors", headers=officer.headers)).raise_for_status()
    with pytest.raises(UnsafeKey, match="GREENLIGHT_AUDIT_KNOWN_KEYS"):
        async with serving("compliance", audit_signing_key=SecretStr("another key " * 4)):
            pass
    await airlock.approved()
    assert (await airlock.verify())["ok"]
