"""Publishing over the real bus, with the real airlock: one post, never two, and none without a permit."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from common import testing_points
from common.contracts.audit import AuditEntry
from common.contracts.message import Finished, Outcome
from common.contracts.publishing import PostContent, PostPublished, Publish, PublishInput, PublishOutput, Visibility
from common.ids import derived_id
from embedded.identity import become
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.people import People
from testkit.stack import Stack
from testkit.workshop import Rows

Write = Callable[..., Awaitable[PostContent]]
Approve = Callable[..., Awaitable[PublishInput]]
Told = Callable[[], tuple[list[PostPublished], list[AuditEntry]]]
FILES = ("", "video.mp4", "thumbnail.jpg", "captions.vtt")


def post_id_of(tenant: str, order: PublishInput) -> str:
    """The id the post of this order has or would have."""
    return str(derived_id("post", tenant, order.item_id, "local_feed"))


async def seen_by_strangers(publisher: httpx.AsyncClient, tenant: str, order: PublishInput) -> list[str]:
    """Where on the feed anything of the order's post can be seen."""
    post_id = post_id_of(tenant, order)
    seen = [
        address
        for name in FILES
        if (await publisher.get(address := f"/feed/{tenant}/{post_id}/{name}")).status_code != 404
    ]
    return seen + [
        address
        for address in (f"/feed/{tenant}/", f"/feed/{tenant}/atom.xml")
        if post_id in (await publisher.get(address)).text
    ]


def output_of(answer: Finished) -> PublishOutput:
    """The output of an answer that is well."""
    assert answer.outcome is Outcome.DONE, answer.problem
    return PublishOutput.model_validate(answer.output)


def code_of(answer: Finished) -> tuple[str, str, bool]:
    """Outcome, code, and whether it may be tried again."""
    assert answer.problem is not None
    return answer.outcome.value, answer.problem.code, answer.problem.retryable


def damage(file: Path) -> None:
    """Change one bit."""
    stored = bytearray(file.read_bytes())
    stored[-3] ^= 1
    file.write_bytes(stored)


def start_doomed(stack: Stack, *, point: str) -> subprocess.Popen[bytes]:
    """A publisher in a process of its own that kills itself at `point`."""
    command = [sys.executable, "-P", "-m", "embedded.host", "--service", "publisher"]
    environment = {**stack.environment("publisher"), "GREENLIGHT_TESTING_POINTS": point}
    return subprocess.Popen(become(command), env=environment)


async def test_an_approved_film_is_seen_public_and_everybody_is_told(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    people: People,
    approve: Approve,
    write: Write,
    orders: Orders,
    rows: Rows,
    told: Told,
    tenant: str,
    stack: Stack,
) -> None:
    post = await write(tenant)
    order = await approve(tenant, post)
    answer = await orders.order(Publish, order, tenant=tenant)

    [published] = output_of(answer).posts
    assert published.visibility is Visibility.PUBLIC
    assert published.post_id == post_id_of(tenant, order)
    assert published.url == f"{stack.site.edge_url}/feed/{tenant}/{published.post_id}/"
    page = await publisher.get(urlsplit(published.url).path)
    assert (page.status_code, post.title in page.text) == (200, True)
    assert len(await seen_by_strangers(publisher, tenant, order)) == len(FILES) + 2
    [receipt] = answer.artifacts
    assert (receipt.type.value, receipt.origin.value) == ("published_url", "offline")
    [event], [entry] = told()
    assert event.post == published
    assert (entry.action, entry.resource, entry.source_seq) == ("post.published", f"post:{published.post_id}", 1)

    creator = await people.join(tenant, "creator")

    async def status() -> str:
        item = await airlock.get(f"/v1/airlock/items/{order.item_id}", headers=creator.headers)
        return str(item.json()["item"]["status"])

    assert await eventually(status, until=lambda value: value != "releasing") == "released"


