"""Connections: one small pool a service."""

from __future__ import annotations

import asyncio
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple, cast

from psycopg.pq import TransactionStatus
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from common.db.connection import Connection

WAIT_SECONDS = 10.0


class Lent(NamedTuple):
    """A connection, as SQLAlchemy's sessions take it and as it is."""

    connection: AsyncConnection
    raw: Connection

    @property
    def is_clean(self) -> bool:
        """Whether whoever comes next finds nothing of who had it: tenant and role end with the transaction."""
        idle = not self.raw.closed and self.raw.pgconn.transaction_status == TransactionStatus.IDLE
        return idle and not self.connection.invalidated and not self.connection.in_transaction()


class Pool:
    """Up to `size` connections, made when they are needed, and lent to one transaction at a time.

    SQLAlchemy makes them and has a pool of its own. Through that, taking one and giving it back is three changes of
    greenlet and takes as long as a statement, so ours are kept as SQLAlchemy's sessions take them.
    """

    def __init__(self, url: str, *, service: str, size: int = 10) -> None:
        self.engine = create_async_engine(
            url,
            poolclass=NullPool,
            connect_args={
                "application_name": f"greenlight-{service}",
                "connect_timeout": 5,
                "async_creator_fn": Connection.connect,
            },
        )
        self._room = asyncio.Semaphore(size)
        self._kept: list[Lent] = []
        self._closed = False

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Lent]:
        """A connection that is good; after a restart of the server those that were kept are not.

        Raises SQLAlchemy's `TimeoutError` when none is free for `WAIT_SECONDS`.
        """
        await self._enter()
        try:
            lent = await self._kept_one() or await self._new()
            try:
                yield lent
            finally:
                if lent.is_clean and not self._closed:
                    self._kept.append(lent)
                else:
                    await lent.connection.close()
        finally:
            self._room.release()

    async def close(self) -> None:
        """Close the connections; one that is lent is closed when it comes back."""
        self._closed = True
        while self._kept:
            await self._kept.pop().connection.close()
        await self.engine.dispose()

    async def _enter(self) -> None:
        if not self._room.locked():
            await self._room.acquire()
            return
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._room.acquire()
        except TimeoutError:
            raise PoolTimeout(f"no connection was free for {WAIT_SECONDS:g} s") from None

    async def _kept_one(self) -> Lent | None:
        while self._kept:
            lent = self._kept.pop()
            if not _is_stale(lent.raw):
                return lent
            await lent.connection.invalidate()
            await lent.connection.close()
        return None

    async def _new(self) -> Lent:
        connection = await self.engine.connect()
        return Lent(connection, cast(Connection, (await connection.get_raw_connection()).driver_connection))


def _is_stale(raw: Connection) -> bool:
    """Whether the server has closed an idle connection: there is something to read, and it can only be the end."""
    if raw.closed:
        return True
    poll = select.poll()
    poll.register(raw.fileno(), select.POLLIN)
    return bool(poll.poll(0))
