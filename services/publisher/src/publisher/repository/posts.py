"""Posts: what we did on which platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.contracts.publishing import PostContent
from common.contracts.values import JsonObject
from common.db.shares import is_seen
from common.db.work import Transaction
from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from publisher.domain import MAY_BE_PUBLIC, PostState
from publisher.models import posts, run_shares
from publisher.ports import Live, Post, Upload


@dataclass(frozen=True)
class PostRow:
    """A post as we know it."""

    id: UUID
    run_id: UUID
    item_id: UUID
    platform: str
    state: PostState
    content: PostContent
    manifest_sha256: str
    upload: Upload | None
    finishes: int
    live: Live | None
    problem: str | None
    created_at: datetime
    updated_at: datetime


class Posts:
    """What we did on which platform."""

    def __init__(self, tx: Transaction) -> None:
        self._session = tx.session
        self._tenant = tx.tenant

    async def prepare(self, post: Post, *, content: JsonObject) -> PostRow:
        """The post's row, made if there is none. One that is not on its way yet takes on this content.

        The row stays locked until the transaction ends. One that may be public already is returned as it is.
        """
        fresh = {"content": content, "manifest_sha256": post.manifest_sha256, "run_id": post.run_id}
        fresh["private_of"] = post.private_of
        await self._session.execute(
            insert(posts)
            .values(
                id=post.id,
                tenant_id=self._tenant,
                item_id=post.item_id,
                platform=post.platform,
                state=PostState.PREPARING.value,
                **fresh,
            )
            .on_conflict_do_nothing(index_elements=["id"])
        )
        row = await self._one(select(posts).where(posts.c.id == post.id).with_for_update())
        reusable = row.state in {PostState.PREPARING, PostState.FAILED}
        if not reusable or (row.state is PostState.PREPARING and row.manifest_sha256 == post.manifest_sha256):
            return row
        return await self._one(
            update(posts)
            .where(posts.c.id == post.id)
            .values(state=PostState.PREPARING.value, upload=None, problem=None, updated_at=func.now(), **fresh)
            .returning(posts)
        )

    async def stage(self, post_id: UUID, upload: Upload) -> None:
        """Remember what the platform was given."""
        await self._session.execute(
            update(posts)
            .where(posts.c.id == post_id)
            .values(upload=upload.model_dump(mode="json"), updated_at=func.now())
        )

    async def intend(self, post_id: UUID, *, finishes: int) -> bool:
        """Write down that the platform is about to be told, for the `finishes + 1`st time.

        → False when somebody else wrote it first: then nothing may be told.
        """
        told = await self._session.execute(
            update(posts)
            .where(
                posts.c.id == post_id,
                posts.c.finishes == finishes,
                posts.c.state.in_([PostState.PREPARING.value, *MAY_BE_PUBLIC]),
            )
            .values(state=PostState.FINISHING.value, finishes=finishes + 1, updated_at=func.now())
            .returning(posts.c.id)
        )
        return told.first() is not None

    async def publish(self, post_id: UUID, live: Live) -> bool:
        """Record that the post was seen public. → whether that is news."""
        published = await self._session.execute(
            update(posts)
            .where(posts.c.id == post_id, posts.c.state != PostState.PUBLIC.value)
            .values(
                state=PostState.PUBLIC.value,
                url=live.url,
                published_at=live.published_at,
                problem=None,
                updated_at=func.now(),
            )
            .returning(posts.c.id)
        )
        return published.first() is not None

    async def close(self, post_id: UUID, state: PostState, *, problem: str) -> None:
        """Record that the post is `unconfirmed` or `failed`, and why. A public post stays public."""
        await self._session.execute(
            update(posts)
            .where(posts.c.id == post_id, posts.c.state != PostState.PUBLIC.value)
            .values(state=state.value, problem=problem, updated_at=func.now())
        )

    async def find(self, post_id: UUID) -> PostRow | None:
        """One post of this tenant that is for the viewer to see."""
        query = select(posts).where(posts.c.id == post_id, is_seen(posts.c.private_of, run_shares))
        found = (await self._session.execute(query)).mappings().first()
        return None if found is None else _post_row(found)

    async def list_of_item(self, item_id: UUID) -> list[PostRow]:
        """All posts of an item, one a platform; locked until the transaction ends."""
        found = await self._session.execute(
            select(posts).where(posts.c.item_id == item_id).order_by(posts.c.platform).with_for_update()
        )
        return [_post_row(row) for row in found.mappings()]

    async def list_newest(
        self,
        *,
        limit: int,
        after: tuple[datetime, UUID] | None,
        run_id: UUID | None = None,
        platform: str | None = None,
        state: PostState | None = None,
    ) -> list[PostRow]:
        """The next posts, newest first."""
        wanted = [
            condition
            for condition in (
                None if after is None else tuple_(posts.c.created_at, posts.c.id) < after,
                None if run_id is None else posts.c.run_id == run_id,
                None if platform is None else posts.c.platform == platform,
                None if state is None else posts.c.state == state.value,
            )
            if condition is not None
        ]
        found = await self._session.execute(
            select(posts)
            .where(posts.c.tenant_id == self._tenant, is_seen(posts.c.private_of, run_shares), *wanted)
            .order_by(posts.c.created_at.desc(), posts.c.id.desc())
            .limit(limit)
        )
        return [_post_row(row) for row in found.mappings()]

    async def _one(self, statement: Any) -> PostRow:
        return _post_row((await self._session.execute(statement)).mappings().one())


def _post_row(row: Any) -> PostRow:
    return PostRow(
        id=row["id"],
        run_id=row["run_id"],
        item_id=row["item_id"],
        platform=row["platform"],
        state=PostState(row["state"]),
        content=PostContent.model_validate(row["content"]),
        manifest_sha256=row["manifest_sha256"],
        upload=row["upload"] and Upload.model_validate(row["upload"]),
        finishes=row["finishes"],
        live=Live(url=row["url"], published_at=row["published_at"]) if row["published_at"] else None,
        problem=row["problem"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