async def test_without_an_approval_nothing_is_visible_anywhere(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    held: Approve,
    write: Write,
    orders: Orders,
    tenant: str,
) -> None:
    order = await held(tenant, await write(tenant))
    assert code_of(await orders.order(Publish, order, tenant=tenant)) == ("refused", "not_approved", False)
    assert await seen_by_strangers(publisher, tenant, order) == []


async def test_an_item_that_does_not_exist_or_is_anothers_is_not_approved(
    *, publisher: httpx.AsyncClient, approve: Approve, write: Write, orders: Orders, tenant: str
) -> None:
    order = await approve(tenant, await write(tenant))
    other = f"{tenant}-other"
    theirs = order.model_copy(update={"post": (await write(other)).model_dump(mode="json")})
    assert code_of(await orders.order(Publish, theirs, tenant=other)) == ("refused", "not_approved", False)
    unknown = order.model_copy(update={"item_id": uuid4()})
    assert code_of(await orders.order(Publish, unknown, tenant=tenant)) == ("refused", "not_approved", False)
    assert await seen_by_strangers(publisher, other, theirs) == []


async def test_one_word_changed_after_the_approval_is_refused(
    *, publisher: httpx.AsyncClient, approve: Approve, write: Write, orders: Orders, tenant: str
) -> None:
    order = await approve(tenant, await write(tenant))
    changed = order.model_copy(update={"post": {**order.post, "caption": "Something nobody looked at."}})
    assert code_of(await orders.order(Publish, changed, tenant=tenant)) == ("refused", "content_changed", False)
    assert await seen_by_strangers(publisher, tenant, changed) == []


async def test_a_hold_wins_over_an_approval(
    *,
    publisher: httpx.AsyncClient,
    airlock: httpx.AsyncClient,
    people: People,
    approve: Approve,
    write: Write,
    orders: Orders,
    tenant: str,
) -> None:
    order = await approve(tenant, await write(tenant))
    person = await people.join(tenant, "publisher")
    hold = f"/v1/airlock/items/{order.item_id}/hold"
    assert (await airlock.post(hold, json={"reason": "wait"}, headers=person.headers)).status_code == 200
    assert code_of(await orders.order(Publish, order, tenant=tenant)) == ("refused", "on_hold", False)
    assert await seen_by_strangers(publisher, tenant, order) == []
    assert (await airlock.delete(hold, headers=person.headers)).status_code == 200
    assert output_of(await orders.order(Publish, order, tenant=tenant)).posts


async def test_while_compliance_is_away_nothing_is_visible_and_the_step_may_be_tried_again(
    *,
    publisher: httpx.AsyncClient,
    listens: Callable[..., Any],
    people: People,
    held: Approve,
    write: Write,
    orders: Orders,
    tenant: str,
) -> None:
    run, step = uuid4(), uuid4()
    async with listens("compliance") as airlock:
        order = await held(tenant, await write(tenant))
        reviewer = await people.join(tenant, "reviewer")
        decision = f"/v1/airlock/items/{order.item_id}/decision"
        answer = await airlock.post(decision, json={"decision": "approved"}, headers=reviewer.headers)
        assert answer.status_code == 200, answer.text
    away = await orders.order(Publish, order, tenant=tenant, run=run, step=step)
    assert code_of(away) == ("failed", "unavailable", True)
    assert await seen_by_strangers(publisher, tenant, order) == []
    async with listens("compliance"):
        assert output_of(await orders.order(Publish, order, tenant=tenant, run=run, step=step, attempt=2)).posts


@pytest.mark.parametrize("what", ["video", "thumbnail", "captions"])
async def test_a_missing_file_or_a_changed_byte_is_refused(
    *,
    publisher: httpx.AsyncClient,
    approve: Approve,
    write: Write,
    orders: Orders,
    tenant: str,
    settings_for: Callable[..., Any],
    what: str,
) -> None:
    post = await write(tenant)
    order = await approve(tenant, post)
    sha256 = getattr(post, what).sha256
    file = Path(urlsplit(settings_for("publisher").artifacts_url).path, tenant, "sha256", sha256[:2], sha256)
    await asyncio.to_thread(file.rename, file.with_suffix(".away"))
    assert code_of(await orders.order(Publish, order, tenant=tenant)) == ("refused", "artifact_missing", False)
    await asyncio.to_thread(file.with_suffix(".away").rename, file)
    await asyncio.to_thread(damage, file)
    assert code_of(await orders.order(Publish, order, tenant=tenant)) == ("refused", "content_changed", False)
    assert await seen_by_strangers(publisher, tenant, order) == []


