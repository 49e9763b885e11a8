"""The publisher's own routes: what was posted where."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.contracts.publishing import PostContent
from common.cursors import decode_cursor
from common.db.work import Work
from common.errors import NotFound
from common.service.pages import Cursor, Limit, Page, Word, page_of
from common.service.principal import Principal, current_principal
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from publisher.domain import PostState
from publisher.repository import PostRow, Posts


class PostItem(BaseModel):
    """A post in a list."""

    id: UUID
    run_id: UUID
    item_id: UUID
    platform: str
    state: PostState
    title: str
    url: str | None
    problem: str | None
    manifest_sha256: str
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None


class PostDetail(PostItem):
    """A post with exactly what went out."""

    content: PostContent


def router(work: Work) -> APIRouter:
    """`/v1/posts`."""
    routes = APIRouter(prefix="/v1/posts", tags=["posts"])

    @routes.get("", summary="Posts of your tenant, newest first.")
    async def list_posts(
        *,
        run_id: UUID | None = None,
        platform: Word = None,
        state: PostState | None = None,
        limit: Limit = 50,
        cursor: Cursor = None,
        principal: Principal = Depends(current_principal),
    ) -> Page[PostItem]:
        after = decode_cursor(cursor, datetime, UUID)
        async with work.transaction(principal.tenant) as tx:
            found = await Posts(tx).list_newest(
                limit=limit + 1, after=after, run_id=run_id, platform=platform, state=state
            )
        return page_of(found, limit=limit, view=_item, key=lambda row: (row.created_at, row.id))

    @routes.get("/{post_id}", summary="One post and exactly what went out.")
    async def read_post(post_id: UUID, principal: Principal = Depends(current_principal)) -> PostDetail:
        async with work.transaction(principal.tenant) as tx:
            row = await Posts(tx).find(post_id)
        if row is None:
            raise NotFound(f"There is no post {post_id}.")
        return PostDetail(**dict(_item(row)), content=row.content)

    return routes


def _item(row: PostRow) -> PostItem:
    return PostItem(
        id=row.id,
        run_id=row.run_id,
        item_id=row.item_id,
        platform=row.platform,
        state=row.state,
        title=row.content.title,
        url=row.live.url if row.live else None,
        problem=row.problem,
        manifest_sha256=row.manifest_sha256,
        created_at=row.created_at,
        updated_at=row.updated_at,
        published_at=row.live.published_at if row.live else None,
    )
