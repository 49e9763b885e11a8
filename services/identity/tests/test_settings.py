"""Nothing that lets somebody in is constant, short or shared."""

from __future__ import annotations

import pytest
from identity.settings import Settings
from pydantic import ValidationError

GIVEN = {
    "GREENLIGHT_DATABASE_URL": "postgresql+psycopg://identity:x@127.0.0.1/x",
    "GREENLIGHT_NATS_URL": "nats://127.0.0.1:1",
    "GREENLIGHT_REDIS_URL": "redis://127.0.0.1:1/0",
    "GREENLIGHT_ARTIFACTS_URL": "file:///nowhere",
    "GREENLIGHT_SERVICE_KEY": "k",
    "GREENLIGHT_IDENTITY_URL": "http://127.0.0.1:1",
    "GREENLIGHT_MASTER_KEY": "m" * 64,
}


def test_there_is_no_key_unless_one_is_given() -> None:
    settings = Settings.from_environment(GIVEN)
    assert settings.admin_key is None
    assert settings.reviewer_key is None
    assert settings.service_keys == {}
    assert settings.token_seconds == 900


@pytest.mark.parametrize(
    "wrong",
    [
        {"GREENLIGHT_MASTER_KEY": "short"},
        {"GREENLIGHT_MASTER_KEY": ""},
        {"GREENLIGHT_ADMIN_KEY": "dev-api-key"},
        {"GREENLIGHT_ADMIN_KEY": "same" * 10, "GREENLIGHT_REVIEWER_KEY": "same" * 10},
        {"GREENLIGHT_SERVICE_KEYS": '{"editor": "not a hash"}'},
        {"GREENLIGHT_SERVICE_KEYS": '{"user:admin": "' + "0" * 64 + '"}'},
    ],
)
def test_weak_or_shared_keys_are_refused_without_being_shown(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.from_environment({**GIVEN, **wrong})
    assert "dev-api-key" not in str(refused.value)
