"""How long the queues are: what JetStream knows of each durable consumer, and the backlog, which is rows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from common.bus.connection import Bus
from common.bus.streams import DURABLES, STREAMS
from common.contracts.catalogue import CAPABILITIES
from common.db.work import Work
from common.errors import Unavailable
from nats.errors import Error as NatsError
from nats.js.api import ConsumerInfo

_BACKLOG: LiteralString = """
    select capability, count(*) as steps from orchestrator.ready_steps where sent_at is null group by capability
"""


@dataclass(frozen=True)
class Queue:
    """What waits for one reader, and what it is at."""

    name: str
    stream: str
    service: str
    backlog: int | None
    waiting: int
    under_way: int
    redelivered: int
    last_taken: datetime | None


async def list_queues(work: Work, bus: Bus) -> list[Queue]:
    """Every queue that its reader has opened, in the order they are declared.

    Raises `Unavailable` when NATS does not say how long they are.
    """
    try:
        asked = asyncio.gather(*(bus.js.consumers_info(str(stream.name)) for stream in STREAMS))
        found = {info.name: info for infos in await bus.unless_lost(asked) for info in infos}
    except (NatsError, TimeoutError, ConnectionError) as error:
        raise Unavailable("NATS does not say how long its queues are.") from error
    async with work.system() as tx:
        steps = {row["capability"]: row["steps"] for row in await tx.run(_BACKLOG)}
    backlog = {f"{one.service}-{one.verb}": steps.get(one.name, 0) for one in CAPABILITIES.values()}
    return [_queue(name, found[name], backlog.get(name)) for name in DURABLES if name in found]


def _queue(name: str, info: ConsumerInfo, backlog: int | None) -> Queue:
    return Queue(
        name=name,
        stream=info.stream_name,
        service=DURABLES[name].service,
        backlog=backlog,
        waiting=info.num_pending or 0,
        under_way=info.num_ack_pending or 0,
        redelivered=info.num_redelivered or 0,
        last_taken=info.delivered.last_active if info.delivered else None,
    )
