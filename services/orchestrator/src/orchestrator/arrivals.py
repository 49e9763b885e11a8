"""What arrives from the bus: answers, decisions and signals, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime

from common.bus.connection import Bus
from common.bus.dead import bury
from common.bus.streams import DURABLES
from common.bus.wire import read_header
from common.clock import Clock
from common.contracts.dead import Death
from common.contracts.gates import GateDecided, GateReopened
from common.contracts.message import SIGNAL_SUBJECT, Finished, Header, Signal
from common.db.work import Work
from common.errors import Invalid
from common.observability.logging import get_logger
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from orchestrator.announcer import Announcer
from orchestrator.engine.happenings import Answered, Decided, Happening, Reopened, Signalled
from orchestrator.transitions import Happened, Transitions

log = get_logger(__name__)
BATCH = 200
_TRIES = 8
_ALSO_WITHOUT_RUN = frozenset({GateDecided.subject, GateReopened.subject})
Delivery = tuple[Msg, Header, Happening]


class Arrivals:
    """Takes messages off the bus and applies them, one transaction for a tenant's part of a batch."""

    def __init__(self, work: Work, bus: Bus, transitions: Transitions, announcer: Announcer, *, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock

    async def answers(self) -> None:
        """Consume answers and decisions for ever."""
        await self._consume("orchestrator-answers")

    async def signals(self) -> None:
        """Consume signals for ever."""
        await self._consume("orchestrator-signal")

    async def _consume(self, durable: str) -> None:
        async with aclosing(self._bus.deliveries(DURABLES[durable], batch=_whole_batch)) as batches:
            async for messages in batches:
                await self._sort(messages)

    async def _sort(self, messages: Sequence[Msg]) -> None:
        by_tenant: dict[str, list[Delivery]] = defaultdict(list)
        for message in messages:
            if (delivery := await self._read(message)) is not None:
                by_tenant[delivery[1].tenant].append(delivery)
        for tenant, deliveries in by_tenant.items():
            await self._take(tenant, deliveries)

    async def _read(self, message: Msg) -> Delivery | None:
        try:
            header = read_header(message.headers)
            if header.run is None and message.subject in _ALSO_WITHOUT_RUN:
                # Content of no run was decided; whoever held it reads the airlock.
                await message.ack()
                return None
            return message, header, happening_of(message.subject, header, message.data, at=self._clock())
        except (Invalid, ValidationError) as error:
            await bury(self._work, message, reason=str(error))
            return None

    async def _take(self, tenant: str, deliveries: Sequence[Delivery]) -> None:
        """Apply a tenant's part of a batch; if that fails, one by one, so that one bad message stops no other."""
        try:
            await self._apply(tenant, deliveries)
        except (OperationalError, InterfaceError, PoolTimeout, NatsError, OSError) as error:
            # The database or the server is away. What the database refuses to store is the message's own trouble.
            log.warning("arrivals.unrecorded", error=repr(error))
            await _nak(deliveries)
        except Exception as error:
            if len(deliveries) == 1:
                await self._give_up(*deliveries[0], error)
                return
            for delivery in deliveries:
                await self._take(tenant, [delivery])

    async def _give_up(self, message: Msg, header: Header, happening: Happening, error: Exception) -> None:
        """A message that the engine breaks on comes back a few times, in case its run was in an odd moment."""
        log.exception("arrivals.broke", message_id=str(header.id), kind=type(happening).__name__, error=repr(error))
        if message.metadata.num_delivered < _TRIES:
            await _nak([(message, header, happening)])
        else:
            await bury(self._work, message, code=Death.BROKE, reason=repr(error))

    async def _apply(self, tenant: str, deliveries: Sequence[Delivery]) -> None:
        happened = [
            Happened(header.run, happening, message=header.id)
            for _, header, happening in deliveries
            if header.run is not None
        ]
        async with self._work.transaction(tenant, in_loop=True) as tx:
            aftermath = await self._transitions.apply(tx, happened, unread=True)
        await self._announcer.tell(aftermath)
        for message, _, _ in deliveries:
            await message.ack()


def happening_of(subject: str, header: Header, data: bytes, *, at: datetime) -> Happening:
    """What a message tells. Raises `Invalid` or `ValidationError` when that cannot be read."""
    if header.run is None:
        raise Invalid(f"a message on {subject} names no run")
    if subject == GateDecided.subject:
        decided = GateDecided.model_validate_json(data)
        return Decided(at=at, **decided.model_dump(exclude={"gate"}))
    if subject == GateReopened.subject:
        reopened = GateReopened.model_validate_json(data)
        changes = [change.model_dump(mode="json") for change in reopened.changes]
        return Reopened(at=at, item_id=reopened.item_id, cause=reopened.cause, actor=reopened.actor, changes=changes)
    if subject == SIGNAL_SUBJECT:
        signal = Signal.model_validate_json(data)
        return Signalled(at=at, handle=signal.handle, payload=signal.payload)
    if header.step is None or header.attempt is None:
        raise Invalid(f"an answer on {subject} names no step or no attempt")
    finished = Finished.model_validate_json(data)
    return Answered(at=at, step_id=header.step, attempt=header.attempt, finished=finished)


async def _nak(deliveries: Sequence[Delivery]) -> None:
    for message, _, _ in deliveries:
        try:
            await message.nak(delay=1)
        except NatsError as error:
            log.warning("arrivals.nak_failed", error=repr(error))


async def _whole_batch() -> int:
    return BATCH
