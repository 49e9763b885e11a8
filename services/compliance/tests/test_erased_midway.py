"""Somebody is forgotten while content they have to do with is under way: nobody gains a right by it, nothing hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from common.contracts.erasing import RunForgotten
from common.contracts.gates import GateReminded, Review, ReviewStage
from common.db.migrate import alembic_config
from compliance.domain import ItemStatus
from testkit.databases import new_database
from testkit.listening import eventually
from testkit.people import Person
from testkit.stack import Stack
from testkit.workshop import Rows

PAIR = Review(stages=(ReviewStage(name="internal", reviewers=("reviewer",), quorum=2),))


@pytest.fixture(scope="module", autouse=True)
def looks_often() -> Iterator[None]:
    """Whether something is over by now is looked at without delay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compliance.erasure.LEISURE", 1)
        for module in ("erasure", "forgetting"):
            patch.setattr(f"compliance.{module}.LOOK_SECONDS", 0.2)
        yield


async def forget(quick: Any, person: Person) -> dict[str, Any]:
    """Carried out, by an officer's order."""
    ordered = (await quick.erase(person.user_id)).raise_for_status().json()
    done: dict[str, Any] = await quick.erased(ordered["id"])
    return done


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", "")


async def ended(quick: Any, order: dict[str, Any]) -> None:
    """Wait until nothing under way names the person any more; nobody orders it again."""
    officer = await quick.person("compliance_officer")

    async def look() -> dict[str, Any]:
        answer = await quick.client.get(f"/v1/audit/erasures/{order['id']}", headers=officer.headers)
        return dict(answer.raise_for_status().json())

    shown = await eventually(look, until=lambda order: order["user_id"] is None, seconds=60)
    assert shown["under_way"] == []


@pytest.mark.feature("P90")
async def test_an_author_who_is_forgotten_does_not_get_to_approve_their_own_work(quick: Any, rows: Rows) -> None:
    """The last administrator keeps their account, so that somebody governs the tenant; and could decide, then."""
    author = await quick.people.admin(quick.tenant)
    opened = await quick.open(requested_by=author.user_id)
    order = await forget(quick, author)
    assert (order["under_way"], order["user_id"]) == ([str(opened.item_id)], author.user_id)
    assert code(await quick.decide(opened.item_id, author, decision="approved")) == (403, "own_work")
    (await quick.decide(opened.item_id, decision="approved")).raise_for_status()
    again = await forget(quick, author)
    # Taken back and open again, it is theirs as before.
    permit = await quick.permit(opened.item_id, "0" * 64)
    assert permit.status_code == 409, permit.text
    assert (await quick.item(opened.item_id))["item"]["status"] == ItemStatus.OPEN
    assert code(await quick.decide(opened.item_id, author, decision="approved")) == (403, "own_work")
    refused = await quick.decide(opened.item_id, decision="rejected", comment="Not this one.")
    refused.raise_for_status()
    for each in (order, again):
        await ended(quick, each)
    assert rows("select requested_by from compliance.airlock_items where id = %s", opened.item_id) == [("erased",)]
    for action, is_left in (("erasure.finished", True), ("erasure.followed_up", False)):
        told = await quick.audit(action=action)
        assert [entry["detail"] for entry in told] == [{"under_way": is_left}] * 2
    # What they tried after the first order stays on record.
    assert "own_work" in {entry["result"] for entry in await quick.audit(actor=author.user_id)}
    assert (await quick.verify())["ok"]


async def test_an_author_is_forgotten_with_the_end_of_their_run(quick: Any, rows: Rows) -> None:
    author, run = await quick.people.join(quick.tenant, "creator"), uuid4()
    approved = await quick.open(requested_by=author.user_id, run=run)
    (await quick.decide(approved.item_id, decision="approved")).raise_for_status()
    order = await forget(quick, author)
    assert order["under_way"] == [str(approved.item_id)]
    # The run goes on, and its next gate has to know who may not decide there, too.
    await quick.open(requested_by=author.user_id, run=run, gate="publish")
    await quick.orders.tell(RunForgotten(run_id=run), tenant=quick.tenant, run=run)
    await ended(quick, order)
    for table in ("airlock_items", "audit_entries", "audit_erasures"):
        left = rows(f"select t::text from compliance.{table} t where tenant_id = %s", quick.tenant)
        assert left
        assert author.user_id not in str(left)
    assert (await quick.verify())["ok"]


