"""Browsers: one of three ways in, cookies that no page can read, and no change without the header."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from common.clock import utc_now
from common.service.cookies import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE, TOKEN_COOKIE
from identity.passwords import WRONG_AT_MOST
from testkit.people import People, Person
from testkit.plugin import Serving
from testkit.workshop import Rows

LONG_ENOUGH = "a fairly long word or two"
RUN = {"brief": "How tides work"}


@pytest.fixture
async def browser(serving: Serving) -> AsyncIterator[httpx.AsyncClient]:
    """Identity as a browser sees it: what it sets is kept and sent."""
    async with serving("identity") as answering:
        yield answering


def csrf(browser: httpx.AsyncClient) -> dict[str, str]:
    """What our pages add to everything that changes something."""
    return {CSRF_HEADER: browser.cookies[CSRF_COOKIE]}


async def sign_in(browser: httpx.AsyncClient, **way: str) -> httpx.Response:
    return await browser.post("/v1/sessions", json=way)


async def link_of(client: httpx.AsyncClient, person: Person, **body: str) -> dict[str, Any]:
    answer = await client.post("/v1/sign-in-links", headers=person.headers, json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return dict(answer.json())


async def test_a_link_signs_in_once_and_its_token_is_behind_the_hash(
    browser: httpx.AsyncClient, people: People, tenant: str, rows: Rows
) -> None:
    person = await people.join(tenant, "creator", "reviewer")
    link = await link_of(browser, person)
    address, token = link["url"].split("#")
    assert token == link["token"]
    assert address.endswith("/sign-in")
    opened = await sign_in(browser, link=token)
    assert opened.status_code == 201
    assert opened.json()["roles"] == ["creator", "reviewer"]
    assert token not in opened.text
    assert (await browser.get("/v1/me")).json()["user_id"] == person.user_id
    browser.cookies.clear()
    again = await sign_in(browser, link=token)
    assert again.status_code == 401
    assert not browser.cookies
    kept = rows("select sha256 from identity.sign_in_links where tenant_id = %s", tenant)
    assert len(kept) == 1
    assert token not in kept[0][0]


async def test_an_old_link_and_an_unknown_one_open_nothing(
    browser: httpx.AsyncClient, people: People, tenant: str, rows: Rows
) -> None:
    link = await link_of(browser, await people.join(tenant, "creator"))
    late = utc_now() - timedelta(seconds=1)
    rows("update identity.sign_in_links set expires_at = %s where tenant_id = %s returning 1", late, tenant)
    for token in (link["token"], "gls_nothing"):
        assert (await sign_in(browser, link=token)).status_code == 401


async def test_only_administrators_make_links_for_others(
    browser: httpx.AsyncClient, people: People, tenant: str
) -> None:
    admin, creator = await people.admin(tenant), await people.join(tenant, "creator")
    refused = await browser.post("/v1/sign-in-links", headers=creator.headers, json={"user_id": admin.user_id})
    assert refused.status_code == 403
    link = await link_of(browser, admin, user_id=creator.user_id)
    assert (await sign_in(browser, link=link["token"])).json()["user_id"] == creator.user_id


@pytest.mark.feature("P52")
async def test_the_cookies_cannot_be_read_and_go_nowhere_else(
    browser: httpx.AsyncClient, people: People, tenant: str
) -> None:
    person = await people.join(tenant, "creator")
    opened = await sign_in(browser, key=person.api_key)
    cookies = {one.split("=", 1)[0]: one for one in opened.headers.get_list("set-cookie")}
    assert set(cookies) == {TOKEN_COOKIE, SESSION_COOKIE, CSRF_COOKIE}
    for name, cookie in cookies.items():
        assert "SameSite=strict" in cookie
        assert ("HttpOnly" in cookie) == (name != CSRF_COOKIE)
    assert "Path=/v1/sessions" in cookies[SESSION_COOKIE]
    body = opened.text
    assert browser.cookies[TOKEN_COOKIE] not in body
    assert browser.cookies[SESSION_COOKIE] not in body


async def test_a_cookie_alone_changes_nothing_in_any_service(
    browser: httpx.AsyncClient, serving: Serving, people: People, tenant: str
) -> None:
    await sign_in(browser, key=(await people.join(tenant, "creator")).api_key)
    other = await people.join(tenant, "creator")
    async with serving("orchestrator") as orchestrator:
        orchestrator.headers["cookie"] = f"{TOKEN_COOKIE}={browser.cookies[TOKEN_COOKIE]}"
        assert (await orchestrator.get("/v1/runs")).status_code == 200
        forged = await orchestrator.post("/v1/runs/estimate", json=RUN)
        assert (forged.status_code, forged.json()["error"]) == (403, "forged_request")
        guessed = await orchestrator.post("/v1/runs/estimate", json=RUN, headers={CSRF_HEADER: "0" * 64})
        assert guessed.status_code == 403
        ours = await orchestrator.post("/v1/runs/estimate", json=RUN, headers=csrf(browser))
        assert ours.status_code not in {401, 403}
        # A header of one's own is worth more than the cookie, and needs nothing besides.
        assert (await orchestrator.get("/v1/runs", headers={"Authorization": "Bearer x"})).status_code == 401
    # A token that was not made for a browser is no cookie.
    browser.cookies.set(TOKEN_COOKIE, other.token)
    assert (await browser.put("/v1/me/password", json={"new": LONG_ENOUGH}, headers=csrf(browser))).status_code == 403


async def test_renewing_gives_what_the_person_may_do_now(
    browser: httpx.AsyncClient, people: People, tenant: str
) -> None:
    admin, person = await people.admin(tenant), await people.join(tenant, "creator")
    await sign_in(browser, key=person.api_key)
    assert (await browser.post("/v1/sessions/renew")).status_code == 403
    change = await browser.patch(f"/v1/users/{person.user_id}", headers=admin.headers, json={"roles": ["reviewer"]})
    assert change.status_code == 200
    assert (await browser.get("/v1/me")).status_code == 401
    renewed = await browser.post("/v1/sessions/renew", headers=csrf(browser))
    assert renewed.json()["roles"] == ["reviewer"]
    assert (await browser.get("/v1/me")).json()["roles"] == ["reviewer"]
    await browser.patch(f"/v1/users/{person.user_id}", headers=admin.headers, json={"disabled": True})
    assert (await browser.post("/v1/sessions/renew", headers=csrf(browser))).status_code == 401


async def test_a_session_ends_with_the_key_it_was_opened_with(
    browser: httpx.AsyncClient, people: People, tenant: str
) -> None:
    admin, person = await people.admin(tenant), await people.join(tenant, "creator")
    made = await browser.post(
        "/v1/keys", headers=admin.headers, json={"user_id": person.user_id, "scopes": ["creator"]}
    )
    await sign_in(browser, key=made.json()["key"])
    assert (await browser.post("/v1/sessions/renew", headers=csrf(browser))).status_code == 200
    await browser.delete(f"/v1/keys/{made.json()['id']}", headers=admin.headers)
    assert (await browser.get("/v1/me")).status_code == 401
    assert (await browser.post("/v1/sessions/renew", headers=csrf(browser))).status_code == 401


async def test_what_was_opened_by_a_link_ends_with_the_key_that_may_have_made_it(
    browser: httpx.AsyncClient, people: People, tenant: str
) -> None:
    admin, person = await people.admin(tenant), await people.join(tenant, "creator")
    used, unused = [await link_of(browser, person) for _ in range(2)]
    await sign_in(browser, link=used["token"])
    [key] = [
        one
        for one in (await browser.get("/v1/keys", headers=admin.headers)).json()["items"]
        if one["user_id"] == person.user_id
    ]
    assert (await browser.delete(f"/v1/keys/{key['id']}", headers=admin.headers)).status_code == 200
    assert (await browser.get("/v1/me")).status_code == 401
    assert (await browser.post("/v1/sessions/renew", headers=csrf(browser))).status_code == 401
    assert (await sign_in(browser, link=unused["token"])).status_code == 401


@pytest.mark.parametrize(
    "limit",
    [{"scopes": ["creator"]}, {"expires_at": (utc_now() + timedelta(hours=1)).isoformat()}],
    ids=["for some things", "for a time"],
)
async def test_a_limited_key_makes_no_other_way_in(
    browser: httpx.AsyncClient, people: People, tenant: str, limit: dict[str, Any]
) -> None:
    """A key that may only start runs would otherwise be an administrator, or anybody else, one request later."""
    admin, other = await people.admin(tenant), await people.join(tenant, "reviewer")
    made = await browser.post("/v1/keys", headers=admin.headers, json={"user_id": admin.user_id, **limit})
    key = made.json()["key"]

    async def refused(headers: dict[str, str]) -> None:
        for body in ({}, {"user_id": other.user_id}):
            assert (await browser.post("/v1/sign-in-links", headers=headers, json=body)).status_code == 403
        asked = await browser.put("/v1/me/password", headers=headers, json={"new": LONG_ENOUGH})
        assert asked.status_code == 403

    token = (await browser.post("/v1/tokens", headers={"X-API-Key": key})).json()["access_token"]
    await refused({"Authorization": f"Bearer {token}"})
    await refused({"X-API-Key": key})
    await sign_in(browser, key=key)
    await refused(csrf(browser))
    await browser.post("/v1/sessions/renew", headers=csrf(browser))
    await refused(csrf(browser))


async def test_signing_out_ends_the_session_for_whoever_copied_its_secret(
    browser: httpx.AsyncClient, people: People, tenant: str
) -> None:
    await sign_in(browser, key=(await people.join(tenant, "creator")).api_key)
    stolen = {"cookie": f"{SESSION_COOKIE}={browser.cookies[SESSION_COOKIE]}", **csrf(browser)}
    assert (await browser.delete("/v1/sessions/current", headers=csrf(browser))).status_code == 204
    assert not browser.cookies
    assert (await browser.post("/v1/sessions/renew", headers=stolen)).status_code == 401
    assert (await browser.get("/v1/me")).status_code == 401


async def test_a_password_is_set_used_and_changed_and_the_change_ends_all_sessions(
    browser: httpx.AsyncClient, serving: Serving, people: People, tenant: str, rows: Rows
) -> None:
    person = await people.join(tenant, "creator")
    name = {"tenant": tenant, "user_id": person.user_id}
    await sign_in(browser, key=person.api_key)
    assert (await browser.put("/v1/me/password", headers=csrf(browser), json={"new": "short"})).status_code == 422
    set_ = await browser.put("/v1/me/password", headers=csrf(browser), json={"new": LONG_ENOUGH})
    assert set_.status_code == 204
    assert (await browser.get("/v1/me")).status_code == 401
    assert (await browser.post("/v1/sessions/renew", headers=csrf(browser))).status_code == 401
    [(kept,)] = rows("select hash from identity.passwords where tenant_id = %s", tenant)
    assert kept.startswith("$argon2id$")

    async with serving("identity") as fresh:
        assert (await sign_in(fresh, **name, password=LONG_ENOUGH + "?")).status_code == 401
        assert (await sign_in(fresh, **name, password=LONG_ENOUGH)).status_code == 201
        other = await fresh.put(
            "/v1/me/password", headers=csrf(fresh), json={"current": "what else", "new": LONG_ENOUGH * 2}
        )
        assert other.status_code == 403


async def test_guessing_a_password_is_over_after_a_few_times(
    browser: httpx.AsyncClient, people: People, tenant: str
) -> None:
    person = await people.join(tenant, "creator")
    await sign_in(browser, key=person.api_key)
    await browser.put("/v1/me/password", headers=csrf(browser), json={"new": LONG_ENOUGH})
    name = {"tenant": tenant, "user_id": person.user_id}
    for _ in range(WRONG_AT_MOST):
        assert (await sign_in(browser, **name, password="wrong words")).status_code == 401
    blocked = await sign_in(browser, **name, password=LONG_ENOUGH)
    assert blocked.status_code == 429
    assert int(blocked.headers["retry-after"]) > 0
    assert (await sign_in(browser, key=person.api_key)).status_code == 201


@pytest.mark.parametrize(
    "body", [{}, {"user_id": "ann"}, {"key": "k", "link": "l"}, {"password": "x"}, {"key": "k", "user_id": "a"}]
)
async def test_one_way_in_has_to_be_given(browser: httpx.AsyncClient, body: dict[str, str]) -> None:
    assert (await sign_in(browser, **body)).status_code == 422


async def test_another_site_signs_nobody_in(browser: httpx.AsyncClient, people: People, tenant: str) -> None:
    person = await people.join(tenant, "creator")
    answer = await browser.post("/v1/sessions", json={"key": person.api_key}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not browser.cookies


async def test_services_sign_in_nowhere(browser: httpx.AsyncClient, service_key: str) -> None:
    assert (await sign_in(browser, key=service_key)).status_code == 401
