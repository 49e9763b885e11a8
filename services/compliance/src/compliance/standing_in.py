"""Standing in: somebody whom a review names says who decides in their place while they are away.

Only a name has a stand-in. A role has several people, and whoever has it decides as themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from common.clock import Clock, rfc3339
from common.db.work import Transaction, Work
from common.errors import Forbidden, Invalid
from common.service.principal import Principal

from compliance import trail
from compliance.domain import NEVER_DECIDE
from compliance.repository.stand_ins import StandIn, StandInRows
from compliance.stages import Circle, must_be_in

LONGEST = timedelta(days=90)
SHOWN = 200


class StandIns:
    """Those of all tenants; each call is for one."""

    def __init__(self, work: Work, *, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def appoint(self, user_id: str, *, stand_in: str, until: datetime, principal: Principal) -> StandIn:
        """From now on and before `until`, `stand_in` decides where a review names `user_id`; nobody else does so.

        Raises `Forbidden` for what is no person with all their rights, and `Invalid`.
        """
        _must_be_a_person(principal)
        now = self._clock()
        if stand_in == user_id:
            raise Invalid("Nobody stands in for themselves.")
        if stand_in == principal.user_id:
            raise Forbidden("Nobody puts themselves in somebody else's place; they or another officer may.")
        if not now < until <= now + LONGEST:
            raise Invalid(f"'until' is a time of the next {LONGEST.days} days.")
        row = StandIn(user_id, stand_in, until, principal.user_id, now)
        async with self._work.transaction(principal.tenant) as tx:
            await StandInRows(tx).put(row)
            _note(tx, "stand_in.appointed", row, by=principal, at=now)
        return row

    async def end(self, user_id: str, *, principal: Principal) -> None:
        """Nobody decides in their place any more. Where nobody did, nothing happens. Raises `Forbidden`."""
        _must_be_a_person(principal)
        async with self._work.transaction(principal.tenant) as tx:
            if (row := await StandInRows(tx).find(user_id)) is not None:
                await StandInRows(tx).remove(user_id)
                _note(tx, "stand_in.ended", row, by=principal, at=self._clock())

    async def list_in_force(self, *, principal: Principal) -> Sequence[StandIn]:
        """Who stands in for whom now: at most 200, the soonest over first."""
        async with self._work.transaction(principal.tenant) as tx:
            return await StandInRows(tx).list_in_force(now=self._clock(), limit=SHOWN)


async def places_of(
    tx: Transaction, circle: Circle, principal: Principal, *, requested_by: str, now: datetime
) -> Sequence[str]:
    """In whose places the caller takes part; none: as themselves. Raises `NotAReviewer` or `OwnWork`.

    Who is named there speaks for themselves only. The author of a run stands in for nobody, has no place that somebody
    could take, and has chosen nobody for others.
    """
    person, named = principal.user_id, [name for name in circle.people if name != requested_by]
    if named and person not in {*named, requested_by} and not principal.roles & NEVER_DECIDE:
        rows = StandInRows(tx)
        if places := await rows.list_places(person, among=named, not_set_by=requested_by, now=now):
            return places
    must_be_in(circle, principal, requested_by=requested_by)
    return ()


def _must_be_a_person(principal: Principal) -> None:
    if principal.roles & NEVER_DECIDE or principal.limited:
        raise Forbidden("Only a person, with all their rights, says who decides in a person's place.")


def _note(tx: Transaction, action: str, row: StandIn, *, by: Principal, at: datetime) -> None:
    detail = {"stand_in": row.stand_in, "until": rfc3339(row.until)}
    trail.note(tx, action, actor=by.user_id, resource=f"user:{row.user_id}", at=at, detail=detail)