@pytest.mark.parametrize(
    ("point", "finishes"),
    [("verified", 1), ("staged", 1), ("permitted", 1), ("intended", 2), ("finished", 1), ("checked", 1)],
)
async def test_killed_anywhere_and_run_again_there_is_one_post(
    *,
    publisher: httpx.AsyncClient,
    approve: Approve,
    write: Write,
    orders: Orders,
    rows: Rows,
    told: Told,
    trap: Callable[[str], None],
    tenant: str,
    point: str,
    finishes: int,
) -> None:
    order = await approve(tenant, await write(tenant))
    run, step = uuid4(), uuid4()
    trap(f"publisher.{point}")
    died = await orders.order(Publish, order, tenant=tenant, run=run, step=step)
    assert code_of(died) == ("failed", "internal_error", True)
    shown = rows("select live_at from publisher.feed_entries where tenant_id = %s and live_at is not null", tenant)

    [published] = output_of(await orders.order(Publish, order, tenant=tenant, run=run, step=step, attempt=2)).posts

    assert published.post_id == post_id_of(tenant, order)
    posts = rows("select state, finishes from publisher.posts where tenant_id = %s", tenant)
    assert posts == [("public", finishes)]
    [entry] = rows("select live_at from publisher.feed_entries where tenant_id = %s", tenant)
    assert shown in ([], [entry]), "what was public stays as it was, to the microsecond"
    assert [len(what) for what in told()] == [1, 1]


async def test_a_process_killed_after_publishing_leaves_one_post_that_its_successor_finds(
    *,
    listens: Callable[..., Any],
    approve: Approve,
    write: Write,
    orders: Orders,
    rows: Rows,
    tenant: str,
    stack: Stack,
) -> None:
    order = await approve(tenant, await write(tenant))
    doomed = start_doomed(stack, point="publisher.finished")
    try:
        message = await orders.give(Publish, order, tenant=tenant)
        assert await asyncio.to_thread(doomed.wait, 60) == -signal.SIGKILL
    finally:
        doomed.kill()
    before = rows("select state, finishes from publisher.posts where tenant_id = %s", tenant)
    assert before == [("finishing", 1)]
    [(shown,)] = rows("select live_at from publisher.feed_entries where tenant_id = %s", tenant)

    async with listens("publisher"):
        [published] = output_of(await orders.answer(message)).posts

    assert (published.post_id, published.published_at) == (post_id_of(tenant, order), shown)
    after = rows("select state, finishes from publisher.posts where tenant_id = %s", tenant)
    assert after == [("public", 1)]


async def test_a_post_that_cannot_be_seen_yet_is_waited_for_and_never_published_again(
    *,
    publisher: httpx.AsyncClient,
    approve: Approve,
    write: Write,
    orders: Orders,
    rows: Rows,
    tenant: str,
    settings_for: Callable[..., Any],
) -> None:
    post = await write(tenant)
    order = await approve(tenant, post)
    sha256 = post.video.sha256
    file = Path(urlsplit(settings_for("publisher").artifacts_url).path, tenant, "sha256", sha256[:2], sha256)
    hidden = file.with_suffix(".hidden")

    def hide() -> None:
        file.rename(hidden)

    testing_points.arm("publisher.finished", hide)
    run, step = uuid4(), uuid4()
    try:
        waiting = await orders.order(Publish, order, tenant=tenant, run=run, step=step)
    finally:
        testing_points.disarm("publisher.finished")
    assert (waiting.outcome, waiting.handle) == (Outcome.PENDING, f"local_feed:{post_id_of(tenant, order)}")
    assert waiting.check_after is not None
    posts = rows("select state, finishes from publisher.posts where tenant_id = %s", tenant)
    assert posts == [("unconfirmed", 1)]

    await asyncio.to_thread(hidden.rename, file)
    assert output_of(await orders.order(Publish, order, tenant=tenant, run=run, step=step, attempt=2)).posts
    posts = rows("select state, finishes from publisher.posts where tenant_id = %s", tenant)
    assert posts == [("public", 1)]


