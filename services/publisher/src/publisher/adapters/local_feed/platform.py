"""The local feed as a `Platform`."""

from __future__ import annotations

from http import HTTPStatus

import httpx
from common.contracts.publishing import Visibility
from common.contracts.values import Origin
from common.db.work import Work
from common.errors import OutcomeUnknown, Unavailable, VendorRefused
from sqlalchemy.exc import DBAPIError

from publisher.adapters.local_feed.addresses import Addresses
from publisher.domain import Limits
from publisher.ports import Live, Post, Progress, Upload
from publisher.repository import FeedEntries

LIMITS = Limits(
    title_characters=200,
    caption_characters=5_000,
    hashtags=30,
    hashtag_characters=100,
    video_types=frozenset({"video/mp4"}),
    thumbnail_types=frozenset({"image/jpeg"}),
    caption_types=frozenset({"text/vtt"}),
    duration_ms=60 * 60 * 1000,
    video_bytes=4 << 30,
)


class LocalFeed:
    """Posts are rows; showing one is one statement, so this platform can prove whether it happened."""

    name = "local_feed"
    # What it shows is really public, but it stands in for a platform: no vendor was asked, and a film of stand-ins
    # alone can be told from one that left this machine.
    origin = Origin.OFFLINE
    limits = LIMITS

    def __init__(self, work: Work, *, stranger: httpx.AsyncClient, edge_url: str) -> None:
        """`stranger` has our own address and no credentials: it sees what anybody would."""
        self._work = work
        self._stranger = stranger
        self._public = Addresses(edge_url)
        self._own = Addresses("")

    async def begin(self, post: Post, *, key: str) -> Upload:
        """Take in the film without showing it. A repeat takes the newer content, unless it is shown already."""
        async with self._work.transaction(post.tenant) as tx:
            await FeedEntries(tx).stage(post.id, post.content.model_dump(mode="json"))
        return Upload(
            tenant=post.tenant,
            post_id=post.id,
            handle=key,
            video_sha256=post.content.video.sha256,
            video_bytes=post.content.video.size,
        )

    async def finish(self, upload: Upload) -> Live:
        """Show the film. Showing it again changes nothing, not even the instant."""
        try:
            async with self._work.transaction(upload.tenant) as tx:
                entry = await FeedEntries(tx).show(upload.post_id)
        except DBAPIError as error:
            raise OutcomeUnknown(f"Whether post {upload.post_id} is shown was not confirmed.") from error
        if entry is None or entry.live_at is None:
            raise VendorRefused(f"The feed has no film {upload.post_id} to show.")
        return Live(url=self._public.post(upload.tenant, upload.post_id), published_at=entry.live_at)

    async def check(self, upload: Upload) -> Progress:
        """Open the page and ask for the film as a stranger, then say what was there."""
        async with self._work.transaction(upload.tenant) as tx:
            entry = await FeedEntries(tx).find(upload.post_id)
        if entry is None or entry.live_at is None:
            return Progress(Visibility.PRIVATE, absent_for_sure=True, detail="The film is not shown.")
        if fault := await self._fault(upload):
            return Progress(Visibility.UNCONFIRMED, detail=fault)
        live = Live(url=self._public.post(upload.tenant, upload.post_id), published_at=entry.live_at)
        return Progress(Visibility.PUBLIC, live)

    async def _fault(self, upload: Upload) -> str | None:
        """What a stranger misses: the page, the film's hash and length, or its last byte. None when all is there."""
        video = self._own.video(upload.tenant, upload.post_id)
        last = upload.video_bytes - 1
        try:
            page = await self._stranger.get(self._own.post(upload.tenant, upload.post_id))
            head = await self._stranger.head(video)
            tail = await self._stranger.get(video, headers={"range": f"bytes={last}-{last}"})
        except httpx.HTTPError as error:
            raise Unavailable("The feed does not answer at its own address.") from error
        if page.status_code != HTTPStatus.OK:
            return f"The page answers {page.status_code}."
        if head.status_code != HTTPStatus.OK or head.headers.get("etag") != f'"{upload.video_sha256}"':
            return f"The film answers {head.status_code} with tag {head.headers.get('etag')!r}."
        if head.headers.get("content-length") != str(upload.video_bytes):
            return f"The film has {head.headers.get('content-length')} bytes instead of {upload.video_bytes}."
        if tail.status_code != HTTPStatus.PARTIAL_CONTENT or len(tail.content) != 1:
            return f"The film's last byte answers {tail.status_code}."
        return None
