"""Every stream, every durable consumer and who may publish what, declared in one place.

JetStream is transport: PostgreSQL can fill these streams again, so they are kept for days, not for ever. Only an order
waits until somebody takes it: a service may be away for longer than the outbox remembers it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)

from common.contracts.catalogue import CAPABILITIES, SERVICES
from common.contracts.dead import DEAD_SUBJECTS
from common.contracts.editing import FilmJoined, PieceMade
from common.contracts.erasing import ErasureOrdered, RunForgotten
from common.contracts.gates import GateDecided, GateReminded, GateReopened, GateWithdrawn
from common.contracts.holding import HoldChanged
from common.contracts.message import AUDIT_SUBJECT, SIGNAL_SUBJECT
from common.contracts.notes import UserMentioned
from common.contracts.safety import ContentViolated
from common.contracts.sharing import RunShared

COMMANDS, EVENTS, DEAD = "COMMANDS", "EVENTS", "DEAD"
_DAY = 24 * 3600.0

ACK_WAIT_SECONDS = 4.0
"""How soon another worker gets a message whose worker died; the runner says "in progress" three times as often."""

_QUICK_SECONDS = 2.0
"""The same for what takes milliseconds to handle. One that comes again while it is handled is known by the inbox."""

FORGETFUL = ("orchestrator", "identity")
"""Services that keep something about people and hear of erasures; compliance orders them."""

REMEMBERING = ("compliance", "ideation", "knowledge", "producer")
"""Services that keep what was written for a run and hear of runs whose author is forgotten."""

KEEPING = ("orchestrator", "ideation", "knowledge", "producer")
"""Services that could delete something of a run and hear of legal holds; compliance sets them."""

SHOWING = ("compliance", "ideation", "knowledge", "producer", "publisher")
"""Services that show people something of a run and hear with whom private ones are shared."""

STREAMS = (
    StreamConfig(
        name=COMMANDS,
        subjects=["cmd.>"],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=256 << 20,
        duplicate_window=600,
    ),
    StreamConfig(
        name=EVENTS,
        subjects=["evt.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_bytes=512 << 20,
        duplicate_window=600,
        max_age=1 * _DAY,
    ),
    StreamConfig(
        name=DEAD,
        subjects=["dead.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_bytes=64 << 20,
        duplicate_window=600,
        max_age=30 * _DAY,
    ),
)


@dataclass(frozen=True)
class Durable:
    """A durable pull consumer: its stream, its name (`<service>-<what>`), and the subjects it reads."""

    stream: str
    name: str
    subjects: tuple[str, ...]
    max_ack_pending: int = 256
    ack_wait: float = ACK_WAIT_SECONDS

    @property
    def service(self) -> str:
        """Who reads it."""
        return self.name.split("-", 1)[0]

    def config(self) -> ConsumerConfig:
        """What JetStream is told. Delays are computed by us, so there is no `backoff` and no `max_deliver`."""
        return ConsumerConfig(
            durable_name=self.name,
            filter_subjects=list(self.subjects),
            ack_policy=AckPolicy.EXPLICIT,
            deliver_policy=DeliverPolicy.ALL,
            ack_wait=self.ack_wait,
            max_deliver=-1,
            max_ack_pending=self.max_ack_pending,
        )


def _declare() -> Iterable[Durable]:
    for capability in CAPABILITIES.values():
        yield Durable(COMMANDS, f"{capability.service}-{capability.verb}", (capability.command_subject,))
    yield Durable(COMMANDS, "orchestrator-signal", (SIGNAL_SUBJECT,), ack_wait=_QUICK_SECONDS)
    yield Durable(COMMANDS, "compliance-audit", (AUDIT_SUBJECT,))
    answers = tuple(capability.finished_subject for capability in CAPABILITIES.values())
    gates = (GateDecided.subject, GateReopened.subject)
    yield Durable(EVENTS, "orchestrator-answers", (*answers, *gates), ack_wait=_QUICK_SECONDS)
    yield Durable(EVENTS, "orchestrator-notices", (GateReminded.subject, UserMentioned.subject))
    yield Durable(EVENTS, "compliance-withdrawals", (GateWithdrawn.subject,))
    yield Durable(EVENTS, "compliance-films", (PieceMade.subject, FilmJoined.subject))
    for service in FORGETFUL:
        yield Durable(EVENTS, f"{service}-erasures", (ErasureOrdered.subject,))
    for service in REMEMBERING:
        yield Durable(EVENTS, f"{service}-forgotten", (RunForgotten.subject,))
    for service in KEEPING:
        yield Durable(EVENTS, f"{service}-holds", (HoldChanged.subject,))
    for service in SHOWING:
        yield Durable(EVENTS, f"{service}-shares", (RunShared.subject,))
    yield Durable(DEAD, "orchestrator-dead", (DEAD_SUBJECTS,))


DURABLES: dict[str, Durable] = {durable.name: durable for durable in _declare()}


def stream_of(subject: str) -> str:
    """Which stream keeps a subject."""
    return {"cmd": COMMANDS, "evt": EVENTS, "dead": DEAD}[subject.split(".", 1)[0]]


@dataclass(frozen=True)
class Permissions:
    """What one NATS user may do; everything else is refused by the server."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions(service: str) -> Permissions:
    """The rights of one service's user: its own events, its own consumers, and the few subjects open to all."""
    if service not in SERVICES:
        raise KeyError(service)
    publish = [
        f"evt.{service}.>",
        f"dead.{service}.>",
        f"ctl.worker.{service}",
        "live.>",
        SIGNAL_SUBJECT,
        AUDIT_SUBJECT,
        ContentViolated.subject,
        "$JS.API.INFO",
        "$JS.API.STREAM.INFO.*",
        # How far others have handled what we sent them, so that it is not sent again.
        *(f"$JS.API.CONSUMER.INFO.{stream}.*" for stream in (EVENTS, DEAD)),
        "$JS.API.STREAM.CREATE.*",
        "$JS.API.STREAM.UPDATE.*",
    ]
    for durable in (durable for durable in DURABLES.values() if durable.service == service):
        where = f"{durable.stream}.{durable.name}"
        publish += [
            f"$JS.API.CONSUMER.CREATE.{where}",
            f"$JS.API.CONSUMER.CREATE.{where}.>",
            f"$JS.API.CONSUMER.DURABLE.CREATE.{where}",
            f"$JS.API.CONSUMER.INFO.{where}",
            f"$JS.API.CONSUMER.MSG.NEXT.{where}",
            f"$JS.ACK.{where}.>",
        ]
    subscribe = [f"_INBOX_{service}.>", "ctl.cancel.*", "ctl.ask"]
    if service == "orchestrator":
        # It tells operators how long every queue is.
        publish += ["cmd.>", "ctl.cancel.*", "ctl.ask", "hist.>", "$JS.API.CONSUMER.LIST.*"]
        subscribe += ["live.>", "hist.>", "ctl.worker.*"]
    return Permissions(tuple(publish), tuple(subscribe))
