"""Connections: one small pool a service."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from common.db.connection import Connection


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
