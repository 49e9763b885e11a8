"""What every `Platform` promises: publishing cannot be undone, so it comes in parts that can be looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

import pytest
from common.contracts.publishing import Visibility
from common.contracts.values import Origin
from common.errors import Permanent, Transient


class Live(Protocol):
    """A post the public can see."""

    @property
    def url(self) -> str: ...
    @property
    def published_at(self) -> datetime: ...


class Progress(Protocol):
    """What a look showed."""

    @property
    def visibility(self) -> Visibility: ...
    @property
    def live(self) -> Live | None: ...
    @property
    def absent_for_sure(self) -> bool: ...


class Platform(Protocol):
    """The port as the suite uses it. `Any` stands for what only the adapter's own service can name."""

    @property
    def name(self) -> str: ...
    @property
    def origin(self) -> Origin: ...
    async def begin(self, post: Any, *, key: str) -> Any: ...
    async def check(self, upload: Any) -> Progress: ...
    async def finish(self, upload: Any) -> Live: ...


NewPost = Callable[..., Awaitable[Any]]
"""`await a_post(title="…")` → a post of this service, with real files; each call makes another one."""
Seen = Callable[[], Awaitable[Sequence[str]]]
"""`await seen()` → the titles a stranger finds on the platform, newest first, found without the adapter."""


class PlatformPromises:
    """Inherit as `Test…`, and provide the fixtures `platform`, `blind`, `a_post` and `seen`.

    `blind` is the same platform over a network that is down.
    """

    @pytest.fixture
    def platform(self) -> Platform:
        raise NotImplementedError("Override this fixture with the adapter under test.")

    async def test_it_has_a_name_and_says_whether_people_see_it(self, platform: Platform) -> None:
        assert platform.name.isidentifier()
        assert isinstance(platform.origin, Origin)

    async def test_what_was_handed_over_is_invisible(self, platform: Platform, a_post: NewPost, seen: Seen) -> None:
        upload = await platform.begin(await a_post(title="Staged"), key=str(uuid4()))
        progress = await platform.check(upload)
        assert progress.live is None
        assert progress.visibility is not Visibility.PUBLIC
        assert await seen() == []

    async def test_handing_over_again_with_the_same_key_changes_nothing(
        self, platform: Platform, a_post: NewPost, seen: Seen
    ) -> None:
        post, key = await a_post(title="Once"), str(uuid4())
        upload = await platform.begin(post, key=key)
        assert await platform.begin(post, key=key) == upload
        await platform.finish(upload)
        assert await seen() == ["Once"]

    async def test_a_look_changes_nothing(self, platform: Platform, a_post: NewPost, seen: Seen) -> None:
        upload = await platform.begin(await a_post(title="Looked at"), key=str(uuid4()))
        looks = [await platform.check(upload) for _ in range(3)]
        assert looks == looks[:1] * 3
        assert await seen() == []

    async def test_finishing_makes_it_public(self, platform: Platform, a_post: NewPost, seen: Seen) -> None:
        upload = await platform.begin(await a_post(title="Shown"), key=str(uuid4()))
        before = datetime.now(UTC)
        live = await platform.finish(upload)
        progress = await platform.check(upload)
        assert (progress.visibility, progress.live) == (Visibility.PUBLIC, live)
        assert live.url.startswith(("http://", "https://"))
        assert abs((live.published_at - before).total_seconds()) < 60
        assert await seen() == ["Shown"]

    async def test_what_is_live_is_always_said_to_be_live(
        self, platform: Platform, a_post: NewPost, seen: Seen
    ) -> None:
        post, key = await a_post(title="Lasting"), str(uuid4())
        upload = await platform.begin(post, key=key)
        live = await platform.finish(upload)
        again = await platform.begin(post, key=key)
        for known in (upload, again):
            progress = await platform.check(known)
            assert progress.live == live
            assert not progress.absent_for_sure
        assert await seen() == ["Lasting"]

    async def test_only_what_is_not_there_is_absent_for_sure_and_may_then_be_finished(
        self, platform: Platform, a_post: NewPost, seen: Seen
    ) -> None:
        upload = await platform.begin(await a_post(title="Absent"), key=str(uuid4()))
        if not (await platform.check(upload)).absent_for_sure:
            pytest.skip("This platform cannot prove that a post is not there, and does not say that it can.")
        await platform.finish(upload)
        assert not (await platform.check(upload)).absent_for_sure
        assert await seen() == ["Absent"]

    async def test_posts_do_not_get_in_each_others_way(self, platform: Platform, a_post: NewPost, seen: Seen) -> None:
        uploads = [await platform.begin(await a_post(title=title), key=str(uuid4())) for title in ("A", "B", "C")]
        first, _, third = uploads
        urls = {(await platform.finish(upload)).url for upload in (third, first)}
        assert len(urls) == 2
        assert await seen() == ["A", "C"]
        assert [(await platform.check(upload)).live is not None for upload in uploads] == [True, False, True]

    async def test_what_was_never_handed_over_cannot_be_shown(
        self, platform: Platform, a_post: NewPost, seen: Seen
    ) -> None:
        begun = await platform.begin(await a_post(title="Begun"), key=str(uuid4()))
        unknown = begun.model_copy(update={"post_id": uuid4(), "handle": str(uuid4())})
        with pytest.raises(Permanent):
            await platform.finish(unknown)
        assert (await platform.check(unknown)).live is None
        assert await seen() == []

    async def test_what_cannot_be_seen_now_is_neither_live_nor_absent(
        self, platform: Platform, blind: Platform, a_post: NewPost
    ) -> None:
        upload = await platform.begin(await a_post(title="Out of sight"), key=str(uuid4()))
        await platform.finish(upload)
        with pytest.raises(Transient):
            await blind.check(upload)
