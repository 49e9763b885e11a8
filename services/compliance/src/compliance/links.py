"""Links for people without an account: made for one person and one item, opened in a browser, revoked at once.

A link carries a token once; opening it gives the browser a cookie of its own, and everything after goes by that.
Whoever comes by a link is `external:<link id>` wherever something is written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from common.clock import Clock, rfc3339
from common.contracts.gates import EXTERNAL
from common.contracts.values import JsonObject
from common.db.work import Transaction, Work
from common.errors import NotFound
from common.ids import new_id
from common.service.principal import Principal
from pydantic import BaseModel

from compliance import trail
from compliance.airlock import Airlock, Decided, DecisionOrder
from compliance.closing import Allowed
from compliance.errors import ExternalsNotAsked, LinkGone, NotGranted, OwnWork, TooManyLinks
from compliance.guests import PREFIX, Grant, Guest, Link, new_key, read_key
from compliance.notes import NoteBook, NoteDraft
from compliance.release import Release
from compliance.repository.items import Item, Items
from compliance.repository.links import Links, Visit, find_link_lock, find_visit_lock
from compliance.repository.notes import Note

LIVE_AT_MOST = 50
"""Links to one item that work at the same time."""
COMES_BACK = timedelta(minutes=10)
"""For how long a browser that opened a link may take to come back with its cookie."""
_NO_LINK = UUID(int=0)


@dataclass(frozen=True)
class LinkOrder:
    """Who shall see an item, for how long, in how many browsers, and what else they may do."""

    person: str
    may: frozenset[Grant]
    expires_in: timedelta
    uses: int


@dataclass(frozen=True)
class Opened:
    """What a browser gets for a link: a cookie, for as long as the link lives."""

    link_id: UUID
    cookie: str
    seconds: int


class ReviewLinks:
    """The links of all tenants; each call is for one."""

    def __init__(self, work: Work, *, airlock: Airlock, release: Release, clock: Clock) -> None:
        self._work = work
        self._airlock = airlock
        self._release = release
        self._clock = clock

    async def make(self, item_id: UUID, order: LinkOrder, *, principal: Principal) -> tuple[Link, str]:
        """A link, and its token, which nobody can be told again. Each call makes another one.

        Raises `NotFound`, `ExternalsNotAsked`, `OwnWork` for an author who would let a link decide, `TooManyLinks`.
        """
        now = self._clock()
        key = new_key(new_id())
        refusal: OwnWork | None = None
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            link = _link(key.id, item_id, order, by=principal.user_id, now=now)
            if Grant.DECIDE in order.may:
                _must_ask_externals(item)
                if principal.user_id == item.requested_by:
                    refusal = OwnWork("The author of a run cannot let others decide at its gates.")
            if refusal is None:
                if await Links(tx).count_live(item_id, now=now) >= LIVE_AT_MOST:
                    raise TooManyLinks(f"{LIVE_AT_MOST} links to this item work; revoke one first.")
                await Links(tx).add(link, key=key)
            detail: JsonObject = {
                "person": link.actor,
                "may": sorted(link.may),
                "expires_at": rfc3339(link.expires_at),
                "uses": link.uses,
            }
            result = refusal.code if refusal else "ok"
            _note(tx, "link.made", item, link, actor=principal.user_id, at=now, detail=detail, result=result)
        if refusal is not None:
            raise refusal
        return link, PREFIX + key.text()

    async def list_before(
        self, item_id: UUID, before: UUID | None, *, limit: int, principal: Principal
    ) -> Sequence[Link]:
        """An item's links, the newest first. Raises `NotFound`."""
        async with self._work.transaction(principal.tenant) as tx:
            await Items(tx).get(item_id)
            return await Links(tx).list_before(item_id, before, limit=limit)

    async def revoke(self, item_id: UUID, link_id: UUID, *, principal: Principal) -> Link:
        """It works no longer, for nobody. What was decided by it stays. Doing it twice changes nothing."""
        now = self._clock()
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
            link = await Links(tx).get(link_id, lock=True)
            if link.item_id != item_id:
                raise NotFound(f"Item {item_id} has no link {link_id}.")
            if link.revoked_at is not None:
                return link
            await Links(tx).revoke(link_id, by=principal.user_id, at=now)
            detail: JsonObject = {"person": link.actor}
            _note(tx, "link.revoked", item, link, actor=principal.user_id, at=now, detail=detail)
            return await Links(tx).get(link_id)

    async def open(self, token: str, *, user_agent: str) -> Opened:
        """A cookie for whoever brings a link's token. Raises `LinkGone`, whatever is wrong.

        A use is counted when the browser comes back with it: what follows links in mails to look for harm does not.
        """
        key = read_key(token.removeprefix(PREFIX)) if token.startswith(PREFIX) else None
        async with self._work.system() as tx:
            # Asked also when it cannot be one, so that the time it takes tells nothing.
            lock = await find_link_lock(tx, key.id if key else _NO_LINK)
        fits = (key or new_key(_NO_LINK)).fits(lock.secret_sha256 if lock else None)
        if lock is None or not fits:
            raise LinkGone("The link does not work.")
        now = self._clock()
        async with self._work.transaction(lock.tenant) as tx:
            links = Links(tx)
            link = await links.get(lock.link_id)
            refusal = link.refusal(now) or ("used_up" if link.is_used_up else None)
            cookie = new_key(new_id())
            if refusal is None:
                await links.drop_visits(link.id, opened_before=now - COMES_BACK)
                await links.add_visit(Visit(cookie.id, link.id, now, None), key=cookie)
            else:
                item = await Items(tx).get(link.item_id)
                detail: JsonObject = {"name": link.person, "user_agent": user_agent}
                _note(tx, "link.refused", item, link, actor=link.actor, at=now, detail=detail, result=refusal)
        if refusal is not None:
            raise LinkGone("The link does not work.")
        return Opened(link.id, cookie.text(), max(1, int((link.expires_at - now).total_seconds())))

    async def enter(self, link_id: UUID, cookie: str, *, user_agent: str) -> Guest:
        """Who comes with this cookie to this link's pages. Raises `LinkGone`, whatever is wrong."""
        key = read_key(cookie)
        async with self._work.system() as tx:
            lock = await find_visit_lock(tx, key.id if key else _NO_LINK)
        fits = (key or new_key(_NO_LINK)).fits(lock.secret_sha256 if lock else None)
        if key is None or lock is None or not fits or lock.link_id != link_id:
            raise LinkGone("The link does not work.")
        now = self._clock()
        async with self._work.transaction(lock.tenant) as tx:
            link, visit = await Links(tx).get(link_id), await Links(tx).get_visit(key.id)
            if link.refusal(now):
                raise LinkGone("The link does not work.")
            if visit.begun_at is None:
                link = await self._begin(tx, visit, user_agent=user_agent, now=now)
        return Guest(lock.tenant, link, key.id, key.secret)

    async def _begin(self, tx: Transaction, visit: Visit, *, user_agent: str, now: datetime) -> Link:
        """Count the use, once, however often the browser asks at the same time."""
        links = Links(tx)
        link = await links.get(visit.link_id, lock=True)
        if (await links.get_visit(visit.id)).begun_at is not None:
            return link
        if link.refusal(now) or link.is_used_up or visit.opened_at + COMES_BACK < now:
            raise LinkGone("The link does not work.")
        await links.begin(visit, at=now)
        item = await Items(tx).get(link.item_id)
        detail: JsonObject = {"name": link.person, "user_agent": user_agent, "use": link.used + 1, "uses": link.uses}
        _note(tx, "link.used", item, link, actor=link.actor, at=now, detail=detail)
        return await links.get(link.id)

    async def leave(self, guest: Guest) -> None:
        """The browser's cookie is worth nothing from now on."""
        async with self._work.transaction(guest.tenant) as tx:
            await Links(tx).leave(guest.visit_id)

    async def show(self, guest: Guest) -> Item:
        """The item that the link is for, as it is now."""
        async with self._work.transaction(guest.tenant) as tx:
            return await Items(tx).get(guest.link.item_id)

    async def decide(self, guest: Guest, order: DecisionOrder, *, key: str) -> Decided:
        """Decide as the person of the link, where the stage that the item is at asks people without an account.

        Everything else is as for anybody (`Airlock.decide`). A link that its item's author made does not decide.
        """
        _must_have(guest, Grant.DECIDE)

        async def allowed(tx: Transaction, item: Item) -> None:
            await self._must_still_work(tx, guest)
            if guest.link.created_by == item.requested_by:
                raise OwnWork("This link was made by the author, whose own work it would decide.")
            detail: JsonObject = {"name": guest.link.person, "decision": order.decision.value}
            _note(tx, "link.decided", item, guest.link, actor=guest.link.actor, at=self._clock(), detail=detail)

        return await self._airlock.decide(
            guest.link.item_id, order, principal=guest.principal, key=key, allowed=allowed
        )

    async def note(self, guest: Guest, book: NoteBook, draft: NoteDraft, *, key: str, request: BaseModel) -> Note:
        """Write a note on the item, as `NoteBook.write` does."""
        _must_have(guest, Grant.NOTE)
        return await book.write(guest.link.item_id, draft, principal=guest.principal, key=key, request=request)

    async def hold(self, guest: Guest, *, reason: str) -> Item:
        """Keep the item from being released, as `Release.hold` does."""
        _must_have(guest, Grant.HOLD)
        return await self._release.hold(
            guest.link.item_id, reason=reason, principal=guest.principal, allowed=self._holding(guest, "link.held")
        )

    async def lift_hold(self, guest: Guest) -> Item:
        """Take the person's own hold off, as `Release.lift_hold` does."""
        _must_have(guest, Grant.HOLD)
        return await self._release.lift_hold(
            guest.link.item_id, principal=guest.principal, allowed=self._holding(guest, "link.let_go")
        )

    def _holding(self, guest: Guest, action: str) -> Allowed:
        async def allowed(tx: Transaction, item: Item) -> None:
            await self._must_still_work(tx, guest)
            detail: JsonObject = {"name": guest.link.person}
            _note(tx, action, item, guest.link, actor=guest.link.actor, at=self._clock(), detail=detail)

        return allowed

    async def _must_still_work(self, tx: Transaction, guest: Guest) -> None:
        """Whoever revokes the link waits until this transaction ends, or has it fail."""
        if (await Links(tx).get(guest.link.id, keep=True)).refusal(self._clock()):
            raise LinkGone("The link does not work.")


