"""The unit of work: the only thing in the suite that commits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from common import testing_points
from common.contracts.audit import AuditEntry
from common.contracts.message import AUDIT_SUBJECT, Event
from common.contracts.values import Value
from common.db.audit import number_entries
from common.db.roles import TENANT_SETTING
from common.db.table import RuntimeTables
from common.ids import derived_id, new_id
from common.observability.tracing import current_traceparent

_BEGIN = text(f"select set_config('role', :role, true), set_config('{TENANT_SETTING}', :tenant, true)")


class Transaction:
    """An open transaction of one tenant (or of the system). What it sends leaves only if it commits."""

    def __init__(self, session: AsyncSession, *, tenant: str, tables: RuntimeTables) -> None:
        self.session = session
        self.tenant = tenant
        self.tables = tables
        self._outgoing: list[dict[str, Any]] = []
        self._entries: list[AuditEntry] = []

    def send(
        self,
        subject: str,
        body: Value,
        *,
        message_id: UUID | None = None,
        tenant: str | None = None,
        run: UUID | None = None,
        step: UUID | None = None,
        attempt: int | None = None,
        cause: UUID | None = None,
        at: datetime | None = None,
    ) -> UUID:
        """Put a message into the outbox. A second message with the same id changes nothing. → its id."""
        message_id = message_id or new_id()
        headers = {
            "ce-type": subject,
            "ce-tenant": tenant or self.tenant,
            "ce-run": run and str(run),
            "ce-step": step and str(step),
            "ce-attempt": attempt and str(attempt),
            "ce-cause": cause and str(cause),
            "ce-time": at and at.isoformat(),
            "traceparent": current_traceparent(),
        }
        self._outgoing.append(
            {
                "id": message_id,
                "tenant_id": tenant or self.tenant,
                "run_id": run,
                "subject": subject,
                "headers": {name: value for name, value in headers.items() if value},
                "body": body.model_dump_json().encode(),
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
        self._entries.append(entry)

    async def flush(self) -> bool:
        """Write what was sent into the outbox. → whether there was anything."""
        await self.session.flush()
        if self._entries:
            counters = self.tables.audit_counters
            for entry in await number_entries(self.session, self._entries, tenant=self.tenant, counters=counters):
                self.send(AUDIT_SUBJECT, entry, run=entry.run_id, at=entry.at)
            self._entries = []
        if not self._outgoing:
            return False
        outbox = self.tables.outbox
        await self.session.execute(upsert(outbox).on_conflict_do_nothing(index_elements=["id"]), self._outgoing)
        self._outgoing = []
        return True


class Work:
    """Opens transactions. Each runs as `<service>_app` for one tenant, or as `<service>_system`."""

    def __init__(self, engine: AsyncEngine, *, service: str, tables: RuntimeTables) -> None:
        self.service = service
        self.tables = tables
        self.outbox_filled = asyncio.Event()
        self._engine = engine

    @asynccontextmanager
    async def transaction(self, tenant: str) -> AsyncIterator[Transaction]:
        """A transaction that sees and writes only `tenant`'s rows. Commits at the end, rolls back on any error."""
        if not tenant:
            raise ValueError("a tenant transaction needs a tenant")
        async with self._open(f"{self.service}_app", tenant) as transaction:
            yield transaction

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Transaction]:
        """A transaction over the transport tables of all tenants, for the loops in named modules."""
        async with self._open(f"{self.service}_system", "") as transaction:
            yield transaction

    @asynccontextmanager
    async def _open(self, role: str, tenant: str) -> AsyncIterator[Transaction]:
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            await session.execute(_BEGIN, {"role": role, "tenant": tenant})
            transaction = Transaction(session, tenant=tenant, tables=self.tables)
            yield transaction
            filled = await transaction.flush()
            testing_points.reached(f"{self.service}.before_commit")
            await session.commit()
            if filled:
                testing_points.reached(f"{self.service}.after_commit")
                self.outbox_filled.set()

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()
