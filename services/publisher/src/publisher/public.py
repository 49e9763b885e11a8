"""A post was seen public: what is written down, and who is told, however it was found out."""

from __future__ import annotations

from common.contracts.audit import AuditEntry
from common.contracts.publishing import PostPublished, PublishedPost, Visibility
from common.db.work import Transaction
from common.observability.metrics import POSTS

from publisher.ports import Live, Post
from publisher.repository import Posts


def published_post(post: Post, live: Live) -> PublishedPost:
    """The post as other services know it."""
    return PublishedPost(
        platform=post.platform,
        post_id=str(post.id),
        url=live.url,
        visibility=Visibility.PUBLIC,
        published_at=live.published_at,
    )


async def record_public(tx: Transaction, post: Post, live: Live) -> None:
    """Record that a post was seen public; the first time, tell the others and compliance's record."""
    if not await Posts(tx).publish(post.id, live):
        return
    seen = published_post(post, live)
    tx.tell(PostPublished(post=seen, title=post.content.title), run=post.run_id, cause=post.id)
    tx.audit(
        AuditEntry(
            actor="service:publisher",
            action="post.published",
            resource=f"post:{post.id}",
            run_id=post.run_id,
            after_sha256=post.manifest_sha256,
            detail={
                "platform": post.platform,
                "url": live.url,
                "item_id": str(post.item_id),
                "manifest_sha256": post.manifest_sha256,
            },
            at=live.published_at,
        )
    )
    POSTS.labels("publisher", post.platform, Visibility.PUBLIC.value).inc()
