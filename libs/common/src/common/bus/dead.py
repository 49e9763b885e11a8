"""Dead letters: messages that nobody can do anything with, kept for a person to look at."""

from __future__ import annotations

from nats.aio.msg import Msg
from sqlalchemy.dialects.postgresql import insert

from common.db.work import Work
from common.ids import new_id
from common.observability.logging import get_logger
from common.observability.metrics import MESSAGES_DEAD

log = get_logger(__name__)
NOBODY = "unknown"
"""The tenant of a message that names none."""


async def bury(work: Work, message: Msg, *, reason: str, tenant: str = NOBODY) -> None:
    """Keep the message in `dead_letters` and tell the server that it need not come again."""
    async with work.system() as tx:
        await tx.session.execute(
            insert(work.tables.dead_letters).values(
                id=new_id(),
                tenant_id=tenant,
                subject=message.subject,
                reason=reason[:2000],
                headers=dict(message.headers or {}),
                body=message.data,
            )
        )
    MESSAGES_DEAD.labels(work.service).inc()
    log.error("message.dead", subject=message.subject, reason=reason)
    await message.term()
