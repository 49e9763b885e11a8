"""Publishing: check, stage, ask for the permit, write down the intention, tell the platform, and look.

Killed at any line and run again, an item ends as exactly one post a platform: whatever may be public already is looked
for before anything is told again, and is told again only when the platform proves that it is not there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn
from uuid import UUID

from common import testing_points
from common.bus.step import Done, Pending, Step
from common.clock import Clock, rfc3339
from common.contracts.gates import WAITS_FOR_GATE
from common.contracts.publishing import (
    PostContent,
    PublishedPost,
    PublishInput,
    PublishOutput,
    Visibility,
)
from common.contracts.values import ArtifactType, Downgrade, JsonObject, Value
from common.db.work import Transaction
from common.errors import GreenlightError, OutcomeUnknown, Permanent, Rejected, Unavailable
from common.ids import derived_id
from common.manifest import canonical_json, manifest_sha256
from common.observability.logging import get_logger
from common.observability.metrics import POSTS

from publisher import errors
from publisher.checks import as_found, choose, read_content, verify
from publisher.domain import MAY_BE_PUBLIC, PostState, ReleaseOutcome
from publisher.leave import Leave
from publisher.ports import Found, Live, Platform, Post, Progress, ReleaseDoor, Upload
from publisher.public import published_post, record_public
from publisher.repository import PermitRow, Permits, PostRow, Posts

log = get_logger(__name__)
LOOKS_SECONDS = (0.0, 0.2, 0.5, 1.0)
"""Pauses before each look at a platform that was just told to publish."""
LOOK_AGAIN = timedelta(seconds=15)
ASK_AGAIN = timedelta(minutes=1)
"""How often it is asked whether publishing that was stopped may go on."""
GIVEN_BACK = timedelta(seconds=5)
"""After that long compliance has heard that nothing went out, and says what is to be decided anew."""
GIVE_UP_AFTER = timedelta(hours=1)


class _FinishRequest(Value):
    """What is written down about telling a platform."""

    upload: Upload
    manifest_sha256: str


@dataclass
class _Delivery:
    """One platform's share of a release, as this attempt sees it."""

    platform: Platform
    post: Post
    upload: Upload | None
    row: PostRow
    live: Live | None
    failure: GreenlightError | None = None
    unclear: str | None = None

    @property
    def needs_release(self) -> bool:
        return self.live is None and self.unclear is None


async def publish(
    input: PublishInput, step: Step, *, platforms: Mapping[str, Platform], door: ReleaseDoor, clock: Clock
) -> Done[PublishOutput] | Pending:
    """Publish an approved item on its platforms. The output names posts that were seen where the public sees them."""
    content = read_content(input.post)
    if (not_before := content.window.not_before) is not None and clock() < not_before:
        # Nothing is handed over, and nobody asked, before it is time; a hold until then wins.
        return Pending(handle=f"window:{input.item_id}", check_after=not_before)
    try:
        chosen = choose(content, platforms)
        await verify(content, step.artifacts, tenant=step.tenant)
    except Rejected:
        await _must_be_approved(input, step, content, door=door)
        raise
    manifest = manifest_sha256(input.post, policy_version=input.policy_version)
    testing_points.reached("publisher.verified")
    found = Found(input.post, input.policy_version)
    check = partial(door.check, step.tenant, item_id=input.item_id, manifest_sha256=manifest, found=found)
    posts = [_post(platform, input, step, content, manifest) for platform in chosen]
    deliveries = [
        await _prepare(platform, post, step, content=input.post) for platform, post in zip(chosen, posts, strict=True)
    ]
    # First of all: whatever stops the rest, what is out already is known.
    await _look_for_earlier(deliveries)
    try:
        for delivery in deliveries:
            if delivery.needs_release and delivery.upload is None:
                await _stage(delivery, step, leave=Leave(check))
        testing_points.reached("publisher.staged")
        if any(delivery.needs_release for delivery in deliveries):
            leave = Leave(partial(_obtain_permit, input, step, door=door, manifest=manifest))
            await leave.obtain()
            for delivery in deliveries:
                if delivery.needs_release:
                    await _release(delivery, step, leave=leave)
    except errors.PublishingStopped as refusal:
        taken_back = isinstance(refusal, errors.PermitTakenBack)
        if not taken_back or not any(delivery.live for delivery in deliveries):
            return _stopped(deliveries, input, check_after=clock() + (GIVEN_BACK if taken_back else ASK_AGAIN))
        for delivery in deliveries:
            if delivery.needs_release and delivery.failure is None:
                delivery.failure = refusal
    return await _conclude(deliveries, input, step, manifest=manifest, clock=clock)


async def _must_be_approved(input: PublishInput, step: Step, content: PostContent, *, door: ReleaseDoor) -> None:
    """What cannot go out may be something else than was approved: then that is what is wrong with it.

    Raises `ContentChanged` or `NotApproved`, and the item waits for a decision again.
    """
    post = await as_found(content, input.post, step.artifacts, tenant=step.tenant)
    found = Found(post, input.policy_version)
    manifest = manifest_sha256(post, policy_version=input.policy_version)
    try:
        await door.check(step.tenant, item_id=input.item_id, manifest_sha256=manifest, found=found)
    except Rejected as refusal:
        if WAITS_FOR_GATE in refusal.extra:
            raise
    except GreenlightError as error:
        log.warning("release.not_compared", item_id=str(input.item_id), error=error.code)


