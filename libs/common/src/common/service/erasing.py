"""Hearing that a person is to be forgotten, doing it, and answering with an audit entry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing

from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from common.bus.connection import Bus
from common.bus.dead import bury
from common.bus.inbox import claim
from common.bus.streams import DURABLES
from common.bus.wire import read_header
from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.contracts.erasing import ERASED_ACTION, ErasureOrdered
from common.db.work import Transaction, Work
from common.errors import Invalid
from common.observability.logging import get_logger

log = get_logger(__name__)
_RETRY_SECONDS = 1

Forget = Callable[[Transaction, str], Awaitable[Mapping[str, int]]]
"""Blanks what a service keeps about a person, in the given transaction. → how much of what."""


class Forgetting:
    """Reads the durable `<service>-erasures`. A message that comes twice changes nothing the second time."""

    def __init__(self, work: Work, bus: Bus, *, forget: Forget, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._forget = forget
        self._clock = clock

    async def run(self) -> None:
        """Listen for ever."""
        durable = DURABLES[f"{self._work.service}-erasures"]
        async with aclosing(self._bus.deliveries(durable, batch=_ten)) as batches:
            async for messages in batches:
                for message in messages:
                    await self._take(message)

    async def _take(self, message: Msg) -> None:
        try:
            header = read_header(message.headers)
            order = ErasureOrdered.model_validate_json(message.data)
        except (Invalid, ValidationError) as error:
            await bury(self._work, message, reason=str(error))
            return
        try:
            async with self._work.transaction(header.tenant, in_loop=True) as tx:
                if await claim(tx, [header.id]):
                    counted = await self._forget(tx, order.user_id)
                    tx.audit(
                        AuditEntry(
                            actor=f"service:{self._work.service}",
                            action=ERASED_ACTION,
                            resource=f"erasure:{order.erasure_id}",
                            detail=dict(counted),
                            at=self._clock(),
                        )
                    )
        except (SQLAlchemyError, OSError) as error:
            # Nothing was changed, so nothing happened: it comes again.
            log.warning("erasure.not_done", erasure_id=str(order.erasure_id), error=repr(error))
            await message.nak(delay=_RETRY_SECONDS)
        else:
            await message.ack()


async def _ten() -> int:
    return 10
