"""One NATS connection a service: it comes back by itself, declares what it needs, and never loses a message quietly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import PubAck
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from common.bus.delivery import Delivery
from common.bus.floors import StreamState
from common.bus.streams import STREAMS, Durable
from common.observability.logging import get_logger
from common.observability.metrics import BUS_CONNECTED

log = get_logger(__name__)
FETCH_SECONDS = 2.0
PUBLISH_SECONDS = 5.0
T = TypeVar("T")


class Bus:
    """What the runner, the relay and live events need from NATS."""

    def __init__(self, url: str, *, service: str) -> None:
        self.service = service
        self._url = url
        self._client: Client | None = None
        self._js: JetStreamContext | None = None
        self._declared: set[str] = set()
        self._epochs: dict[str, int] = {}
        self._disconnected = asyncio.Event()
        self.reconnected = asyncio.Event()
        """Set whenever the connection was made (again): what the streams hold may have changed."""

    async def connect(self) -> None:
        """Connect, waiting for as long as the server needs; declare the streams."""
        parts = urlsplit(self._url)
        host = f"nats://{parts.hostname}:{parts.port or 4222}"
        self._client = await nats.connect(
            host,
            user=parts.username,
            password=parts.password,
            name=self.service,
            inbox_prefix=f"_INBOX_{self.service}".encode(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,
            connect_timeout=2,
            allow_reconnect=True,
            # A publish during an outage fails instead of waiting in the client: the outbox is our buffer.
            pending_size=0,
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnect,
            reconnected_cb=self._on_reconnect,
        )
        self._js = self._client.jetstream(timeout=5)
        BUS_CONNECTED.labels(self.service).set(1)
        await self.declare_streams()
        self.reconnected.set()

    @property
    def connected(self) -> bool:
        """Whether the server is there right now."""
        return self._client is not None and self._client.is_connected

    @property
    def client(self) -> Client:
        """The NATS client, for core (unstored) messages."""
        if self._client is None:
            raise RuntimeError("the bus is not connected yet")
        return self._client

    @property
    def js(self) -> JetStreamContext:
        """JetStream, for stored messages."""
        if self._js is None:
            raise RuntimeError("the bus is not connected yet")
        return self._js

    async def declare_streams(self) -> None:
        """Make the streams that are missing and bring the others to their declared shape."""
        for stream in STREAMS:
            try:
                await self.js.add_stream(stream)
            except APIError as error:
                if error.err_code != 10058:  # "stream name already in use with a different configuration"
                    raise
                await self.js.update_stream(stream)
        self._declared.clear()

    async def stream_states(self) -> dict[str, StreamState]:
        """How each stream stands. One that is gone is declared again first."""
        try:
            return await self._stream_states()
        except NotFoundError:
            await self.declare_streams()
            return await self._stream_states()

    async def _stream_states(self) -> dict[str, StreamState]:
        names = [str(stream.name) for stream in STREAMS]
        return {name: StreamState.of(await self.js.stream_info(name)) for name in names}

    async def publish(self, subject: str, body: bytes, *, headers: dict[str, str]) -> PubAck:
        """Publish to a stream and wait for its acknowledgement."""
        return await self.js.publish(subject, body, headers=headers, timeout=PUBLISH_SECONDS)

    async def unless_lost(self, answers: Awaitable[T]) -> T:
        """What is awaited from the server. Raises `ConnectionError` as soon as the connection is lost meanwhile.

        A server that died never answers what it was asked, and nobody should wait for it longer than until then.
        """
        asked = asyncio.ensure_future(answers)
        lost = asyncio.ensure_future(self._disconnected.wait())
        try:
            await asyncio.wait({asked, lost}, return_when=asyncio.FIRST_COMPLETED)
            if asked.done():
                return asked.result()
            raise ConnectionError("the connection to NATS was lost")
        finally:
            # What is given up may still end in an error, which then concerns nobody.
            asked.add_done_callback(lambda given_up: given_up.cancelled() or given_up.exception())
            asked.cancel()
            lost.cancel()

    async def say(self, subject: str, body: bytes) -> None:
        """Publish a core message: whoever listens now may hear it, nobody else ever will."""
        if self.connected:
            with suppress(NatsError):
                await self.client.publish(subject, body)

    async def hear(self, subject: str, handle: Callable[[Msg], Awaitable[None]]) -> None:
        """Listen to core messages for as long as the connection lives."""
        await self.client.subscribe(subject, cb=handle)

    async def deliveries(
        self, durable: Durable, *, batch: Callable[[], Awaitable[int]]
    ) -> AsyncGenerator[list[Msg], None]:
        """Batches from a durable consumer, for ever. Outages and lost streams are waited out and declared again.

        `batch` says how many messages are wanted now (it may wait until there is room). Close the iterator when done.
        """
        subscription: Any = None
        try:
            while True:
                wanted = await batch()
                try:
                    if subscription is None or durable.name not in self._declared:
                        await _drop(subscription)
                        subscription = None
                        await self._declare_consumer(durable)
                        subscription = await self.js.pull_subscribe_bind(durable.name, durable.stream)
                    epoch = self._epochs[durable.name]
                    fetched = await self.unless_lost(subscription.fetch(wanted, timeout=FETCH_SECONDS))
                    yield [Delivery.of(one, is_stale=partial(self._is_past, durable.name, epoch)) for one in fetched]
                except (TimeoutError, nats.errors.TimeoutError):
                    if not self.connected:
                        await asyncio.sleep(0.1)
                except (NotFoundError, ServiceUnavailableError, NatsError, ConnectionError) as error:
                    log.warning("bus.fetch_failed", durable=durable.name, error=repr(error))
                    await _drop(subscription)
                    subscription = None
                    self._declared.discard(durable.name)
                    await asyncio.sleep(0.25)
        finally:
            # A request that is still out would be given the next message, which nobody here would ever look at.
            await _drop(subscription)

    async def _declare_consumer(self, durable: Durable) -> None:
        try:
            await self.js.add_consumer(durable.stream, durable.config())
        except NotFoundError:
            await self.declare_streams()
            await self.js.add_consumer(durable.stream, durable.config())
        self._declared.add(durable.name)
        self._epochs[durable.name] = self._epochs.get(durable.name, 0) + 1

    def _is_past(self, durable: str, epoch: int) -> bool:
        """Whether a consumer was, or has to be, declared again since then."""
        return durable not in self._declared or self._epochs[durable] != epoch

    async def ping(self) -> None:
        """Raises when JetStream does not answer."""
        if not self.connected:
            raise ConnectionError("not connected to NATS")
        await self.js.stream_info(str(STREAMS[0].name))

    async def close(self) -> None:
        """Close the connection. Unacknowledged messages come back to whoever asks next."""
        BUS_CONNECTED.labels(self.service).set(0)
        if self._client is not None:
            await self._client.close()

    async def _on_error(self, error: Exception) -> None:
        log.warning("bus.error", error=repr(error))

    async def _on_disconnect(self) -> None:
        BUS_CONNECTED.labels(self.service).set(0)
        self._disconnected.set()

    async def _on_reconnect(self) -> None:
        BUS_CONNECTED.labels(self.service).set(1)
        self._declared.clear()
        self._disconnected.clear()
        self.reconnected.set()


async def _drop(subscription: Any) -> None:
    if subscription is not None:
        with suppress(NatsError):
            await subscription.unsubscribe()
