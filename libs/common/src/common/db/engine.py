"""Connections: one small pool a service."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def create_engine(url: str, *, service: str, pool_size: int = 5, overflow: int = 10) -> AsyncEngine:
    """A pool of `pool_size` connections that may grow by `overflow`; waiting for one is bounded to 10 s.

    Connections come back empty: the tenant and role of a transaction end with it.
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={"application_name": f"greenlight-{service}", "connect_timeout": 5},
    )
