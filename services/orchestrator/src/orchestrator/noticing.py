"""What compliance says to people about a run's gates goes into the run's history, and so to every socket that follows.

Reminders, escalations and mentions change nothing about where the run stands. Each names whom it is for; of an item
without a run there is no history, and the airlock's queue is where it is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from types import MappingProxyType

from common.bus.connection import Bus
from common.bus.dead import bury
from common.bus.inbox import claim
from common.bus.streams import DURABLES
from common.bus.wire import read_header
from common.clock import Clock
from common.contracts.gates import GateReminded
from common.contracts.message import Event, Header
from common.contracts.notes import UserMentioned
from common.db.work import Work
from common.errors import Invalid
from common.observability.logging import get_logger
from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from orchestrator.announcer import Announcer
from orchestrator.marginalia import note_in_history
from orchestrator.writes import Aftermath

log = get_logger(__name__)
_RETRY_SECONDS = 1
_KINDS: Mapping[str, type[Event]] = MappingProxyType(
    {GateReminded.subject: GateReminded, UserMentioned.subject: UserMentioned}
)


class Notices:
    """Hears them for ever, and writes each down once. Reads the durable `orchestrator-notices`."""

    def __init__(self, work: Work, bus: Bus, announcer: Announcer, *, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._announcer = announcer
        self._clock = clock

    async def run(self) -> None:
        """Listen for ever."""
        async with aclosing(self._bus.deliveries(DURABLES["orchestrator-notices"], batch=_ten)) as batches:
            async for messages in batches:
                for message in messages:
                    await self._take(message)

    async def _take(self, message: Msg) -> None:
        try:
            header = read_header(message.headers)
            fact = _KINDS[message.subject].model_validate_json(message.data)
        except (Invalid, ValidationError) as error:
            await bury(self._work, message, reason=str(error))
            return
        try:
            await self._note(header, fact)
        except (SQLAlchemyError, OSError) as error:
            log.warning("notice.not_noted", subject=message.subject, message_id=str(header.id), error=repr(error))
            await message.nak(delay=_RETRY_SECONDS)
        else:
            await message.ack()

    async def _note(self, header: Header, fact: Event) -> None:
        if header.run is None:
            return
        aftermath = Aftermath()
        async with self._work.transaction(header.tenant, in_loop=True) as tx:
            if await claim(tx, [header.id]):
                told = fact.model_dump(mode="json")
                aftermath.entries += await note_in_history(tx, header.run, _type_of(fact), told, at=self._clock())
        await self._announcer.tell(aftermath)


def _type_of(fact: Event) -> str:
    if isinstance(fact, GateReminded):
        return "gate.escalated" if fact.escalated else "gate.reminded"
    return "gate.mentioned"


async def _ten() -> int:
    return 10
