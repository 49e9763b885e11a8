"""The last drills of this installation: what was killed, and what was lost, repeated or stuck (docs/drill.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString

import orjson
from common.db.work import Transaction

KEPT = 100
_KEEP: LiteralString = """
    insert into orchestrator.drills (name, at, result) values (%(name)s, %(now)s, %(result)s::jsonb)
    on conflict (name) do nothing
"""
_FORGET: LiteralString = """
    delete from orchestrator.drills
    where name not in (select name from orchestrator.drills order by at desc, name limit %(kept)s)
"""
_NEWEST: LiteralString = "select name, at, result from orchestrator.drills order by at desc, name limit %(limit)s"


async def keep_drill(tx: Transaction, name: str, result: dict[str, Any], *, now: datetime) -> None:
    """Keep what a drill found, and forget all but the newest `KEPT`. A repeat changes nothing: the first one stays."""
    await tx.run(_KEEP, {"name": name, "now": now, "result": orjson.dumps(result).decode()})
    await tx.run(_FORGET, {"kept": KEPT})


async def list_drills(tx: Transaction, *, limit: int) -> list[dict[str, Any]]:
    """The newest first: name, instant and result."""
    return await tx.run(_NEWEST, {"limit": limit})
