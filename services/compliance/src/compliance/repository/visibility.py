"""Who sees an item: everybody of the tenant, or, when it is of a private run, those whom it concerns."""

from __future__ import annotations

from common.db.shares import is_seen
from common.viewing import restricted_viewer
from sqlalchemy import ColumnElement

from compliance.models import airlock_items, run_shares


def is_visible() -> ColumnElement[bool]:
    """Whether the request's viewer sees an item: also who asked for it, and who may decide at one of its stages."""
    viewer = restricted_viewer()
    item = airlock_items.c
    concerned = [item.open_to.overlap(viewer.names), ("user:" + item.requested_by).in_(viewer.names)] if viewer else []
    return is_seen(item.private_of, run_shares, *concerned)
