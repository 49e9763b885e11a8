"""Signing in with a browser: a link that works once, a password or an API key becomes a session, and that, tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from common.clock import Clock
from common.db.work import Transaction, Work
from common.errors import Forbidden, Invalid, Unauthenticated
from common.ids import new_id
from common.service.cookies import CSRF_CLAIM, csrf_claim, csrf_of
from common.service.principal import Principal

from identity.accounts import must_govern
from identity.audit import note_change
from identity.domain import Session, SignInLink, SignInWay, sha256_of
from identity.passwords import Passwords
from identity.registry import Registry
from identity.repository import BrowserSessions, Keys, Users
from identity.revoking import Revoking
from identity.tokens import Token, Tokens, grant_in

LINK_LASTS = timedelta(minutes=15)
_GONE = "You are not signed in any more."


@dataclass(frozen=True)
class SignedIn:
    """A session with a fresh token. `secret` is what the browser keeps and nobody else."""

    session: Session
    secret: str
    token: Token
    display_name: str

    @property
    def csrf(self) -> str:
        """What the session's pages repeat with every change."""
        return csrf_of(self.secret)


class Sessions:
    """Opens, renews and ends sessions. What somebody may do is asked each time, so nothing here outlives it."""

    def __init__(
        self,
        work: Work,
        *,
        registry: Registry,
        tokens: Tokens,
        passwords: Passwords,
        revoking: Revoking,
        lifetime: timedelta,
        clock: Clock,
    ) -> None:
        self._work = work
        self._registry = registry
        self._tokens = tokens
        self._passwords = passwords
        self._revoking = revoking
        self._lifetime = lifetime
        self._clock = clock

    async def open_by_key(self, key: str) -> SignedIn:
        """Sign in with an API key of a person. Raises `Unauthenticated`; the session ends with the key."""
        found = await self._registry.find_key(sha256_of(key))
        if found is None or not found.opens(sha256_of(key), at=self._clock()):
            raise Unauthenticated("The API key is unknown, revoked or expired.")
        return await self._open(found.tenant_id, found.user_id, way=SignInWay.KEY, key_id=found.id)

    async def open_by_password(self, tenant: str, user_id: str, password: str) -> SignedIn:
        """Sign in by name. Raises `Unauthenticated`, the same for all that can be wrong, or `RateLimited`."""
        async with self._work.transaction(tenant) as tx:
            known = await Users(tx).find_password(user_id)
        if not await self._passwords.matches(password, known, account=f"{tenant}/{user_id}"):
            raise Unauthenticated("That name and that password do not belong together.")
        return await self._open(tenant, user_id, way=SignInWay.PASSWORD)

    async def open_by_link(self, token: str) -> SignedIn:
        """Sign in with a link that nobody used yet. Raises `Unauthenticated`; of two at once one is let in."""
        link = await self._registry.use_link(sha256_of(token), at=self._clock())
        if link is None:
            raise Unauthenticated("This link was used already, or is too old. Make a new one: ./greenlight sign-in")
        return await self._open(link.tenant_id, link.user_id, way=SignInWay.LINK)

    async def renew(self, secret: str) -> SignedIn:
        """The same session with a new token, for what its person may do now. Raises `Unauthenticated`."""
        session = await self._registry.find_session(sha256_of(secret))
        if session is None or not session.is_good(at=self._clock()):
            raise Unauthenticated(_GONE)
        async with self._work.transaction(session.tenant_id) as tx:
            return await self._signed_in(tx, session, secret)

    async def end(self, secret: str) -> None:
        """Sign out. Its tokens count until they expire; a session that is none any more is fine."""
        now = self._clock()
        session = await self._registry.find_session(sha256_of(secret))
        if session is None or not session.is_good(at=now):
            return
        async with self._work.transaction(session.tenant_id) as tx:
            await BrowserSessions(tx).end(at=now, session_id=session.id)
            note_change(tx, "session.ended", resource=f"session:{session.id}", actor=session.user_id, at=now)

    async def make_link(self, actor: Principal, *, user_id: str | None) -> tuple[str, SignInLink]:
        """A link's token and what is kept of it: for oneself, or by an administrator for somebody of the tenant.

        Raises `NotFound`, or `Forbidden` for whoever is no administrator or no person, or comes with a limited key.
        """
        _must_be_whole(actor)
        now, token = self._clock(), f"gls_{secrets.token_urlsafe(32)}"
        whose = user_id or actor.user_id
        async with self._work.transaction(actor.tenant) as tx:
            if whose != actor.user_id:
                await must_govern(tx, actor)
            elif await Users(tx).find(whose) is None:
                raise Forbidden("Only people sign in with a browser.")
            person = await Users(tx).get(whose)
            link = SignInLink(sha256_of(token), actor.tenant, person.user_id, actor.user_id, now, now + LINK_LASTS)
            await BrowserSessions(tx).add_link(link)
            note_change(tx, "sign_in_link.created", resource=f"user:{whose}", actor=actor, at=now)
        return token, link

    async def set_password(self, actor: Principal, *, current: str | None, new: str) -> None:
        """Give oneself a password. Whoever is signed in as this person is signed out, everywhere.

        Raises `Forbidden` where there is one already and `current` is another, or for a limited key, and `Invalid` for
        one that names them.
        """
        _must_be_whole(actor)
        now = self._clock()
        if actor.user_id.lower() in new.lower():
            raise Invalid("A password with your own name in it is guessed first.")
        async with self._work.transaction(actor.tenant) as tx:
            if await Users(tx).find(actor.user_id) is None:
                raise Forbidden("Only people have passwords.")
            known = await Users(tx).find_password(actor.user_id)
        account = f"{actor.tenant}/{actor.user_id}"
        if known is not None and not await self._passwords.matches(current or "", known, account=account):
            raise Forbidden("That is not your present password.")
        hashed = await self._passwords.hash(new)
        async with self._work.transaction(actor.tenant) as tx:
            await Users(tx).save_password(actor.user_id, hashed, at=now)
            await BrowserSessions(tx).end(at=now, user_id=actor.user_id)
            await Users(tx).begin_generation(now, user_id=actor.user_id)
            note_change(tx, "password.changed", resource=f"user:{actor.user_id}", actor=actor, at=now)
        await self._revoking.tell()

    async def prune(self) -> None:
        """Forget sessions and links that are over."""
        await self._registry.prune_sessions(before=self._clock())

    async def _open(self, tenant: str, user_id: str, *, way: SignInWay, key_id: UUID | None = None) -> SignedIn:
        now, secret = self._clock(), secrets.token_urlsafe(32)
        session = Session(new_id(), tenant, user_id, sha256_of(secret), way, key_id, now, now + self._lifetime)
        async with self._work.transaction(tenant) as tx:
            opened = await self._signed_in(tx, session, secret)
            await BrowserSessions(tx).add(session)
            note_change(tx, "session.opened", resource=f"session:{session.id}", actor=user_id, at=now, way=str(way))
        return opened

    async def _signed_in(self, tx: Transaction, session: Session, secret: str) -> SignedIn:
        now = self._clock()
        key = await Keys(tx).find(session.key_id) if session.key_id else None
        if session.key_id and (key is None or not key.opens(key.sha256, at=now)):
            raise Unauthenticated(_GONE)
        until = _earlier(session.expires_at, key.expires_at if key else None)
        grant, person = await grant_in(tx, session.user_id, key=key, until=until)
        token = await self._tokens.issue(grant, also={CSRF_CLAIM: csrf_claim(csrf_of(secret))})
        return SignedIn(session, secret, token, person.display_name)


def _must_be_whole(actor: Principal) -> None:
    """A key with scopes or an end must not become a session, or a password, that has neither."""
    if actor.limited:
        raise Forbidden("A key that may do less than its owner, or for a time only, makes no other way in.")


def _earlier(one: datetime, other: datetime | None) -> datetime:
    return one if other is None else min(one, other)
