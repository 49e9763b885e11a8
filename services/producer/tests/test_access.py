"""Canva's access, kept in PostgreSQL: renewed once by whoever comes, through crashes, outages and other settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from common import http, testing_points
from common.errors import VendorUnavailable
from producer.access.renewed import RenewedAccess
from producer.models import accesses
from pydantic import SecretStr
from sandbox.canva import PREFIX
from sandbox.kit.faults import FaultKind
from sandbox.kit.grants import ACCESS_SECONDS
from sqlalchemy import select
from testkit.listening import eventually
from testkit.stack import Stack
from testkit.vendors import Sandbox
from testkit.workshop import Rows, open_work
from vendors.oauth import TokenDoor, VendorDisconnected

TOKEN = f"{PREFIX}/oauth/token"
NEARLY = timedelta(seconds=ACCESS_SECONDS * 0.95)
"""When a token is good, and due to be renewed."""


class Time:
    """Ours and the sandbox's, which stand still until they are told to go on."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._now

    def go_on(self, by: timedelta) -> None:
        self._now += by
        self._box.site.clock.advance(by.total_seconds())


ProcessWith = Callable[..., RenewedAccess]


@pytest.fixture
def now(vendors_box: Sandbox) -> Time:
    return Time(vendors_box)


@pytest.fixture
async def process(stack: Stack, vendors_box: Sandbox, now: Time) -> AsyncIterator[ProcessWith]:
    """`process()` → the access as one process has it; several have the same one unless `first` says otherwise."""
    opened, consent = [], vendors_box.consent()

    def start(*, first: SecretStr = consent, secret: str = vendors_box.key, url: str = "") -> RenewedAccess:
        work, client_secret = open_work(stack, "producer"), SecretStr(secret)
        client = http.client(base_url=url or f"{vendors_box.url}{PREFIX}", timeout_seconds=20)
        door = TokenDoor(
            client,
            vendor="canva",
            path="/oauth/token",
            client_id="us",
            client_secret=client_secret,
            patience_seconds=20,
        )
        access = RenewedAccess(work, door, client_id="us", client_secret=client_secret, first=first, clock=now)
        opened.append((access, work))
        return access

    yield start
    for access, work in opened:
        await access.close()
        await work.close()


@pytest.fixture
def asked(vendors_box: Sandbox) -> Callable[[], int]:
    """How often the vendor was asked to renew."""
    return lambda: vendors_box.asked("POST", TOKEN)


async def is_let_in(token: SecretStr, box: Sandbox) -> bool:
    async with http.client(base_url=box.url) as client:
        bearer = {"authorization": f"Bearer {token.get_secret_value()}"}
        answer = await client.get(f"{PREFIX}/brand-templates/sandbox-poster/dataset", headers=bearer)
    return answer.status_code == httpx.codes.OK


@pytest.mark.feature("A29")
async def test_a_token_is_kept_and_renewed_before_it_ends(
    process: ProcessWith, now: Time, vendors_box: Sandbox, asked: Callable[[], int]
) -> None:
    first, other = process(), process()
    token = await first.token()
    assert await is_let_in(token, vendors_box)
    assert (await first.token(), await other.token(), await process().token()) == (token, token, token)
    now.go_on(NEARLY)
    newer = await first.token()
    assert newer != token
    assert await other.token() == newer
    # Nobody came for a day.
    now.go_on(timedelta(days=1))
    newest = await process().token()
    assert await is_let_in(newest, vendors_box)
    assert await first.token() == newest
    assert asked() == 3
    assert await first.notice() is None


@pytest.mark.feature("A29")
async def test_whoever_comes_at_once_the_vendor_is_asked_once(
    process: ProcessWith, now: Time, vendors_box: Sandbox, asked: Callable[[], int]
) -> None:
    everybody = [process() for _ in range(3)]

    async def come() -> SecretStr:
        [token] = set(await asyncio.gather(*(access.token() for access in everybody for _ in range(3))))
        return token

    first = await come()
    assert asked() == 1
    now.go_on(NEARLY)
    await come_while_good(everybody, first)
    assert asked() == 2
    now.go_on(timedelta(days=1))
    token = await come()
    assert asked() == 3
    # Refused before its time, by a vendor that changed its mind.
    [newest] = set(await asyncio.gather(*(access.instead_of(token) for access in everybody for _ in range(3))))
    assert newest != token
    assert await is_let_in(newest, vendors_box)
    assert asked() == 4


async def come_while_good(everybody: list[RenewedAccess], held: SecretStr) -> None:
    """While one renews, nobody has to wait: what they have is good."""
    tokens = set(await asyncio.gather(*(access.token() for access in everybody)))
    assert len(tokens - {held}) <= 1
    [newest] = set(await asyncio.gather(*(access.token() for access in everybody))) - {held}
    assert await everybody[0].token() == newest