async def hold(quick: Any, kind: str, subject: str) -> str:
    """The path of a legal hold that is set now."""
    officer, body = await quick.person("compliance_officer"), {"kind": kind, "subject": subject, "reason": "a lawsuit"}
    answer = await quick.client.post("/v1/audit/holds", headers=officer.headers, json=body)
    return f"/v1/audit/holds/{answer.raise_for_status().json()['id']}"


@pytest.mark.parametrize("kind", ["run", "user", "who named them"])
async def test_a_hold_that_is_set_while_an_order_waits_keeps_what_it_is_about(
    quick: Any, rows: Rows, kind: str
) -> None:
    """And nothing has to be told anew when it is lifted."""
    author, run = await quick.people.join(quick.tenant, "creator"), uuid4()
    operator, officer = await quick.person("operator"), await quick.person("compliance_officer")
    opened = await quick.open(requested_by=author.user_id, run=run)
    (await quick.decide(opened.item_id, decision="approved")).raise_for_status()
    order = await forget(quick, author)
    second = await quick.open(requested_by=author.user_id, run=run, gate="publish")
    path = f"/v1/airlock/items/{second.item_id}"
    meant = await quick.client.patch(path, headers=operator.headers, json={"assigned_to": author.user_id})
    meant.raise_for_status()
    await quick.settled()
    subject = {"run": str(run), "user": author.user_id}.get(kind, operator.user_id)
    held = await hold(quick, kind if kind in {"run", "user"} else "user", subject)
    naming = (
        "select seq from compliance.audit_entries where tenant_id = %s and run_id = %s and position(%s in body) > 0"
    )
    before = rows(naming, quick.tenant, str(run), author.user_id)
    await quick.orders.tell(RunForgotten(run_id=run), tenant=quick.tenant, run=run)
    left = "select run_id from compliance.forgotten_runs where tenant_id = %s"
    await eventually(lambda: rows(left, quick.tenant) == [(run,)], seconds=20)
    named = "select requested_by from compliance.airlock_items where run_id = %s"
    assert rows(named, run) == [(author.user_id,)] * 2
    assert rows(naming, quick.tenant, str(run), author.user_id) == before
    (await quick.client.delete(held, headers=officer.headers)).raise_for_status()
    await ended(quick, order)
    assert rows(named, run) == [("erased",)] * 2
    assert rows(naming, quick.tenant, str(run), author.user_id) == []
    assert rows(left, quick.tenant) == []
    assert (await quick.verify())["ok"]


async def test_many_runs_that_were_held_are_forgotten_when_the_hold_is_lifted(quick: Any, rows: Rows) -> None:
    author, officer = await quick.people.join(quick.tenant, "creator"), await quick.person("compliance_officer")
    runs = [uuid4() for _ in range(3)]
    for run in runs:
        await quick.open(requested_by=author.user_id, run=run)
    order = await forget(quick, author)
    assert len(order["under_way"]) == 3
    held = await hold(quick, "tenant", quick.tenant)
    for run in runs:
        await quick.orders.tell(RunForgotten(run_id=run), tenant=quick.tenant, run=run)
    left = "select count(*) from compliance.forgotten_runs where tenant_id = %s"
    await eventually(lambda: rows(left, quick.tenant) == [(3,)], seconds=20)
    (await quick.client.delete(held, headers=officer.headers)).raise_for_status()
    await ended(quick, order)
    assert rows("select distinct requested_by from compliance.airlock_items where tenant_id = %s", quick.tenant) == [
        ("erased",)
    ]
    assert rows(left, quick.tenant) == [(0,)]


async def test_what_the_last_administrator_asks_for_later_stays_on_record(quick: Any, rows: Rows) -> None:
    admin = await quick.people.admin(quick.tenant)
    first = await quick.open(requested_by=admin.user_id)
    order = await forget(quick, admin)
    later = await quick.open(requested_by=admin.user_id)
    (await quick.decide(first.item_id, decision="rejected", comment="No.")).raise_for_status()
    await ended(quick, order)
    told = {entry["resource"]: entry["detail"]["requested_by"] for entry in await quick.audit(action="gate.opened")}
    assert told == {f"airlock_item:{later.item_id}": admin.user_id}
    assert code(await quick.decide(later.item_id, admin, decision="approved")) == (403, "own_work")


