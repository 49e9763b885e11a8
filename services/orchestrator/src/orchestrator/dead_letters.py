"""The dead letters of all services, as one list: what died, what became of it, and how to send it on its way again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.bus.connection import Bus
from common.bus.dead import LETTERS_KEPT
from common.bus.streams import DURABLES
from common.bus.wire import read_header
from common.clock import Clock
from common.contracts.dead import DeadLetter
from common.contracts.message import Header
from common.db.work import Transaction, Work
from common.errors import Invalid
from common.ids import derived_id
from common.observability.logging import get_logger
from common.observability.metrics import DEAD_LETTERS_OPEN
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from pydantic import ValidationError
from sqlalchemy import CursorResult, delete, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from orchestrator.announcer import Announcer
from orchestrator.marginalia import note_in_history
from orchestrator.models import LetterState, letters, run_events
from orchestrator.transitions import Aftermath
from orchestrator.visibility import is_of_no_hidden_run

log = get_logger(__name__)
_BATCH = 50
_COUNT_SECONDS = 15.0
_PRUNE_SECONDS = 3600.0


class DeadLetters:
    """Listens to what services gave up, and keeps it for a person. What it cannot read itself it leaves alone."""

    def __init__(self, work: Work, bus: Bus, announcer: Announcer, *, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._announcer = announcer
        self._clock = clock
        self._counted: set[str] = set()

    async def listen(self) -> None:
        """Take letters for ever."""
        async with aclosing(self._bus.deliveries(DURABLES["orchestrator-dead"], batch=_fifty)) as batches:
            async for messages in batches:
                for message in messages:
                    await self._take(message)

    async def count(self) -> None:
        """For ever, every quarter of a minute: tell the metrics how many letters nobody did anything about."""
        while True:
            async with self._work.system() as tx:
                found = await tx.session.execute(
                    select(letters.c.service, func.count())
                    .where(letters.c.state == LetterState.OPEN.value)
                    .group_by(letters.c.service)
                )
                waiting = {row[0]: row[1] for row in found}
            self._counted |= set(waiting)
            for service in self._counted:
                DEAD_LETTERS_OPEN.labels("orchestrator", service).set(waiting.get(service, 0))
            await asyncio.sleep(_COUNT_SECONDS)

    async def prune(self) -> None:
        """For ever, every hour: forget letters that somebody dealt with long ago; what is open is kept."""
        while True:
            async with self._work.system() as tx:
                old = letters.c.handled_at < func.now() - text(f"interval '{LETTERS_KEPT}'")
                treated = letters.c.state != LetterState.OPEN.value
                gone = await tx.session.execute(delete(letters).where(treated, old))
            if isinstance(gone, CursorResult) and gone.rowcount:
                log.info("letters.pruned", letters=gone.rowcount)
            await asyncio.sleep(_PRUNE_SECONDS)

    async def _take(self, message: Msg) -> None:
        try:
            header = _header_of(message)
            letter = DeadLetter.model_validate_json(message.data)
        except (Invalid, ValidationError) as error:
            # Burying it would send it here again; the service that gave it up still has it.
            log.error("letter.unreadable", subject=message.subject, error=str(error))
            await message.term()
            return
        try:
            await self._keep(header, letter)
            await message.ack()
        except (DBAPIError, PoolTimeout, NatsError, OSError) as error:
            log.warning("letter.unrecorded", error=repr(error))
            try:
                await message.nak(delay=1)
            except NatsError as lost:
                log.warning("letter.nak_failed", error=repr(lost))

    async def _keep(self, header: Header, letter: DeadLetter) -> None:
        """One commit: that it was seen, the letter, and an entry in its run's history."""
        aftermath = Aftermath()
        async with self._work.transaction(header.tenant) as tx:
            # A letter that comes twice is seen once; one that died twice comes with another id.
            inbox = tx.tables.inbox
            seen = insert(inbox).values(message_id=header.id, tenant_id=header.tenant).on_conflict_do_nothing()
            if (await tx.session.execute(seen.returning(inbox.c.message_id))).first() is None:
                return
            row = await self._row(tx, header, letter)
            await tx.session.execute(_upsert(row))
            if header.run is not None:
                told = {"letter_id": str(row["id"]), "service": row["service"], "code": row["code"]}
                told |= {"step": row["step"], "attempt": header.attempt, "reason": letter.reason}
                entry = await note_in_history(tx, header.run, "dead_letter.buried", told, at=self._clock())
                aftermath.entries.extend(entry)
        await self._announcer.tell(aftermath)

    async def _row(self, tx: Transaction, header: Header, letter: DeadLetter) -> dict[str, Any]:
        return {
            "id": _id_of(header, letter),
            "tenant_id": header.tenant,
            "service": header.source,
            "subject": letter.subject,
            "capability": capability_of(letter.subject),
            "code": letter.code.value,
            "reason": letter.reason,
            "run_id": header.run,
            "step_id": header.step,
            "step": await _step_of(tx, header),
            "attempt": header.attempt,
            "headers": letter.headers,
            "body": letter.body,
            "size": letter.size,
            "state": LetterState.OPEN.value,
            "times": 1,
            "first_seen": header.time,
            "last_seen": header.time,
        }


