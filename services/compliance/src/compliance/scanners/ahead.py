"""Looking at a film's pieces while others are rendered, and at the film as soon as its bytes are final.

A gate that opens later finds the facts there.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from common.bus.connection import Bus
from common.bus.dead import bury
from common.bus.streams import DURABLES
from common.bus.wire import read_header
from common.contracts.editing import FilmJoined, PieceMade
from common.db.work import Work
from common.errors import Invalid
from common.observability.logging import get_logger
from nats.aio.msg import Msg
from pydantic import ValidationError

from compliance.scanners.scanning import Scans

log = get_logger(__name__)
AT_ONCE = 16
"""Films and pieces that are scanned ahead or wait for it; of what comes then nothing is taken until one is done."""


class Ahead:
    """Reads the durable `compliance-films`. What is lost here costs time and nothing else: the gate looks itself."""

    def __init__(self, work: Work, bus: Bus, *, scans: Scans) -> None:
        self._work = work
        self._bus = bus
        self._scans = scans
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
            shape = PieceMade if message.subject == PieceMade.subject else FilmJoined
            fact = shape.model_validate_json(message.data)
        except (Invalid, ValidationError) as error:
            await bury(self._work, message, reason=str(error))
            return
        task = asyncio.create_task(self._look(tenant, fact))
        self._scanning.add(task)
        task.add_done_callback(self._scanning.discard)
        await message.ack()

    async def _look(self, tenant: str, fact: PieceMade | FilmJoined) -> None:
        try:
            if isinstance(fact, PieceMade):
                await self._scans.see(tenant, fact.piece)
            else:
                await self._scans.scan(tenant, fact.video, pieces=fact.pieces)
        except Exception:
            # Nobody waits for this scan; whoever needs the facts scans again and is told what is wrong.
            log.exception("scan.ahead_failed", subject=fact.subject)