async def _prepare(platform: Platform, post: Post, step: Step, *, content: JsonObject) -> _Delivery:
    """The post's row, and what an earlier attempt handed over or got to. Raises `AlreadyReleased`."""
    rows: list[PostRow] = []

    async def prepare(tx: Transaction) -> None:
        rows.append(await Posts(tx).prepare(post, content=content))

    await step.note(prepare)
    row = rows[0]
    if row.manifest_sha256 != post.manifest_sha256:
        raise errors.AlreadyReleased(f"This item went out on {platform.name} with other content.")
    return _Delivery(platform, post, row.upload, row, live=row.live if row.state is PostState.PUBLIC else None)


async def _stage(delivery: _Delivery, step: Step, *, leave: Leave) -> None:
    """Hand the post to the platform so that nobody sees it."""
    platform, post = delivery.platform, delivery.post
    await leave.obtain()
    staged = await step.call(
        f"{platform.name}.begin",
        f"begin:{post.id}:{post.manifest_sha256}",
        lambda: leave.begin(lambda: platform.begin(post, key=str(post.id))),
        returns=Upload,
        kind="vendor",
        request=post.content,
    )
    await step.note(lambda tx: Posts(tx).stage(post.id, staged))
    delivery.upload = staged


async def _look_for_earlier(deliveries: Sequence[_Delivery]) -> None:
    """An earlier attempt may have made a post public and died: look before anything is told."""
    for delivery in deliveries:
        if delivery.row.state in MAY_BE_PUBLIC and delivery.upload is not None:
            progress = await delivery.platform.check(delivery.upload)
            delivery.live = progress.live
            if progress.live is None and not progress.absent_for_sure:
                delivery.unclear = progress.detail or "The platform does not show it yet."


async def _obtain_permit(input: PublishInput, step: Step, *, door: ReleaseDoor, manifest: str) -> None:
    if step.cancelled.is_set():
        raise errors.PublishingCancelled("The run was cancelled before anything was published.")
    unheard: list[PermitRow | None] = []

    async def ask(tx: Transaction) -> None:
        permits = Permits(tx)
        unheard.append(await permits.ask(item_id=input.item_id, run_id=step.run_id, manifest_sha256=manifest))

    await step.note(ask)
    earlier = unheard[0]
    if earlier is not None:
        # Its loop tells compliance within a second or as soon as that answers; until then a new permit is refused.
        raise Unavailable("Compliance has not heard yet what became of the last permit for this item.")
    try:
        found = Found(input.post, input.policy_version)
        permit_id = await door.ask(step.tenant, item_id=input.item_id, manifest_sha256=manifest, found=found)
    except Rejected as refusal:
        given = refusal.permit_id if isinstance(refusal, errors.PublishingStopped) else None
        await step.note(lambda tx: _keep_or_forget(tx, input.item_id, given))
        raise
    testing_points.reached("publisher.permitted")
    await step.note(lambda tx: Permits(tx).hold(input.item_id, permit_id))


async def _keep_or_forget(tx: Transaction, item_id: UUID, given: UUID | None) -> None:
    """No permit was given now; one that was given before is still ours to be reported on."""
    if given is None:
        await Permits(tx).forget(item_id)
    else:
        await Permits(tx).hold(item_id, given)


async def _release(delivery: _Delivery, step: Step, *, leave: Leave) -> None:
    """Tell the platform, once; then look. The intention is committed first, so a death here is noticed."""
    platform, post, upload = delivery.platform, delivery.post, delivery.upload
    if upload is None:
        raise RuntimeError(f"Post {post.id} was not handed to {platform.name}.")
    seen = delivery.row.finishes
    await leave.obtain()
    intended: list[bool] = []

    async def intend(tx: Transaction) -> None:
        intended.append(await Posts(tx).intend(post.id, finishes=seen))

    await step.note(intend)
    if not intended[0]:
        raise errors.NotPublicYet("Another attempt is publishing this post right now.")
    testing_points.reached("publisher.intended")
    try:
        await step.call(
            f"{platform.name}.finish",
            f"finish:{post.id}:{seen + 1}",
            lambda: leave.begin(lambda: platform.finish(upload)),
            returns=Live,
            kind="vendor",
            request=_FinishRequest(upload=upload, manifest_sha256=post.manifest_sha256),
            repeatable=False,
        )
    except errors.LeaveIsOver as error:
        late = error.detail
        await step.note(lambda tx: Posts(tx).close(post.id, PostState.PREPARING, problem=late))
        raise
    except OutcomeUnknown as error:
        log.warning("post.outcome_unknown", post_id=str(post.id), platform=platform.name, detail=error.detail)
    except Permanent as error:
        problem = f"{error.code}: {error.detail}"
        await step.note(lambda tx: Posts(tx).close(post.id, PostState.FAILED, problem=problem))
        delivery.failure = error
        return
    testing_points.reached("publisher.finished")
    progress = await _look(platform, upload)
    testing_points.reached("publisher.checked")
    delivery.live = progress.live
    if progress.absent_for_sure:
        raise errors.NotPublicYet(f"{platform.name} does not show the post: {progress.detail}")
    if progress.live is None:
        delivery.unclear = progress.detail or "The platform does not show it yet."


