"""How far everybody has handled a stream: what a lost store need not be filled with again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StreamInfo

from common.bus.streams import DURABLES, STREAMS

WORK_QUEUES = {str(stream.name) for stream in STREAMS if stream.retention is RetentionPolicy.WORK_QUEUE}
FULL = 0.9


@dataclass(frozen=True)
class StreamState:
    """A stream at some moment. Its incarnation is the instant it was created."""

    incarnation: str
    first_seq: int
    last_seq: int
    is_full: bool = False
    """Whatever is added makes it forget something else."""

    @classmethod
    def of(cls, info: StreamInfo) -> StreamState:
        """What JetStream reports."""
        incarnation = info.created.isoformat() if info.created else ""
        room = info.config.max_bytes or 0
        is_full = 0 < FULL * room < info.state.bytes
        return cls(incarnation, info.state.first_seq, info.state.last_seq, is_full)


async def handled_by_all(js: JetStreamContext, known: Mapping[str, StreamState]) -> dict[str, int]:
    """For each stream that keeps what was handled: up to which sequence each of its consumers has acknowledged.

    `known` is what the streams were before; it holds only if they are still the same incarnations after. What cannot
    be found out is 0, which leads to nothing but more work.
    """
    return {
        stream: min([await _handled(js, stream, name, state) for name in _readers(stream)], default=0)
        for stream, state in known.items()
        if stream not in WORK_QUEUES
    }


def floors(
    before: Mapping[str, StreamState], after: Mapping[str, StreamState], handled: Mapping[str, int]
) -> dict[str, int]:
    """For each stream that is still the same: up to which sequence nobody needs it any more."""
    return {
        # A work queue forgets what was acknowledged.
        stream: state.first_seq - 1 if stream in WORK_QUEUES else handled.get(stream, 0)
        for stream, state in after.items()
        if stream in before and before[stream].incarnation == state.incarnation
    }


def _readers(stream: str) -> list[str]:
    return [durable.name for durable in DURABLES.values() if durable.stream == stream]


async def _handled(js: JetStreamContext, stream: str, durable: str, state: StreamState) -> int:
    try:
        found = await js.consumer_info(stream, durable)
    except (NatsError, TimeoutError):
        return 0
    if not found.num_pending and not found.num_ack_pending:
        return state.last_seq
    return found.ack_floor.stream_seq if found.ack_floor else 0
