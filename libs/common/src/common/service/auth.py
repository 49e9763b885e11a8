"""Verifying callers: Ed25519 tokens against identity's keys, and API keys through identity. Both fail closed."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import jwt

from common.contracts.values import TENANT_PATTERN
from common.errors import Forbidden, Unauthenticated, Unavailable
from common.observability.logging import get_logger
from common.service.cookies import CSRF_CLAIM, CSRF_COOKIE, SAFE_METHODS, TOKEN_COOKIE, cookie_of, repeats_csrf
from common.service.generations import Generations
from common.service.principal import Principal

log = get_logger(__name__)
ISSUER = "greenlight"
LIMITED_CLAIM = "limited"
"""What `Principal.limited` says; there only where it is so."""
KEYS_FRESH_SECONDS = 300.0
KEYS_GRACE_SECONDS = 3600.0
API_KEY_SECONDS = 30.0
KEYS_ASK_SECONDS = 1.0
KEYS_RETRY_SECONDS = 30.0
CLOCK_SKEW_SECONDS = 120
TOKEN_SECONDS = 10.0
"""So long a token that was verified is not verified again; whether it was revoked is asked each time all the same."""
_CACHED_KEYS = _CACHED_TOKENS = 10_000


class ExpiredToken(Unauthenticated):
    """The token was good once; `principal` says whose it was, which may be put on record and allows nothing."""

    code = "unauthenticated"

    def __init__(self, token: str, key: jwt.PyJWK) -> None:
        super().__init__("The token has expired.")
        claims = jwt.decode(token, key.key, algorithms=["EdDSA"], options={"verify_exp": False, "verify_aud": False})
        tenant = str(claims.get("app_id"))
        named = re.fullmatch(TENANT_PATTERN, tenant)
        self.principal = Principal(tenant, str(claims.get("user_id")), frozenset(), "") if named else None


class RevokedToken(Unauthenticated):
    """What its owner may do was changed since."""

    code = "unauthenticated"


class ForgedRequest(Forbidden):
    """A browser's cookie came along, but nothing shows that one of our own pages asked."""


@dataclass(frozen=True)
class _Good:
    """A token that was verified, and until when on the monotonic clock that need not be done again."""

    principal: Principal
    claims: dict[str, Any]
    until: float


