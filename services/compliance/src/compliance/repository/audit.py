"""The audit tables: a chain that is only ever added to, and the entries it vouches for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.db.connection import Row
from common.db.work import Transaction
from common.ids import new_id
from psycopg import sql

_LINKS = (
    "select c.seq, c.entry_sha256, c.prev, c.hash, c.recorded_at, c.seal from compliance.audit_chain c"
    " where c.tenant_id = %(tenant)s"
)
_JOINED = (
    "select c.seq, c.entry_sha256, c.prev, c.hash, c.recorded_at, c.seal, e.seq as entry_seq, e.salt, e.body"
    " from compliance.audit_chain c"
    " left join compliance.audit_entries e on e.tenant_id = c.tenant_id and e.seq = c.seq"
    " where c.tenant_id = %(tenant)s"
)
_COUNTED = (
    "select count(*)::int as entries from compliance.audit_chain c"
    " join compliance.audit_entries e on e.tenant_id = c.tenant_id and e.seq = c.seq"
    " where c.tenant_id = %(tenant)s and e.body is not null"
)
_LAST = _LINKS + " order by c.seq desc limit 1"
_LOCK = "select pg_advisory_xact_lock(hashtextextended(%(name)s, 0))"


@dataclass(frozen=True)
class Link:
    """One row of the chain."""

    seq: int
    entry_sha256: bytes
    prev: bytes
    hash: bytes
    recorded_at: datetime
    seal: bytes | None = None
    """The installation's signature over `hash`."""


@dataclass(frozen=True)
class Stored:
    """A link and its entry; `body` is None when it was blanked, `present` False when the row is gone."""

    link: Link
    present: bool
    salt: bytes | None
    body: str | None


class ChainOrder(StrEnum):
    """From which end of the chain a list begins."""

    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True)
class Wanted:
    """What to search for; None leaves it open. `until` is exclusive, `text` is looked for as it is, in any case."""

    actor: str | None = None
    action: str | None = None
    actions: tuple[str, ...] | None = None
    """Any of these."""
    resource: str | None = None
    run_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None


