"""Who is let in: tokens signed in every wrong way, and identity going away."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import jwt
import pytest
from common.errors import Unauthenticated, Unavailable
from common.service.auth import Authenticator, ExpiredToken
from common.service.edge import Proxy
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from testkit.listening import eventually, listening
from testkit.people import People
from testkit.stack import Stack

KEY = Ed25519PrivateKey.generate()
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
JWK = jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "k1", "alg": "EdDSA", "use": "sig"}


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {
        "iss": "greenlight", "iat": now, "exp": now + 60, "app_id": "t", "user_id": "ann", "scope": "", "roles": [],
    }  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not None}


def token(*, algorithm: str = "EdDSA", key: Any = PEM, kid: str = "k1", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": kid})


@pytest.fixture
async def authenticator() -> AsyncIterator[Authenticator]:
    """An authenticator whose identity has one key, ours."""

    async def keys(_request: Any) -> JSONResponse:
        return JSONResponse({"keys": [JWK]})

    transport = httpx.ASGITransport(app=Starlette(routes=[Route("/.well-known/jwks.json", keys)]))
    made = Authenticator(httpx.AsyncClient(transport=transport, base_url="http://identity"))
    yield made
    await made.close()


async def test_a_good_token_is_its_claims(authenticator: Authenticator) -> None:
    principal = await authenticator.by_token(token(app_id="Ten.ant_1-x", roles=["creator"]))
    assert (principal.tenant, principal.user_id, set(principal.roles)) == ("Ten.ant_1-x", "ann", {"creator"})


@pytest.mark.parametrize(("limited", "stays"), [(None, True), (True, False)])
async def test_only_the_token_of_a_limited_key_ends_what_is_open_when_it_expires(
    authenticator: Authenticator, limited: bool | None, stays: bool
) -> None:
    # Expired within the skew that is forgiven, so that it still lets in.
    principal = await authenticator.by_token(token(exp=int(time.time()) - 10, limited=limited))
    assert principal.limited is bool(limited)
    assert await authenticator.may_stay(principal) is stays
    assert await authenticator.may_stay(await authenticator.by_token(token(limited=limited)))


@pytest.mark.feature("P52")
@pytest.mark.feature("Z31")
@pytest.mark.parametrize(
    "forged",
    [
        token(exp=int(time.time()) - 121),
        token(iss="somebody"),
        token(iss=None),
        token(exp=None),
        token(app_id=None),
        token(app_id=""),
        token(app_id="a/b"),
        token(app_id="t\n"),
        token(app_id=["t"]),
        token(user_id=None),
        token(scope=None),
        token(kid="k2"),
        token(key=Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())),
        token(algorithm="none", key=None),
        token(algorithm="HS256", key="k" * 64),
        "not.a.token",
        "",
        token()[:-4] + "AAAA",
    ],
    ids=[
        "expired", "wrong issuer", "no issuer", "no expiry", "no tenant", "empty tenant", "odd tenant", "newline",
        "list", "no user", "no scope", "unknown key", "other key", "alg none", "HS256", "garbage", "empty", "cut",
    ],
)  # fmt: skip
async def test_a_token_that_is_not_quite_right_is_refused(authenticator: Authenticator, forged: str) -> None:
    with pytest.raises(Unauthenticated):
        await authenticator.by_token(forged)


@pytest.mark.feature("P52")
async def test_the_public_key_is_no_secret_to_sign_with(authenticator: Authenticator) -> None:
    """The classic confusion: HS256 with the public key as its secret. PyJWT refuses to make one, so we do."""

    def part(value: dict[str, Any]) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    signed = part({"alg": "HS256", "kid": "k1", "typ": "JWT"}) + b"." + part(claims())
    signature = base64.urlsafe_b64encode(hmac.digest(PUBLIC, signed, hashlib.sha256)).rstrip(b"=")
    with pytest.raises(Unauthenticated):
        await authenticator.by_token((signed + b"." + signature).decode())


async def test_a_clock_that_is_two_minutes_off_is_forgiven(authenticator: Authenticator) -> None:
    assert await authenticator.by_token(token(exp=int(time.time()) - 118))


async def test_a_token_that_was_good_a_moment_ago_is_refused_once_it_has_expired(authenticator: Authenticator) -> None:
    ends = token(exp=int(time.time()) - 119)
    assert (await authenticator.by_token(ends)).user_id == "ann"

    async def is_refused() -> bool:
        try:
            await authenticator.by_token(ends)
        except ExpiredToken:
            return True
        return False

    await eventually(is_refused)


@pytest.mark.feature("M17")
@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer "}, {"authorization": "Basic eA=="}, {"x-api-key": ""}]
)
async def test_no_credentials_are_none(authenticator: Authenticator, headers: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated, match="needs a token"):
        await authenticator.by_headers(headers)


@pytest.mark.feature("M17")
async def test_identity_goes_away(stack: Stack, people: People, tenant: str) -> None:
    """Who can be verified goes on; keys that must be asked about are refused, and not let in."""
    ann = await people.join(tenant, "creator")
    async with AsyncExitStack() as away:
        address = await away.enter_async_context(listening(Proxy(stack.site.services["identity"])))
        authenticator = Authenticator(httpx.AsyncClient(base_url=address, timeout=2, trust_env=False))
        assert (await authenticator.by_headers({"x-api-key": ann.api_key})).user_id == ann.user_id
        assert (await authenticator.by_token(ann.token)).tenant == tenant
        with pytest.raises(Unauthenticated):
            await authenticator.by_api_key("gl_" + "0" * 40)
        bob = await people.join(tenant, "reviewer")
    assert (await authenticator.by_token(ann.token)).tenant == tenant
    assert (await authenticator.by_token(bob.token)).user_id == bob.user_id
    # Known for 30 s, so that a restart of identity is not everybody's.
    assert (await authenticator.by_api_key(ann.api_key)).user_id == ann.user_id
    with pytest.raises(Unavailable):
        await authenticator.by_api_key(bob.api_key)
    await authenticator.close()


async def test_without_ever_having_had_keys_nobody_is_let_in(people: People, tenant: str) -> None:
    ann = await people.join(tenant, "creator")
    authenticator = Authenticator(httpx.AsyncClient(base_url="http://127.0.0.1:9", timeout=1, trust_env=False))
    with pytest.raises(Unavailable):
        await authenticator.by_token(ann.token)
    await authenticator.close()


async def test_strangers_do_not_make_us_ask_all_the_time() -> None:
    asked = 0

    async def keys(_request: Any) -> JSONResponse:
        nonlocal asked
        asked += 1
        return JSONResponse({"keys": [JWK]})

    transport = httpx.ASGITransport(app=Starlette(routes=[Route("/.well-known/jwks.json", keys)]))
    authenticator = Authenticator(httpx.AsyncClient(transport=transport, base_url="http://identity"))
    for number in range(20):
        with pytest.raises(Unauthenticated):
            await authenticator.by_token(token(kid=f"guess-{number}"))
    assert asked == 1
    await authenticator.close()