class Authenticator:
    """Turns credentials into a `Principal`. Goes on for an hour when identity is away, for tokens it can verify."""

    def __init__(self, identity: httpx.AsyncClient, *, generations: Generations | None = None) -> None:
        self._identity = identity
        self._generations = generations
        self._keys: dict[str, jwt.PyJWK] = {}
        self._keys_at = self._asked_at = float("-inf")
        self._asking = asyncio.Lock()
        self._failing = False
        self._exchanged: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._good: OrderedDict[str, _Good] = OrderedDict()

    async def by_headers(self, headers: Mapping[str, str], *, method: str = "POST") -> Principal:
        """The principal of `Authorization: Bearer`, `X-API-Key`, or of a browser's session cookie, in this order.

        Raises `Unauthenticated` when there is none of them, and `ForgedRequest` for a cookie alone where `method` may
        change something.
        """
        scheme, _, credential = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and credential:
            return await self.by_token(credential)
        if key := headers.get("x-api-key"):
            return await self.by_api_key(key)
        if token := cookie_of(headers, TOKEN_COOKIE):
            return await self._by_cookie(token, headers, method)
        raise Unauthenticated("This needs a token or an API key.")

    async def by_token(self, token: str) -> Principal:
        """The principal of a bearer token. Raises `Unauthenticated`, or `Unavailable` when no key can be had."""
        return (await self._verified(token))[0]

    async def may_stay(self, principal: Principal) -> bool:
        """Whether somebody who came in a while ago may stay, as behind an open socket.

        What they may do was not changed since; that their token expired by now is no reason to go, except for the token
        of a limited key, whose own end it may be.
        """
        claims = jwt.decode(principal.token, options={"verify_signature": False})
        if principal.limited and claims["exp"] < time.time():
            return False
        return not (self._generations and "gen" in claims and await self._generations.is_void(str(claims["gen"])))

    async def _by_cookie(self, token: str, headers: Mapping[str, str], method: str) -> Principal:
        principal, claims = await self._verified(token)
        if method not in SAFE_METHODS and not repeats_csrf(headers, claims.get(CSRF_CLAIM)):
            raise ForgedRequest(f"A request with a cookie repeats the cookie {CSRF_COOKIE} in X-CSRF-Token.")
        return principal

    async def _verified(self, token: str) -> tuple[Principal, dict[str, Any]]:
        known = self._good.get(token)
        if known is None or known.until < time.monotonic():
            known = await self._verify(token)
            self._good[token] = known
            while len(self._good) > _CACHED_TOKENS:
                self._good.popitem(last=False)
        # Asked each time, so that who loses a right has lost it at once.
        if self._generations and "gen" in known.claims and await self._generations.is_void(str(known.claims["gen"])):
            raise RevokedToken("What you may do was changed: get a new token.")
        return known.principal, known.claims

    async def _verify(self, token: str) -> _Good:
        """The token, looked at by itself: its signature, its times and what it has to say."""
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
            key = await self._key(kid)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=["EdDSA"],
                issuer=ISSUER,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["exp", "iat", "iss", "app_id", "user_id", "scope"], "verify_aud": False},
            )
        except jwt.ExpiredSignatureError as error:
            raise ExpiredToken(token, key) from error
        except jwt.PyJWTError as error:
            raise Unauthenticated("The token cannot be verified.") from error
        tenant = claims["app_id"]
        if not isinstance(tenant, str) or not re.fullmatch(TENANT_PATTERN, tenant):
            raise Unauthenticated("The token names no tenant.")
        roles, limited = frozenset(claims.get("roles", ())), bool(claims.get(LIMITED_CLAIM))
        principal = Principal(tenant, str(claims["user_id"]), roles, token, limited)
        # Never longer than it is good.
        seconds = min(TOKEN_SECONDS, claims["exp"] + CLOCK_SKEW_SECONDS - time.time())
        return _Good(principal, claims, time.monotonic() + seconds)

    async def by_api_key(self, key: str) -> Principal:
        """The principal of an API key, as identity says; an answer is believed for 30 s, or until it is revoked."""
        digest = hashlib.sha256(key.encode()).hexdigest()
        try:
            return await self._by_exchanged(digest, key)
        except RevokedToken:
            self._exchanged.pop(digest, None)
            return await self._by_exchanged(digest, key)

    async def _by_exchanged(self, digest: str, key: str) -> Principal:
        known = self._exchanged.get(digest)
        if known is None or known[0] < time.monotonic():
            token = await self._exchange(key)
            self._exchanged[digest] = (time.monotonic() + API_KEY_SECONDS, token)
            while len(self._exchanged) > _CACHED_KEYS:
                self._exchanged.popitem(last=False)
        else:
            token = known[1]
        return await self.by_token(token)

    async def close(self) -> None:
        """Close the connections to identity."""
        await self._identity.aclose()

    async def _exchange(self, key: str) -> str:
        try:
            answer = await self._identity.post("/v1/tokens", headers={"x-api-key": key})
        except httpx.HTTPError as error:
            raise Unavailable("The key cannot be checked: identity does not answer.") from error
        if answer.status_code in {401, 403}:
            raise Unauthenticated("The API key is unknown, revoked or expired.")
        if answer.status_code != 200:
            raise Unavailable(f"The key cannot be checked: identity answered {answer.status_code}.")
        return str(answer.json()["access_token"])

    async def _key(self, kid: str) -> jwt.PyJWK:
        if self._should_ask(kid):
            async with self._asking:
                if self._should_ask(kid):
                    await self._load_keys()
        if self._age() > KEYS_GRACE_SECONDS or (kid not in self._keys and self._failing):
            raise Unavailable("Tokens cannot be verified: identity's keys cannot be had.")
        if kid not in self._keys:
            raise Unauthenticated("The token is signed with a key we do not know.")
        return self._keys[kid]

    def _age(self) -> float:
        return time.monotonic() - self._keys_at

    def _should_ask(self, kid: str) -> bool:
        """An unknown key id may be a new key; but neither strangers nor an outage make us ask all the time."""
        since = time.monotonic() - self._asked_at
        if kid not in self._keys:
            return since > KEYS_ASK_SECONDS
        return self._age() > KEYS_FRESH_SECONDS and since > KEYS_RETRY_SECONDS

    async def _load_keys(self) -> None:
        """Ask identity for its keys. When it does not answer, those we have stay."""
        try:
            answer = await self._identity.get("/.well-known/jwks.json")
            answer.raise_for_status()
            self._keys = {key["kid"]: jwt.PyJWK(key) for key in answer.json()["keys"]}
        except (httpx.HTTPError, jwt.PyJWTError, KeyError, ValueError) as error:
            log.warning("auth.keys_unavailable", error=repr(error))
            self._failing = True
        else:
            self._failing = False
            self._keys_at = time.monotonic()
        self._asked_at = time.monotonic()


class ServiceIdentity:
    """This service's own tokens, for asking another service something on a tenant's behalf."""

    def __init__(self, identity: httpx.AsyncClient, *, key: str) -> None:
        self._identity = identity
        self._key = key
        self._tokens: dict[str, tuple[float, str]] = {}

    async def token(self, tenant: str) -> str:
        """A token for `tenant`, renewed a minute before it expires. Raises `Unavailable` when identity is away."""
        known = self._tokens.get(tenant)
        if known and known[0] > time.monotonic():
            return known[1]
        try:
            answer = await self._identity.post("/v1/tokens", headers={"x-api-key": self._key}, json={"tenant": tenant})
            answer.raise_for_status()
            token, seconds = str(answer.json()["access_token"]), float(answer.json()["expires_in"])
        except (httpx.HTTPError, KeyError, ValueError) as error:
            raise Unavailable("No service token can be had: identity does not answer.") from error
        self._tokens[tenant] = (time.monotonic() + seconds - 60, token)
        return token

    async def close(self) -> None:
        """Close the connections to identity."""
        await self._identity.aclose()
