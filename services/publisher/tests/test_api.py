"""`/v1/posts`: a tenant's own, and nobody else's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import httpx
import pytest
from common.contracts.message import Outcome
from common.contracts.publishing import PostContent, Publish, PublishInput
from common.contracts.sharing import RunShared
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.people import People

Write = Callable[..., Awaitable[PostContent]]
Approve = Callable[..., Awaitable[PublishInput]]


async def test_posts_are_listed_for_their_tenant_alone(
    *, publisher: httpx.AsyncClient, approve: Approve, write: Write, orders: Orders, people: People, tenant: str
) -> None:
    runs: list[UUID] = []
    for number in range(3):
        runs.append(uuid4())
        order = await approve(tenant, await write(tenant, title=f"Film {number}"))
        answer = await orders.order(Publish, order, tenant=tenant, run=runs[-1])
        assert answer.outcome is Outcome.DONE, answer.problem
    mine = (await people.join(tenant, "creator")).headers
    theirs = (await people.join(f"{tenant}-other", "admin")).headers

    first = (await publisher.get("/v1/posts", params={"limit": 2}, headers=mine)).json()
    rest = (await publisher.get("/v1/posts", params={"cursor": first["next_cursor"]}, headers=mine)).json()
    items = [*first["items"], *rest["items"]]
    assert [item["title"] for item in items] == ["Film 2", "Film 1", "Film 0"]
    assert {(item["state"], item["platform"]) for item in items} == {("public", "local_feed")}
    assert rest["next_cursor"] is None
    one_run = (await publisher.get("/v1/posts", params={"run_id": str(runs[1])}, headers=mine)).json()
    assert [item["run_id"] for item in one_run["items"]] == [str(runs[1])]
    detail = (await publisher.get(f"/v1/posts/{items[0]['id']}", headers=mine)).json()
    assert detail["content"]["title"] == "Film 2"

    assert (await publisher.get("/v1/posts", headers=theirs)).json() == {"items": [], "next_cursor": None}
    others = await publisher.get(f"/v1/posts/{items[0]['id']}", headers=theirs)
    unknown = await publisher.get(f"/v1/posts/{uuid4()}", headers=mine)
    assert (others.status_code, others.json()["error"]) == (unknown.status_code, unknown.json()["error"])
    assert others.status_code == 404


async def test_strangers_and_bad_cursors_are_refused(
    *, publisher: httpx.AsyncClient, people: People, tenant: str
) -> None:
    assert (await publisher.get("/v1/posts")).status_code == 401
    assert (await publisher.get(f"/v1/posts/{uuid4()}")).status_code == 401
    headers = (await people.join(tenant, "creator")).headers
    for cursor in ("x", "%%%", "a" * 200, "MjAyNi0wMS0wMSAx"):
        answer = await publisher.get("/v1/posts", params={"cursor": cursor}, headers=headers)
        assert answer.status_code == 422, cursor
    assert (await publisher.get("/v1/posts", params={"limit": 201}, headers=headers)).status_code == 422


@pytest.mark.feature("P56")
async def test_posts_of_a_private_run_are_for_those_it_is_shared_with(
    *, publisher: httpx.AsyncClient, approve: Approve, write: Write, orders: Orders, people: People, tenant: str
) -> None:
    run = uuid4()
    order = await approve(tenant, await write(tenant, title="Ours"))
    answer = await orders.order(Publish, order, tenant=tenant, run=run, private_of=run)
    assert answer.outcome is Outcome.DONE, answer.problem
    friend, fellow, admin = [(await people.join(tenant, role)) for role in ("creator", "creator", "admin")]
    [post] = (await publisher.get("/v1/posts", headers=admin.headers)).json()["items"]

    async def shown(headers: dict[str, str]) -> tuple[int, int]:
        listed = (await publisher.get("/v1/posts", params={"run_id": str(run)}, headers=headers)).json()["items"]
        return len(listed), (await publisher.get(f"/v1/posts/{post['id']}", headers=headers)).status_code

    assert [await shown(one.headers) for one in (friend, fellow, admin)] == [(0, 404), (0, 404), (1, 200)]
    share = RunShared(share_id=uuid4(), run_id=run, who=f"user:{friend.user_id}")
    await orders.tell(share, tenant=tenant, run=run)
    await eventually(lambda: shown(friend.headers), until=lambda found: found == (1, 200))
    assert await shown(fellow.headers) == (0, 404)
