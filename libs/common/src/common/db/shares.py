"""Who sees what belongs to a private run: the table of shares, and the one condition for every query of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Index, MetaData, Select, Table, Text, or_, select, true
from sqlalchemy.dialects.postgresql import UUID

from common.viewing import restricted_viewer


def shares_table(metadata: MetaData) -> Table:
    """The shares a service has heard of. One that ended stays, nameless, so that hearing it late is harmless."""
    table = Table(
        "run_shares",
        metadata,
        Column("id", UUID, primary_key=True),
        Column("tenant_id", Text, nullable=False),
        Column("run_id", UUID, nullable=False),
        Column("who", Text, comment="`user:` and a user id, or `role:` and a role."),
        Column("ended", Boolean, nullable=False),
    )
    Index("ix_run_shares_run", table.c.tenant_id, table.c.run_id, table.c.who)
    return table


def is_seen(private_of: ColumnElement[Any], shares: Table, *besides: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the request's viewer sees it: it is of no private run, of one shared with them, or `besides` says so."""
    viewer = restricted_viewer()
    if viewer is None:
        return true()
    shared = select(shares.c.id).where(shares.c.run_id == private_of, shares.c.who.in_(viewer.names))
    return or_(private_of.is_(None), is_any(shared.correlate_except(shares)), *besides)


def is_any(found: Select[Any]) -> ColumnElement[bool]:
    """Whether there is such a row, looked for one row at a time and only where that is still the question."""
    # For an EXISTS the planner may read all such rows at once and hash them, which is dear when a page needs few.
    return found.limit(1).scalar_subquery().is_not(None)
