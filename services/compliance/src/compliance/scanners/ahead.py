"""Scanning a film as soon as its bytes are final, so that a gate that opens later finds the facts there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from typing import Any

from common.bus.connection import Bus
from common.bus.dead import bury
from common.bus.streams import DURABLES
from common.bus.wire import read_header
from common.contracts.editing import FilmJoined
from common.contracts.values import ArtifactRef
from common.db.work import Work
from common.errors import Invalid
from common.observability.logging import get_logger
from nats.aio.msg import Msg
from pydantic import ValidationError

log = get_logger(__name__)
AT_ONCE = 4
"""Films that are scanned ahead or wait for it; of what comes then nothing is taken until one of them is done."""

Scan = Callable[[str, ArtifactRef], Coroutine[Any, Any, object]]


class Ahead:
    """Reads the durable `compliance-films`. What is lost here costs time and nothing else: the gate looks itself."""

    def __init__(self, work: Work, bus: Bus, *, scan: Scan) -> None:
        self._work = work
        self._bus = bus
        self._scan = scan
        self._scanning: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Scan ahead for ever."""
        try:
            async with aclosing(self._bus.deliveries(DURABLES["compliance-films"], batch=self._room)) as batches:
                async for messages in batches:
                    for message in messages:
                        await self._take(message)
        finally:
            for task in self._scanning:
                task.cancel()

    async def _room(self) -> int:
        """How many more may be taken; waits until it is at least one."""
        while len(self._scanning) >= AT_ONCE:
            await asyncio.wait(self._scanning, return_when=asyncio.FIRST_COMPLETED)
        return AT_ONCE - len(self._scanning)

    async def _take(self, message: Msg) -> None:
        try:
            tenant = read_header(message.headers).tenant
            fact = FilmJoined.model_validate_json(message.data)
        except (Invalid, ValidationError) as error:
            await bury(self._work, message, reason=str(error))
            return
        task = asyncio.create_task(self._look(tenant, fact.video))
        self._scanning.add(task)
        task.add_done_callback(self._scanning.discard)
        await message.ack()

    async def _look(self, tenant: str, video: ArtifactRef) -> None:
        try:
            await self._scan(tenant, video)
        except Exception:
            # Nobody waits for this scan; whoever needs the facts scans again and is told what is wrong.
            log.exception("scan.ahead_failed", sha256=video.sha256)
