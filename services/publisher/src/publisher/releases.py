"""The publisher's loops: compliance is told what became of each permit, and releases left behind are settled.

The only module that looks across tenants, and it looks at permits alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from uuid import UUID

from common import testing_points
from common.db.work import Transaction, Work
from common.errors import GreenlightError, Rejected
from common.observability.logging import get_logger
from sqlalchemy.exc import DBAPIError

from publisher import errors
from publisher.domain import MAY_BE_PUBLIC, PostState, ReleaseOutcome
from publisher.ports import Live, Platform, Post, ReleaseDoor
from publisher.public import record_public
from publisher.repository import PermitRow, Permits, PostRow, Posts

log = get_logger(__name__)
BATCH = 50
REPORT_SECONDS = 1.0
SETTLE_SECONDS = 30.0


class Releases:
    """Brings every permit to its end."""

    def __init__(
        self, work: Work, *, platforms: Mapping[str, Platform], door: ReleaseDoor, settle_after_seconds: int
    ) -> None:
        self._work = work
        self._platforms = platforms
        self._door = door
        self._settle_after_seconds = settle_after_seconds

    async def report_for_ever(self) -> None:
        """Tell compliance about each finished release, until it has heard."""
        while True:
            if await self.report() < BATCH:
                await asyncio.sleep(REPORT_SECONDS)

    async def settle_for_ever(self) -> None:
        """Look after releases whose attempts are all gone: cancelled, out of retries, or lost."""
        while True:
            await self.settle()
            await asyncio.sleep(SETTLE_SECONDS)

    async def report(self) -> int:
        """Report what is due now. → how many were due. What could not be said is due again, later each time."""
        async with self._work.system() as tx:
            due = await Permits(tx).take_unreported(limit=BATCH)
        for permit in due:
            if permit.outcome is None or permit.permit_id is None:
                continue
            try:
                await self._door.finish(permit.tenant, permit_id=permit.permit_id, outcome=permit.outcome)
            except Rejected as error:
                # Compliance has another end of this permit on record; saying ours again would not change it.
                log.error("permit.disputed", permit_id=str(permit.permit_id), error=error.code, detail=error.detail)
            except GreenlightError as error:
                log.warning("permit.not_reported", permit_id=str(permit.permit_id), error=error.code)
                continue
            testing_points.reached("publisher.reported")
            async with self._work.transaction(permit.tenant) as tx:
                await Permits(tx).reported(permit)
        return len(due)

    async def settle(self) -> int:
        """Look for the posts of releases that nobody works on, and settle what can be known. → how many were taken."""
        async with self._work.system() as tx:
            left = await Permits(tx).take_left_behind(older_than_seconds=self._settle_after_seconds, limit=BATCH)
        for permit in left:
            try:
                await self._settle(permit)
            except (GreenlightError, DBAPIError) as error:
                log.warning("release.not_settled", item_id=str(permit.item_id), error=repr(error))
        return len(left)

    async def _settle(self, permit: PermitRow) -> None:
        async with self._work.transaction(permit.tenant) as tx:
            posts = await Posts(tx).list_of_item(permit.item_id)
        seen = {post.id: await self._look(permit.tenant, post) for post in posts}
        if any(state in MAY_BE_PUBLIC for state, _ in seen.values()):
            return
        permit_id = await self._permit_id(permit)
        async with self._work.transaction(permit.tenant) as tx:
            now = {post.id: post for post in await Posts(tx).list_of_item(permit.item_id)}
            if {row.id: row.updated_at for row in now.values()} != {row.id: row.updated_at for row in posts}:
                return  # An attempt came back to life while we looked; it knows better.
            for post in now.values():
                state, live = seen[post.id]
                await self._record(tx, permit, post, state=state, live=live)
            if permit_id is None:
                await Permits(tx).forget(permit.item_id)
                return
            await Permits(tx).hold(permit.item_id, permit_id)
            public = any(state is PostState.PUBLIC for state, _ in seen.values())
            outcome = ReleaseOutcome.RELEASED if public else ReleaseOutcome.RELEASE_FAILED
            await Permits(tx).settle(permit.item_id, outcome)
        log.info("release.settled", item_id=str(permit.item_id), outcome=outcome.value)

    async def _permit_id(self, permit: PermitRow) -> UUID | None:
        """The permit of this release, asked for again if we never learned it. None when there was none to have."""
        if permit.permit_id is not None:
            return permit.permit_id
        try:
            return await self._door.ask(permit.tenant, item_id=permit.item_id, manifest_sha256=permit.manifest_sha256)
        except errors.PublishingStopped as stop:
            return stop.permit_id
        except Rejected:
            return None

    async def _look(self, tenant: str, post: PostRow) -> tuple[PostState, Live | None]:
        """What the post's state ought to be, as seen from outside. Nothing is told to a platform here."""
        platform = self._platforms.get(post.platform)
        if post.state not in MAY_BE_PUBLIC:
            return (PostState.FAILED if post.state is PostState.PREPARING else post.state), post.live
        if platform is None or post.upload is None:
            return post.state, None
        progress = await platform.check(post.upload)
        if progress.live is not None:
            return PostState.PUBLIC, progress.live
        return (PostState.FAILED if progress.absent_for_sure else post.state), None

    async def _record(
        self, tx: Transaction, permit: PermitRow, row: PostRow, *, state: PostState, live: Live | None
    ) -> None:
        if state is PostState.FAILED and row.state is not PostState.FAILED:
            await Posts(tx).close(row.id, state, problem="left_behind: Nobody finished publishing it.")
        if state is not PostState.PUBLIC or live is None:
            return
        post = Post(
            id=row.id,
            tenant=permit.tenant,
            run_id=row.run_id,
            item_id=row.item_id,
            platform=row.platform,
            content=row.content,
            manifest_sha256=row.manifest_sha256,
        )
        await record_public(tx, post, live)
