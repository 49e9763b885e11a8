"""Templates of designs: kept in versions, filled in by name, each tenant its own."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import producer.templates.records
import pytest
from PIL import Image
from testkit.orders import Orders
from testkit.people import People, Person
from testkit.plugin import Serving
from testkit.workshop import Rows

EVENING = {"headline": "An evening with {guest}", "kicker": "{city}, live", "emphasis": ["{guest}"],
           "width": 360, "height": 640}  # fmt: skip
PLACE = "/v1/templates/evening"


@dataclass
class Desk:
    """The running producer, a creator, and the same of another tenant."""

    client: httpx.AsyncClient
    creator: Person
    stranger: Person

    async def save(self, **change: Any) -> httpx.Response:
        return await self.client.put(PLACE, json=EVENING | change, headers=self.creator.headers)

    async def render(self, query: str = "", *, key: str = "", **values: str) -> httpx.Response:
        headers = self.creator.headers | ({"Idempotency-Key": key} if key else {})
        return await self.client.post(f"{PLACE}/render{query}", json={"values": values}, headers=headers)


@pytest.fixture
async def desk(serving: Serving, people: People, tenant: str) -> AsyncIterator[Desk]:
    creator, stranger = await people.join(tenant, "creator"), await people.join(f"{tenant}-b", "creator")
    async with serving("producer") as client:
        yield Desk(client, creator, stranger)


@pytest.mark.feature("A31")
async def test_a_template_is_filled_in_and_drawn(desk: Desk) -> None:
    saved = await desk.save()
    assert (saved.status_code, saved.json()["version"], saved.json()["gaps"]) == (201, 1, ["city", "guest"])
    drawn = [await desk.render(guest=guest, city="Kiel") for guest in ("Ada", "Ada", "Grace {city}")]
    assert [answer.status_code for answer in drawn] == [200] * 3
    assert drawn[0].content == drawn[1].content != drawn[2].content
    assert Image.open(io.BytesIO(drawn[2].content)).size == (360, 640)
    plain = {"headline": "An evening with Ada", "kicker": "Kiel, live", "emphasis": ["Ada"]}
    same = await desk.client.post("/v1/designs", json=EVENING | plain, headers=desk.creator.headers)
    assert same.content == drawn[0].content
    assert drawn[0].headers["x-template-version"] == "1"


@pytest.mark.feature("A31")
async def test_gaps_are_filled_all_of_them_and_no_others(desk: Desk) -> None:
    await desk.save()
    for values, said in (
        ({"guest": "Ada"}, "also wants city"),
        ({"guest": " ", "city": "Kiel"}, "also wants guest"),
        ({"guest": "Ada", "city": "Kiel", "day": "Monday"}, "does not know day; it wants city, guest"),
        ({"guest": "Ada" * 100, "city": "Kiel"}, "no design any more: headline"),
    ):
        answer = await desk.render(**values)
        assert answer.status_code == 422, values
        assert said in answer.json()["detail"]


async def test_what_is_saved_differently_is_another_version_and_the_old_ones_stay(desk: Desk) -> None:
    saved = [await desk.save(detail=detail) for detail in ("", "", "At eight.", "")]
    assert [answer.status_code for answer in saved] == [201, 200, 201, 201]
    versions = (await desk.client.get(f"{PLACE}/versions", headers=desk.creator.headers)).json()
    assert [(one["version"], one["design"]["detail"]) for one in versions] == [(3, ""), (2, "At eight."), (1, "")]
    second = await desk.client.get(f"{PLACE}?version=2", headers=desk.creator.headers)
    assert second.json()["design"]["detail"] == "At eight."
    old, new = [await desk.render(query, guest="Ada", city="Kiel") for query in ("?version=2", "")]
    assert (old.headers["x-template-version"], new.headers["x-template-version"]) == ("2", "3")
    assert old.content != new.content
    listed = await desk.client.get("/v1/templates", headers=desk.creator.headers)
    assert [(one["name"], one["version"]) for one in listed.json()] == [("evening", 3)]


async def test_who_saves_at_once_makes_versions_one_after_the_other(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.save(detail=f"At {hour}.") for hour in range(8)))
    assert sorted(answer.json()["version"] for answer in answers) == list(range(1, 9))


async def test_the_same_key_gives_the_same_picture_though_the_template_was_changed(desk: Desk) -> None:
    await desk.save()
    first = await desk.render(key="k", guest="Ada", city="Kiel")
    await desk.save(template="quote")
    again, other = [await desk.render(key=key, guest="Ada", city="Kiel") for key in ("k", "l")]
    assert first.content == again.content != other.content
    told = [one.headers["x-template-version"] for one in (first, again, other)]
    assert told == ["1", "1", "2"], "a repeat says which version it shows"
    another = await desk.render("?version=2", key="k", guest="Ada", city="Kiel")
    assert (another.status_code, another.json()["error"]) == (422, "idempotency_key_reused")
    changed = await desk.render(key="k", guest="Grace", city="Kiel")
    assert changed.status_code == 422


async def test_templates_are_their_tenants_alone(desk: Desk) -> None:
    await desk.save()
    theirs = desk.stranger.headers
    assert (await desk.client.get("/v1/templates", headers=theirs)).json() == []
    refused = [
        await desk.client.get(PLACE, headers=theirs),
        await desk.client.delete(PLACE, headers=theirs),
        await desk.client.post(f"{PLACE}/render", json={"values": {}}, headers=theirs),
    ]
    assert [answer.status_code for answer in refused] == [404] * 3
    assert (await desk.client.put(PLACE, json=EVENING, headers=theirs)).json()["version"] == 1
    assert (await desk.client.get(PLACE, headers=desk.creator.headers)).status_code == 200


async def test_a_template_goes_with_all_its_versions_and_that_is_on_record(
    desk: Desk, rows: Rows, orders: Orders, tenant: str
) -> None:
    await desk.save()
    await desk.save(detail="At eight.")
    headers = desk.creator.headers
    assert (await desk.client.delete(PLACE, headers=headers)).status_code == 204
    assert (await desk.client.delete(PLACE, headers=headers)).status_code == 404
    assert (await desk.client.get(f"{PLACE}/versions", headers=headers)).json() == []
    told = rows(
        "select convert_from(body, 'UTF8')::json ->> 'action' from producer.outbox where tenant_id = %s"
        " and subject like '%%audit%%' order by 1",
        tenant,
    )
    actions = [action for (action,) in told if action.startswith("template.")]
    assert actions == ["template.deleted", "template.saved", "template.saved"]


async def test_there_is_room_for_so_many_and_bad_names_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(producer.templates.records, "ROOM", 2)
    answers = [await desk.save(detail=detail) for detail in ("a", "b", "c")]
    assert [answer.status_code for answer in answers] == [201, 201, 413]
    for name in ("Evening", "..%2Fetc", "a" * 65):
        refused = await desk.client.put(f"/v1/templates/{name}", json=EVENING, headers=desk.creator.headers)
        assert refused.status_code in {404, 422}, name
    assert (await desk.save(template="none")).status_code == 422
