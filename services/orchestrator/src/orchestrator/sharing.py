"""Sharing private runs with people and roles; the others who show something of them are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from common.clock import Clock
from common.contracts.sharing import RunShared
from common.contracts.values import Role
from common.db.work import Transaction, Work
from common.errors import Conflict, Forbidden, Invalid
from common.ids import new_id
from common.service.principal import Principal
from common.viewing import restricted_viewer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.marginalia import note_in_history
from orchestrator.models import ShareLevel, run_shares
from orchestrator.repository import get_run
from orchestrator.transitions import Aftermath
from orchestrator.visibility import levels_of

SHARES_AT_MOST = 200
_ROLES = tuple(role.value for role in Role if role is not Role.SERVICE)


class NotPrivate(Conflict):
    """Everybody of the tenant sees the run, so there is nothing to share."""


class TooManyShares(Conflict):
    """The run is shared with as many as it can be."""


class OwnersShare(Conflict):
    """The owner's own share is not to be changed."""


class ShareRequest(BaseModel):
    """With whom, and whether they may also steer the run."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"who": "role:publisher"}]})

    who: Annotated[
        str,
        Field(
            pattern=r"^(user|role):[^\x00-\x1f\x7f]{1,200}$",
            description="`user:` and a user id, or `role:` and a role.",
        ),
    ]
    level: Literal[ShareLevel.READ, ShareLevel.CONTROL] = ShareLevel.READ


async def share(
    tx: Transaction, run_id: UUID, who: str, level: ShareLevel, *, by: str, at: datetime
) -> tuple[Any, bool]:
    """Share a private run. → the share, and whether it is news. With the same person or role there is one at most."""
    new = {"id": new_id(), "tenant_id": tx.tenant, "run_id": run_id, "who": who, "level": level.value}
    added = upsert(run_shares).values(**new, shared_by=by, shared_at=at)
    other = (run_shares.c.level != added.excluded.level) & (run_shares.c.level != ShareLevel.OWNER.value)
    said = await tx.session.execute(
        added.on_conflict_do_update(
            index_elements=["run_id", "who"], set_={"level": added.excluded.level}, where=other
        ).returning(run_shares)
    )
    if (row := said.mappings().first()) is not None:
        tx.tell(RunShared(share_id=row["id"], run_id=run_id, who=who), run=run_id)
        return row, True
    known = await tx.session.execute(select(run_shares).where(run_shares.c.run_id == run_id, run_shares.c.who == who))
    return known.mappings().one(), False


async def copy_shares(tx: Transaction, source: UUID, run_id: UUID, *, owner: str, at: datetime) -> None:
    """Share a fork with whom the other run is shared with. It has an owner of its own; the other's may steer it."""
    await share(tx, run_id, f"user:{owner}", ShareLevel.OWNER, by=owner, at=at)
    for row in await _shares_of(tx, source):
        level = ShareLevel(row["level"])
        await share(tx, run_id, row["who"], ShareLevel.CONTROL if level is ShareLevel.OWNER else level, by=owner, at=at)


async def _shares_of(tx: Transaction, run_id: UUID) -> Sequence[Any]:
    shares = run_shares.c
    found = await tx.session.execute(
        select(run_shares).where(shares.run_id == run_id).order_by(shares.shared_at, shares.id)
    )
    return found.mappings().all()


class Sharing:
    """Shares of private runs, for their owners, officers and admins. Each change is audited, and counts at once."""

    def __init__(self, work: Work, announcer: Announcer, *, clock: Clock) -> None:
        self._work = work
        self._announcer = announcer
        self._clock = clock

    async def list_shares(self, run_id: UUID, caller: Principal) -> Sequence[Any]:
        """With whom the run is shared, the owner first. Raises `NotFound`, `Forbidden`, `NotPrivate`."""
        async with self._work.transaction(caller.tenant) as tx:
            return await _shares_of(tx, await self._private(tx, run_id))

    async def share(self, run_id: UUID, request: ShareRequest, caller: Principal) -> Any:
        """Share the run, and those it started. The same again changes nothing; another level takes the first's place.

        Raises what `list_shares` does, and `Invalid` for an unknown role.
        """
        kind, _, name = request.who.partition(":")
        if kind == "role" and name not in _ROLES:
            raise Invalid(f"There is no role {name!r}; there are {', '.join(_ROLES)}.")
        now = self._clock()
        async with self._work.transaction(caller.tenant) as tx:
            family = await self._private(tx, run_id, lock=True)
            shares = await _shares_of(tx, family)
            if len(shares) >= SHARES_AT_MOST and request.who not in {row["who"] for row in shares}:
                raise TooManyShares(f"A run is shared with {SHARES_AT_MOST} people and roles at most.")
            level = ShareLevel(request.level)
            row, is_news = await share(tx, family, request.who, level, by=caller.user_id, at=now)
            told = await self._put_down(tx, "run.shared", row, caller, at=now) if is_news else Aftermath()
        await self._announcer.tell(told)
        return row

    async def unshare(self, run_id: UUID, share_id: UUID, caller: Principal) -> None:
        """End a share. Again, or one that is not there, changes nothing. Raises what `list_shares` does, and
        `OwnersShare`.
        """
        now = self._clock()
        async with self._work.transaction(caller.tenant) as tx:
            family = await self._private(tx, run_id, lock=True)
            row = next((row for row in await _shares_of(tx, family) if row["id"] == share_id), None)
            if row is None:
                return
            if row["level"] == ShareLevel.OWNER:
                raise OwnersShare("The owner's own share cannot be ended.")
            await tx.session.execute(delete(run_shares).where(run_shares.c.id == share_id))
            tx.tell(RunShared(share_id=share_id, run_id=family, who=row["who"], ended=True), run=family)
            told = await self._put_down(tx, "run.unshared", row, caller, at=now)
        await self._announcer.tell(told)

    async def _private(self, tx: Transaction, run_id: UUID, *, lock: bool = False) -> UUID:
        """The first run of the private ones this belongs to, if the caller may say who sees them."""
        row = await get_run(tx, run_id)
        family: UUID | None = row["private_of"]
        if family is None:
            raise NotPrivate("Everybody of the tenant sees this run; only one that was started as private is shared.")
        if restricted_viewer() is not None and ShareLevel.OWNER.value not in await levels_of(tx, row):
            raise Forbidden("Who sees a private run is for its owner, compliance officers and administrators to say.")
        if lock:
            owners = run_shares.c.level == ShareLevel.OWNER.value
            await tx.session.execute(
                select(run_shares.c.id).where(run_shares.c.run_id == family, owners).with_for_update()
            )
        return family

    async def _put_down(self, tx: Transaction, what: str, row: Any, caller: Principal, *, at: datetime) -> Aftermath:
        # The history is read by all who see the run; with whom it is shared is for those who may say so.
        said = {"share_id": str(row["id"]), "level": row["level"], "by": caller.user_id}
        entries = await note_in_history(tx, row["run_id"], what, said, at=at)
        detail = {"who": row["who"], "level": row["level"]}
        tx.audit(run_entry(what, row["run_id"], actor=caller.user_id, at=at, detail=detail))
        return Aftermath(entries=entries)
