"""OpenAI's videos in the sandbox, asked by OpenAI's own SDK over real HTTP."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import openai
import pytest
from media.probe import probe
from sandbox.kit.callbacks import standard_webhooks
from sandbox.kit.faults import FaultKind
from sandbox.settings import Settings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from testkit.listening import eventually, listening
from testkit.vendors import Sandbox

# The SDK warns that this API was shut down; its shape lives on.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SECRET = "whsec_" + base64.b64encode(b"a secret of the clip vendor").decode()
CREATE = {"method": "POST", "path": "/openai/v1/videos"}


@pytest.fixture
async def client(vendors_box: Sandbox) -> AsyncIterator[openai.AsyncOpenAI]:
    """The SDK, pointed at the sandbox."""
    url = f"{vendors_box.url}/openai/v1"
    async with openai.AsyncOpenAI(base_url=url, api_key=vendors_box.key, max_retries=0, webhook_secret=SECRET) as made:
        yield made


class Ear:
    """Somebody who is called, and turns the first `deaf` calls away."""

    def __init__(self, *, deaf: int = 0) -> None:
        self.heard: list[tuple[bytes, dict[str, str]]] = []
        self._deaf = deaf

    async def hear(self, request: Request) -> Response:
        self.heard.append((await request.body(), dict(request.headers)))
        return Response(status_code=503 if len(self.heard) <= self._deaf else 200)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/hook", self.hear, methods=["POST"])])


@pytest.mark.feature("M36")
async def test_the_sdk_orders_polls_downloads_lists_and_deletes(client: openai.AsyncOpenAI, tmp_path: Path) -> None:
    video = await client.videos.create_and_poll(prompt="A tide comes in", model="sora-2", seconds="4", size="720x1280")
    assert (video.status, video.progress, video.seconds) == ("completed", 100, "4")
    content = await client.videos.download_content(video.id)
    film = tmp_path / "film.mp4"
    film.write_bytes(await content.aread())
    found = probe(film)
    assert (found.width, found.height, found.video_codec) == (720, 1280, "h264")
    assert found.duration_ms == pytest.approx(4000, abs=60)
    listed = await client.videos.list()
    assert [one.id for one in listed.data] == [video.id]
    assert (await client.videos.delete(video.id)).deleted
    with pytest.raises(openai.NotFoundError):
        await client.videos.retrieve(video.id)


async def test_what_the_vendor_refuses_is_refused_as_the_vendor_does(
    client: openai.AsyncOpenAI, vendors_box: Sandbox
) -> None:
    with pytest.raises(openai.BadRequestError, match="Supported values are: 4, 8, 12"):
        await client.videos.create(prompt="A tide", seconds="5")
    with pytest.raises(openai.AuthenticationError):
        await client.with_options(api_key="another").videos.create(prompt="A tide")
    blocked = await client.videos.create_and_poll(prompt="Something forbidden")
    assert blocked.status == "failed"
    assert blocked.error is not None
    assert blocked.error.code == "moderation_blocked"
    with pytest.raises(openai.BadRequestError, match="not ready"):
        await client.videos.download_content(blocked.id)
    assert len(vendors_box.effects("video.created")) == 1


async def test_an_answer_that_is_lost_leaves_a_job_behind(client: openai.AsyncOpenAI, vendors_box: Sandbox) -> None:
    vendors_box.plant(FaultKind.DROP_AFTER, **CREATE)
    with pytest.raises(openai.APIConnectionError):
        await client.videos.create(prompt="A tide")
    vendors_box.plant(FaultKind.DROP_BEFORE, **CREATE)
    with pytest.raises(openai.APIConnectionError):
        await client.videos.create(prompt="Another tide")
    vendors_box.plant(FaultKind.STATUS, code=429, headers={"retry-after": "3"}, **CREATE)
    with pytest.raises(openai.RateLimitError):
        await client.videos.create(prompt="A third tide")
    assert [one.prompt for one in (await client.videos.list()).data] == ["A tide"]


async def test_a_stuck_job_stays_so_however_far_time_is_pushed(
    client: openai.AsyncOpenAI, vendors_box: Sandbox
) -> None:
    vendors_box.plant(FaultKind.STUCK, **CREATE)
    video = await client.videos.create(prompt="A tide")
    async with httpx.AsyncClient() as outside:
        pushed = await outside.post(f"{vendors_box.url}/__sim/clock", json={"advance_s": 7_200})
    assert pushed.status_code == 200
    assert (await client.videos.retrieve(video.id)).progress == 99


async def test_calls_are_signed_repeated_until_heard_and_verified_by_the_sdk(
    client: openai.AsyncOpenAI, vendors_box: Sandbox
) -> None:
    ear = Ear(deaf=1)
    async with listening(ear.app()) as url:
        vendors_box.call("openai", f"{url}/hook", SECRET)
        video = await client.videos.create(prompt="A tide")
        await eventually(lambda: len(ear.heard) == 1)
        vendors_box.site.clock.advance(10)
        await eventually(lambda: len(ear.heard) == 2)
    (first, first_headers), (second, second_headers) = ear.heard
    assert (first, first_headers["webhook-id"]) == (second, second_headers["webhook-id"])
    client.webhooks.verify_signature(second, second_headers)
    assert f'"data":{{"id":"{video.id}"}}'.encode() in second
    assert b'"type":"video.completed"' in second


async def test_a_call_can_come_before_the_answer_twice_forged_or_old(
    client: openai.AsyncOpenAI, vendors_box: Sandbox
) -> None:
    ear = Ear()
    async with listening(ear.app()) as url:
        vendors_box.call("openai", f"{url}/hook", SECRET)
        vendors_box.plant(FaultKind.EARLY_WEBHOOK, **CREATE)
        await client.videos.create(prompt="Early")
        assert len(ear.heard) == 1
        for kind in (FaultKind.WRONG_SIGNATURE, FaultKind.OLD_TIMESTAMP):
            vendors_box.plant(kind, **CREATE)
            await client.videos.create(prompt=str(kind))
        await eventually(lambda: len(ear.heard) == 3)
        for body, headers in ear.heard[1:]:
            with pytest.raises(openai.InvalidWebhookSignatureError):
                client.webhooks.verify_signature(body, headers)
        vendors_box.plant(FaultKind.DUPLICATE_WEBHOOK, **CREATE)
        await client.videos.create(prompt="Twice")
        await eventually(lambda: len(ear.heard) == 5)
    assert ear.heard[3][0] == ear.heard[4][0]


async def test_only_this_machine_is_called(client: openai.AsyncOpenAI, vendors_box: Sandbox) -> None:
    vendors_box.call("openai", "http://192.0.2.7/hook", SECRET)
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {vendors_box.key}"}) as outside:
        made = await outside.post(f"{vendors_box.url}/openai/v1/videos", files={"prompt": (None, "A tide")})
    assert made.status_code == 200
    assert vendors_box.effects("webhook.not_sent")[0]["reason"] == "not this machine"


def test_a_signature_is_what_the_vendor_makes_of_it() -> None:
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    body = b'{"id":"evt_1","object":"event","created_at":1760000000,"type":"video.completed","data":{"id":"video_123"}}'
    signed = standard_webhooks("1", 1_760_000_000, body, secret)
    assert signed["webhook-signature"] == "v1,WjRjBErR2xil/oWjU2V3+Rox2FwqMYH+OfpdeVfstVY="


def test_production_has_no_sandbox() -> None:
    with pytest.raises(ValueError, match="does not run in production"):
        Settings.model_validate({"GREENLIGHT_ENVIRONMENT": "production"})


async def test_secrets_are_not_written_down(client: openai.AsyncOpenAI, vendors_box: Sandbox) -> None:
    with pytest.raises(openai.NotFoundError):
        await client.videos.retrieve("video_of_nobody")
    async with httpx.AsyncClient() as outside:
        ledger = await outside.get(f"{vendors_box.url}/__sim/ledger")
    assert vendors_box.key not in ledger.text
    assert ledger.json()["requests"][0]["headers"]["authorization"] == "…"
