"""How long gates wait for people: computed from the items each time, without those that are not for the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from common.db.work import Transaction
from sqlalchemy import BigInteger, DateTime, Numeric, Select, cast, extract, func, null, select, union_all

from compliance.domain import ItemStatus
from compliance.models import airlock_items
from compliance.repository.visibility import is_visible

_ITEM = airlock_items.c
_WAITED_MS = extract("epoch", _ITEM.decided_at - _ITEM.opened_at) * 1000


async def waits_by_gate(tx: Transaction, *, since: datetime) -> Sequence[Any]:
    """For each gate that was decided since then or is open now: how many, the median, nine of ten, and the longest."""
    nothing = null().cast(DateTime(timezone=True))
    # Two looks, each by its index: what was decided before the period is not touched.
    waits = union_all(
        _decided(tx.tenant, since, _ITEM.gate, _WAITED_MS.label("waited_ms"), nothing.label("open_at")),
        select(_ITEM.gate, null().cast(Numeric), _ITEM.opened_at).where(
            _ITEM.tenant_id == tx.tenant, is_visible(), _ITEM.status == ItemStatus.OPEN.value
        ),
    ).subquery()
    waited, open_at = waits.c.waited_ms, waits.c.open_at
    query = (
        select(
            waits.c.gate,
            func.count(waited).label("decided"),
            _share(0.5, waited).label("median_ms"),
            _share(0.9, waited).label("ninth_ms"),
            cast(func.max(waited), BigInteger).label("longest_ms"),
            func.count(open_at).label("open"),
            func.min(open_at).label("oldest_open_at"),
        )
        .group_by(waits.c.gate)
        .order_by(waits.c.gate)
    )
    return (await tx.session.execute(query)).all()


async def waits_by_day(tx: Transaction, *, since: datetime) -> Sequence[Any]:
    """For each day (UTC) on which somebody decided since then: how many, and the median."""
    day = func.date(func.timezone("utc", _ITEM.decided_at))
    waits = _decided(tx.tenant, since, day.label("day"), _WAITED_MS.label("waited_ms")).subquery()
    query = (
        select(waits.c.day, func.count().label("decided"), _share(0.5, waits.c.waited_ms).label("median_ms"))
        .group_by(waits.c.day)
        .order_by(waits.c.day)
    )
    return (await tx.session.execute(query)).all()


def _decided(tenant: str, since: datetime, *columns: Any) -> Select[Any]:
    decided = _ITEM.decision.is_not(None), _ITEM.decided_at >= since
    return select(*columns).where(_ITEM.tenant_id == tenant, is_visible(), *decided)


def _share(of: float, waited: Any) -> Any:
    return cast(func.percentile_cont(of).within_group(waited), BigInteger)
