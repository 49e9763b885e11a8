"""A connection on which any number of statements are one message to PostgreSQL, and one answer.

psycopg's own pipeline sends each statement by itself, and waits for BEGIN, for COMMIT and once more at its end: a claim
was four round trips and eight writes, and is one of each. It is libpq's pipeline mode all the same, spoken through
psycopg's `pq` (https://www.postgresql.org/docs/current/libpq-pipeline-mode.html).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache, partial
from hashlib import blake2b
from string import Formatter
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.abc import PQGen
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

Sql = LiteralString | sql.Composed
Statement = tuple[Sql, Mapping[str, Any]]
Row = dict[str, Any]
PREPARED_AT_MOST = 500
"""Statements beyond that are planned each time; the suite has some three hundred."""
_NAMED = re.compile(r"%(?:\((\w+)\)s|(%))")


class Connection(psycopg.AsyncConnection[Any]):
    """A connection that is closed when nobody has it any more.

    SQLAlchemy asks a new pool's first connection about its server. Who is cancelled in the middle of that loses it.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._known: set[bytes] = set()
        """The names of what this connection's server has prepared."""
        self._loading = Transformer(self)

    def __del__(self, *_: object) -> None:
        if hasattr(self, "pgconn"):
            self.pgconn.finish()

    def _deallocate(self, name: bytes | None) -> PQGen[None]:
        # After a rollback psycopg lets the server forget everything that was prepared, and so ours.
        if name is None:
            self._known.clear()
        return super()._deallocate(name)

    async def exchange(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """Send statements (`%(name)s` stands for a value) in one message. → the rows of each.

        Raises the first error of psycopg's that the server answers; what stands behind it was not done. Who is stopped
        while waiting loses the connection, because nobody would read what is still to come.
        """
        queries = [_read_statement(statement) for statement, _ in statements]
        dumped = [query.dump(values) for query, (_, values) in zip(queries, statements, strict=True)]
        async with self.lock:
            try:
                self.pgconn.enter_pipeline_mode()
                prepared = [self._send(*one) for one in zip(queries, dumped, strict=True)]
                self.pgconn.pipeline_sync()
                await _write(self.pgconn)
                results = await _read(self.pgconn)
                self.pgconn.exit_pipeline_mode()
            except BaseException:
                self.pgconn.finish()
                raise
            return self._taken(results, list(zip(queries, prepared, strict=True)))

    def _send(self, query: _Query, values: Sequence[bytes | None]) -> bool:
        """→ whether it is prepared first, which has a result of its own."""
        known = query.name in self._known
        if not known and len(self._known) >= PREPARED_AT_MOST:
            self.pgconn.send_query_params(query.text, values)
            return False
        if not known:
            self.pgconn.send_prepare(query.name, query.text)
            self._known.add(query.name)
        self.pgconn.send_query_prepared(query.name, values)
        return not known

    def _taken(self, results: Sequence[PGresult], asked: Sequence[tuple[_Query, bool]]) -> list[list[Row]]:
        """`asked`: each query, and whether it was prepared first."""
        each = iter(results)
        rows = []
        unsure = {query.name for query, first in asked if first}
        try:
            for query, first in asked:
                if first:
                    self._check(next(each))
                    unsure.discard(query.name)
                rows.append(self._rows(self._check(next(each))))
        finally:
            self._known -= unsure
        return rows

    def _check(self, result: PGresult) -> PGresult:
        if result.status == ExecStatus.FATAL_ERROR:
            error = error_from_result(result, encoding=self.info.encoding)
            if isinstance(error, psycopg.errors.FeatureNotSupported | psycopg.errors.InvalidSqlStatementName):
                # A migration has outdated what was prepared; the next connection prepares it anew.
                self.pgconn.finish()
            raise error
        if result.command_status == b"ROLLBACK":
            raise psycopg.InternalError("a statement of the transaction had failed, so nothing of it was committed")
        return result

    def _rows(self, result: PGresult) -> list[Row]:
        if result.status != ExecStatus.TUPLES_OK:
            return []
        names = [(result.fname(place) or b"").decode() for place in range(result.nfields)]
        self._loading.set_pgresult(result)
        return self._loading.load_rows(0, result.ntuples, lambda values: dict(zip(names, values, strict=True)))


@cache
def of_service(statement: LiteralString, service: str) -> LiteralString:
    """The statement with `{table}` for a table of this service."""
    tables = {name for _, name, _, _ in Formatter().parse(statement) if name}
    return sql.SQL(statement).format(**{name: sql.Identifier(service, name) for name in tables}).as_string()


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows as one list for each of their columns, which is how a statement takes many at once."""
    return {name: [row[name] for row in rows] for name in rows[0]}


@dataclass(frozen=True)
class _Query:
    """A statement as the server reads it: `$1` for the first of the `names`."""

    name: bytes
    text: bytes
    names: tuple[str, ...]

    def dump(self, values: Mapping[str, Any]) -> list[bytes | None]:
        """Its values in their places."""
        return [None if values[name] is None else _dump(values[name]) for name in self.names]


def _read_statement(statement: Sql) -> _Query:
    return _read_names(statement if isinstance(statement, str) else statement.as_string(None))


@lru_cache(maxsize=2000)
def _read_names(text: str) -> _Query:
    places: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return "%" if found[2] else f"${places.setdefault(found[1], len(places) + 1)}"

    read = _NAMED.sub(numbered, text).encode()
    return _Query(b"greenlight_" + blake2b(read, digest_size=12).hexdigest().encode(), read, tuple(places))


def _dump(value: Any) -> bytes:
    """A value in PostgreSQL's text format; of what type it is, the statement says."""
    match value:
        case str():
            if "\0" in value:
                raise psycopg.DataError("PostgreSQL has no zero character in a text")
            return value.encode()
        case list() | tuple() | set() | frozenset():
            return b"{" + b",".join(_member(member) for member in value) + b"}"
        case bytes():
            return b"\\x" + value.hex().encode()
        case timedelta():
            return f"{value.total_seconds()} seconds".encode()
        case UUID() | int() | float() | Decimal() | date():
            return str(value).encode()
        case _:
            raise TypeError(f"{type(value).__name__} cannot be a value of a statement")


def _member(value: Any) -> bytes:
    """A member of an array: quoted, so that no sign in it means anything."""
    if value is None:
        return b"null"
    return b'"' + _dump(value).replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


async def _write(pgconn: PGconn) -> None:
    while pgconn.flush():
        # The server may be answering already, and would wait for us to read before it reads on.
        await _ready(pgconn, writable=True)
        pgconn.consume_input()


async def _read(pgconn: PGconn) -> list[PGresult]:
    """All results up to the end of the pipeline."""
    results: list[PGresult] = []
    while True:
        while pgconn.is_busy():
            await _ready(pgconn)
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            # That is how the results of one statement end, and all there is to say once the connection is lost.
            if pgconn.status == ConnStatus.BAD:
                raise psycopg.OperationalError("the connection to PostgreSQL was lost")
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)


async def _ready(pgconn: PGconn, *, writable: bool = False) -> None:
    """Wait until there is something to read, or room to write."""
    loop, socket = asyncio.get_running_loop(), pgconn.socket
    ready = loop.create_future()
    wake = partial(_wake, ready)
    loop.add_reader(socket, wake)
    if writable:
        loop.add_writer(socket, wake)
    try:
        await ready
    finally:
        loop.remove_reader(socket)
        if writable:
            loop.remove_writer(socket)


def _wake(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
