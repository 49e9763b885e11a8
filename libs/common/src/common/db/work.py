"""The unit of work: the only thing in the suite that commits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import orjson
import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy import Connection as SessionConnection
from sqlalchemy import event, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from common import testing_points
from common.asking import current_asking, told_by
from common.contracts.audit import AuditEntry
from common.contracts.message import AUDIT_SUBJECT, Event
from common.contracts.values import Value
from common.db.audit import number_entries
from common.db.connection import Row, Sql, Statement, columns_of, of_service
from common.db.pool import Lent, Pool
from common.db.roles import TENANT_SETTING
from common.db.table import RuntimeTables
from common.ids import derived_id, new_id
from common.observability.masking import masked
from common.observability.tracing import current_traceparent

_BEGIN: Statement = ("begin", {})
_ENTER = (
    f"select set_config('role', %(role)s, true), set_config('{TENANT_SETTING}', %(tenant)s, true),"
    " set_config('synchronous_commit', %(commit)s, true)"
)
# Both SQLAlchemy's sessions and our own statements read JSON by this.
set_json_loads(orjson.loads)
_COMMIT: Statement = ("commit", {})
_FILL_OUTBOX: LiteralString = (
    "insert into {outbox} (id, tenant_id, run_id, subject, headers, body)"
    " select id, tenant_id, run_id, subject, headers::jsonb, body"
    " from unnest(%(id)s::uuid[], %(tenant_id)s::text[], %(run_id)s::uuid[], %(subject)s::text[],"
    " %(headers)s::text[], %(body)s::bytea[])"
    " with ordinality as m(id, tenant_id, run_id, subject, headers, body, place)"
    " order by place on conflict (id) do nothing"
)


class Transaction:
    """An open transaction of one tenant (or of the system). What it sends leaves only if it commits.

    `session` is for what is written in SQLAlchemy. The few paths that every step takes speak SQL through `run` and
    `run_all`: that costs a sixth of the processor time, and one round trip for any number of statements.
    """

    def __init__(
        self,
        lent: Lent,
        *,
        role: str,
        tenant: str,
        tables: RuntimeTables,
        opening: dict[SessionConnection, Transaction],
        lasting: bool = True,
    ) -> None:
        self.tenant = tenant
        self.tables = tables
        self._connection, self._raw = lent
        self._session: AsyncSession | None = None
        self._opening = opening
        self._scope: dict[str, str] | None = {"role": role, "tenant": tenant, "commit": "on" if lasting else "off"}
        """What the transaction begins with; it goes out together with the first statement."""
        self._outgoing: list[Row] = []
        self._last: list[Statement] = []
        self._filled: list[Row] = []
        self._entries: list[AuditEntry] = []
        self._recorded = False
        self._concluded = False
        self.kept: dict[type[Any], Any] = {}
        """What a module remembers for the length of this transaction, by a class of its own."""

    @property
    def session(self) -> AsyncSession:
        """The transaction for SQLAlchemy. Never commit it: the unit of work does."""
        if self._session is None:
            self._session = AsyncSession(self._connection, expire_on_commit=False)
            self._opening[self._session_connection] = self
        return self._session

    @property
    def _session_connection(self) -> SessionConnection:
        """The connection as the session's own code knows it."""
        connection = self._connection.sync_connection
        assert connection is not None, "the connection is open as long as the transaction is"
        return connection

    def begin_session(self, connection: SessionConnection) -> None:
        """Called by the engine when the session has begun: begin, if that was not done before."""
        if self._scope is not None:
            connection.exec_driver_sql(_ENTER, self._scope)
            self._scope = None

    async def run(self, statement: Sql, values: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of one statement, with `%(name)s` for values. Raises `DBAPIError` as a session would."""
        return (await self.run_all([(statement, values or {})]))[0]

    async def run_all(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """The rows of several statements, sent together. If one fails, none of them counts."""
        beginning = self._beginning()
        with as_sqlalchemy_raises():
            rows = await self._raw.exchange([*beginning, *statements])
        return rows[len(beginning) :]

    def _beginning(self) -> list[Statement]:
        """What goes before the next statement: nothing, if the transaction has begun."""
        scope, self._scope = self._scope, None
        return [_BEGIN, (_ENTER, scope)] if scope is not None else []

    def send(
        self,
        subject: str,
        body: Value | bytes,
        *,
        message_id: UUID | None = None,
        tenant: str | None = None,
        run: UUID | None = None,
        step: UUID | None = None,
        attempt: int | None = None,
        cause: UUID | None = None,
        at: datetime | None = None,
        traceparent: str | None = None,
    ) -> UUID:
        """Put a message into the outbox. A second message with the same id changes nothing. → its id.

        `body` may be the JSON itself, where it was written before. It goes on in the trace of `traceparent`, or the
        present one.
        """
        message_id = message_id or new_id()
        headers = {
            "ce-type": subject,
            "ce-tenant": tenant or self.tenant,
            "ce-run": run and str(run),
            "ce-step": step and str(step),
            "ce-attempt": attempt and str(attempt),
            "ce-cause": cause and str(cause),
            "ce-time": at and at.isoformat(),
            "traceparent": traceparent or current_traceparent(),
        }
        self._outgoing.append(
            {
                "id": message_id,
                "tenant_id": tenant or self.tenant,
                "run_id": run,
                "subject": subject,
                "headers": {name: value for name, value in headers.items() if value},
                "body": body if isinstance(body, bytes) else body.model_dump_json().encode(),
            }
        )
        return message_id

    def tell(self, event: Event, *, run: UUID | None = None, cause: UUID | None = None) -> UUID:
        """Tell the others a fact; the same fact of the same cause is told once."""
        message_id = derived_id(cause, event.subject, event.model_dump_json()) if cause else None
        return self.send(event.subject, event, message_id=message_id, run=run, cause=cause)

    def audit(self, entry: AuditEntry) -> None:
        """Put what was done here on compliance's record; it is told, and gets its number, only if this commits."""
        if not self.tenant:
            raise ValueError("an audit entry needs a tenant")
        self._entries.append(told_by(entry.model_copy(update={"detail": masked(entry.detail)})))
        self.note_recorded()

    def note_recorded(self) -> None:
        """What the present request did is on record if this commits: nothing else need say that it was answered."""
        self._recorded = True

    def run_last(self, statement: Sql, values: Mapping[str, Any]) -> None:
        """Run a statement together with the commit: it costs no round trip of its own, and its rows are not seen."""
        self._last.append((statement, values))

    async def flush(self) -> None:
        """Write what was sent into the outbox, to be seen by others when this commits."""
        await self._prepare()
        if filling := self._filling():
            await self.run_all(filling)

    async def conclude(self, statement: Sql, values: Mapping[str, Any]) -> list[Row]:
        """The rows of the last statement, which goes in one message with what was sent and the commit."""
        return (await self.conclude_all([(statement, values)]))[0]

    async def conclude_all(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """The rows of the last statements, in the same way."""
        return (await self._end(statements))[-len(statements) :]

    async def commit(self) -> list[Row]:
        """Write what was sent, and commit, if that was not done. → the outbox's new rows."""
        if not self._concluded:
            await self._end([])
        elif self._outgoing or self._last:
            raise RuntimeError("something was sent after the transaction was concluded")
        return self._filled

    async def _end(self, statements: Sequence[Statement]) -> list[list[Row]]:
        await self._prepare()
        testing_points.reached(f"{self.tables.outbox.schema}.before_commit")
        left = [*self._last, *self._filling(), *statements]
        rows: list[list[Row]] = []
        if left or self._scope is None:
            *rows, _ = await self.run_all([*left, _COMMIT])
        self._concluded = True
        if self._recorded and (asking := current_asking()):
            asking.recorded = True
        return rows

    async def _prepare(self) -> None:
        if self._session is not None:
            await self._session.flush()
        if self._entries:
            for entry in await number_entries(self, self._entries):
                self.send(AUDIT_SUBJECT, entry, run=entry.run_id, at=entry.at)
            self._entries = []

    def _filling(self) -> list[Statement]:
        """The statement that writes what was sent into the outbox, if anything was."""
        if not self._outgoing:
            return []
        columns = columns_of(self._outgoing)
        columns["headers"] = [orjson.dumps(headers).decode() for headers in columns["headers"]]
        self._filled += self._outgoing
        self._outgoing = []
        return [(of_service(_FILL_OUTBOX, str(self.tables.outbox.schema)), columns)]

    async def abandon(self) -> None:
        """Undo all of it; a connection that cannot even do that is thrown away."""
        try:
            async with asyncio.timeout(2):
                await self._raw.rollback()
        except Exception:
            await self._connection.invalidate()

    async def cut_off(self) -> None:
        """Undo all of it at once, for who was told to stop and may not wait: the server does it when we are gone."""
        self._raw.pgconn.finish()
        # Known to be gone, it is asked for nothing more: an error of its own would take the place of the stop.
        await self._connection.invalidate()

    async def close(self) -> None:
        """Let go of the session, if there was one."""
        if self._session is not None:
            self._opening.pop(self._session_connection, None)
            await self._session.close()


@contextmanager
def as_sqlalchemy_raises() -> Iterator[None]:
    """The driver's errors as SQLAlchemy's, so that callers know one kind."""
    try:
        yield
    except psycopg.IntegrityError as error:
        raise IntegrityError(None, None, error) from error
    except psycopg.errors.ProgramLimitExceeded as error:
        # PostgreSQL counts it to the troubles of operating it, and yet it is what was sent that is too large.
        raise DataError(None, None, error) from error
    except psycopg.OperationalError as error:
        raise OperationalError(None, None, error) from error
    except psycopg.ProgrammingError as error:
        raise ProgrammingError(None, None, error) from error
    except psycopg.Error as error:
        raise DBAPIError(None, None, error) from error


class Work:
    """Opens transactions. Each runs as `<service>_app` for one tenant, or as `<service>_system`."""

    def __init__(self, pool: Pool, *, service: str, tables: RuntimeTables, loops: Pool | None = None) -> None:
        self.service = service
        self.tables = tables
        self.outbox_filled = asyncio.Event()
        self.fresh: list[Row] = []
        """Rows of the outbox that this process committed, for its relay to send without looking them up."""
        self._pool = pool
        self._loops = loops or pool
        # One listener for an engine, and not one for each connection: making that takes as long as a statement.
        self._opening: dict[SessionConnection, Transaction] = {}
        for each in {self._pool, self._loops}:
            event.listen(each.engine.sync_engine, "begin", self._has_begun)

    def _has_begun(self, connection: SessionConnection) -> None:
        if (transaction := self._opening.pop(connection, None)) is not None:
            transaction.begin_session(connection)

    @asynccontextmanager
    async def transaction(self, tenant: str, *, in_loop: bool = False) -> AsyncIterator[Transaction]:
        """A transaction that sees and writes only `tenant`'s rows. Commits at the end, rolls back on any error.

        `in_loop`: on one of the connections that are kept for the service's own loops. A hundred callers at the door
        may use up the others, and what they started has to go on all the same.
        """
        if not tenant:
            raise ValueError("a tenant transaction needs a tenant")
        pool = self._loops if in_loop else self._pool
        async with self._open(f"{self.service}_app", tenant, pool) as transaction:
            yield transaction

    @asynccontextmanager
    async def system(self, *, lasting: bool = True) -> AsyncIterator[Transaction]:
        """A transaction over the transport tables of all tenants, for the loops in named modules.

        What is not `lasting` is seen by all once it has committed, but need not be on the disk: a crash of the server
        may undo it. That is for what is only noted to spare work, and is found out anew when it is gone.
        """
        async with self._open(f"{self.service}_system", "", self._loops, lasting=lasting) as transaction:
            yield transaction

    @asynccontextmanager
    async def _open(self, role: str, tenant: str, pool: Pool, *, lasting: bool = True) -> AsyncIterator[Transaction]:
        async with pool.lend() as lent:
            transaction = Transaction(
                lent, role=role, tenant=tenant, tables=self.tables, opening=self._opening, lasting=lasting
            )
            try:
                yield transaction
                fresh = await transaction.commit()
            except Exception:
                await transaction.abandon()
                raise
            except BaseException:
                await transaction.cut_off()
                raise
            finally:
                await transaction.close()
        if fresh:
            testing_points.reached(f"{self.service}.after_commit")
            self.fresh += fresh
            self.outbox_filled.set()

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        async with self._pool.lend() as lent:
            await lent.connection.execute(text("select 1"))
            await lent.connection.rollback()

    async def close(self) -> None:
        """Close the pools."""
        await self._pool.close()
        await self._loops.close()
