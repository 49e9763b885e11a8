"""What every `ClipMaker` promises: an order costs money, so what is not known of it is never guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from common.contracts.values import Origin
from common.errors import (
    OutcomeUnknown,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from sandbox.kit.faults import FaultKind
from vendors.clips.port import ClipBlocked, ClipJob, ClipMaker, ClipProgress, ClipRequest, ClipStage

from testkit.listening import eventually
from testkit.vendors import Sandbox

MakerWith = Callable[..., ClipMaker]
"""`maker_with(key="another", url="http://…")` → the adapter, with a good key and address unless others are given."""


def a_request(prompt: str = "A tide comes in over grey stones.", *, seconds: float = 3.4) -> ClipRequest:
    """An order for a vertical clip."""
    return ClipRequest(prompt=prompt, seconds=seconds, width=1080, height=1920, seed=7)


def names_in(folder: Path) -> list[str]:
    """What a folder holds."""
    return sorted(one.name for one in folder.iterdir())


class ClipPromises:
    """Inherit as `Test…`, and provide `maker`, `maker_with`, `orders` (where the vendor takes orders) and `finds`."""

    orders: str
    finds = True
    """Whether an order that was lost can be found again."""

    @pytest.fixture
    def maker_with(self, vendors_box: Sandbox) -> MakerWith:
        raise NotImplementedError("Override this fixture with the adapter under test.")

    @pytest.fixture
    def maker(self, maker_with: MakerWith) -> ClipMaker:
        return maker_with()

    async def done(self, maker: ClipMaker, job: ClipJob) -> ClipProgress:
        """How a job ends."""
        final = {ClipStage.READY, ClipStage.FAILED, ClipStage.GONE}
        found: ClipProgress = await eventually(lambda: maker.check(job), until=lambda seen: seen.stage in final)
        return found

    def test_it_has_a_name_and_says_whose_film_it_is(self, maker: ClipMaker) -> None:
        assert maker.name.isidentifier()
        assert maker.origin is Origin.SANDBOX
        assert maker.licence

    def test_a_quote_is_enough_and_costs_what_is_ordered(self, maker: ClipMaker) -> None:
        short, long = maker.quote(a_request(seconds=3.4)), maker.quote(a_request(seconds=7.9))
        assert 3.4 <= short.seconds < long.seconds
        assert 0 < short.usd_micros < long.usd_micros
        assert short.width < short.height
        assert maker.quote(a_request(seconds=600)).seconds >= long.seconds

    async def test_an_order_is_taken_made_and_fetched(
        self, maker: ClipMaker, vendors_box: Sandbox, tmp_path: Path
    ) -> None:
        job = await maker.begin(a_request(), key="k")
        assert abs((job.submitted_at - datetime.now(UTC)).total_seconds()) < 60
        ended = await self.done(maker, job)
        assert ended.stage is ClipStage.READY
        await maker.fetch(job, to=tmp_path / "film.mp4")
        assert (tmp_path / "film.mp4").read_bytes()[4:8] == b"ftyp"
        assert len(vendors_box.effects("video.created")) == 1
        assert names_in(tmp_path) == ["film.mp4"]
        # What is over stays so, and looking changed nothing.
        assert (await maker.check(job)).stage is ClipStage.READY

    async def test_moderation_is_told_from_failure(self, maker: ClipMaker, vendors_box: Sandbox) -> None:
        try:
            ended = await self.done(maker, await maker.begin(a_request("Something forbidden"), key="k"))
        except ClipBlocked:
            ended = ClipProgress(stage=ClipStage.FAILED, blocked=True, detail="refused at the door")
        assert (ended.stage, ended.blocked) == (ClipStage.FAILED, True)
        assert ended.detail
        vendors_box.plant(FaultKind.FAILS, path=self.orders, reason="out_of_memory")
        failed = await self.done(maker, await maker.begin(a_request(), key="k2"))
        assert (failed.stage, failed.blocked) == (ClipStage.FAILED, False)
        assert "out_of_memory" in failed.detail

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            (400, VendorRefused),
            (401, VendorAuthFailed),
            (402, VendorRefused),
            (429, VendorRateLimited),
            (503, VendorUnavailable),
        ],
    )
    async def test_a_no_is_a_no(
        self, maker: ClipMaker, vendors_box: Sandbox, code: int, error: type[Exception]
    ) -> None:
        vendors_box.plant(FaultKind.STATUS, path=self.orders, code=code, headers={"retry-after": "3"})
        with pytest.raises(error) as caught:
            await maker.begin(a_request(), key="k")
        if code == 429:
            assert getattr(caught.value, "retry_after_ms") == 3000  # noqa: B009
        assert vendors_box.effects("video.created") == []

    async def test_a_key_that_is_not_good_is_said(self, maker_with: MakerWith) -> None:
        with pytest.raises(VendorAuthFailed):
            await maker_with(key="another").begin(a_request(), key="k")

    async def test_what_was_never_sent_is_no_riddle(self, maker_with: MakerWith) -> None:
        with pytest.raises(VendorUnavailable):
            await maker_with(url="http://127.0.0.1:9").begin(a_request(), key="k")

    @pytest.mark.parametrize("kind", [FaultKind.DROP_AFTER, FaultKind.BAD_JSON, FaultKind.STATUS_AFTER])
    async def test_an_order_nobody_answered_may_have_been_taken(
        self, maker: ClipMaker, vendors_box: Sandbox, kind: FaultKind
    ) -> None:
        request = a_request(f"A tide, {uuid4()}")
        vendors_box.plant(kind, path=self.orders, code=502)
        with pytest.raises(OutcomeUnknown):
            await maker.begin(request, key="k")
        assert len(vendors_box.effects("video.created")) == 1
        since = datetime.now(UTC) - timedelta(minutes=1)
        found = await maker.find(request, since=since)
        assert len(found) == int(self.finds)
        for job in found:
            assert (await self.done(maker, job)).stage is ClipStage.READY
        assert await maker.find(a_request("Something else"), since=since) == ()
        assert await maker.find(request, since=since + timedelta(hours=1)) == ()

    async def test_a_look_that_shows_nothing_is_no_answer(self, maker: ClipMaker, vendors_box: Sandbox) -> None:
        job = await maker.begin(a_request(), key="k")
        for kind in (FaultKind.DROP_BEFORE, FaultKind.BAD_JSON, FaultKind.STATUS):
            vendors_box.plant(kind, method="GET")
            with pytest.raises(VendorUnavailable):
                await maker.check(job)
        assert (await self.done(maker, job)).stage is ClipStage.READY

    async def test_a_file_comes_whole_or_not_at_all(
        self, maker: ClipMaker, vendors_box: Sandbox, tmp_path: Path
    ) -> None:
        job = await maker.begin(a_request(), key="k")
        await self.done(maker, job)
        vendors_box.plant(FaultKind.TRUNCATE, method="GET", path="*/content")
        with pytest.raises(VendorUnavailable):
            await maker.fetch(job, to=tmp_path / "film.mp4")
        assert names_in(tmp_path) == []
        await maker.fetch(job, to=tmp_path / "film.mp4")

    async def test_a_job_nobody_knows_is_gone(self, maker: ClipMaker) -> None:
        job = await maker.begin(a_request(), key="k")
        other = job.model_copy(update={"id": "of_nobody"})
        assert (await maker.check(other)).stage is ClipStage.GONE
        await maker.forget(other)
