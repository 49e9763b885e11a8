"""Keys become tokens, and only tokens we made, as we made them, open anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from common.clock import rfc3339, utc_now
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from identity.domain import sha256_of
from identity.registry import Registry
from identity.signing import Seal, SigningKey, sign
from identity.uses import KeyUses
from testkit.people import People, Person
from testkit.plugin import Serving

FORGED_FOR = {"app_id": "somebody-else", "user_id": "mallory", "scope": "admin", "roles": ["admin"]}


async def exchange(client: httpx.AsyncClient, key: str, *, tenant: str | None = None) -> httpx.Response:
    """Ask for a token."""
    return await client.post(
        "/v1/tokens", headers={"X-API-Key": key}, json=None if tenant is None else {"tenant": tenant}
    )


async def test_a_token_says_who_where_and_as_what(client: httpx.AsyncClient, people: People, tenant: str) -> None:
    person = await people.join(tenant, "reviewer", "creator")
    answer = await exchange(client, person.api_key)
    token = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert (token["token_type"], token["expires_in"]) == ("bearer", 900)
    assert (token["tenant"], token["user_id"]) == (tenant, person.user_id)
    assert token["roles"] == ["creator", "reviewer"]

    jwks = jwt.PyJWKSet.from_dict((await client.get("/.well-known/jwks.json")).json())
    header = jwt.get_unverified_header(token["access_token"])
    assert header["alg"] == "EdDSA"
    claims = jwt.decode(
        token["access_token"],
        jwks[header["kid"]].key,
        algorithms=["EdDSA"],
        issuer="greenlight",
        options={"require": ["exp", "iat", "jti"]},
    )
    assert claims["app_id"] == tenant
    assert claims["user_id"] == person.user_id
    assert claims["scope"] == "creator reviewer"
    assert claims["roles"] == ["creator", "reviewer"]
    assert claims["exp"] - claims["iat"] == 900


async def test_the_published_keys_are_public_halves_only(client: httpx.AsyncClient) -> None:
    keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert keys
    for key in keys:
        assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}


@pytest.mark.feature("M17")
@pytest.mark.parametrize("key", ["", "gl_unknown_" + "x" * 43, "admin", "\u00e9".encode().decode("latin-1")])
async def test_without_a_known_key_there_is_no_token(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.post("/v1/tokens", headers={b"X-API-Key": key.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.json()["error"] == "unauthenticated"


async def test_no_header_at_all_is_401(client: httpx.AsyncClient) -> None:
    assert (await client.post("/v1/tokens")).status_code == 401


@pytest.mark.feature("M61")
@pytest.mark.feature("P53")
async def test_a_revoked_key_is_refused_at_once(client: httpx.AsyncClient, people: People, tenant: str) -> None:
    person, admin = await people.join(tenant, "creator"), await people.admin(tenant)
    [key] = (await client.get("/v1/keys", params={"user_id": person.user_id}, headers=admin.headers)).json()["items"]
    assert (await exchange(client, person.api_key)).status_code == 200

    first = await client.delete(f"/v1/keys/{key['id']}", headers=admin.headers)
    second = await client.delete(f"/v1/keys/{key['id']}", headers=admin.headers)

    assert (await exchange(client, person.api_key)).status_code == 401
    assert first.status_code == second.status_code == 200
    assert first.json()["revoked_at"] == second.json()["revoked_at"] is not None


async def test_a_disabled_person_gets_no_token_until_enabled(
    client: httpx.AsyncClient, people: People, tenant: str
) -> None:
    person, admin = await people.join(tenant, "creator"), await people.admin(tenant)
    where = f"/v1/users/{person.user_id}"
    await client.patch(where, headers=admin.headers, json={"disabled": True})
    refused = await exchange(client, person.api_key)
    assert refused.status_code == 401
    assert "disabled" not in refused.text
    await client.patch(where, headers=admin.headers, json={"disabled": False})
    assert (await exchange(client, person.api_key)).status_code == 200


async def test_a_key_that_ends_soon_gives_a_token_that_ends_with_it(
    client: httpx.AsyncClient, people: People, tenant: str
) -> None:
    admin = await people.admin(tenant)

    async def ask(**wanted: Any) -> httpx.Response:
        return await client.post("/v1/keys", headers=admin.headers, json={"user_id": "admin", **wanted})

    soon = await ask(expires_at=rfc3339(utc_now() + timedelta(minutes=5)))
    assert (await exchange(client, soon.json()["key"])).json()["expires_in"] <= 300
    assert (await ask(expires_at=rfc3339(utc_now() - timedelta(seconds=1)))).status_code == 422
    assert (await ask(expires_at="2026-11-21T10:00:00")).status_code == 422


@pytest.mark.feature("M61")
@pytest.mark.feature("P53")
async def test_a_key_can_be_narrower_than_its_owner(client: httpx.AsyncClient, people: People, tenant: str) -> None:
    admin = await people.admin(tenant)
    made = await client.post("/v1/keys", headers=admin.headers, json={"user_id": "admin", "scopes": ["creator"]})
    token = (await exchange(client, made.json()["key"])).json()
    assert token["roles"] == ["creator"]
    narrow = {"Authorization": f"Bearer {token['access_token']}"}
    assert (await client.get("/v1/users", headers=narrow)).status_code == 403


async def test_a_service_must_name_a_tenant_and_is_never_a_person(
    client: httpx.AsyncClient, service_key: str, tenant: str
) -> None:
    nameless = await exchange(client, service_key)
    assert (nameless.status_code, nameless.json()["error"]) == (403, "tenant_required")
    assert (await exchange(client, service_key, tenant="no/such")).status_code == 422

    token = (await exchange(client, service_key, tenant=tenant)).json()
    assert (token["tenant"], token["user_id"], token["roles"]) == (tenant, "service:publisher", ["service"])
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    me = (await client.get("/v1/me", headers=headers)).json()
    assert me == {"tenant": tenant, "user_id": "service:publisher", "roles": ["service"], "display_name": None}
    assert (await client.get("/v1/users", headers=headers)).status_code == 403


async def test_a_persons_key_cannot_name_a_tenant_not_even_their_own(
    client: httpx.AsyncClient, people: People, tenant: str
) -> None:
    person = await people.join(tenant, "creator")
    for named in ("default", tenant):
        refused = await exchange(client, person.api_key, tenant=named)
        assert (refused.status_code, refused.json()["error"]) == (403, "tenant_not_yours")
    assert (await exchange(client, "gl_unknown_" + "x" * 43, tenant="default")).status_code == 401


async def test_uses_are_written_without_the_request_waiting_for_it(
    serving: Serving, people: People, tenant: str, registry: Registry
) -> None:
    person = await people.join(tenant, "creator")
    began = utc_now()
    async with serving("identity") as client:
        await exchange(client, person.api_key)
    # Whatever the loop had not written yet was written when the service stopped.
    key = await registry.find_key(sha256_of(person.api_key))
    assert key is not None
    assert key.last_used_at is not None
    assert key.last_used_at >= began - timedelta(minutes=1)


@pytest.mark.feature("P53")
async def test_uses_are_written_at_most_once_a_minute(people: People, tenant: str, registry: Registry) -> None:
    person = await people.join(tenant, "creator")
    sha256 = sha256_of(person.api_key)
    uses = KeyUses(registry)
    later = utc_now() + timedelta(hours=1)
    written = []
    for seconds in (0, 30, 90):
        key = await registry.find_key(sha256)
        assert key is not None
        uses.note(key, later + timedelta(seconds=seconds))
        await uses.flush()
        written.append(await registry.find_key(sha256))
    assert [key and key.last_used_at for key in written] == [later, later, later + timedelta(seconds=90)]


class TestForgery:
    """Tokens that look right in every way but one."""

    @pytest.fixture
    async def signer(self, registry: Registry) -> SigningKey:
        return await registry.get_signer(utc_now())

    @pytest.fixture
    def sealed(self, signer: SigningKey, seal: Seal) -> Callable[[Mapping[str, Any]], str]:
        """Signs anything with the real key."""
        return lambda claims: sign(claims, key=signer, seal=seal)

    async def test_what_we_sign_is_believed(
        self, client: httpx.AsyncClient, sealed: Callable[[Mapping[str, Any]], str]
    ) -> None:
        assert (await present(client, sealed(claims()))).status_code == 200

    @pytest.mark.feature("Z63")
    @pytest.mark.feature("Z64")
    @pytest.mark.parametrize(
        "changed",
        [
            pytest.param({"iss": "somebody"}, id="another issuer"),
            pytest.param({"iss": None}, id="no issuer"),
            pytest.param({"exp": int(time.time()) - 600}, id="expired"),
            pytest.param({"exp": None}, id="no expiry"),
            pytest.param({"app_id": None}, id="no tenant"),
            pytest.param({"app_id": ""}, id="empty tenant"),
            pytest.param({"app_id": "../other"}, id="a path for a tenant"),
            pytest.param({"app_id": ["default"]}, id="a list for a tenant"),
            pytest.param({"user_id": None}, id="no user"),
            pytest.param({"scope": None}, id="no scope"),
            pytest.param({"iat": int(time.time()) + 3600}, id="made in the future"),
        ],
    )
    async def test_a_claim_that_is_wrong_or_missing_is_refused(
        self, client: httpx.AsyncClient, sealed: Callable[[Mapping[str, Any]], str], changed: dict[str, Any]
    ) -> None:
        wrong = {name: value for name, value in {**claims(), **changed}.items() if value is not None}
        assert (await present(client, sealed(wrong))).status_code == 401

    async def test_no_signature_is_refused(self, client: httpx.AsyncClient, signer: SigningKey) -> None:
        for alg in ("none", "None", "NONE"):
            unsigned = f"{part({'alg': alg, 'typ': 'JWT', 'kid': signer.kid})}.{part(claims())}."
            assert (await present(client, unsigned)).status_code == 401

    async def test_our_public_key_is_no_shared_secret(self, client: httpx.AsyncClient, signer: SigningKey) -> None:
        raw = base64.urlsafe_b64decode(signer.public_jwk["x"] + "=")
        for secret in (raw, signer.public_jwk["x"].encode(), json.dumps(dict(signer.public_jwk)).encode()):
            text = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': signer.kid})}.{part(claims())}"
            mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
            assert (await present(client, f"{text}.{encoded(mac)}")).status_code == 401

    async def test_somebody_elses_key_under_our_name_is_refused(
        self, client: httpx.AsyncClient, signer: SigningKey
    ) -> None:
        stranger = Ed25519PrivateKey.generate()
        for kid in (signer.kid, "unknown", ""):
            forged = jwt.encode(claims(), stranger, algorithm="EdDSA", headers={"kid": kid})
            assert (await present(client, forged)).status_code == 401

    async def test_a_changed_claim_breaks_the_signature(
        self, client: httpx.AsyncClient, people: People, tenant: str
    ) -> None:
        person: Person = await people.join(tenant, "creator")
        header, _, signature = person.token.split(".")
        assert (await present(client, f"{header}.{part(claims())}.{signature}")).status_code == 401


async def present(client: httpx.AsyncClient, token: str) -> httpx.Response:
    """Show a token at a route that anybody with a good one may ask."""
    return await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def claims() -> dict[str, Any]:
    """What a forger would like to be believed."""
    now = int(time.time())
    return {"iss": "greenlight", "iat": now, "exp": now + 600, "jti": "1", **FORGED_FOR}


def part(value: dict[str, Any]) -> str:
    """A part of a compact JWT."""
    return encoded(json.dumps(value).encode())


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