def _header_of(message: Msg) -> Header:
    header = read_header(message.headers)
    # The server lets nobody publish under another service's name, so the subject says who it was.
    return header.model_copy(update={"source": message.subject.split(".")[1]})


def _id_of(header: Header, letter: DeadLetter) -> UUID:
    """The same for the same step that ends its worker again, and for the same bytes on the same subject."""
    same = header.step if letter.code == "poison" and header.step else None
    what = same or derived_id(letter.body or header.id, header.run, header.step, header.attempt)
    return derived_id("letter", header.source, header.tenant, letter.subject, what)


def _upsert(row: dict[str, Any]) -> Any:
    statement = insert(letters).values(row)
    newer = ("reason", "code", "attempt", "headers", "body", "size", "step")
    again: dict[str, Any] = {name: statement.excluded[name] for name in newer}
    again["state"] = LetterState.OPEN.value
    again["times"] = letters.c.times + 1
    again["last_seen"] = func.greatest(letters.c.last_seen, statement.excluded.last_seen)
    return statement.on_conflict_do_update(index_elements=["id"], set_=again)


async def _step_of(tx: Transaction, header: Header) -> str | None:
    """What the step's author calls it."""
    if header.run is None or header.step is None:
        return None
    found = await tx.session.execute(
        select(run_events.c.data["step"].astext)
        .where(run_events.c.run_id == header.run, run_events.c.type == "agent.started")
        .where(run_events.c.data["step_id"].astext == str(header.step))
        .limit(1)
    )
    return found.scalar_one_or_none()


def capability_of(subject: str) -> str | None:
    """`cmd.ideation.propose_ideas.v1` and its answer → `ideation.propose_ideas`."""
    kind, *middle, _version = subject.split(".")
    if len(middle) != 2 or kind not in {"cmd", "evt"}:
        return None
    service, verb = middle
    if kind == "evt" and not verb.endswith("_finished"):
        return None
    return f"{service}.{verb.removesuffix('_finished')}"


async def _fifty() -> int:
    return _BATCH


@dataclass(frozen=True)
class Wanted:
    """Which letters; what is None does not matter."""

    service: str | None = None
    capability: str | None = None
    run_id: UUID | None = None
    state: LetterState | None = None


async def find_letters(
    tx: Transaction, wanted: Wanted, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> Sequence[Any]:
    """The next letters of the transaction's tenant, the newest first."""
    newest = (letters.c.last_seen.desc(), letters.c.id.desc())
    query = select(letters).where(is_of_no_hidden_run(letters.c.run_id)).order_by(*newest).limit(limit)
    for column, value in asdict(wanted).items():
        if value is not None:
            query = query.where(letters.c[column] == value)
    if after is not None:
        query = query.where(tuple_(letters.c.last_seen, letters.c.id) < after)
    return (await tx.session.execute(query)).mappings().all()
