"""Three questions that tell a server that answers from one that only listens. Plain sockets, no client libraries."""

from __future__ import annotations

import asyncio
import struct
from urllib.parse import urlsplit

_PATIENCE_SECONDS = 2.0
_POSTGRES_PROTOCOL = 196_608


async def answers_http(url: str) -> bool:
    """Whether a GET of the URL is answered with 200 within two seconds."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    request = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode()
    reply = await _exchange(parts.hostname or "127.0.0.1", parts.port or 80, request, count=12)
    return reply.startswith(b"HTTP/1.") and reply[8:12] == b" 200"


async def answers_postgres(port: int, *, user: str, database: str) -> bool:
    """Whether PostgreSQL on this loopback port asks for a password, which it does only when it is open for work."""
    body = struct.pack("!i", _POSTGRES_PROTOCOL) + f"user\0{user}\0database\0{database}\0\0".encode()
    return await _exchange("127.0.0.1", port, struct.pack("!i", len(body) + 4) + body, count=1) == b"R"


async def answers_redis(port: int, *, password: str) -> bool:
    """Whether Redis on this loopback port takes the password and is done with loading its data."""
    reply = await _exchange("127.0.0.1", port, f"AUTH {password}\r\nPING\r\n".encode(), count=12)
    return reply == b"+OK\r\n+PONG\r\n"


async def _exchange(host: str, port: int, request: bytes, *, count: int) -> bytes:
    """The first `count` bytes of the reply; fewer, or none, when the other side is not there or closes."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(request)
                return await reader.readexactly(count)
            except asyncio.IncompleteReadError as exc:
                return exc.partial
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return b""