class AuditTrail:
    """The trail of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._scope: dict[str, Any] = {"tenant": tx.tenant}
        self._lock_name = {"name": f"audit:{tx.tenant}"}

    def put_aside(self, entries: Sequence[str]) -> None:
        """Keep entries (JSON) until they are chained; written together with the commit, without waiting for anybody."""
        columns = {"id": [new_id() for _ in entries], "entry": list(entries)}
        self._tx.run_last(_PUT_ASIDE, self._scope | columns)

    async def take_pending(self, *, limit: int) -> Sequence[str]:
        """Take the oldest entries that were put aside, as whoever alone may append to the chain: see `begin`."""
        _, taken = await self._tx.run_all([(_LOCK, self._lock_name), (_TAKE, self._scope | {"limit": limit})])
        return [row["entry"] for row in sorted(taken, key=lambda row: row["id"])]

    async def begin(self) -> tuple[Link | None, dict[str, int]]:
        """Be the only one who appends to this tenant's chain, until the transaction ends.

        → its newest link, and for each source the highest number it has used.
        """
        _, found, numbers = await self._tx.run_all(
            [(_LOCK, self._lock_name), (_LAST, self._scope), (_NUMBERS, self._scope)]
        )
        return _link(found[0]) if found else None, {row["source"]: row["last_number"] for row in numbers}

    async def find_last(self) -> Link | None:
        """The newest link."""
        found = await self._tx.run(_LAST, self._scope)
        return _link(found[0]) if found else None

    def add(self, stored: Sequence[Stored], *, numbers: Mapping[str, int]) -> None:
        """Append links and entries, and remember the highest number of each source; a lower one changes nothing.

        They are written together with the commit, so that they cost no round trip.
        """
        links = [each.link for each in stored]
        columns = {
            "seq": [link.seq for link in links],
            "entry_sha256": [link.entry_sha256 for link in links],
            "prev": [link.prev for link in links],
            "hash": [link.hash for link in links],
            "recorded_at": [link.recorded_at for link in links],
            "seal": [link.seal for link in links],
            "salt": [each.salt for each in stored],
            "body": [each.body for each in stored],
        }
        used = {"source": sorted(numbers), "number": [numbers[source] for source in sorted(numbers)]}
        self._tx.run_last(_ADD_LINKS, self._scope | columns)
        self._tx.run_last(_ADD_ENTRIES, self._scope | columns)
        self._tx.run_last(_RAISE_NUMBERS, self._scope | used)

    async def list_numbers(self) -> Mapping[str, int]:
        """For each source the highest number it has used."""
        return {row["source"]: row["last_number"] for row in await self._tx.run(_NUMBERS, self._scope)}

    async def list_page(
        self, wanted: Wanted, *, after: int | None, limit: int, order: ChainOrder = ChainOrder.OLDEST
    ) -> Sequence[Stored]:
        """Entries in that order of the chain, those that come after `after` in it."""
        newest = order is ChainOrder.NEWEST
        conditions, values = self._asked(wanted)
        if after is not None:
            conditions.append(sql.SQL("and c.seq < %(after)s" if newest else "and c.seq > %(after)s"))
            values["after"] = after
        last = sql.SQL("order by c.seq desc limit %(limit)s" if newest else "order by c.seq limit %(limit)s")
        query = sql.SQL(" ").join([sql.SQL(_JOINED), *conditions, last])
        return [_stored(row) for row in await self._tx.run(query, values | {"limit": limit})]

    async def count(self, wanted: Wanted) -> int:
        """How many entries are wanted that are not blanked."""
        conditions, values = self._asked(wanted)
        query = sql.SQL(" ").join([sql.SQL(_COUNTED), *conditions])
        counted: int = (await self._tx.run(query, values))[0]["entries"]
        return counted

    def _asked(self, wanted: Wanted) -> tuple[list[sql.Composable], dict[str, Any]]:
        """The conditions of a search, and the values that they name."""
        conditions: list[sql.Composable] = []
        values = dict(self._scope)
        for column in ("actor", "action", "resource", "run_id"):
            value = getattr(wanted, column)
            if value is not None:
                prefix = column == "action" and str(value).endswith(".")
                test = "and starts_with(e.{}, {})" if prefix else "and e.{} = {}"
                conditions.append(sql.SQL(test).format(sql.Identifier(column), sql.Placeholder(column)))
                values[column] = str(value)
        if wanted.actions is not None:
            conditions.append(sql.SQL("and e.action = any(%(actions)s)"))
            values["actions"] = list(wanted.actions)
        if wanted.since is not None:
            conditions.append(sql.SQL("and c.recorded_at >= %(since)s"))
            values["since"] = wanted.since
        if wanted.until is not None:
            conditions.append(sql.SQL("and c.recorded_at < %(until)s"))
            values["until"] = wanted.until
        if wanted.text is not None:
            conditions.append(sql.SQL("and position(lower(%(text)s::text) in lower(e.body)) > 0"))
            values["text"] = wanted.text
        return conditions, values

    async def list_from(self, seq: int, *, limit: int) -> list[Row]:
        """Rows of the chain from `seq` on with their entries (`entry_seq` is null where one is gone)."""
        query = f"{_JOINED} and c.seq >= %(seq)s order by c.seq limit %(limit)s"
        return await self._tx.run(query, self._scope | {"seq": seq, "limit": limit})

    async def list_links(self, seq: int, *, last: int, limit: int) -> Sequence[Link]:
        """Links from `seq` up to `last`, without their entries."""
        query = f"{_LINKS} and c.seq between %(seq)s and %(last)s order by c.seq limit %(limit)s"
        found = await self._tx.run(query, self._scope | {"seq": seq, "last": last, "limit": limit})
        return [_link(row) for row in found]

    async def list_full(self, *, after: int, before: datetime, limit: int) -> Sequence[Stored]:
        """Entries behind `after` that were recorded before then and are not blanked."""
        query = (
            f"{_JOINED} and c.seq > %(after)s and c.recorded_at < %(before)s and e.body is not null"
            " order by c.seq limit %(limit)s"
        )
        values = self._scope | {"after": after, "before": before, "limit": limit}
        return [_stored(row) for row in await self._tx.run(query, values)]

    async def list_by_action(self, action: str) -> Sequence[Stored]:
        """Every entry of that action."""
        query = f"{_JOINED} and e.action = %(action)s order by c.seq"
        return [_stored(row) for row in await self._tx.run(query, self._scope | {"action": action})]

    async def count_of(self, actor: str) -> list[Row]:
        """What one actor did, counted: `action`, `entries`, `first_at`, `last_at`."""
        query = (
            "select e.action, count(*)::int as entries, min(c.recorded_at) as first_at, max(c.recorded_at) as last_at"
            " from compliance.audit_entries e join compliance.audit_chain c on c.tenant_id = e.tenant_id"
            " and c.seq = e.seq where e.tenant_id = %(tenant)s and e.actor = %(actor)s group by 1 order by 1"
        )
        return await self._tx.run(query, self._scope | {"actor": actor})

    async def count_actions(self) -> list[Row]:
        """How many entries of each `action` there are: `entries`."""
        query = (
            "select action, count(*)::int as entries from compliance.audit_entries"
            " where tenant_id = %(tenant)s and body is not null group by 1 order by 1"
        )
        return await self._tx.run(query, self._scope)

    async def find_sealed(self, seq: int) -> Link | None:
        """The first sealed link from `seq` on."""
        query = _LINKS + " and c.seq >= %(seq)s and c.seal is not null order by c.seq limit 1"
        found = await self._tx.run(query, self._scope | {"seq": seq})
        return _link(found[0]) if found else None

    async def find_entry_beyond(self, seq: int) -> int | None:
        """The first entry after `seq`: one that has no link when `seq` is the chain's last."""
        query = "select min(seq) as seq from compliance.audit_entries where tenant_id = %(tenant)s and seq > %(seq)s"
        beyond: int | None = (await self._tx.run(query, self._scope | {"seq": seq}))[0]["seq"]
        return beyond

    async def blank(self, seqs: Sequence[int]) -> None:
        """Take salt and body away. A chained entry of the same transaction has to say so."""
        query = (
            "update compliance.audit_entries set salt = null, body = null"
            " where tenant_id = %(tenant)s and seq = any(%(seqs)s)"
        )
        await self._tx.run(query, self._scope | {"seqs": list(seqs)})


