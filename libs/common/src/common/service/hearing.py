"""Hearing one kind of fact for ever, and noting each once in a transaction of its tenant. They may come late."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from common.bus.connection import Bus
from common.bus.dead import bury
from common.bus.inbox import claim
from common.bus.streams import DURABLES
from common.bus.wire import read_header
from common.contracts.message import Event
from common.db.work import Transaction, Work
from common.errors import Invalid
from common.observability.logging import get_logger

log = get_logger(__name__)
_RETRY_SECONDS = 1
Fact = TypeVar("Fact", bound=Event)


async def hear(
    work: Work, bus: Bus, kind: type[Fact], *, durable: str, note: Callable[[Transaction, Fact], Awaitable[None]]
) -> None:
    """Listen for ever by the service's durable of that name, such as `holds`. What cannot be read is a dead letter.

    What could not be noted, because the database was away, comes again.
    """

    async def take(message: Msg) -> None:
        try:
            header = read_header(message.headers)
            fact = kind.model_validate_json(message.data)
        except (Invalid, ValidationError) as error:
            await bury(work, message, reason=str(error))
            return
        try:
            async with work.transaction(header.tenant, in_loop=True) as tx:
                if await claim(tx, [header.id]):
                    await note(tx, fact)
        except (SQLAlchemyError, OSError) as error:
            log.warning("fact.not_noted", subject=kind.subject, message_id=str(header.id), error=repr(error))
            await message.nak(delay=_RETRY_SECONDS)
        else:
            await message.ack()

    async with aclosing(bus.deliveries(DURABLES[f"{work.service}-{durable}"], batch=_ten)) as batches:
        async for messages in batches:
            for message in messages:
                await take(message)


async def _ten() -> int:
    return 10