async def _look(platform: Platform, upload: Upload) -> Progress:
    progress = Progress(Visibility.ACCEPTED)
    for pause in LOOKS_SECONDS:
        await asyncio.sleep(pause)
        progress = await platform.check(upload)
        if progress.live is not None or progress.absent_for_sure:
            break
    return progress


async def _conclude(
    deliveries: Sequence[_Delivery], input: PublishInput, step: Step, *, manifest: str, clock: Clock
) -> Done[PublishOutput] | Pending:
    unclear = [delivery for delivery in deliveries if delivery.unclear]
    if unclear:
        return _pending(unclear, clock=clock)
    public = [(delivery, delivery.live) for delivery in deliveries if delivery.live is not None]
    if not public:
        await step.note(lambda tx: Permits(tx).settle(input.item_id, ReleaseOutcome.RELEASE_FAILED))
        _raise_first_failure(deliveries)
    for delivery in deliveries:
        if delivery.failure is not None:
            detail = f"{delivery.platform.name}: {delivery.failure.detail}"
            step.degrade(Downgrade(code="not_published_everywhere", detail=detail, stage="publishing"))
    posts = tuple(published_post(delivery.post, live) for delivery, live in public)
    for (delivery, _), post in zip(public, posts, strict=True):
        await _keep_receipt(delivery, post, step)

    async def save(tx: Transaction) -> None:
        for delivery, live in public:
            await record_public(tx, delivery.post, live)
        await Permits(tx).settle(input.item_id, ReleaseOutcome.RELEASED)

    return Done(PublishOutput(posts=posts, manifest_sha256=manifest), save)


def _stopped(deliveries: Sequence[_Delivery], input: PublishInput, *, check_after: datetime) -> Pending:
    """Wait until publishing may go on. What is out is put on record; where nothing is, the permit is given back."""
    public = [(delivery, delivery.live) for delivery in deliveries if delivery.live is not None]

    async def save(tx: Transaction) -> None:
        for delivery, live in public:
            await record_public(tx, delivery.post, live)
        if not public and not any(delivery.unclear for delivery in deliveries):
            await Permits(tx).settle(input.item_id, ReleaseOutcome.RELEASE_FAILED)

    return Pending(handle=f"stopped:{input.item_id}", check_after=check_after, save=save)


def _pending(unclear: Sequence[_Delivery], *, clock: Clock) -> Pending:
    """Wait and look again: the platform was told, so it is never told a second time."""

    async def save(tx: Transaction) -> None:
        for delivery in unclear:
            await Posts(tx).close(delivery.post.id, PostState.UNCONFIRMED, problem=delivery.unclear or "")
            POSTS.labels("publisher", delivery.platform.name, Visibility.UNCONFIRMED.value).inc()

    first = unclear[0]
    return Pending(
        handle=f"{first.platform.name}:{first.post.id}",
        check_after=clock() + LOOK_AGAIN,
        deadline=first.row.created_at + GIVE_UP_AFTER,
        save=save,
    )


def _raise_first_failure(deliveries: Sequence[_Delivery]) -> NoReturn:
    for delivery in deliveries:
        if delivery.failure is not None:
            raise delivery.failure
    raise errors.VisibilityUnknown("No platform says what became of the post.")


async def _keep_receipt(delivery: _Delivery, post: PublishedPost, step: Step) -> None:
    """A small file that says where the film went. The same post always makes the same bytes."""
    receipt: JsonObject = {
        "platform": post.platform,
        "post_id": post.post_id,
        "url": post.url,
        "published_at": rfc3339(post.published_at),
        "item_id": str(delivery.post.item_id),
        "manifest_sha256": delivery.post.manifest_sha256,
        "video_sha256": delivery.post.content.video.sha256,
    }
    step.origin = delivery.platform.origin
    await step.keep(
        canonical_json(receipt),
        type=ArtifactType.PUBLISHED_URL,
        name=f"published-{post.platform}.json",
        media_type="application/json",
        made_by=f"publisher/{post.platform}",
        origin=delivery.platform.origin,
    )


def _post(platform: Platform, input: PublishInput, step: Step, content: PostContent, manifest: str) -> Post:
    # An item is released once on a platform, whichever run, step or attempt asks: so these three make the id.
    return Post(
        id=derived_id("post", step.tenant, input.item_id, platform.name),
        tenant=step.tenant,
        run_id=step.run_id,
        item_id=input.item_id,
        platform=platform.name,
        content=content,
        manifest_sha256=manifest,
        private_of=step.private_of,
    )
