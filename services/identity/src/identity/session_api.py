"""Signing in and out with a browser, over HTTP: what the cookies are, and who may set them."""

from __future__ import annotations

from typing import Annotated

from common.errors import Unauthenticated
from common.service.auth import ForgedRequest
from common.service.cookies import (
    CSRF_COOKIE,
    SESSION_COOKIE,
    TOKEN_COOKIE,
    cookie_of,
    csrf_claim,
    csrf_of,
    repeats_csrf,
)
from common.service.principal import Principal, current_principal
from fastapi import APIRouter, Depends, Request, Response

from identity.schemas import NewSignInLink, PasswordChange, SessionView, SignIn, SignInLinkView
from identity.sessions import Sessions, SignedIn

SESSIONS = "/v1/sessions"
RENEW, CURRENT = f"{SESSIONS}/renew", f"{SESSIONS}/current"
OPEN_PATHS = (SESSIONS, RENEW, CURRENT)
"""Who asks here has no token yet, or one that expired: each of them looks at its own secret."""
PASSWORD = "/v1/me/password"  # noqa: S105 — a path
UNSHIELDED = {
    f"POST {SESSIONS}": "it carries nothing but secrets, which are compared and never shown to anybody",
    f"PUT {PASSWORD}": "a password is hashed and never shown to anybody, and may look like anything",
}

Caller = Annotated[Principal, Depends(current_principal)]


def router(sessions: Sessions, *, edge_url: str) -> APIRouter:
    """Routes of sessions. Cookies are for https alone where people reach the suite by https."""
    routes = APIRouter(tags=["sessions"])
    secure = edge_url.startswith("https://")

    @routes.post(SESSIONS, status_code=201, summary="Sign a browser in: by a link, a key, or a name and a password.")
    async def open_session(body: SignIn, request: Request, response: Response) -> SessionView:
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            # Another site could otherwise sign somebody in as somebody else, and see what they do as them.
            raise ForgedRequest("Only our own page signs a browser in.")
        if body.link:
            opened = await sessions.open_by_link(body.link)
        elif body.key:
            opened = await sessions.open_by_key(body.key)
        else:
            opened = await sessions.open_by_password(body.tenant, body.user_id or "", body.password or "")
        return _answer(response, opened, secure=secure)

    @routes.post(RENEW, summary="A fresh token for the browser that is signed in.")
    async def renew(request: Request, response: Response) -> SessionView:
        return _answer(response, await sessions.renew(_secret_of(request)), secure=secure)

    @routes.delete(CURRENT, status_code=204, summary="Sign this browser out.")
    async def end_session(request: Request, response: Response) -> None:
        await sessions.end(_secret_of(request))
        for name, path in ((TOKEN_COOKIE, "/"), (CSRF_COOKIE, "/"), (SESSION_COOKIE, SESSIONS)):
            response.delete_cookie(name, path=path, secure=secure, httponly=name != CSRF_COOKIE, samesite="strict")

    @routes.post("/v1/sign-in-links", status_code=201, summary="A link that signs one person in, once.")
    async def make_sign_in_link(
        caller: Caller, response: Response, body: NewSignInLink | None = None
    ) -> SignInLinkView:
        token, link = await sessions.make_link(caller, user_id=body.user_id if body else None)
        response.headers["Cache-Control"] = "no-store"
        url = f"{edge_url.rstrip('/')}/sign-in#{token}"
        return SignInLinkView(url=url, token=token, user_id=link.user_id, expires_at=link.expires_at)

    @routes.put(PASSWORD, status_code=204, summary="Give yourself a password; you are signed out everywhere.")
    async def set_password(caller: Caller, body: PasswordChange) -> None:
        await sessions.set_password(caller, current=body.current, new=body.new)

    return routes


def _secret_of(request: Request) -> str:
    """The session's secret. Raises `Unauthenticated`, or `ForgedRequest` where no page of ours asks."""
    secret = cookie_of(request.headers, SESSION_COOKIE)
    if secret is None:
        raise Unauthenticated("You are not signed in.")
    if not repeats_csrf(request.headers, csrf_claim(csrf_of(secret))):
        raise ForgedRequest(f"A request with a cookie repeats the cookie {CSRF_COOKIE} in X-CSRF-Token.")
    return secret


def _answer(response: Response, opened: SignedIn, *, secure: bool) -> SessionView:
    lasts = int((opened.session.expires_at - opened.session.created_at).total_seconds())
    response.headers["Cache-Control"] = "no-store"
    for name, value, path, seconds in (
        (TOKEN_COOKIE, opened.token.text, "/", opened.token.expires_in_seconds),
        (CSRF_COOKIE, opened.csrf, "/", lasts),
        (SESSION_COOKIE, opened.secret, SESSIONS, lasts),
    ):
        response.set_cookie(
            name, value, max_age=seconds, path=path, secure=secure, httponly=name != CSRF_COOKIE, samesite="strict"
        )
    return SessionView(
        tenant=opened.session.tenant_id,
        user_id=opened.session.user_id,
        display_name=opened.display_name,
        roles=list(opened.token.grant.roles),
        expires_at=opened.session.expires_at,
        token_seconds=opened.token.expires_in_seconds,
    )
