"""How long gates wait for people: computed from the items each time, without those that are not for the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from common.db.work import Transaction
from sqlalchemy import BigInteger, cast, extract, func, select

from compliance.domain import ItemStatus
from compliance.models import airlock_items
from compliance.repository.visibility import is_visible

_ITEM = airlock_items.c
_WAITED_MS = extract("epoch", _ITEM.decided_at - _ITEM.opened_at) * 1000


async def waits_by_gate(tx: Transaction, *, since: datetime) -> Sequence[Any]:
    """For each gate that was decided since then or is open now: how many, the median, nine of ten, and the longest."""
    is_open = _ITEM.status == ItemStatus.OPEN.value
    is_decided = (_ITEM.decision.is_not(None)) & (_ITEM.decided_at >= since)
    query = (
        select(
            _ITEM.gate,
            func.count().filter(is_decided).label("decided"),
            _share(0.5, is_decided).label("median_ms"),
            _share(0.9, is_decided).label("ninth_ms"),
            cast(func.max(_WAITED_MS).filter(is_decided), BigInteger).label("longest_ms"),
            func.count().filter(is_open).label("open"),
            func.min(_ITEM.opened_at).filter(is_open).label("oldest_open_at"),
        )
        .where(is_visible(), is_open | is_decided)
        .group_by(_ITEM.gate)
        .order_by(_ITEM.gate)
    )
    return (await tx.session.execute(query)).all()


async def waits_by_day(tx: Transaction, *, since: datetime) -> Sequence[Any]:
    """For each day (UTC) on which somebody decided since then: how many, and the median."""
    day = func.date(func.timezone("utc", _ITEM.decided_at))
    query = (
        select(day.label("day"), func.count().label("decided"), _share(0.5).label("median_ms"))
        .where(is_visible(), _ITEM.decision.is_not(None), _ITEM.decided_at >= since)
        .group_by(day)
        .order_by(day)
    )
    return (await tx.session.execute(query)).all()


def _share(of: float, wanted: Any = None) -> Any:
    ordered = func.percentile_cont(of).within_group(_WAITED_MS)
    return cast(ordered if wanted is None else ordered.filter(wanted), BigInteger)