async def test_nobody_agrees_twice_by_being_forgotten_in_between(quick: Any, rows: Rows) -> None:
    admin = await quick.people.admin(quick.tenant)
    opened = await quick.open(review=PAIR)
    assert (await quick.decide(opened.item_id, admin, decision="approved")).json()["missing"] == 1
    order = await forget(quick, admin)
    assert (await quick.decide(opened.item_id, admin, decision="approved")).status_code == 409
    assert (await quick.item(opened.item_id))["item"]["status"] == ItemStatus.OPEN
    assert (await quick.decide(opened.item_id, decision="approved")).json()["closes"] is True
    await ended(quick, order)
    voices = rows(
        "select decided_by from compliance.airlock_decisions where item_id = %s order by decided_at", opened.item_id
    )
    assert [voice for (voice,) in voices] == ["erased", (await quick.person("reviewer")).user_id]


async def test_what_somebody_who_is_forgotten_was_to_look_at_is_everybodys_again(quick: Any) -> None:
    gone, officer = await quick.people.join(quick.tenant, "reviewer"), await quick.person("operator")
    opened = await quick.open(review=Review(remind_after_ms=2_500))
    path = f"/v1/airlock/items/{opened.item_id}"
    claimed = await quick.client.put(f"{path}/claim", headers=gone.headers, json={})
    assert claimed.json()["claim"]["by"] == gone.user_id
    meant = await quick.client.patch(path, headers=officer.headers, json={"assigned_to": gone.user_id})
    meant.raise_for_status()
    await forget(quick, gone)
    shown = (await quick.item(opened.item_id))["item"]
    assert (shown["claim"], shown["assigned_to"]) == (None, None)

    async def told() -> list[GateReminded]:
        return [event for event in await quick.told(GateReminded) if event.item_id == opened.item_id]

    (heard,) = await eventually(told, seconds=20)
    assert heard.to == ("reviewer",)
    assert (await quick.decide(opened.item_id, decision="approved")).status_code == 200


async def test_what_somebody_who_is_forgotten_approved_goes_out(quick: Any, rows: Rows) -> None:
    """Before the permit is asked for, and while it is out: the decision stays, whoever made it."""
    named = await quick.people.join(quick.tenant, "reviewer")
    officer = await quick.person("compliance_officer")
    body = {"review": {"stages": [{"name": "client", "any_of": [named.user_id], "quorum": "all"}]}}
    defined = await quick.client.put("/v1/airlock/reviews/publish", headers=officer.headers, json=body)
    defined.raise_for_status()
    opened = await quick.open(review=Review())
    (await quick.decide(opened.item_id, named, decision="approved")).raise_for_status()
    await forget(quick, named)
    permit = (await quick.permit(opened.item_id, opened.manifest_sha256)).raise_for_status().json()
    await forget(quick, named)
    finish = f"/v1/permits/{permit['permit_id']}/finish"
    ended = await quick.client.post(finish, headers=await quick.service(), json={"outcome": "released"})
    ended.raise_for_status()
    assert (await quick.item(opened.item_id))["item"]["status"] == ItemStatus.RELEASED
    for table in ("airlock_items", "airlock_decisions", "review_definitions"):
        left = rows(f"select t::text from compliance.{table} t where tenant_id = %s", quick.tenant)
        assert left
        assert named.user_id not in str(left)
    # The next one waits for somebody who is not there any more, and nobody else is let through.
    waits = await quick.open(review=Review())
    assert code(await quick.decide(waits.item_id, decision="approved")) == (403, "not_a_reviewer")
    assert (await quick.verify())["ok"]


async def test_an_order_that_waits_does_not_hinder_going_back_a_version(stack: Stack) -> None:
    async with new_database(stack, "compliance") as url:
        made = (
            "insert into compliance.audit_erasures"
            " (id, tenant_id, user_id, reason, ordered_by, ordered_at, finished_at) values"
            " (gen_random_uuid(), 't', 'anna', '', 'officer', now(), now())"
        )
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(made)
        config = alembic_config("compliance", url)
        await asyncio.to_thread(command.downgrade, config, "20261123_0021")
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            left = await (await connection.execute("select user_id from compliance.audit_erasures")).fetchall()
        assert left == [(None,)]
