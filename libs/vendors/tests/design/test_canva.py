"""Canva's adapter against the sandbox, on real HTTP: a filled template, and what goes wrong on the way."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from common import http
from common.contracts.values import Origin
from common.errors import (
    GreenlightError,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from PIL import Image
from pydantic import SecretStr
from sandbox.canva import PREFIX
from sandbox.kit.faults import FaultKind
from testkit.vendors import Sandbox
from vendors.design.canva import Canva
from vendors.design.port import DesignFailed, DesignOrder
from vendors.oauth import TokenDoor
from vendors.wire import VendorGone, VendorOutOfCredit

ORDER = DesignOrder(title="Tides", words={"headline": "Why tides rise", "detail": "The moon"}, width=360, height=640)
CanvaWith = Callable[..., Canva]


class OwnAccess:
    """An access that nobody else has, with a new token each time one is refused."""

    def __init__(self, door: TokenDoor, first: SecretStr) -> None:
        self._door = door
        self._refresh = first
        self._access: SecretStr | None = None

    async def token(self) -> SecretStr:
        return self._access or await self._renewed()

    async def instead_of(self, refused: SecretStr) -> SecretStr:
        assert refused == self._access
        return await self._renewed()

    async def _renewed(self) -> SecretStr:
        pair = await self._door.renew(self._refresh)
        self._access, self._refresh = pair.access_token, pair.refresh_token
        return pair.access_token


@pytest.fixture
async def canva_with(vendors_box: Sandbox) -> AsyncIterator[CanvaWith]:
    """`canva_with(template=…)` → an adapter for the sandbox."""
    clients: list[httpx.AsyncClient] = []

    def made(template: str = "sandbox-poster", *, secret: str = vendors_box.key, patience: float = 20) -> Canva:
        client = http.client(base_url=f"{vendors_box.url}/canva/rest", timeout_seconds=30)
        clients.append(client)
        door = TokenDoor(
            client,
            vendor="canva",
            path="/v1/oauth/token",
            client_id="us",
            client_secret=SecretStr(secret),
            patience_seconds=20,
        )
        return Canva(
            client,
            access=OwnAccess(door, vendors_box.consent()),
            template=template,
            poll_seconds=0.02,
            patience_seconds=patience,
            origin=Origin.SANDBOX,
        )

    yield made
    for client in clients:
        await client.aclose()


@pytest.mark.feature("A29")
async def test_a_template_is_filled_exported_and_downloaded(canva_with: CanvaWith, vendors_box: Sandbox) -> None:
    made = await canva_with().design(ORDER)
    picture = Image.open(io.BytesIO(made.picture))
    assert (picture.format, picture.size) == ("JPEG", (360, 640))
    [created] = vendors_box.effects("design.created")
    assert (made.id, created["title"]) == (created["id"], "Tides")
    assert made.edit_url.endswith(f"/{made.id}/edit")
    filled = next(one.body for one in vendors_box.site.ledger.requests if one.path == f"{PREFIX}/autofills")
    assert filled["data"] == {
        "Headline": {"type": "text", "text": "Why tides rise"},
        "Detail": {"type": "text", "text": "The moon"},
    }
    # The file lies somewhere else: the token stays here.
    assert [one["keyed"] for one in vendors_box.effects("design.fetched")] == [False]


@pytest.mark.feature("A29")
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (400, VendorRefused),
        (401, VendorAuthFailed),
        (402, VendorOutOfCredit),
        (404, VendorGone),
        (429, VendorRateLimited),
        (500, VendorUnavailable),
        (503, VendorUnavailable),
    ],
)
@pytest.mark.parametrize("path", ["*/dataset", "*/autofills", "*/exports", "*/exports/*", "/canva/files/*"])
async def test_a_no_is_a_no_wherever_it_comes(
    canva_with: CanvaWith, vendors_box: Sandbox, path: str, code: int, error: type[GreenlightError]
) -> None:
    # A token that is refused is renewed, once; a file is asked for without one.
    times = 2 if code == 401 and "files" not in path else 1
    vendors_box.plant(
        FaultKind.STATUS, path=path, code=code, times=times, body='{"code": "no", "message": "Not today."}'
    )
    with pytest.raises(error, match="Not today"):
        await canva_with().design(ORDER)


@pytest.mark.feature("A29")
@pytest.mark.parametrize(
    ("reason", "error"), [("autofill_error", DesignFailed), ("trial_quota_exceeded", VendorOutOfCredit)]
)
@pytest.mark.parametrize("path", ["*/autofills", "*/exports"])
async def test_a_job_that_fails_says_why(
    canva_with: CanvaWith, vendors_box: Sandbox, path: str, reason: str, error: type[GreenlightError]
) -> None:
    vendors_box.plant(FaultKind.FAILS, method="POST", path=path, reason=reason)
    with pytest.raises(error, match=reason):
        await canva_with().design(ORDER)


@pytest.mark.feature("A29")
async def test_a_job_that_never_ends_is_given_up(canva_with: CanvaWith, vendors_box: Sandbox) -> None:
    vendors_box.plant(FaultKind.STUCK, method="POST", path="*/autofills")
    with pytest.raises(VendorUnavailable, match="not done"):
        await canva_with(patience=0.3).design(ORDER)


@pytest.mark.parametrize("kind", [FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER, FaultKind.BAD_JSON])
async def test_an_order_nobody_answered_may_be_made_again(
    canva_with: CanvaWith, vendors_box: Sandbox, kind: FaultKind
) -> None:
    vendors_box.plant(kind, path="*/autofills")
    with pytest.raises(VendorUnavailable):
        await canva_with().design(ORDER)
    assert (await canva_with().design(ORDER)).picture


async def test_a_template_that_words_do_not_fit_is_said(canva_with: CanvaWith) -> None:
    with pytest.raises(VendorRefused, match="no text field for any of headline, detail; it has none"):
        await canva_with("sandbox-picture").design(ORDER)
    with pytest.raises(VendorGone):
        await canva_with("nobodys").design(ORDER)
    with pytest.raises(VendorGone):
        await canva_with("../../users/me").design(ORDER)


async def test_a_bad_secret_opens_nothing(canva_with: CanvaWith, vendors_box: Sandbox) -> None:
    with pytest.raises(VendorAuthFailed):
        await canva_with(secret="another").design(ORDER)
    assert vendors_box.effects("design.created") == []


@pytest.mark.feature("A29")
@pytest.mark.parametrize("path", ["*/dataset", "*/autofills", "*/exports", "*/exports/*"])
async def test_a_token_that_is_refused_in_the_middle_is_renewed_and_nothing_is_ordered_twice(
    canva_with: CanvaWith, vendors_box: Sandbox, path: str
) -> None:
    vendors_box.plant(FaultKind.STATUS, path=path, code=401)
    assert (await canva_with().design(ORDER)).picture
    assert len(vendors_box.effects("access.renewed")) == 2
    assert len(vendors_box.effects("design.created")) == 1
