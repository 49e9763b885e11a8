"""However much was decided on an item and happened to it, nothing is given without bound and nothing is lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from common.contracts.gates import Review, ReviewStage
from compliance.api import shapes

THREE = Review(stages=(ReviewStage(name="internal", reviewers=("reviewer",), quorum=3),))


async def everything(airlock: Any, item_id: UUID, what: str, *, cursor: str | None = None) -> list[dict[str, Any]]:
    """All pages of it, the newest first, from the cursor on."""
    reviewer = await airlock.person("reviewer")
    found: list[dict[str, Any]] = []
    while True:
        query = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        answer = await airlock.client.get(f"/v1/airlock/items/{item_id}/{what}", headers=reviewer.headers, params=query)
        page = answer.raise_for_status().json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def test_what_an_items_own_page_leaves_out_comes_by_pages(airlock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "SHOWN", 2)
    opened = await airlock.open(review=THREE)
    people = [await airlock.people.join(airlock.tenant, "reviewer") for _ in range(3)]
    assert (await airlock.item(opened.item_id))["earlier_history"] is None
    for person in people:
        (await airlock.decide(opened.item_id, person, decision="approved")).raise_for_status()
    shown = await airlock.item(opened.item_id)
    for what, named in (("decisions", "decided_by"), ("history", "actor")):
        whole = await everything(airlock, opened.item_id, what)
        assert [one[named] for one in whole][:3] == [person.user_id for person in reversed(people)]
        assert shown[what] == whole[:2][::-1]
        earlier = await everything(airlock, opened.item_id, what, cursor=shown[f"earlier_{what}"])
        assert earlier == whole[2:]


async def test_a_history_is_its_tenants_and_a_cursor_is_ours(airlock: Any) -> None:
    opened = await airlock.open()
    stranger = await airlock.people.join(f"{airlock.tenant}-2", "reviewer")
    reviewer = await airlock.person("reviewer")
    for what in ("decisions", "history"):
        url = f"/v1/airlock/items/{opened.item_id}/{what}"
        assert (await airlock.client.get(url, headers=stranger.headers)).status_code == 404
        assert (await airlock.client.get(f"{url}?cursor=me", headers=reviewer.headers)).status_code == 422
