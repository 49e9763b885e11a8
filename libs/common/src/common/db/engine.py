"""Connections: one small pool a service."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


class Connection(psycopg.AsyncConnection[Any]):
    """A connection that is closed when nobody has it any more.

    SQLAlchemy asks a new pool's first connection about its server. Who is cancelled in the middle of that loses it.
    """

    def __del__(self, *_: object) -> None:
        if hasattr(self, "pgconn"):
            self.pgconn.finish()


def create_engine(url: str, *, service: str, pool_size: int = 10, overflow: int = 0) -> AsyncEngine:
    """A pool of up to `pool_size` connections, made when they are needed; waiting for one is bounded to 10 s.

    Connections come back empty: the tenant and role of a transaction end with it. `Work` finds out by its first
    statement whether one is still good, so the pool does not ask.
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=10,
        connect_args={
            "application_name": f"greenlight-{service}",
            "connect_timeout": 5,
            "async_creator_fn": Connection.connect,
        },
    )
