"""The installation's accesses to vendors: all SQL of them. What is secret of them is read and written sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from common.db.work import Transaction
from common.sealing import Seal, SealBroken
from pydantic import SecretStr
from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from vendors.oauth import VendorDisconnected

from producer.models import accesses

REMEDY = "Somebody has to connect it again, and set GREENLIGHT_DESIGN_REFRESH_TOKEN anew (docs/vendors.md)."
_KEPT = timedelta(days=30)
"""Accesses of settings that were in force longer ago are dropped, by whoever renews the present one."""


@dataclass(frozen=True)
class Tokens:
    """The access token and what renews it; before the first renewal there is only the latter."""

    access: SecretStr | None
    refresh: SecretStr


@dataclass(frozen=True)
class Held:
    """What is known of an access, and how its renewals went."""

    tokens: Tokens
    renewals: int
    renew_at: datetime
    expires_at: datetime
    tried_at: datetime | None
    failed_at: datetime | None
    refused_at: datetime | None


@dataclass(frozen=True)
class Records:
    """The record of one access: of one client that began with one refresh token."""

    id: str
    vendor: str
    first: SecretStr
    seal: Seal

    async def find(self, tx: Transaction) -> Held | None:
        """The access; none before the first try. Raises `VendorDisconnected` if it was sealed with another secret."""
        row = (await tx.session.execute(select(accesses).where(accesses.c.id == self.id))).one_or_none()
        return None if row is None else self._held(row)

    async def lock(self, tx: Transaction) -> Held:
        """The access that was begun, nobody else's until the transaction ends. Raises as `find`."""
        found = await tx.session.execute(select(accesses).where(accesses.c.id == self.id).with_for_update())
        return self._held(found.one())

    def _held(self, row: Row[Any]) -> Held:
        return Held(
            tokens=self._opened(row.sealed),
            renewals=row.renewals,
            renew_at=row.renew_at,
            expires_at=row.expires_at,
            tried_at=row.tried_at,
            failed_at=row.failed_at,
            refused_at=row.refused_at,
        )

    async def begin(self, tx: Transaction, *, renewals: int, at: datetime) -> None:
        """Write down that it is about to be renewed, unless it was since `renewals` were counted."""
        new = {"id": self.id, "vendor": self.vendor, "renewals": 0, "tried_at": at}
        # It was never good yet.
        new |= {"renew_at": at, "expires_at": at, "renewed_at": at}
        begun = insert(accesses).values(new)
        seen = accesses.c.renewals == renewals
        await tx.session.execute(
            begun.on_conflict_do_update(index_elements=[accesses.c.id], set_={"tried_at": at}, where=seen)
        )

    async def keep(
        self, tx: Transaction, tokens: Tokens, *, renew_at: datetime, expires_at: datetime, at: datetime
    ) -> Held:
        """Write down what a renewal gave in place of what was held. → what is held now."""
        old = (accesses.c.vendor == self.vendor) & (accesses.c.id != self.id) & (accesses.c.renewed_at < at - _KEPT)
        await tx.session.execute(delete(accesses).where(old))
        await self._set(
            tx,
            sealed=self._sealed(tokens),
            renewals=accesses.c.renewals + 1,
            renew_at=renew_at,
            expires_at=expires_at,
            renewed_at=at,
            tried_at=None,
            failed_at=None,
            refused_at=None,
        )
        return await self.lock(tx)

    async def note_failure(self, tx: Transaction, *, at: datetime) -> None:
        """Write down that the vendor did not renew it, and may when it is asked again."""
        await self._set(tx, failed_at=at)

    async def note_refusal(self, tx: Transaction, *, at: datetime) -> None:
        """Write down that the vendor will not renew it."""
        await self._set(tx, failed_at=at, refused_at=at)

    async def _set(self, tx: Transaction, **values: Any) -> None:
        await tx.session.execute(update(accesses).where(accesses.c.id == self.id).values(values))

    def _sealed(self, tokens: Tokens) -> bytes:
        assert tokens.access is not None, "what a renewal gave has both"
        both = {"access": tokens.access.get_secret_value(), "refresh": tokens.refresh.get_secret_value()}
        return self.seal.close(orjson.dumps(both), name=self.id)

    def _opened(self, sealed: bytes | None) -> Tokens:
        if sealed is None:
            return Tokens(None, self.first)
        try:
            both = orjson.loads(self.seal.open(bytes(sealed), name=self.id))
        except SealBroken as error:
            said = f"The tokens of {self.vendor} in the database were encrypted with another client's secret."
            raise VendorDisconnected(f"{said} {REMEDY}") from error
        return Tokens(SecretStr(both["access"]), SecretStr(both["refresh"]))