@pytest.mark.feature("A29")
async def test_a_process_that_dies_after_the_token_was_spent_leaves_it_to_a_person(
    process: ProcessWith, now: Time, vendors_box: Sandbox, asked: Callable[[], int]
) -> None:
    await process().token()
    now.go_on(timedelta(days=1))

    def die() -> None:
        if asked() == 2:
            raise InterruptedError("killed")

    testing_points.arm("producer.before_commit", die)
    try:
        with pytest.raises(InterruptedError):
            await process().token()
    finally:
        testing_points.disarm("producer.before_commit")
    assert asked() == 2
    for _ in range(3):
        later = process()
        with pytest.raises(VendorDisconnected, match="GREENLIGHT_DESIGN_REFRESH_TOKEN"):
            await later.token()
        now.go_on(timedelta(minutes=5))
    assert asked() == 3, "what was refused for good is not asked for again"
    assert "GREENLIGHT_DESIGN_REFRESH_TOKEN" in (await process().notice() or "")
    # A person connects it again.
    again = process(first=vendors_box.consent())
    assert await is_let_in(await again.token(), vendors_box)
    assert await again.notice() is None


@pytest.mark.feature("A29")
async def test_a_vendor_that_is_away_costs_nothing_while_the_token_is_good(
    process: ProcessWith, now: Time, vendors_box: Sandbox, asked: Callable[[], int]
) -> None:
    access = process()
    token = await access.token()
    now.go_on(NEARLY)
    vendors_box.plant(FaultKind.STATUS, path=TOKEN, code=503, times=3)
    assert (await access.token(), await access.token(), await process().token()) == (token, token, token)
    assert asked() == 2, "it is left alone for a while"
    assert "did not renew our access" in (await access.notice() or "")
    now.go_on(timedelta(seconds=31))
    assert await access.token() == token
    assert asked() == 3
    # Now it is too old.
    now.go_on(timedelta(hours=1))
    with pytest.raises(VendorUnavailable):
        await access.token()
    with pytest.raises(VendorUnavailable) as caught:
        await process().token()
    assert (caught.value.retry_after_ms, asked()) == (30_000, 4)
    now.go_on(timedelta(seconds=31))
    assert await is_let_in(await access.token(), vendors_box)
    assert await access.notice() is None


async def test_a_refusal_ahead_of_time_is_seen_while_the_token_is_still_good(
    process: ProcessWith, now: Time, vendors_box: Sandbox, asked: Callable[[], int]
) -> None:
    access = process()
    token = await access.token()
    now.go_on(NEARLY)
    vendors_box.plant(FaultKind.STATUS, path=TOKEN, code=400, body='{"error": "invalid_grant"}')
    assert (await access.token(), await access.token()) == (token, token)
    assert "connect it again" in (await access.notice() or "")
    with pytest.raises(VendorDisconnected):
        await access.instead_of(token)
    now.go_on(timedelta(hours=1))
    with pytest.raises(VendorDisconnected):
        await access.token()
    assert asked() == 2


async def test_settings_that_change_begin_anew_and_a_secret_that_was_wrong_spends_nothing(
    process: ProcessWith, vendors_box: Sandbox, asked: Callable[[], int]
) -> None:
    with pytest.raises(Exception, match="invalid_client"):
        await process(secret="mistyped").token()
    token = await process().token()
    other = await process(first=vendors_box.consent()).token()
    assert other != token
    assert await process().token() == token, "a process that still has the settings of before has its own"
    before = asked()
    changed = process(secret="another")
    with pytest.raises(VendorDisconnected, match="another client's secret"):
        await changed.token()
    assert "another client's secret" in (await changed.notice() or "")
    assert asked() == before


@pytest.mark.feature("A29")
async def test_a_database_that_goes_away_in_the_middle_loses_no_token(
    process: ProcessWith, vendors_box: Sandbox, rows: Rows, asked: Callable[[], int]
) -> None:
    vendors_box.plant(FaultKind.DELAY, path=TOKEN, delay_ms=60_000)
    waiting = asyncio.create_task(process().token())
    await eventually(lambda: asked() == 1)
    [(ended,)] = rows(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where application_name = 'greenlight-producer' and state = 'idle in transaction'"
    )
    assert ended == 1
    vendors_box.site.clock.advance(60)
    token = await waiting
    assert await process().token() == token
    assert (asked(), await is_let_in(token, vendors_box)) == (1, True)


async def test_a_renewal_goes_on_when_whoever_waits_for_it_is_stopped(
    process: ProcessWith, vendors_box: Sandbox, asked: Callable[[], int]
) -> None:
    vendors_box.plant(FaultKind.DELAY, path=TOKEN, delay_ms=60_000)
    access = process()
    waiting = asyncio.create_task(access.token())
    await eventually(lambda: asked() == 1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    vendors_box.site.clock.advance(60)
    assert await is_let_in(await process().token(), vendors_box)
    assert asked() == 1


async def test_what_lies_in_the_database_opens_nothing(
    process: ProcessWith, stack: Stack, rows: Rows, vendors_box: Sandbox
) -> None:
    consent = vendors_box.consent()
    token = await process(first=consent).token()
    for whole, sealed in rows("select a::text, sealed from producer.accesses a where sealed is not null"):
        for secret in (consent, token):
            assert secret.get_secret_value() not in whole
            assert secret.get_secret_value().encode() not in bytes(sealed)
    work = open_work(stack, "producer")
    try:
        with pytest.raises(Exception, match="permission denied for table accesses"):
            async with work.transaction("default") as tx:
                await tx.session.execute(select(accesses))
    finally:
        await work.close()
