"""The audit trail: whole, or the verifier says where it is not."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from common.bus.connection import Bus
from common.bus.wire import wire_headers
from common.contracts.audit import AuditEntry
from common.contracts.message import AUDIT_SUBJECT
from testkit.listening import eventually


class Teller:
    """A service that tells compliance what it did, over the real bus."""

    def __init__(self, airlock: Any, service: str) -> None:
        self.service = service
        self.tenant = airlock.tenant
        self._bus = Bus(airlock.stack.environment(service)["GREENLIGHT_NATS_URL"], service=service)

    async def __aenter__(self) -> Teller:
        await self._bus.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bus.close()

    async def tell(self, body: bytes, *, message_id: UUID, source: str | None = None) -> None:
        row = {
            "id": message_id,
            "sends": uuid4().hex,
            "created_at": datetime.now(UTC),
            "headers": {"ce-type": AUDIT_SUBJECT, "ce-tenant": self.tenant},
        }
        await self._bus.publish(AUDIT_SUBJECT, body, headers=wire_headers(row, source=source or self.service))


def an_entry(number: int, *, action: str = "post.published", **detail: Any) -> bytes:
    return (
        AuditEntry(
            actor="anna", action=action, resource="post:1", detail=detail, at=datetime.now(UTC), source_seq=number
        )
        .model_dump_json()
        .encode()
    )


async def test_a_decision_and_its_entry_are_chained_and_the_chain_verifies(airlock: Any) -> None:
    for _ in range(3):
        await airlock.approved()
    entries = await airlock.settled()
    report = await airlock.verify()
    assert (report["ok"], report["entries"], report["first_bad_seq"]) == (True, entries, None)
    assert (report["gaps"], report["blanked"]) == ([], 0)
    assert "anchor" in report["tail"]
    numbers = [entry["source_seq"] for entry in await airlock.own_audit()]
    assert numbers == [1, 2, 3, 4, 5, 6]


async def test_decisions_at_once_leave_one_unbroken_chain(airlock: Any) -> None:
    opened = await asyncio.gather(*(airlock.open() for _ in range(8)))
    reviewer = await airlock.person("reviewer")
    await asyncio.gather(*(airlock.decide(each.item_id, reviewer, decision="approved") for each in opened))
    report = await airlock.verify()
    assert report["ok"], report
    assert len(await airlock.own_audit()) == 16


async def test_a_changed_entry_is_named(airlock: Any, tamper: Any) -> None:
    for _ in range(2):
        await airlock.approved()
    await airlock.settled()
    changed = tamper(
        "update compliance.audit_entries set body = replace(body, '\"ok\"', '\"no\"') where tenant_id = %s and seq = 2",
        airlock.tenant,
    )
    assert changed == 1
    report = await airlock.verify()
    assert (report["ok"], report["first_bad_seq"]) == (False, 2)
    assert "changed" in report["reason"]


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("update compliance.audit_chain set recorded_at = recorded_at - interval '1 day' where seq = 3", 3),
        ("update compliance.audit_chain set prev = hash where seq = 2", 2),
        ("delete from compliance.audit_chain where seq = 2", 2),
        ("delete from compliance.audit_entries where seq = 2", 2),
        ("update compliance.audit_entries set salt = null, body = null where seq = 3", 3),
        ("delete from compliance.audit_chain where seq = 4", 4),
    ],
)
async def test_every_way_to_tamper_is_found_where_it_was_done(
    airlock: Any, tamper: Any, statement: str, bad: int
) -> None:
    for _ in range(2):
        await airlock.approved()
    await airlock.settled()
    assert tamper(f"{statement} and tenant_id = %s", airlock.tenant) == 1
    report = await airlock.verify()
    assert (report["ok"], report["first_bad_seq"]) == (False, bad), report


async def test_a_tail_cut_from_both_tables_shows_by_our_own_numbers(airlock: Any, tamper: Any) -> None:
    for _ in range(2):
        await airlock.approved()
    entries = await airlock.settled()
    for table in ("audit_chain", "audit_entries"):
        cut = tamper(f"delete from compliance.{table} where seq > 2 and tenant_id = %s", airlock.tenant)
        assert cut == entries - 2
    report = await airlock.verify()
    assert (report["ok"], report["first_bad_seq"], report["entries"]) == (False, 3, 2)
    # Whoever also sets the counter back leaves no trace: that is what signed anchors are for (see test_chain_attacks).


@pytest.mark.parametrize(
    "statement",
    [
        "update compliance.audit_chain set hash = prev",
        "delete from compliance.audit_chain",
        "delete from compliance.audit_entries",
        "update compliance.audit_entries set seq = 9",
        "delete from compliance.airlock_decisions",
        "update compliance.airlock_decisions set decision = 'approved'",
        "update compliance.item_events set what = ''",
        "truncate compliance.audit_chain",
    ],
)
async def test_our_own_code_may_not_change_what_is_written(airlock: Any, as_app: Any, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_app(airlock.tenant, statement)


async def test_a_message_that_comes_twice_is_stored_once(airlock: Any) -> None:
    message_id, other = uuid4(), uuid4()
    async with Teller(airlock, "publisher") as publisher:
        for _ in range(3):
            await publisher.tell(an_entry(1), message_id=message_id)
        await publisher.tell(an_entry(2), message_id=other)

    async def both() -> bool:
        return len(await airlock.audit(actor="anna")) >= 2

    await eventually(both)
    entries = await airlock.audit(actor="anna")
    assert [(entry["message_id"], entry["source_seq"]) for entry in entries] == [(str(message_id), 1), (str(other), 2)]
    assert {entry["source"] for entry in entries} == {"publisher"}
    assert (await airlock.verify())["ok"]


async def test_a_suppressed_entry_shows_as_a_gap(airlock: Any) -> None:
    async with Teller(airlock, "publisher") as publisher:
        for number in (1, 2, 5):
            await publisher.tell(an_entry(number), message_id=uuid4())

    async def all_three() -> bool:
        return len(await airlock.audit(actor="anna")) == 3

    await eventually(all_three)
    report = await airlock.verify()
    assert (report["ok"], report["gaps"]) == (True, [{"source": "publisher", "first": 3, "last": 4}])


async def test_awkward_details_are_kept_and_nonsense_is_given_up(airlock: Any, tamper: Any) -> None:
    async with Teller(airlock, "publisher") as publisher:
        await publisher.tell(b'{"not": "an entry"}', message_id=uuid4())
        await publisher.tell(b"\xff", message_id=uuid4())
        await publisher.tell(an_entry(1, text="a\0b", big=2**70, deep=[{"x": 1.5}]), message_id=uuid4())
        # Nobody but compliance itself can make an entry that counts as compliance's own.
        await publisher.tell(an_entry(1, action="audit.erased"), message_id=uuid4(), source="compliance")

    async def both() -> bool:
        return len(await airlock.audit(actor="anna")) == 2

    await eventually(both)
    awkward, forged = await airlock.audit(actor="anna")
    assert awkward["detail"] == {"text": "a\ufffdb", "big": str(2**70), "deep": [{"x": 1.5}]}
    assert forged["source"] == "unverified"
    dead = tamper(
        "select 1 from compliance.dead_letters where subject = %s and created_at > now() - interval '1 minute'",
        AUDIT_SUBJECT,
    )
    assert dead >= 2
    assert (await airlock.verify())["ok"]


async def test_audit_is_for_officers(airlock: Any) -> None:
    for role, status in (("creator", 403), ("reviewer", 403), ("publisher", 403), ("operator", 200), ("admin", 200)):
        person = await airlock.person(role)
        for path in ("/v1/audit", "/v1/audit/verify"):
            assert (await airlock.client.get(path, headers=person.headers)).status_code == status, role


async def test_entries_come_in_pages(airlock: Any) -> None:
    for _ in range(2):
        await airlock.approved()
    entries = await airlock.settled()
    officer = await airlock.person("compliance_officer")
    first = (await airlock.client.get("/v1/audit", headers=officer.headers, params={"limit": 3})).json()
    rest = (
        await airlock.client.get("/v1/audit", headers=officer.headers, params={"cursor": first["next_cursor"]})
    ).json()
    assert [item["seq"] for item in first["items"] + rest["items"]] == [*range(1, entries + 1)]
    assert rest["next_cursor"] is None


async def test_the_newest_entries_come_first_when_asked_so(airlock: Any) -> None:
    await airlock.approved()
    entries = await airlock.settled()
    officer = await airlock.person("compliance_officer")

    async def ask(**params: Any) -> Any:
        return (await airlock.client.get("/v1/audit", headers=officer.headers, params=params)).json()

    first = await ask(limit=2, order="newest")
    rest = await ask(order="newest", cursor=first["next_cursor"])
    assert [item["seq"] for item in first["items"] + rest["items"]] == [*range(entries, 0, -1)]
    assert rest["next_cursor"] is None
    opened = await ask(limit=1, order="newest", action="gate.")
    assert opened["items"][0]["seq"] == max(item["seq"] for item in (await ask(limit=200, action="gate."))["items"])
    assert (await airlock.client.get("/v1/audit", headers=officer.headers, params={"order": "up"})).status_code == 422


async def test_any_words_are_a_search(airlock: Any) -> None:
    officer = await airlock.person("compliance_officer")
    await airlock.approved()
    for query in (
        {"q": "\0"},
        {"q": "%_\\"},
        {"actor": "a\0b"},
        {"action": "\ud7ff."},
        {"resource": "'; drop table compliance.audit_chain; --"},
        {"from": "0001-01-01T00:00:00+14:00"},
        {"to": "9999-12-31T23:59:59-14:00"},
        {"from": "2026-01-01T00:00:00"},
    ):
        for path in ("/v1/audit", "/v1/audit/export"):
            answer = await airlock.client.get(path, headers=officer.headers, params=query)
            assert answer.status_code in {200, 422}, (path, query)
    shown = await airlock.client.get("/v1/audit/activity/%00", headers=officer.headers)
    assert shown.status_code in {200, 422}
    period = {"from": "0001-01-01T00:00:00+14:00", "to": "9999-12-31T23:59:59-14:00"}
    for kind in ("access", "decisions", "violations"):
        report = await airlock.client.get(f"/v1/audit/reports/{kind}", headers=officer.headers, params=period)
        assert report.status_code in {200, 422}
    log = {"start_date": "0001-01-01T00:00:00+14:00", "user_id": "a\0b"}
    found = await airlock.client.post("/query-logs", headers=officer.headers, json=log)
    assert found.status_code in {200, 422}