async def test_the_same_command_twice_at_once_is_one_post_and_one_answer(
    *, publisher: httpx.AsyncClient, approve: Approve, write: Write, orders: Orders, rows: Rows, tenant: str
) -> None:
    order = await approve(tenant, await write(tenant))
    run, step = uuid4(), uuid4()
    messages = await asyncio.gather(
        *(orders.give(Publish, order, tenant=tenant, run=run, step=step, sends=sends) for sends in range(2))
    )
    assert len(set(messages)) == 1
    assert len(output_of(await orders.answer(messages[0])).posts) == 1
    assert rows("select finishes from publisher.posts where tenant_id = %s", tenant) == [(1,)]


async def test_two_steps_with_the_same_item_at_once_make_one_post(
    *, publisher: httpx.AsyncClient, approve: Approve, write: Write, orders: Orders, rows: Rows, told: Told, tenant: str
) -> None:
    order = await approve(tenant, await write(tenant))
    answers = await asyncio.gather(*(orders.order(Publish, order, tenant=tenant) for _ in range(3)))
    done = [output_of(answer).posts for answer in answers if answer.outcome is Outcome.DONE]
    assert done
    assert len(set(done)) == 1
    late = {answer.problem.code for answer in answers if answer.problem}
    assert late <= {"not_public_yet", "already_released"}
    assert rows("select finishes from publisher.posts where tenant_id = %s", tenant) == [(1,)]
    assert [len(what) for what in told()] == [1, 1]


async def test_an_item_that_is_out_stays_the_same_post_and_takes_no_other_content(
    *, publisher: httpx.AsyncClient, approve: Approve, write: Write, orders: Orders, rows: Rows, told: Told, tenant: str
) -> None:
    order = await approve(tenant, await write(tenant))
    first = output_of(await orders.order(Publish, order, tenant=tenant))
    assert output_of(await orders.order(Publish, order, tenant=tenant)) == first
    changed = order.model_copy(update={"post": {**order.post, "title": "Another film"}})
    assert code_of(await orders.order(Publish, changed, tenant=tenant)) == ("refused", "already_released", False)
    assert "Another film" not in (await publisher.get(f"/feed/{tenant}/")).text
    assert [len(what) for what in told()] == [1, 1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"title": "t" * 201}, "title_too_long"),
        ({"caption": "c" * 5001}, "caption_too_long"),
        ({"hashtags": ["two words"]}, "hashtag_invalid"),
        ({"platforms": ["elsewhere"]}, "platform_unknown"),
        ({"platforms": []}, "post_invalid"),
        ({"title": "nul\x00"}, "post_invalid"),
        ({"video": {"sha256": "0" * 64, "size": 1, "media_type": "text/html"}}, "media_not_accepted"),
    ],
)
async def test_a_post_the_platform_would_not_take_is_refused_before_anything_happens(
    *,
    publisher: httpx.AsyncClient,
    write: Write,
    orders: Orders,
    rows: Rows,
    tenant: str,
    words: dict[str, Any],
    code: str,
) -> None:
    post = {**(await write(tenant)).model_dump(mode="json"), **words}
    order = PublishInput(item_id=uuid4(), policy_version="any", post=post)
    assert code_of(await orders.order(Publish, order, tenant=tenant)) == ("refused", code, False)
    assert rows("select id from publisher.posts where tenant_id = %s", tenant) == []
