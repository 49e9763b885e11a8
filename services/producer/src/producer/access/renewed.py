"""An access that is renewed: before its token ends, and once when the vendor refuses it before.

A refresh token is good once, so whoever shows it holds the row of the database from before it is shown until the pair
that came for it is committed (docs/adr/0049-one-renews-for-all.md). A process that dies in between has spent it: the
next one is refused, which is written down, and nobody asks again.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime, timedelta

from common.clock import Clock, rfc3339
from common.db.work import Transaction, Work
from common.errors import GreenlightError, Transient, VendorUnavailable
from common.observability.logging import get_logger
from common.sealing import Seal
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError
from vendors.oauth import TokenDoor, TokenPair, VendorDisconnected

from producer.access.records import REMEDY, Held, Records, Tokens

log = get_logger(__name__)
_PAUSE = timedelta(seconds=30)
"""How long the vendor is left alone after a renewal that failed. Longer than one takes."""
_USED = 0.9
"""Which share of its time a token is used for; the rest is for renewals that fail."""
_PURPOSE = "greenlight producer accesses"


class RenewedAccess:
    """See `vendors.oauth.Access`. Any number of processes have the same one, and each refresh token is shown once."""

    def __init__(
        self, work: Work, door: TokenDoor, *, client_id: str, client_secret: SecretStr, first: SecretStr, clock: Clock
    ) -> None:
        self._work = work
        self._door = door
        self._clock = clock
        begun_with = "\n".join((door.vendor, client_id, first.get_secret_value()))
        self._records = Records(
            id=hashlib.sha256(begun_with.encode()).hexdigest(),
            vendor=door.vendor,
            first=first,
            seal=Seal(client_secret.get_secret_value(), purpose=_PURPOSE),
        )
        self._held: Held | None = None
        self._renewing: asyncio.Task[Held] | None = None

    async def token(self) -> SecretStr:
        """The access token. As long as it is good, a renewal that fails changes nothing.

        Raises `VendorDisconnected` when a person has to connect anew, `VendorUnavailable` when the vendor is away.
        """
        now = self._clock()
        if self._held is None or now >= self._held.renew_at:
            self._held = await self._find()
        held = self._held
        if held is None or held.tokens.access is None or now >= held.expires_at:
            return await self._renewed(held)
        if now >= held.renew_at and held.refused_at is None and not _is_recent(held.tried_at, now=now):
            try:
                return await self._renewed(held)
            except GreenlightError as error:
                log.warning("access.not_renewed", vendor=self._door.vendor, code=error.code)
        return held.tokens.access

    async def instead_of(self, refused: SecretStr) -> SecretStr:
        """A token that another process has got meanwhile, or a new one. Raises as `token`."""
        self._held = held = await self._find()
        if held is not None and held.tokens.access not in (None, refused) and self._clock() < held.expires_at:
            return held.tokens.access
        return await self._renewed(held)

    async def notice(self) -> str | None:
        """What an operator should know: that a person has to connect anew, or that renewals fail."""
        try:
            held = await self._find()
        except VendorDisconnected as error:
            return error.detail
        if held is not None and held.refused_at is not None:
            return _refused(self._door.vendor).detail
        if held is not None and held.failed_at is not None:
            return f"{self._door.vendor} did not renew our access at {rfc3339(held.failed_at)}."
        return None

    async def close(self) -> None:
        """Close the connections, once a renewal that is under way has been written down."""
        if self._renewing is not None:
            await asyncio.wait([self._renewing])
        await self._door.close()

    async def _find(self) -> Held | None:
        async with self._work.system() as tx:
            return await self._records.find(tx)

    async def _renewed(self, seen: Held | None) -> SecretStr:
        """One renewal for all who want one here. It spends a token, so it goes on when who waits for it is stopped."""
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew(seen))
        self._held = await asyncio.shield(self._renewing)
        assert self._held.tokens.access is not None, "what was renewed has an access token"
        return self._held.tokens.access

    async def _renew(self, seen: Held | None) -> Held:
        """What is held after a renewal: by us, or by whoever was quicker since `seen`."""
        renewals = 0
        if seen is not None:
            self._raise_if_futile(seen)
            renewals = seen.renewals
        async with self._work.system() as tx:
            await self._records.begin(tx, renewals=renewals, at=self._clock())
        pair: TokenPair | None = None
        failure: GreenlightError | None = None
        try:
            async with self._work.system() as tx:
                held = await self._records.lock(tx)
                if held.renewals > renewals:
                    return held
                self._raise_if_futile(held)
                try:
                    pair = await self._door.renew(held.tokens.refresh)
                    held = await self._keep(tx, pair)
                except VendorDisconnected:
                    failure = _refused(self._door.vendor)
                    await self._records.note_refusal(tx, at=self._clock())
                except Transient as error:
                    failure = error
                    await self._records.note_failure(tx, at=self._clock())
        except DBAPIError:
            if pair is None:
                raise
            # The database went away while the vendor answered. What came is good, and what it replaces is spent.
            async with self._work.system() as tx:
                held = await self._keep(tx, pair)
        if failure is not None:
            raise failure
        log.info("access.renewed", vendor=self._door.vendor)
        return held

    def _raise_if_futile(self, held: Held) -> None:
        """Raise what asking the vendor would come to, where that is known already."""
        if held.refused_at is not None:
            raise _refused(self._door.vendor)
        if _is_recent(held.failed_at, now=(now := self._clock())):
            assert held.failed_at is not None, "it is recent"
            left = held.failed_at + _PAUSE - now
            said = f"{self._door.vendor} has just failed to renew our access."
            raise VendorUnavailable(said, retry_after_ms=round(left.total_seconds() * 1000))

    async def _keep(self, tx: Transaction, pair: TokenPair) -> Held:
        now, lasts = self._clock(), timedelta(seconds=pair.expires_in)
        tokens = Tokens(pair.access_token, pair.refresh_token)
        return await self._records.keep(tx, tokens, renew_at=now + lasts * _USED, expires_at=now + lasts, at=now)


def _refused(vendor: str) -> VendorDisconnected:
    return VendorDisconnected(f"{vendor} takes our refresh token no more. {REMEDY}")


def _is_recent(moment: datetime | None, *, now: datetime) -> bool:
    return moment is not None and now < moment + _PAUSE