_PUT_ASIDE = (
    "insert into compliance.audit_pending (id, tenant_id, entry)"
    " select id, %(tenant)s, entry from unnest(%(id)s::uuid[], %(entry)s::text[]) as p(id, entry)"
)
_TAKE = (
    "delete from compliance.audit_pending where tenant_id = %(tenant)s and id in (select id"
    " from compliance.audit_pending where tenant_id = %(tenant)s order by id limit %(limit)s) returning id, entry"
)
_NUMBERS = "select source, last_number from compliance.audit_sources where tenant_id = %(tenant)s"
_ADD_LINKS = (
    "insert into compliance.audit_chain (tenant_id, seq, entry_sha256, prev, hash, recorded_at, seal)"
    " select %(tenant)s, * from unnest(%(seq)s::bigint[], %(entry_sha256)s::bytea[], %(prev)s::bytea[],"
    " %(hash)s::bytea[], %(recorded_at)s::timestamptz[], %(seal)s::bytea[])"
)
_ADD_ENTRIES = (
    "insert into compliance.audit_entries (tenant_id, seq, salt, body)"
    " select %(tenant)s, * from unnest(%(seq)s::bigint[], %(salt)s::bytea[], %(body)s::text[])"
)
_RAISE_NUMBERS = (
    "insert into compliance.audit_sources as s (tenant_id, source, last_number)"
    " select %(tenant)s, * from unnest(%(source)s::text[], %(number)s::bigint[])"
    " on conflict (tenant_id, source) do update set last_number = greatest(s.last_number, excluded.last_number)"
)


async def list_pending_tenants(tx: Transaction) -> Sequence[str]:
    """Tenants with entries that were put aside. Needs a system transaction."""
    return [
        row["tenant_id"] for row in await tx.run("select distinct tenant_id from compliance.audit_pending order by 1")
    ]


def _link(row: Row) -> Link:
    return Link(row["seq"], row["entry_sha256"], row["prev"], row["hash"], row["recorded_at"], row["seal"])


def _stored(row: Row) -> Stored:
    return Stored(_link(row), row["entry_seq"] is not None, row["salt"], row["body"])