def asks_externals(item: Item) -> bool:
    """Whether the stage that an item is at asks people without an account."""
    return EXTERNAL in item.circle.roles


def _must_ask_externals(item: Item) -> None:
    if not any(EXTERNAL in stage.reviewers for stage in item.stages):
        raise ExternalsNotAsked(
            f"No stage of this review has {EXTERNAL!r} among its reviewers, so nobody without an account may decide."
        )


def _must_have(guest: Guest, grant: Grant) -> None:
    if grant not in guest.link.may:
        raise NotGranted(f"This link is not meant to {grant.value}.")


def _link(link_id: UUID, item_id: UUID, order: LinkOrder, *, by: str, now: datetime) -> Link:
    return Link(
        id=link_id,
        item_id=item_id,
        person=order.person,
        may=order.may | {Grant.LOOK},
        created_by=by,
        created_at=now,
        expires_at=now + order.expires_in,
        uses=order.uses,
        used=0,
        last_used_at=None,
        revoked_at=None,
        revoked_by=None,
    )


def _note(
    tx: Transaction,
    action: str,
    item: Item,
    link: Link,
    *,
    actor: str,
    at: datetime,
    detail: JsonObject,
    result: str = "ok",
) -> None:
    trail.note(
        tx,
        action,
        actor=actor,
        resource=f"airlock_item:{item.id}",
        at=at,
        result=result,
        run_id=item.run_id,
        detail={"link_id": str(link.id), "gate": item.gate, **detail},
    )
