"""What a person does about dead letters: send them on their way again, or note that nothing is to be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from common.bus.dead import NOBODY
from common.bus.wire import read_header
from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.contracts.dead import Death
from common.contracts.values import TERMINAL_STATUSES, RunStatus
from common.db.work import Transaction, Work
from common.errors import Conflict, Invalid, NotFound, Rejected
from common.ids import derived_id
from common.observability.logging import get_logger
from common.service.principal import Principal
from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError

from orchestrator.announcer import Announcer
from orchestrator.arrivals import happening_of
from orchestrator.engine.happenings import RetryRequested
from orchestrator.marginalia import note_in_history
from orchestrator.models import LetterState, letters, ready_steps
from orchestrator.repository import find_run
from orchestrator.transitions import Aftermath, Happened, Transitions
from orchestrator.visibility import is_of_no_hidden_run, must_steer

log = get_logger(__name__)
Treat = Callable[[Transaction, Any, Principal], Awaitable[Aftermath]]


class CannotBeRedriven(Conflict):
    """Sending it again would change nothing, or is not ours to do."""


class LetterResolved(Conflict):
    """Somebody noted that nothing is to be done about it."""


class Redriver:
    """Redrives and resolves letters of the caller's tenant; the platform's operators also those of nobody."""

    def __init__(
        self, work: Work, transitions: Transitions, announcer: Announcer, *, clock: Clock, platform_tenant: str
    ) -> None:
        self._work = work
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock
        self._platform_tenant = platform_tenant

    async def show(self, letter_id: UUID, caller: Principal) -> Any:
        """The letter's row. Raises `NotFound`, also for another tenant's."""
        return await self._find(letter_id, caller)

    async def redrive(self, letter_id: UUID, caller: Principal) -> tuple[Any, bool]:
        """Send it on its way again. → its row, and whether that was done now; a repeat changes nothing.

        Raises `CannotBeRedriven` with the reason, `LetterResolved`, or `NotFound`.
        """

        async def act(tx: Transaction, row: Any, _caller: Principal) -> Aftermath:
            if row["state"] == LetterState.RESOLVED:
                raise LetterResolved("Somebody noted that nothing is to be done about this letter.", note=row["note"])
            return await self._send_again(tx, row, caller)

        return await self._treat(letter_id, caller, LetterState.REDRIVEN, act)

    async def resolve(self, letter_id: UUID, caller: Principal, *, note: str) -> tuple[Any, bool]:
        """Note that nothing is to be done any more. → its row, and whether that was done now."""

        async def act(_tx: Transaction, _row: Any, _caller: Principal) -> Aftermath:
            return Aftermath()

        return await self._treat(letter_id, caller, LetterState.RESOLVED, act, note=note)

    async def each(
        self, ids: Sequence[UUID], treat: Callable[[UUID], Awaitable[tuple[Any, bool]]]
    ) -> tuple[list[UUID], list[tuple[UUID, str]]]:
        """Do the same to many, each in a commit of its own. → those it was done to, and why not to the others."""
        done: list[UUID] = []
        refused: list[tuple[UUID, str]] = []
        for one in ids:
            try:
                await treat(one)
            except Rejected as error:
                refused.append((one, error.detail))
            except Exception as error:
                # What is wrong with one letter is no reason to leave the others, and what became of them, untold.
                log.exception("redrive.broke", letter_id=str(one), error=repr(error))
                refused.append((one, "It could not be done; the log has the details."))
            else:
                done.append(one)
        return done, refused

    def tenants_of(self, caller: Principal) -> tuple[str, ...]:
        """Whose letters the caller may see: the platform's operators also see those that name no tenant."""
        return (caller.tenant, NOBODY) if caller.tenant == self._platform_tenant else (caller.tenant,)

    async def _find(self, letter_id: UUID, caller: Principal) -> Any:
        for tenant in self.tenants_of(caller):
            async with self._work.transaction(tenant) as tx:
                found = await tx.session.execute(
                    select(letters).where(letters.c.id == letter_id, is_of_no_hidden_run(letters.c.run_id))
                )
                if (row := found.mappings().first()) is not None:
                    return row
        raise NotFound(f"There is no dead letter {letter_id}.")

    async def _treat(
        self, letter_id: UUID, caller: Principal, state: LetterState, act: Treat, *, note: str | None = None
    ) -> tuple[Any, bool]:
        """Lock the letter, do something about it, and write down who did, in one commit."""
        tenant = (await self._find(letter_id, caller))["tenant_id"]
        async with self._work.transaction(tenant) as tx:
            found = await tx.session.execute(select(letters).where(letters.c.id == letter_id).with_for_update())
            row = found.mappings().one()
            if row["state"] == state:
                return row, False
            if row["run_id"] is not None and (run := await find_run(tx, row["run_id"])) is not None:
                await must_steer(tx, run)
            now = self._clock()
            aftermath = await act(tx, row, caller)
            handled = {"state": state.value, "handled_by": caller.user_id, "handled_at": now, "note": note}
            await tx.session.execute(update(letters).where(letters.c.id == letter_id).values(handled))
            if row["run_id"] is not None:
                said = {"letter_id": str(letter_id), "step": row["step"], "by": caller.user_id, "note": note}
                entry = await note_in_history(tx, row["run_id"], f"dead_letter.{state.value}", said, at=now)
                aftermath.entries.extend(entry)
            if tenant == caller.tenant:
                tx.audit(self._entry(row, caller, state, note=note))
        if tenant != caller.tenant:
            # It belongs to nobody, so it is on the record of whoever did it.
            async with self._work.transaction(caller.tenant) as tx:
                tx.audit(self._entry(row, caller, state, note=note))
        await self._announcer.tell(aftermath)
        return {**row, **handled}, True

    def _entry(self, row: Any, caller: Principal, state: LetterState, *, note: str | None) -> AuditEntry:
        detail = {"service": row["service"], "subject": row["subject"], "code": row["code"]}
        return AuditEntry(
            actor=caller.user_id,
            action=f"dead_letter.{state.value}",
            resource=f"dead_letter:{row['id']}",
            run_id=row["run_id"],
            detail=detail | ({"note": note} if note else {}),
            at=self._clock(),
        )

    # Three ways back

    async def _send_again(self, tx: Transaction, row: Any, caller: Principal) -> Aftermath:
        if row["code"] == Death.POISON and row["run_id"] is not None:
            return await self._retry_run(tx, row, caller)
        if row["body"] is None:
            raise CannotBeRedriven(
                f"Its {row['size']} bytes were too many to be told; {row['service']} still has them."
            )
        if row["service"] == self._work.service:
            return await self._read_again(tx, row)
        if row["subject"].startswith("cmd."):
            await self._publish_again(tx, row)
            return Aftermath()
        raise CannotBeRedriven(f"Only its sender may send {row['subject']}.")

    async def _retry_run(self, tx: Transaction, row: Any, caller: Principal) -> Aftermath:
        """The step is ordered again, as a new attempt, by retrying its run."""
        open_still = (ready_steps.c.step_id == row["step_id"]) & (ready_steps.c.attempt == row["attempt"])
        if (await tx.session.execute(select(ready_steps.c.step_id).where(open_still))).first() is not None:
            raise CannotBeRedriven("Its run has not heard yet that the attempt failed; try again in a moment.")
        asked = RetryRequested(at=self._clock(), by=caller.user_id)
        aftermath = await self._transitions.apply(tx, [Happened(row["run_id"], asked)])
        run = await find_run(tx, row["run_id"])
        if run is None:
            raise CannotBeRedriven("Its run is not there any more.")
        if not aftermath.entries and RunStatus(run["status"]) in TERMINAL_STATUSES:
            raise CannotBeRedriven(f"Its run is {run['status']}, so nobody waits for it.", status_now=run["status"])
        return aftermath

    async def _read_again(self, tx: Transaction, row: Any) -> Aftermath:
        """It was for us: a version of us that understands it takes it now."""
        try:
            header = read_header(row["headers"])
            happening = happening_of(row["subject"], header, bytes(row["body"]), at=self._clock())
        except (Invalid, ValidationError) as error:
            raise CannotBeRedriven(f"It still cannot be read: {error}") from error
        if header.run is None:
            return Aftermath()
        try:
            return await self._transitions.apply(tx, [Happened(header.run, happening, message=header.id)])
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("letter.still_breaks", letter_id=str(row["id"]))
            raise CannotBeRedriven(f"The engine still breaks on it: {type(error).__name__}.") from error

    async def _publish_again(self, tx: Transaction, row: Any) -> None:
        """The same bytes to the same subject. The id is new, or the server would take it for a repeat."""
        outbox = tx.tables.outbox
        again = {"tenant_id": row["tenant_id"], "run_id": row["run_id"], "subject": row["subject"]}
        again |= {"headers": row["headers"], "body": row["body"]}
        message_id = derived_id("redriven", row["id"], row["times"])
        await tx.session.execute(insert(outbox).values(id=message_id, **again).on_conflict_do_nothing())
