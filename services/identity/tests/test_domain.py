"""Decisions about keys and roles, without anything running."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from common.errors import Unauthenticated
from common.service.principal import Role
from identity.domain import PEOPLES_ROLES, ApiKey, Grant, KeySource, find_service, narrowed, ordered, sha256_of
from identity.keys import make_api_key, prefix_of
from identity.tokens import claims_of

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
KEY = ApiKey(
    id=UUID(int=1),
    tenant_id="t",
    user_id="ada",
    name="",
    prefix="",
    sha256=sha256_of("right"),
    scopes=(),
    source=KeySource.ISSUED,
    created_by="t/admin",
    created_at=NOW,
)


def test_every_role_but_service_is_for_people() -> None:
    assert {*PEOPLES_ROLES, Role.SERVICE} == set(Role)


@pytest.mark.parametrize(
    ("held", "scopes", "given"),
    [
        (("reviewer", "creator"), (), ("creator", "reviewer")),
        (("reviewer", "creator"), ("reviewer",), ("reviewer",)),
        (("creator",), ("reviewer",), ()),
        (("admin",), ("reviewer",), ("reviewer",)),
        (("admin",), ("admin",), ("admin",)),
        (("admin",), ("service",), ()),
        ((), ("admin",), ()),
    ],
)
def test_a_key_gives_at_most_what_its_owner_has(
    held: tuple[str, ...], scopes: tuple[str, ...], given: tuple[str, ...]
) -> None:
    assert narrowed(held, scopes=scopes) == given


def test_roles_come_once_and_in_one_order_and_without_service() -> None:
    assert ordered(["admin", "creator", "admin", "service", "owner"]) == ("creator", "admin")


def test_a_key_opens_only_with_itself_and_in_its_time() -> None:
    right = sha256_of("right")
    assert KEY.opens(right, at=NOW)
    assert not KEY.opens(sha256_of("wrong"), at=NOW)
    assert not replace(KEY, revoked_at=NOW - timedelta(days=1)).opens(right, at=NOW)
    assert replace(KEY, expires_at=NOW + timedelta(seconds=1)).opens(right, at=NOW)
    assert not replace(KEY, expires_at=NOW).opens(right, at=NOW)


def test_a_key_made_here_shows_its_prefix_and_hides_256_bits() -> None:
    keys = {make_api_key() for _ in range(100)}
    assert len(keys) == 100
    for key in keys:
        marker, prefix, secret = key.split("_")
        assert (marker, len(prefix), len(secret)) == ("gl", 8, 43)
        assert prefix_of(key) == prefix


@pytest.mark.parametrize("foreign", ["x" * 64, "gl_x", "gl_short_secret", "gl_" + "x" * 40 + "_" + "y" * 40, "a_b_c"])
def test_nothing_of_a_key_in_another_format_is_shown(foreign: str) -> None:
    assert prefix_of(foreign) == ""


def test_a_service_is_known_by_its_own_key_only() -> None:
    known = {"editor": sha256_of("one"), "publisher": sha256_of("two")}
    assert find_service(sha256_of("two"), known) == "publisher"
    assert find_service(sha256_of("three"), known) is None


def test_a_token_does_not_outlive_its_key() -> None:
    lifetime = timedelta(minutes=15)
    grant = Grant("t", "ada", (Role.CREATOR, Role.REVIEWER))
    free = claims_of(grant, at=NOW, lifetime=lifetime)
    short = claims_of(replace(grant, until=NOW + timedelta(minutes=1)), at=NOW, lifetime=lifetime)
    assert free["exp"] - free["iat"] == 900
    assert short["exp"] - short["iat"] == 60
    assert free["scope"] == "creator reviewer"
    with pytest.raises(Unauthenticated):
        claims_of(replace(grant, until=NOW + timedelta(milliseconds=1)), at=NOW, lifetime=lifetime)
