"""The one module that looks without a tenant: whose a key is, which keys sign tokens, which tenants there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from common.db.work import Transaction, Work
from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from identity.domain import ApiKey, Session, SignInLink, Tenant
from identity.models import api_keys, sessions, sign_in_links, signing_keys, tenants, void_generations
from identity.repository import key_of, lock_out_other_starts, tenant_of
from identity.signing import Seal, SigningKey, make_signing_key

USED_AGAIN_AFTER = timedelta(minutes=1)
ANNOUNCED_FOR = timedelta(seconds=2)
"""How long a new signing key is in the JWKS before it signs.

A verifier asks for our keys at most once a second, so a token must not come sooner than that after its key.
"""


class Registry:
    """Short system transactions over keys and tenants; content of tenants is out of its reach."""

    def __init__(self, work: Work, *, seal: Seal) -> None:
        self._work = work
        self._seal = seal

    async def find_key(self, sha256: str) -> ApiKey | None:
        """The API key with this hash, whoever's it is, good or not; None when there is none."""
        async with self._work.system() as tx:
            row = (await tx.session.execute(select(api_keys).where(api_keys.c.sha256 == sha256))).first()
        return None if row is None else key_of(row)

    async def find_session(self, sha256: str) -> Session | None:
        """The browser's session whose secret has this hash, good or not; None when there is none."""
        async with self._work.system() as tx:
            row = (await tx.session.execute(select(sessions).where(sessions.c.sha256 == sha256))).first()
        return None if row is None else Session(**row._asdict())

    async def use_link(self, sha256: str, *, at: datetime) -> SignInLink | None:
        """The sign-in link with this hash, used up by this; None when it is unknown, used or too old."""
        link = sign_in_links.c
        used = (
            update(sign_in_links)
            .where(link.sha256 == sha256, link.used_at.is_(None), link.expires_at > at)
            .values(used_at=at)
            .returning(link.sha256, link.tenant_id, link.user_id, link.created_by, link.created_at, link.expires_at)
        )
        async with self._work.system() as tx:
            row = (await tx.session.execute(used)).first()
        return None if row is None else SignInLink(**row._asdict())

    async def prune_sessions(self, *, before: datetime) -> None:
        """Forget the sessions and links that expired before then."""
        async with self._work.system() as tx:
            for table in (sessions, sign_in_links):
                await tx.session.execute(delete(table).where(table.c.expires_at < before))

    async def note_uses(self, uses: Mapping[UUID, datetime]) -> None:
        """Write when keys were last used, where what is written is more than a minute old."""
        latest = max(uses.values())
        async with self._work.system() as tx:
            await tx.session.execute(
                update(api_keys)
                .where(
                    api_keys.c.id.in_(uses),
                    or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < latest - USED_AGAIN_AFTER),
                )
                .values(last_used_at=case(uses, value=api_keys.c.id))
            )

    async def list_tenants(self, after: tuple[str] | None, *, limit: int) -> Sequence[Tenant]:
        """The next tenants in the order of their ids."""
        page = select(tenants).order_by(tenants.c.tenant_id).limit(limit)
        if after is not None:
            page = page.where(tenants.c.tenant_id > after[0])
        async with self._work.system() as tx:
            return [tenant_of(row) for row in await tx.session.execute(page)]

    async def list_void(self, *, since: datetime) -> Sequence[UUID]:
        """The generations that became void since then. Those from before have no tokens left, and are dropped."""
        void = void_generations.c
        async with self._work.system() as tx:
            await tx.session.execute(delete(void_generations).where(void.voided_at < since))
            return (await tx.session.execute(select(void.generation))).scalars().all()

    async def ensure_signing_key(self, now: datetime) -> None:
        """Make the first signing key, once, however many replicas start; else try that ours can be opened.

        Raises `WrongMasterKey`.
        """
        async with self._work.system() as tx:
            await lock_out_other_starts(tx, "identity:signing_keys")
            known = await _find_signer(tx, now)
            if known is None:
                await _add(tx, make_signing_key(self._seal), created_at=now, signs_from=now)
            else:
                self._seal.open(known.sealed_private, kid=known.kid)

    async def rotate(self, now: datetime) -> tuple[SigningKey, datetime]:
        """A new signing key and when it begins to sign; until then the present one does."""
        made, signs_from = make_signing_key(self._seal), now + ANNOUNCED_FOR
        async with self._work.system() as tx:
            await lock_out_other_starts(tx, "identity:signing_keys")
            await tx.session.execute(
                update(signing_keys).where(signing_keys.c.retired_at.is_(None)).values(retired_at=signs_from)
            )
            await _add(tx, made, created_at=now, signs_from=signs_from)
        return made, signs_from

    async def get_signer(self, now: datetime) -> SigningKey:
        """The key that signs now. Raises `LookupError` before `ensure_signing_key`."""
        async with self._work.system() as tx:
            signer = await _find_signer(tx, now)
        if signer is None:
            raise LookupError("there is no signing key; `ensure_signing_key` runs at every start")
        return signer

    async def list_public_keys(self, *, retired_after: datetime) -> Sequence[Mapping[str, str]]:
        """The JWKs, newest first, of the keys that sign, will sign, or signed until `retired_after` or later."""
        alive = or_(signing_keys.c.retired_at.is_(None), signing_keys.c.retired_at > retired_after)
        wanted = select(signing_keys.c.public_jwk).where(alive).order_by(signing_keys.c.signs_from.desc())
        async with self._work.system() as tx:
            return (await tx.session.execute(wanted)).scalars().all()


async def _find_signer(tx: Transaction, now: datetime) -> SigningKey | None:
    # By its beginning and not by `retired_at`: clocks of replicas differ, and somebody must always be able to sign.
    newest = select(signing_keys).where(signing_keys.c.signs_from <= now).order_by(signing_keys.c.signs_from.desc())
    oldest = select(signing_keys).order_by(signing_keys.c.signs_from)
    row = (await tx.session.execute(newest.limit(1))).first() or (await tx.session.execute(oldest.limit(1))).first()
    return None if row is None else SigningKey(row.kid, row.public_jwk, bytes(row.sealed_private))


async def _add(tx: Transaction, key: SigningKey, *, created_at: datetime, signs_from: datetime) -> None:
    await tx.session.execute(
        insert(signing_keys).values(
            kid=key.kid,
            public_jwk=dict(key.public_jwk),
            sealed_private=key.sealed_private,
            created_at=created_at,
            signs_from=signs_from,
        )
    )
