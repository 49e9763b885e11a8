"""The one table from answers to errors, on real HTTP: what may be asked again is decided by whether it was taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from common import http
from common.errors import (
    GreenlightError,
    OutcomeUnknown,
    Transient,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from testkit.listening import listening
from vendors.wire import ANSWER_LIMIT, VendorGone, VendorOutOfCredit, ask, send


class Said(BaseModel):
    word: str


class Vendor:
    """Answers as it is told."""

    def __init__(self) -> None:
        self.answer = Response()
        self.app = FastAPI()
        self.app.add_api_route("/{path:path}", self.say, methods=["GET", "POST"])

    async def say(self, request: Request) -> Response:
        return self.answer


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


@pytest.fixture
async def client(vendor: Vendor) -> AsyncIterator[httpx.AsyncClient]:
    async with listening(vendor.app) as url, http.client(base_url=url, timeout_seconds=30) as made:
        yield made


ELSEWHERE = {"location": "https://elsewhere.example/"}


@pytest.mark.feature("A29", "A34")
@pytest.mark.parametrize(
    ("status", "looking", "ordering"),
    [
        (302, VendorRefused, OutcomeUnknown),
        (400, VendorRefused, VendorRefused),
        (401, VendorAuthFailed, VendorAuthFailed),
        (402, VendorOutOfCredit, VendorOutOfCredit),
        (403, VendorRefused, VendorRefused),
        (404, VendorGone, VendorGone),
        (408, VendorUnavailable, OutcomeUnknown),
        (422, VendorRefused, VendorRefused),
        (425, VendorUnavailable, VendorUnavailable),
        (429, VendorRateLimited, VendorRateLimited),
        (499, VendorUnavailable, OutcomeUnknown),
        (500, VendorUnavailable, OutcomeUnknown),
        (503, VendorUnavailable, VendorUnavailable),
    ],
)
async def test_a_status_means_the_same_for_all(
    vendor: Vendor,
    client: httpx.AsyncClient,
    status: int,
    looking: type[GreenlightError],
    ordering: type[GreenlightError],
) -> None:
    for undoable, kind in ((True, looking), (False, ordering)):
        vendor.answer = Response(b'{"error": {"message": "No."}}', status, headers=ELSEWHERE if status == 302 else None)
        with pytest.raises(kind) as raised:
            await send(client, "GET", "/", vendor="them", undoable=undoable)
        assert type(raised.value) is kind
        assert ("elsewhere.example" if status == 302 else "No.") in raised.value.detail


async def test_a_port_may_read_a_number_in_its_own_way(vendor: Vendor, client: httpx.AsyncClient) -> None:
    vendor.answer = Response(status_code=403)
    with pytest.raises(VendorAuthFailed):
        await send(client, "GET", "/", vendor="them", means={403: VendorAuthFailed})


async def test_the_vendor_says_when_it_wants_to_be_asked_again(vendor: Vendor, client: httpx.AsyncClient) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    for headers, least, most in (
        ({"retry-after": "3"}, 3000, 3000),
        ({"retry-after-ms": "70", "retry-after": "3"}, 70, 70),
        ({"retry-after": later}, 1, 300_000),
    ):
        vendor.answer = Response(status_code=500, headers=headers)
        with pytest.raises(Transient) as raised:
            await send(client, "GET", "/", vendor="them")
        assert raised.value.retry_after_ms is not None
        assert least <= raised.value.retry_after_ms <= most
    vendor.answer = Response(status_code=429, headers={"retry-after": "when the moon is full"})
    with pytest.raises(VendorRateLimited) as raised:
        await send(client, "GET", "/", vendor="them")
    assert raised.value.retry_after_ms is None


async def test_an_answer_without_an_end_and_nonsense_are_none(vendor: Vendor, client: httpx.AsyncClient) -> None:
    for content in (b"x" * (ANSWER_LIMIT + 1), b"<html>", b'{"words": 1}'):
        vendor.answer = Response(content)
        with pytest.raises(VendorUnavailable):
            await ask(client, "GET", "/", vendor="them", returns=Said)
        with pytest.raises(OutcomeUnknown):
            await ask(client, "POST", "/", vendor="them", returns=Said, undoable=False)
    vendor.answer = Response(b'{"word": "tide"}')
    assert await ask(client, "GET", "/", vendor="them", returns=Said) == Said(word="tide")
