"""Searching the trail, taking it away, and reports that are computed from what is there."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cli.audit_file import check_export
from cli.trouble import Trouble
from common.contracts.gates import (
    BriefCheckInput,
    CheckBrief,
    GateInput,
    GateOpened,
    OpenGate,
    Review,
    ReviewStage,
)
from compliance.domain import ItemStatus
from compliance.reports import ACCESS, PLAIN
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from testkit.listening import eventually

LONG_AGO = {"from": "2001-01-01T00:00:00Z", "to": "2001-02-01T00:00:00Z"}


def today() -> dict[str, str]:
    now = datetime.now(UTC)
    return {"from": (now - timedelta(days=1)).isoformat(), "to": (now + timedelta(days=1)).isoformat()}


async def get(airlock: Any, path: str, **query: Any) -> Any:
    officer = await airlock.person("compliance_officer")
    answer = await airlock.client.get(path, headers=officer.headers, params=query)
    return answer.raise_for_status()


@pytest.mark.feature("A50")
@pytest.mark.parametrize("kind", ["access", "decisions", "violations"])
async def test_an_empty_period_gives_zeros(airlock: Any, kind: str) -> None:
    await airlock.approved()
    report = (await get(airlock, f"/v1/audit/reports/{kind}", **LONG_AGO)).json()
    assert set(report["totals"].values()) == {0}
    assert (report["entries"], report["rows"]) == (0, [])
    table = list(
        csv.reader(io.StringIO((await get(airlock, f"/v1/audit/reports/{kind}", format="csv", **LONG_AGO)).text))
    )
    assert all(row[4] == "0" for row in table[1:])


@pytest.mark.feature("A50")
async def test_one_changed_row_changes_the_report_which_says_that_the_chain_is_broken(
    airlock: Any, tamper: Any
) -> None:
    for _ in range(3):
        await airlock.approved()
    await airlock.settled()
    before = (await get(airlock, "/v1/audit/reports/decisions", **today())).json()
    assert before["totals"]["approved"] == 3
    assert before["chain"]["ok"]
    changed = tamper(
        'update compliance.audit_entries set body = replace(body, \'"decision":"approved"\', \'"decision":"rejected"\')'
        " where tenant_id = %s and seq = (select max(seq) from compliance.audit_entries where tenant_id = %s"
        " and action = 'gate.decided')",
        airlock.tenant,
        airlock.tenant,
    )
    assert changed == 1
    after = (await get(airlock, "/v1/audit/reports/decisions", **today())).json()
    assert (after["totals"]["approved"], after["totals"]["rejected"]) == (2, 1)
    assert not after["chain"]["ok"]
    assert after["chain"]["first_bad_seq"] is not None


@pytest.mark.feature("A50")
async def test_who_was_let_in_is_counted_under_what_it_was(airlock: Any) -> None:
    reviewer, officer = await airlock.person("reviewer"), await airlock.person("compliance_officer")
    opened = await airlock.open()
    links = f"/v1/airlock/items/{opened.item_id}/links"
    grants = {"person": "The client"}
    made = [(await airlock.client.post(links, headers=reviewer.headers, json=grants)).json() for _ in range(2)]
    for _ in range(2):
        revoked = await airlock.client.delete(f"{links}/{made[0]['link']['id']}", headers=reviewer.headers)
        revoked.raise_for_status()
    appointed = {"stand_in": officer.user_id, "until": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    answer = await airlock.client.put("/v1/airlock/stand-in", headers=reviewer.headers, json=appointed)
    answer.raise_for_status()
    assert (await airlock.client.get("/v1/audit", headers=reviewer.headers)).status_code == 403
    for name in ("Ann", "Anna"):
        await airlock.people.change(reviewer, display_name=name)
    await airlock.settled()

    async def counted() -> dict[str, int]:
        report = (await get(airlock, "/v1/audit/reports/access", **today())).json()
        return {name: count for name, count in report["totals"].items() if count}

    totals = await eventually(counted, until=lambda found: "refused" in found, seconds=20)
    assert (totals["links_made"], totals["links_revoked"], totals["stand_ins"], totals["refused"]) == (2, 1, 1, 1)
    assert totals["accounts_changed"] >= 2


@pytest.mark.feature("A50")
async def test_every_voice_and_everything_that_was_blocked_is_counted(airlock: Any) -> None:
    quorum = Review(stages=(ReviewStage(name="two", reviewers=("reviewer", "admin"), quorum=2),))
    gate = GateInput(gate="publish", title="Tides", content={"caption": "x"}, requested_by="author", review=quorum)
    finished = await airlock.orders.order(OpenGate, gate, tenant=airlock.tenant)
    item_id = GateOpened.model_validate(finished.output).item_id
    for role in ("reviewer", "admin"):
        (await airlock.decide(item_id, await airlock.person(role), decision="approved")).raise_for_status()
    await airlock.open({"caption": "How to make a pipe bomb at home"})
    brief = BriefCheckInput(brief="Explain how to make a pipe bomb")
    await airlock.orders.order(CheckBrief, brief, tenant=airlock.tenant, run=uuid4())
    await airlock.settled()
    decisions = (await get(airlock, "/v1/audit/reports/decisions", **today())).json()
    assert (decisions["totals"]["agreed"], decisions["totals"]["approved"]) == (1, 1)
    violations = (await get(airlock, "/v1/audit/reports/violations", **today())).json()
    assert (violations["totals"]["blocked"], violations["totals"]["gates_blocked"]) == (1, 1)
    assert violations["rules"] == {"dangerous.explosives": 2}


def test_reports_count_nothing_that_no_service_says() -> None:
    """A name that nobody writes would be a zero for ever, which reads as if it never happened."""
    repository = Path(__file__).parents[3]
    paths = [*repository.glob("services/*/src/**/*.py"), *repository.glob("libs/common/src/**/*.py")]
    sources = "".join(path.read_text() for path in paths if path.name != "reports.py")
    closed = {f"gate.{status}" for status in (ItemStatus.EXPIRED, ItemStatus.WITHDRAWN)}
    counted = {action for actions in ACCESS.values() for action in actions} | PLAIN.keys()
    assert [action for action in sorted(counted - closed) if f'"{action}' not in sources] == []


async def test_what_has_no_row_of_its_own_is_said(airlock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compliance.reports.ROWS_AT_MOST", 1)
    for decision, role in (("approved", "reviewer"), ("rejected", "admin")):
        opened = await airlock.open(reviewers=("reviewer", "admin"))
        who = await airlock.person(role)
        (await airlock.decide(opened.item_id, who, decision=decision, comment="Seen.")).raise_for_status()
    await airlock.settled()
    path = "/v1/audit/reports/decisions"
    report = (await get(airlock, path, **today())).json()
    assert (report["totals"]["approved"], report["totals"]["rejected"]) == (1, 1)
    told = sum(row["count"] for row in report["rows"])
    assert (len(report["rows"]), told, report["without_row"]) == (1, 1, 1)
    table = list(csv.reader(io.StringIO((await get(airlock, path, format="csv", **today())).text)))
    assert ["without a row", "", "", "", "1"] in table


@pytest.mark.feature("A51")
async def test_search_finds_by_who_what_when_and_words(airlock: Any) -> None:
    opened = await airlock.approved()
    await airlock.settled()
    reviewer = await airlock.person("reviewer")
    [decided] = await airlock.audit(actor=reviewer.user_id, action="gate.decided")
    assert decided["resource"] == f"airlock_item:{opened.item_id}"
    assert decided["request_id"]
    assert decided["ip"]
    assert [e["action"] for e in await airlock.audit(resource=decided["resource"])] == ["gate.opened", "gate.decided"]
    assert len(await airlock.audit(action="gate.")) == 2
    assert len(await airlock.audit(q=str(opened.manifest_sha256).upper())) == 2
    assert await airlock.audit(q="100% certain_ly not there") == []
    assert await airlock.audit(**LONG_AGO) == []
    assert len(await airlock.audit(**today())) >= 2
    activity = (await get(airlock, f"/v1/audit/activity/{reviewer.user_id}")).json()
    assert activity["actions"]["gate.decided"] == 1
    nobody = (await get(airlock, "/v1/audit/activity/nobody")).json()
    assert (nobody["entries"], nobody["first_at"], nobody["actions"]) == (0, None, {})


def check(text: str) -> int:
    """What docs/audit.md tells a stranger to do, with nothing but hashes and one public key. → how many links."""
    head, *lines, end = [json.loads(line) for line in text.splitlines()]
    x = head["key"]["x"]
    key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)))
    name, prev = head["tenant"].encode(), None
    for line in lines:
        if "body" in line and line["body"] is not None:
            digest = hashlib.sha256(bytes.fromhex(line["salt"]) + line["body"].encode()).hexdigest()
            assert digest == line["entry_sha256"]
        at = datetime.fromisoformat(line["recorded_at"])
        micros = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        data = bytes.fromhex(line["prev"]) + len(name).to_bytes(4, "big") + name + line["seq"].to_bytes(8, "big")
        data += micros.to_bytes(8, "big", signed=True) + bytes.fromhex(line["entry_sha256"])
        assert hashlib.sha256(data).hexdigest() == line["hash"]
        assert prev in {None, line["prev"]}
        prev = line["hash"]
    key.verify(bytes.fromhex(lines[-1]["seal"]), b"greenlight audit seal v1" + bytes.fromhex(lines[-1]["hash"]))
    signature = base64.b64decode(end.pop("signature"))
    assert end.pop("kid") == head["key"]["kid"]
    key.verify(signature, json.dumps(end, sort_keys=True, separators=(",", ":")).encode())
    assert end["hash"] == prev
    return len(lines)


@pytest.mark.feature("P57")
async def test_an_export_proves_itself_to_a_stranger(airlock: Any) -> None:
    await airlock.approved()
    entries = await airlock.settled()
    answer = await get(airlock, "/v1/audit/export")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert check(answer.text) == entries
    some = (await get(airlock, "/v1/audit/export", action="gate.decided")).text
    assert check(some) == entries
    bodies = [json.loads(line)["body"] for line in some.splitlines() if '"body"' in line]
    assert [json.loads(body)["action"] for body in bodies] == ["gate.decided"]
    with pytest.raises(AssertionError):
        check(some.replace("gate.decided", "gate.expired"))


@pytest.mark.feature("P57")
async def test_the_command_line_checks_an_export_without_a_stack(airlock: Any, tmp_path: Path, tamper: Any) -> None:
    for _ in range(3):
        await airlock.approved()
    entries = await airlock.settled()
    officer = await airlock.person("compliance_officer")
    anchor = (await airlock.client.post("/v1/audit/anchors", headers=officer.headers)).json()
    text = (await get(airlock, "/v1/audit/export")).text
    file = tmp_path / "audit.ndjson"

    def checked(content: str, *anchors: dict[str, Any]) -> tuple[bool, int | None, str]:
        file.write_text(content)
        found = check_export(file, anchors=anchors)
        return found["ok"], found["first_bad_seq"], str(found["reason"])

    assert checked(text, anchor)[0]
    assert check_export(file, anchors=[])["entries"] == entries + 1
    lines = text.splitlines(keepends=True)
    assert checked(text.replace("anchor:", "ankhor:", 1))[0] is False
    assert checked("".join([*lines[:3], *lines[4:]]))[:2] == (False, 3)
    assert checked("".join(lines[:-1]))[2] == "The file has no end: it was cut off."
    assert checked(text.replace('"salt":"', '"salt":"00', 1))[:2] == (False, 1)
    assert checked(text.replace(f'"entries":{entries + 1}', '"entries":1'))[0] is False
    # Another installation's key does not fit, and an anchor of what is not there any more is missed.
    for table in ("audit_chain", "audit_entries"):
        tamper(f"delete from compliance.{table} where seq > 3 and tenant_id = %s", airlock.tenant)
    tamper("delete from compliance.audit_anchors where tenant_id = %s", airlock.tenant)
    cut = (await get(airlock, "/v1/audit/export")).text
    assert checked(cut)[0]
    assert checked(cut, anchor)[:2] == (False, 4)
    with pytest.raises(Trouble):
        checked("nonsense")


async def test_a_table_holds_no_formulas(airlock: Any) -> None:
    opened = await airlock.open()
    await airlock.decide(opened.item_id, decision="rejected", comment="no")
    text = (await get(airlock, "/v1/audit/export", format="csv", action="gate.decided")).text
    head, *rows = list(csv.reader(io.StringIO(text)))
    assert head[:4] == ["seq", "recorded_at", "actor", "action"]
    assert [row[3] for row in rows] == ["gate.decided"]


@pytest.mark.parametrize(
    "query", [{"from": "2001-02-01T00:00:00Z", "to": "2001-01-01T00:00:00Z"}, {"from": "x", "to": "y"}, {}]
)
async def test_a_period_that_is_none_is_refused(airlock: Any, query: dict[str, str]) -> None:
    officer = await airlock.person("compliance_officer")
    answer = await airlock.client.get("/v1/audit/reports/access", headers=officer.headers, params=query)
    assert answer.status_code == 422
