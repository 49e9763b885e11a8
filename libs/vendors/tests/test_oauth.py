"""The token endpoint, against the sandbox on real HTTP: what is good once, what is over, and what nobody may read."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Callable

import pytest
from common import http
from common.errors import GreenlightError, VendorAuthFailed, VendorRateLimited, VendorRefused, VendorUnavailable
from pydantic import SecretStr
from sandbox.canva import PREFIX
from sandbox.kit.faults import FaultKind
from sandbox.kit.grants import ACCESS_SECONDS
from testkit.vendors import Sandbox, sandbox
from vendors.oauth import TokenDoor, VendorDisconnected

TOKEN = f"{PREFIX}/oauth/token"
DoorWith = Callable[..., TokenDoor]


@pytest.fixture
async def door_with(vendors_box: Sandbox) -> AsyncIterator[DoorWith]:
    """`door_with(secret="another")` → the sandbox's token endpoint."""
    doors: list[TokenDoor] = []

    def made(
        *, secret: str = vendors_box.key, url: str = f"{vendors_box.url}{PREFIX}", patience: float = 20
    ) -> TokenDoor:
        client = http.client(base_url=url, timeout_seconds=30)
        doors.append(
            TokenDoor(
                client,
                vendor="canva",
                path="/oauth/token",
                client_id="us",
                client_secret=SecretStr(secret),
                patience_seconds=patience,
            )
        )
        return doors[-1]

    yield made
    for door in doors:
        await door.close()


async def status_with(token: SecretStr, box: Sandbox) -> int:
    """What the vendor says to whoever comes with an access token."""
    async with http.client(base_url=box.url) as client:
        bearer = {"authorization": f"Bearer {token.get_secret_value()}"}
        return (await client.get(f"{PREFIX}/brand-templates/sandbox-poster/dataset", headers=bearer)).status_code


async def test_a_pair_renews_itself_and_its_access_ends(door_with: DoorWith, vendors_box: Sandbox) -> None:
    door = door_with()
    first = await door.renew(vendors_box.consent())
    second = await door.renew(first.refresh_token)
    assert len({first.access_token, first.refresh_token, second.access_token, second.refresh_token}) == 4
    assert first.expires_in == ACCESS_SECONDS
    assert await status_with(first.access_token, vendors_box) == 200
    vendors_box.site.clock.advance(ACCESS_SECONDS + 1)
    assert await status_with(second.access_token, vendors_box) == 401
    assert await status_with((await door.renew(second.refresh_token)).access_token, vendors_box) == 200


async def test_a_token_that_was_spent_ends_all_that_came_of_it(door_with: DoorWith, vendors_box: Sandbox) -> None:
    door, consent = door_with(), vendors_box.consent()
    pair = await door.renew(consent)
    for spent in (consent, pair.refresh_token):
        with pytest.raises(VendorDisconnected, match="invalid_grant"):
            await door.renew(spent)
    assert await status_with(pair.access_token, vendors_box) == 401
    assert await status_with((await door.renew(vendors_box.consent())).access_token, vendors_box) == 200


@pytest.mark.parametrize("shown", ["", "nobodys", "refresh.us.1.0000", "refresh.us.-1.x", "access.us.9999999999.x"])
async def test_a_token_of_nobody_is_no_way_in(door_with: DoorWith, shown: str) -> None:
    with pytest.raises(VendorDisconnected):
        await door_with().renew(SecretStr(shown))


async def test_a_sandbox_that_is_started_again_knows_its_tokens(door_with: DoorWith, vendors_box: Sandbox) -> None:
    pair = await door_with().renew(vendors_box.consent())
    async with sandbox() as again:
        next_pair = await door_with(url=f"{again.url}{PREFIX}").renew(pair.refresh_token)
        assert await status_with(next_pair.access_token, again) == 200


Failing = tuple[FaultKind, dict[str, object], type[GreenlightError]]
FAILING: dict[str, Failing] = {
    "away": (FaultKind.STATUS, {"code": 503}, VendorUnavailable),
    "busy": (FaultKind.STATUS, {"code": 429}, VendorRateLimited),
    "broken": (FaultKind.STATUS, {"code": 500}, VendorUnavailable),
    "no answer": (FaultKind.DROP_AFTER, {}, VendorUnavailable),
    "nonsense": (FaultKind.STATUS, {"code": 200, "body": '{"access_token": "a-secret-of-theirs"}'}, VendorUnavailable),
    "another no": (FaultKind.STATUS, {"code": 400, "body": '{"code": "bad_request_body"}'}, VendorRefused),
    "in Canva's words": (FaultKind.STATUS, {"code": 400, "body": '{"code": "invalid_grant"}'}, VendorDisconnected),
    "a wrong client": (FaultKind.STATUS, {"code": 401, "body": '{"error": "invalid_client"}'}, VendorAuthFailed),
    "talkative": (
        FaultKind.STATUS,
        {"code": 400, "body": '{"error": "invalid_grant", "error_description": "a-secret-of-theirs is spent"}'},
        VendorDisconnected,
    ),
    "no code": (FaultKind.STATUS, {"code": 400, "body": '{"error": "a-secret-of-theirs!"}'}, VendorRefused),
}


@pytest.mark.parametrize(("kind", "about", "error"), FAILING.values(), ids=FAILING)
async def test_what_goes_wrong_is_typed_asked_once_and_repeats_no_token(
    door_with: DoorWith, vendors_box: Sandbox, kind: FaultKind, about: dict[str, object], error: type[GreenlightError]
) -> None:
    consent = vendors_box.consent()
    vendors_box.plant(kind, path=TOKEN, **about)
    with pytest.raises(error) as caught:
        await door_with().renew(consent)
    assert type(caught.value) is error
    said = "".join(traceback.format_exception(caught.value))
    assert "a-secret-of-theirs" not in said
    assert consent.get_secret_value() not in said
    assert vendors_box.asked("POST", TOKEN) == 1


async def test_an_endpoint_that_is_silent_or_not_there_is_given_up(door_with: DoorWith, vendors_box: Sandbox) -> None:
    vendors_box.plant(FaultKind.SILENCE_AFTER, path=TOKEN)
    with pytest.raises(VendorUnavailable, match=r"in 0\.2 s"):
        await door_with(patience=0.2).renew(vendors_box.consent())
    with pytest.raises(VendorUnavailable):
        await door_with(url="http://127.0.0.1:9").renew(vendors_box.consent())


async def test_only_the_client_itself_may_ask(door_with: DoorWith, vendors_box: Sandbox) -> None:
    with pytest.raises(VendorAuthFailed, match="invalid_client") as caught:
        await door_with(secret="another").renew(vendors_box.consent())
    assert not isinstance(caught.value, VendorDisconnected)
