"""Publishing on the real bus: one post, never two, and none without a permit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
from common.contracts.message import Outcome
from common.contracts.publishing import PostContent, Publish, PublishInput, PublishOutput
from testkit.orders import Orders

Write = Callable[..., Awaitable[PostContent]]
Approve = Callable[..., Awaitable[PublishInput]]


async def test_an_approved_film_is_public_with_its_files(
    publisher: httpx.AsyncClient, approve: Approve, write: Write, orders: Orders, tenant: str
) -> None:
    answer = await orders.order(Publish, await approve(tenant, await write(tenant)), tenant=tenant)
    assert answer.outcome is Outcome.DONE, answer.problem
    output = PublishOutput.model_validate(answer.output)
    print(output)
    page = await publisher.get(f"/feed/{tenant}/")
    print(page.text)
