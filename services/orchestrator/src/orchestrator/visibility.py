"""Who sees a run, and who may steer it. A private run and those it started are one: `private_of` names the first.

It is seen by whom it is shared with, its owner among them, by those who may decide at a gate of it that is open, and by
officers, admins and services. The condition looks at the request's viewer (`common.viewing`); loops see everything.
"""

from __future__ import annotations

from typing import Any

from common.db.shares import is_any, is_seen
from common.db.work import Transaction
from common.errors import Forbidden
from common.viewing import restricted_viewer
from sqlalchemy import ColumnElement, cast, exists, func, select, true
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from orchestrator.models import ShareLevel, run_shares, runs

_OPEN_TO = '$.steps.* ? (@.phase == "open").open_to[*] ? (@ == $names[*])'
_STEERING = frozenset({ShareLevel.OWNER.value, ShareLevel.CONTROL.value})


def is_visible() -> ColumnElement[bool]:
    """Whether the viewer sees the run of a row of `runs`."""
    viewer = restricted_viewer()
    if viewer is None:
        return true()
    family = runs.alias("family")
    names = cast({"names": list(viewer.names)}, JSONB)
    is_open_to_them = func.jsonb_path_exists(family.c.state, cast(_OPEN_TO, JSONPATH), names)
    at_a_gate = select(family.c.id).where(family.c.private_of == runs.c.private_of, is_open_to_them).correlate(runs)
    return is_seen(runs.c.private_of, run_shares, is_any(at_a_gate))


def is_of_no_hidden_run(run_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a row of another table belongs to no run that is there and not for the viewer to see."""
    if restricted_viewer() is None:
        return true()
    return ~exists(select(runs.c.id).where(runs.c.id == run_id, ~is_visible()).correlate_except(runs))


async def levels_of(tx: Transaction, row: Any) -> set[str]:
    """The levels at which the run of this row is shared with the viewer, who is not one that sees all."""
    viewer = restricted_viewer()
    shares = run_shares.c
    found = await tx.session.execute(
        select(shares.level).where(shares.run_id == row["private_of"], shares.who.in_(viewer.names if viewer else ()))
    )
    return set(found.scalars())


async def must_steer(tx: Transaction, row: Any) -> None:
    """Raises `Forbidden` for a viewer who sees this run, which is private, and no more than that."""
    if row["private_of"] is None or restricted_viewer() is None:
        return
    if not _STEERING & await levels_of(tx, row):
        raise Forbidden("This run is private; you may look at it, and not change how it goes on.")
