"""Dead letters: messages that nobody can do anything with, kept for a person to look at."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from nats.aio.msg import Msg
from sqlalchemy import delete, func, text
from sqlalchemy.dialects.postgresql import insert

from common.bus.wire import read_header
from common.contracts.dead import DeadLetter, Death, dead_subject
from common.contracts.message import BODY_LIMIT, Header
from common.db.work import Transaction, Work
from common.errors import Invalid
from common.ids import derived_id
from common.observability.logging import get_logger
from common.observability.metrics import MESSAGES_DEAD

log = get_logger(__name__)
NOBODY = "unknown"
"""The tenant of a message that names none."""
LETTERS_KEPT = "90 days"
"""For how long what was given up can be looked up, once somebody has dealt with it."""
_REASON_LIMIT = 2000


async def bury(
    work: Work, message: Msg, *, reason: str, code: Death = Death.UNREADABLE, tenant: str | None = None
) -> None:
    """Keep the message in `dead_letters`, tell the operators' list, and the server that it need not come again."""
    async with work.system() as tx:
        await write_letter(tx, message, service=work.service, code=code, reason=reason, tenant=tenant)
    await let_rest(message, service=work.service, reason=reason)


async def write_letter(
    tx: Transaction, message: Msg, *, service: str, code: Death, reason: str, tenant: str | None = None
) -> None:
    """Put the message into `dead_letters`, and what is known about it into the outbox, in a given transaction.

    The same delivery is written once, however often it is given up. A `tenant` is read from the message unless given.
    """
    header = _header_of(message)
    tenant = tenant or (header.tenant if header else NOBODY)
    place = message.metadata
    letter_id = derived_id("dead", place.stream, place.sequence.stream, place.timestamp.isoformat())
    headers = _storable(message.headers or {})
    reason = reason[:_REASON_LIMIT].replace("\x00", "")
    row = insert(tx.tables.dead_letters).values(
        id=letter_id,
        tenant_id=tenant,
        subject=message.subject,
        reason=reason,
        headers=headers,
        body=message.data,
    )
    await tx.session.execute(row.on_conflict_do_nothing())
    body = base64.b64encode(message.data) if len(message.data) <= BODY_LIMIT else None
    letter = DeadLetter(
        subject=message.subject, code=code, reason=reason, headers=headers, body=body, size=len(message.data)
    )
    tx.send(
        dead_subject(service, message.subject),
        letter,
        message_id=letter_id,
        tenant=tenant,
        run=header.run if header else None,
        step=header.step if header else None,
        attempt=header.attempt if header else None,
        cause=header.id if header else None,
    )


async def prune_letters(work: Work) -> None:
    """Forget old rows of `dead_letters`. The operators' list has the same bytes, and keeps those that are open; what
    was too large to be told to it is nowhere else, and stays."""
    table = work.tables.dead_letters
    old = table.c.created_at < func.now() - text(f"interval '{LETTERS_KEPT}'")
    async with work.system() as tx:
        await tx.session.execute(delete(table).where(old, func.octet_length(table.c.body) <= BODY_LIMIT))


async def let_rest(message: Msg, *, service: str, reason: str) -> None:
    """Count a message that was written down as dead, and tell the server that it need not come again."""
    MESSAGES_DEAD.labels(service).inc()
    log.error("message.dead", subject=message.subject, reason=reason)
    await message.term()


def _header_of(message: Msg) -> Header | None:
    try:
        return read_header(message.headers)
    except Invalid:
        return None


def _storable(headers: Mapping[str, str]) -> dict[str, str]:
    """PostgreSQL keeps no JSON with a zero character in it."""
    return {str(name).replace("\x00", ""): str(value).replace("\x00", "") for name, value in headers.items()}
