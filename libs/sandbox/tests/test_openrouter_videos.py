"""OpenRouter's videos in the sandbox: its own way of signing, and models that can do different things."""

from __future__ import annotations

import httpx
from common.clock import utc_now
from common.service.signatures import BadSignature, WebhookVendor, verify
from sandbox.kit.callbacks import comma_signed
from sandbox.kit.faults import FaultKind
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from testkit.listening import eventually, listening
from testkit.vendors import Sandbox

ORDER = {"model": "sandbox/reef-1", "prompt": "A tide", "duration": 4}
SIGNED = WebhookVendor.model_validate(
    {
        "secrets": ["a workspace's secret"],
        "scheme": "timestamped",
        "header": "x-openrouter-signature",
        "separator": ",",
        "delivery_header": "x-openrouter-idempotency-key",
        "id_field": "data.id",
    }
)


def test_a_signature_is_what_the_vendor_makes_of_it() -> None:
    body = b'{"type":"video.generation.completed","data":{"id":"job_1","status":"completed"}}'
    signed = comma_signed("job_1-completed", 1_760_000_000, body, "sim-secret")["x-openrouter-signature"]
    assert signed == "t=1760000000,v1=c1d90b0704866c0c1d9b248727ceb0816819e6f18c0cc6aba44594d8314719ce"


async def test_a_call_is_signed_so_that_our_door_believes_it(vendors_box: Sandbox) -> None:
    heard: list[tuple[bytes, dict[str, str]]] = []

    async def hear(request: Request) -> Response:
        heard.append((await request.body(), dict(request.headers)))
        return Response()

    vendors_box.plant(FaultKind.DUPLICATE_WEBHOOK, method="POST")
    async with listening(Starlette(routes=[Route("/hook", hear, methods=["POST"])])) as url:
        vendors_box.call("openrouter", f"{url}/hook", "a workspace's secret")
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {vendors_box.key}"}) as client:
            made = await client.post(f"{vendors_box.url}/openrouter/api/v1/videos", json=ORDER)
        await eventually(lambda: len(heard) == 2)
    assert made.status_code == 202
    (body, headers), again = heard
    verify(SIGNED, headers, body, now=utc_now())
    assert headers["x-openrouter-idempotency-key"] == f"{made.json()['id']}-completed"
    assert again[1]["x-openrouter-idempotency-key"] == headers["x-openrouter-idempotency-key"]
    try:
        verify(SIGNED, headers, body + b" ", now=utc_now())
    except BadSignature:
        return
    raise AssertionError("other bytes were believed")


async def test_what_a_model_cannot_do_is_refused(vendors_box: Sandbox) -> None:
    url = f"{vendors_box.url}/openrouter/api/v1/videos"
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {vendors_box.key}"}) as client:
        answers = [
            (await client.post(url, json=ORDER | change)).status_code
            for change in (
                {"duration": 5},
                {"model": "sandbox/dune-2"},
                {"model": "nobody/nothing"},
                {"aspect_ratio": "21:9"},
                {"colour": "blue"},
                {"prompt": "forbidden"},
            )
        ]
        assert (await client.get(f"{url}/models")).json()["data"][0]["supported_durations"] == [4, 6, 8]
    assert answers == [400, 400, 404, 400, 400, 403]
    assert vendors_box.effects("video.created") == []
