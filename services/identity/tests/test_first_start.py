"""The first start, the second, two at once, and what the settings may still do later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from common.clock import utc_now
from common.contracts.values import PLATFORM_TENANT
from common.db.work import Work
from identity.bootstrap import FirstPerson, admit_first_people
from identity.domain import PEOPLES_ROLES, sha256_of
from identity.errors import WrongMasterKey
from identity.keys import make_api_key
from identity.models import api_keys, signing_keys
from identity.registry import Registry
from identity.repository import Users
from identity.signing import Seal
from identity.tokens import Tokens
from identity.uses import KeyUses
from pydantic import SecretStr
from sqlalchemy import func, select, text, update
from testkit.plugin import Serving
from testkit.stack import Stack

MASTER = SecretStr("m" * 64)


def keys_of_the_settings() -> dict[str, SecretStr]:
    """Keys as an operator would put them into the settings."""
    return {"admin_key": SecretStr(make_api_key()), "reviewer_key": SecretStr(make_api_key())}


async def exchange(client: httpx.AsyncClient, key: SecretStr) -> httpx.Response:
    """Ask for a token."""
    return await client.post("/v1/tokens", headers={"X-API-Key": key.get_secret_value()})


async def test_a_first_start_lets_two_people_in_and_a_second_changes_nothing(
    serving: Serving, fresh_database: str, work_on: Callable[[str], Work]
) -> None:
    keys = keys_of_the_settings()
    counts = []
    for _ in range(2):
        async with serving("identity", database_url=SecretStr(fresh_database), master_key=MASTER, **keys) as client:
            admin = (await exchange(client, keys["admin_key"])).json()
            reviewer = (await exchange(client, keys["reviewer_key"])).json()
            jwks = (await client.get("/.well-known/jwks.json")).json()["keys"]
        counts.append((await _count(work_on(fresh_database), api_keys), len(jwks)))
        assert (admin["tenant"], admin["user_id"], admin["roles"]) == ("default", "admin", list(PEOPLES_ROLES))
        assert (reviewer["tenant"], reviewer["user_id"]) == ("default", "reviewer")
        assert reviewer["roles"] == ["reviewer", "publisher"]
    assert counts == [(2, 1), (2, 1)]


async def test_replicas_that_start_together_make_one_signing_key_and_one_admin(
    serving: Serving, fresh_database: str, work_on: Callable[[str], Work]
) -> None:
    keys = keys_of_the_settings()
    async with AsyncExitStack() as stack:
        replicas = await asyncio.gather(
            *(
                stack.enter_async_context(
                    serving("identity", database_url=SecretStr(fresh_database), master_key=MASTER, **keys)
                )
                for _ in range(2)
            )
        )
        published = [(await replica.get("/.well-known/jwks.json")).json() for replica in replicas]
        signed = [(await exchange(replica, keys["admin_key"])).json()["access_token"] for replica in replicas]
    assert published[0] == published[1]
    assert len(published[0]["keys"]) == 1
    assert {jwt.get_unverified_header(token)["kid"] for token in signed} == {published[0]["keys"][0]["kid"]}
    assert await _count(work_on(fresh_database), api_keys) == 2


async def test_a_changed_key_replaces_the_one_before_for_good(serving: Serving, fresh_database: str) -> None:
    first, second = keys_of_the_settings(), keys_of_the_settings()

    async def answers(settings: dict[str, SecretStr]) -> list[int]:
        async with serving("identity", database_url=SecretStr(fresh_database), master_key=MASTER, **settings) as client:
            return [(await exchange(client, keys["admin_key"])).status_code for keys in (first, second)]

    assert await answers(first) == [200, 401]
    assert await answers(second) == [401, 200]
    # An old container that starts once more neither gets its key back nor takes the new one away.
    assert await answers(first) == [401, 200]


async def test_the_settings_do_not_undo_what_people_decided_until_they_change(
    work_on: Callable[[str], Work], fresh_database: str
) -> None:
    work = work_on(fresh_database)
    person = FirstPerson("admin", PEOPLES_ROLES, SecretStr(make_api_key()))
    await admit_first_people(work, [person], clock=utc_now)
    async with work.transaction(PLATFORM_TENANT) as tx:
        await tx.session.execute(text("update identity.users set roles = '{creator}', disabled_at = now()"))

    async def state() -> tuple[Sequence[str], bool]:
        async with work.transaction(PLATFORM_TENANT) as tx:
            user = await Users(tx).get("admin")
        return user.roles, user.disabled_at is None

    await admit_first_people(work, [person], clock=utc_now)
    assert await state() == (("creator",), False)

    fresh = FirstPerson("admin", PEOPLES_ROLES, SecretStr(make_api_key()))
    await admit_first_people(work, [fresh], clock=utc_now)
    assert await state() == (PEOPLES_ROLES, True)


async def test_without_keys_in_the_settings_nobody_is_let_in(
    serving: Serving, fresh_database: str, work_on: Callable[[str], Work]
) -> None:
    nothing = {"admin_key": None, "reviewer_key": None}
    async with serving("identity", database_url=SecretStr(fresh_database), master_key=MASTER, **nothing):
        assert await _count(work_on(fresh_database), api_keys) == 0


async def test_another_master_key_stops_the_start(serving: Serving, fresh_database: str) -> None:
    async with serving("identity", database_url=SecretStr(fresh_database), master_key=MASTER):
        pass
    with pytest.raises(WrongMasterKey):
        async with serving("identity", database_url=SecretStr(fresh_database), master_key=SecretStr("n" * 64)):
            pytest.fail("it started")


async def test_private_keys_are_not_in_the_database(
    work_on: Callable[[str], Work], fresh_database: str, stack: Stack
) -> None:
    work, seal = work_on(fresh_database), Seal(MASTER.get_secret_value())
    registry = Registry(work, seal=seal)
    await registry.ensure_signing_key(utc_now())
    signer = await registry.get_signer(utc_now())
    private = seal.open(signer.sealed_private, kid=signer.kid)
    async with work.system() as tx:
        whole = (await tx.session.execute(text("select t::text from identity.signing_keys t"))).scalar_one()
    assert private not in signer.sealed_private
    assert private.hex() not in whole
    assert len(private) == 32


async def test_a_private_key_moved_to_another_row_does_not_open(
    work_on: Callable[[str], Work], fresh_database: str
) -> None:
    work, seal = work_on(fresh_database), Seal(MASTER.get_secret_value())
    registry = Registry(work, seal=seal)
    await registry.ensure_signing_key(utc_now())
    async with work.system() as tx:
        await tx.session.execute(update(signing_keys).values(kid="another"))
    with pytest.raises(WrongMasterKey):
        await registry.ensure_signing_key(utc_now())


async def test_code_that_serves_a_tenant_cannot_read_signing_keys(
    work_on: Callable[[str], Work], fresh_database: str
) -> None:
    with pytest.raises(Exception, match="permission denied for table signing_keys"):
        async with work_on(fresh_database).transaction("default") as tx:
            await tx.session.execute(select(signing_keys))


async def test_after_a_rotation_the_new_key_signs_and_the_old_tokens_stay_good(
    work_on: Callable[[str], Work], fresh_database: str
) -> None:
    service, now = "k" * 64, utc_now()
    work, seal = work_on(fresh_database), Seal(MASTER.get_secret_value())
    registry = Registry(work, seal=seal)
    tokens = Tokens(
        work,
        registry=registry,
        seal=seal,
        uses=KeyUses(registry),
        service_keys={"editor": sha256_of(service)},
        lifetime=timedelta(minutes=15),
        clock=lambda: now,
    )
    await registry.ensure_signing_key(now)
    old = (await tokens.exchange(service, tenant="t")).text

    made, signs_from = await registry.rotate(now)
    # Verifiers ask for keys at most once a second, so the key is published a little before it signs.
    early = (await tokens.exchange(service, tenant="t")).text
    assert jwt.get_unverified_header(early)["kid"] == jwt.get_unverified_header(old)["kid"]
    assert made.kid in await _published(tokens)

    now = signs_from
    new = (await tokens.exchange(service, tenant="t")).text
    assert jwt.get_unverified_header(new)["kid"] == made.kid
    for token in (old, early, new):
        assert await _verified(tokens, token)

    # The old key is there for as long as its last token and every clock's error allow, and not longer.
    now = signs_from + timedelta(minutes=16)
    assert len(await _published(tokens)) == 2
    now = signs_from + timedelta(minutes=18)
    assert await _published(tokens) == [made.kid]


async def test_rotating_twice_at_once_leaves_one_signer(work_on: Callable[[str], Work], fresh_database: str) -> None:
    now = utc_now()
    registry = Registry(work_on(fresh_database), seal=Seal(MASTER.get_secret_value()))
    await registry.ensure_signing_key(now)
    await asyncio.gather(registry.rotate(now), registry.rotate(now + timedelta(milliseconds=1)))
    assert len(await registry.list_public_keys(retired_after=now)) == 3
    assert len(await registry.list_public_keys(retired_after=now + timedelta(seconds=10))) == 1


async def test_a_platform_admin_rotates_over_http_and_tokens_go_on(
    client: httpx.AsyncClient, platform: dict[str, str]
) -> None:
    before = (await client.post("/v1/tokens", headers=platform)).json()["access_token"]
    rotated = await client.post("/v1/signing-keys/rotate", headers=platform)
    assert rotated.status_code == 201
    kids = [key["kid"] for key in (await client.get("/.well-known/jwks.json")).json()["keys"]]
    assert rotated.json()["kid"] in kids
    assert jwt.get_unverified_header(before)["kid"] in kids
    me = await client.get("/v1/me", headers={"Authorization": f"Bearer {before}"})
    assert me.status_code == 200


async def _count(work: Work, table: Any) -> int:
    async with work.system() as tx:
        counted: int = (await tx.session.execute(select(func.count()).select_from(table))).scalar_one()
    return counted


async def _published(tokens: Tokens) -> list[str]:
    return [key["kid"] for key in await tokens.list_jwks()]


async def _verified(tokens: Tokens, token: str) -> bool:
    jwks = jwt.PyJWKSet.from_dict({"keys": await tokens.list_jwks()})
    key = jwks[jwt.get_unverified_header(token)["kid"]].key
    claims = jwt.decode(token, key, algorithms=["EdDSA"], issuer="greenlight", leeway=120)
    return bool(claims["app_id"] == "t")
