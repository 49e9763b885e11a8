"""Legal holds: what must not be erased, archived or deleted until somebody lifts them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from common.clock import Clock
from common.contracts.holding import HoldChanged
from common.db.work import Transaction, Work
from common.errors import NotFound
from common.ids import new_id
from common.service.principal import Principal

from compliance import trail
from compliance.keeping import HoldKind
from compliance.repository.holds import Hold, Holds


class LegalHolds:
    """The holds of all tenants; each call is for one."""

    def __init__(self, work: Work, *, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def set(self, kind: HoldKind, subject: str, *, reason: str, principal: Principal) -> Hold:
        """A hold on a run, a person or the whole tenant. One that is there already is given back as it is."""
        subject = principal.tenant if kind is HoldKind.TENANT else subject
        async with self._work.transaction(principal.tenant) as tx:
            holds = Holds(tx)
            await holds.lock()
            if known := await holds.find_live(kind, subject):
                return known
            hold = Hold(new_id(), kind, subject, reason, principal.user_id, self._clock(), None, None)
            await holds.add(hold)
            _tell(tx, hold, lifted=False)
            trail.note(
                tx,
                "hold.set",
                actor=principal.user_id,
                resource=f"hold:{hold.id}",
                at=hold.set_at,
                run_id=_run_of(hold),
                detail={"kind": kind.value, "subject": subject, "reason": reason},
            )
            return hold

    async def lift(self, hold_id: UUID, *, principal: Principal) -> Hold:
        """Let things take their course again. Doing it twice changes nothing. Raises `NotFound`."""
        now = self._clock()
        async with self._work.transaction(principal.tenant) as tx:
            holds = Holds(tx)
            await holds.lock()
            hold = await holds.find(hold_id)
            if hold is None:
                raise NotFound(f"There is no legal hold {hold_id}.")
            if hold.lifted_at is not None:
                return hold
            await holds.lift(hold_id, by=principal.user_id, at=now)
            _tell(tx, hold, lifted=True)
            detail = {"kind": hold.kind.value, "subject": hold.subject}
            resource, run_id = f"hold:{hold_id}", _run_of(hold)
            trail.note(
                tx, "hold.lifted", actor=principal.user_id, resource=resource, at=now, run_id=run_id, detail=detail
            )
            lifted = await holds.find(hold_id)
        return lifted or hold

    async def list(self, *, principal: Principal, before: UUID | None, limit: int) -> Sequence[Hold]:
        """The tenant's holds, lifted ones too, the newest first."""
        async with self._work.transaction(principal.tenant) as tx:
            return await Holds(tx).list_before(before, limit=limit)


def _tell(tx: Transaction, hold: Hold, *, lifted: bool) -> None:
    """A hold on a person is for what compliance keeps itself; it is nobody else's business."""
    run_id = _run_of(hold)
    if run_id is not None or hold.kind is HoldKind.TENANT:
        tx.tell(HoldChanged(hold_id=hold.id, run_id=run_id, lifted=lifted))


def _run_of(hold: Hold) -> UUID | None:
    try:
        return UUID(hold.subject) if hold.kind is HoldKind.RUN else None
    except ValueError:
        return None
