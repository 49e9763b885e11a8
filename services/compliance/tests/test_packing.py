"""Packs of evidence as compliance makes them: what was forgotten stays provable, and nobody else's is in them."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from common.artifacts import Artifacts
from common.clock import rfc3339, utc_now
from common.contracts.evidence import EvidenceOrder, RunRecord
from common.contracts.values import Downgrade
from common.db.pool import Pool
from common.db.table import runtime_tables
from common.db.work import Work
from compliance.keeping import CLASSES
from compliance.models import metadata
from compliance.retention import Retention
from compliance.signing import Signer
from testkit.listening import eventually
from verify.pack import Report, verify_pack

Ask = Callable[..., Awaitable[httpx.Response]]
DEFINITION = json.dumps({"name": "short_video", "steps": []})


def record_of(run_id: UUID, **changes: Any) -> RunRecord:
    """What the orchestrator would send of a run that made nothing yet."""
    run = {
        "run_id": str(run_id),
        "status": "completed",
        "state": "completed",
        "input": {"brief": "How tides work"},
        "created_at": rfc3339(utc_now() - timedelta(hours=1)),
        "definition_digest": hashlib.sha256(DEFINITION.encode()).hexdigest(),
        "last_seq": 1,
        "cost_usd": "0.000000",
        "unknown_usd": "0.000000",
    }
    return RunRecord(
        id=uuid4(),
        run_id=run_id,
        finished=True,
        run=run,
        definition=DEFINITION,
        steps=(),
        history=({"seq": 1, "type": "run.created", "at": rfc3339(utc_now()), "data": {}},),
        prompts={"agents": [], "attempts": [], "origins": ["offline"]},
        posts=(),
        artifacts=(),
    ).model_copy(update=changes)


@pytest.fixture
def ask(settings_for: Any) -> Ask:
    """`await ask(airlock, record)` → compliance's answer to the orchestrator, or to whoever the headers say."""
    store = Artifacts(settings_for("compliance").artifacts_url)

    async def send(airlock: Any, record: RunRecord, **more: Any) -> httpx.Response:
        data = record.model_dump_json().encode()
        ref = await store.put(airlock.tenant, data, media_type="application/json")
        order = EvidenceOrder(run_id=more.get("run_id", record.run_id), requested_by="olga", record=ref)
        headers = more.get("headers") or await airlock.service("orchestrator")
        answer: httpx.Response = await airlock.client.post(
            "/v1/airlock/evidence", headers=headers, json=order.model_dump(mode="json")
        )
        return answer

    return send


def verified(answer: httpx.Response, folder: Path) -> tuple[Report, zipfile.ZipFile]:
    path = folder / f"{uuid4().hex}.zip"
    path.write_bytes(answer.raise_for_status().content)
    return verify_pack(path), zipfile.ZipFile(path)


def read(pack: zipfile.ZipFile, name: str) -> Any:
    return json.loads(pack.read(name))


async def test_a_pack_has_the_runs_entries_and_nobody_elses(airlock: Any, ask: Ask, tmp_path: Path) -> None:
    run, other = uuid4(), uuid4()
    drawn = Downgrade(code="clip_drawn", detail="Shot 2 is drawn.", stage="production")
    opened = await airlock.open(run=run, downgrades=(drawn,))
    hidden = await airlock.open(run=other)
    (await airlock.decide(hidden.item_id, decision="approved")).raise_for_status()
    yes = {"decision": "approved", "accepts_downgrades": ["clip_drawn"]}
    (await airlock.decide(opened.item_id, **yes)).raise_for_status()
    report, pack = verified(await ask(airlock, record_of(run)), tmp_path)
    with pack:
        assert report.findings.problems == []
        assert [item["id"] for item in read(pack, "airlock/items.json")] == [str(opened.item_id)]
        links = [json.loads(line) for line in pack.read("chain/links.ndjson").splitlines()]
        told = [json.loads(link["body"])["action"] for link in links if "body" in link]
        assert told == ["gate.opened", "gate.decided"]
        assert len(links) > len(told)
        everything = b"".join(pack.read(name) for name in pack.namelist())
        assert str(hidden.item_id).encode() not in everything
        assert read(pack, "pack.json")["kid"] == report.kid
    # Who took it is on record, and asking again does not make it part of what the run did.
    exported = await airlock.audit(action="evidence.exported")
    assert [(entry["actor"], entry["run_id"]) for entry in exported] == [("olga", str(run))]
    again, second = verified(await ask(airlock, record_of(run)), tmp_path)
    with second:
        assert again.findings.problems == []
        assert second.read("chain/segments.json")
        assert [len(each["entries"]) for each in read(second, "chain/segments.json")] == [2]


@pytest.mark.feature("P90")
async def test_what_was_erased_stays_verifiable_and_is_said_to_be_erased(
    airlock: Any, serving: Any, ask: Ask, tmp_path: Path
) -> None:
    async with serving("compliance", audit_erasure_settle_seconds=0.2) as client:
        quick = replace(airlock, client=client)
        run, reviewer = uuid4(), await quick.person("reviewer")
        opened = await quick.open(run=run)
        (await quick.decide(opened.item_id, decision="approved")).raise_for_status()
        await quick.settled()
        officer = await quick.person("compliance_officer")
        ordered = await client.post(
            "/v1/audit/erasures", headers=officer.headers, json={"user_id": reviewer.user_id, "reason": "Asked."}
        )
        path = f"/v1/audit/erasures/{ordered.raise_for_status().json()['id']}"

        async def done() -> bool:
            return (await client.get(path, headers=officer.headers)).json()["finished_at"] is not None

        await eventually(done, seconds=30)
        report, pack = verified(await ask(quick, record_of(run)), tmp_path)
        with pack:
            assert report.findings.problems == []
            assert any("was erased" in note and "gate.decided" in note for note in report.findings.notes)
            [decision] = read(pack, "airlock/items.json")[0]["decisions"]
            assert (decision["decision"], decision["decided_by"]) == ("approved", "erased")
            assert reviewer.user_id.encode() not in b"".join(pack.read(name) for name in pack.namelist())


async def test_an_erasure_excuses_no_decision_that_the_chain_does_not_know(
    quick: Any, ask: Ask, tmp_path: Path, tamper: Any
) -> None:
    """The author was forgotten; then somebody with the database's own keys changes who decided, or what."""
    run, author = uuid4(), await quick.person("creator")
    opened = await quick.open(run=run, requested_by=author.user_id)
    (await quick.decide(opened.item_id, decision="rejected", comment="Too long.")).raise_for_status()
    await quick.settled()
    await quick.erased((await quick.erase(author.user_id)).raise_for_status().json()["id"])
    report, pack = verified(await ask(quick, record_of(run)), tmp_path)
    with pack:
        assert report.findings.problems == []
        assert read(pack, "chain/erased.json")
    for column, value in (("decided_by", "mallory"), ("decision", "changes_requested")):
        change = f"update compliance.airlock_decisions set {column} = %s where item_id = %s"
        assert tamper(change, value, opened.item_id) == 1
        report, pack = verified(await ask(quick, record_of(run)), tmp_path)
        pack.close()
        assert any("about the decision" in problem.what for problem in report.findings.problems)


@pytest.mark.feature("P90")
async def test_what_was_kept_of_an_erased_entry_may_be_erased_too(quick: Any, ask: Ask, tmp_path: Path) -> None:
    """The reviewer is forgotten, and then the author, whom what was kept of the decision's neighbours still names."""
    run, (reviewer, author) = uuid4(), [await quick.person(role) for role in ("reviewer", "creator")]
    opened = await quick.open(run=run, requested_by=author.user_id)
    arranged = await quick.client.patch(
        f"/v1/airlock/items/{opened.item_id}", headers=reviewer.headers, json={"assigned_to": author.user_id}
    )
    arranged.raise_for_status()
    # What was approved and has not gone out still has to know who may not decide on it.
    (await quick.decide(opened.item_id, decision="rejected", comment="No.")).raise_for_status()
    await quick.settled()
    for person in (reviewer, author):
        await quick.erased((await quick.erase(person.user_id)).raise_for_status().json()["id"])
    report, pack = verified(await ask(quick, record_of(run)), tmp_path)
    with pack:
        assert report.findings.problems == []
        told = {each["kept"]["action"] for each in read(pack, "chain/erased.json")}
        assert {"gate.opened", "gate.decided", "item.arranged"} <= told
        everything = b"".join(pack.read(name) for name in pack.namelist())
        assert reviewer.user_id.encode() not in everything
        assert author.user_id.encode() not in everything
    assert (await quick.verify())["ok"]


async def test_what_was_archived_is_in_the_pack_and_what_was_deleted_is_said_to_be(
    airlock: Any, ask: Ask, settings_for: Any, tmp_path: Path
) -> None:
    run = uuid4()
    opened = await airlock.open(run=run)
    (await airlock.decide(opened.item_id, decision="approved")).raise_for_status()
    await airlock.settled()
    settings = settings_for("compliance")
    pool = Pool(settings.database_url.get_secret_value(), service="compliance", size=2)
    work = Work(pool, service="compliance", tables=runtime_tables(metadata))
    retention = Retention(
        work,
        artifacts=Artifacts(settings.artifacts_url),
        signer=Signer(bytes(range(32))),
        clock=lambda: utc_now() + timedelta(days=4000),
        classes=CLASSES,
        every_seconds=3600,
    )
    try:
        assert await retention.archive(airlock.tenant) > 0
        report, pack = verified(await ask(airlock, record_of(run)), tmp_path)
        with pack:
            assert report.findings.problems == []
            assert b"gate.decided" in pack.read("chain/links.ndjson")
        assert await retention.delete(airlock.tenant) > 0
        report, pack = verified(await ask(airlock, record_of(run)), tmp_path)
        with pack:
            assert report.findings.problems == []
            assert b"gate.decided" not in pack.read("chain/links.ndjson")
            assert any("retention" in note for note in report.findings.notes)
    finally:
        await work.close()


async def test_what_a_step_looked_up_is_in_the_pack_with_its_address(airlock: Any, ask: Ask, tmp_path: Path) -> None:
    moon = {
        "text": "The Moon pulls the sea.",
        "title": "Tides",
        "url": "https://example.org/tides",
        "found_by": "searxng",
        "published": "2026-01-02",
    }
    looked = {"claims": [moon], "said": "1 search: 1 claim."}
    steps = (
        {"step": "ideation", "output": {"ideas": [], "research": looked}},
        {"step": "again", "output": {"research": {"claims": [moon], "said": "1 search: 1 claim."}}},
        {"step": "vain", "output": {"research": {"claims": [], "said": "1 search: nothing was found."}}},
        {"step": "own", "output": {"research": "my thesis"}},
        {"step": "waiting", "output": None},
    )
    for given, sources in ((steps, [{"step": "ideation", **moon}]), (steps[2:], []), ((), [])):
        steps_told = tuple({"cost_usd_micros": 0, **step} for step in given)
        report, pack = verified(await ask(airlock, record_of(uuid4(), steps=steps_told)), tmp_path)
        with pack:
            assert report.findings.problems == []
            told = read(pack, "run/sources.json")
        assert told["sources"] == sources
        assert ("note" in told) == (not sources)
        assert [search["step"] for search in told["searches"]] == [
            step["step"] for step in given if step["step"] in {"ideation", "again", "vain"}
        ]


async def test_only_the_orchestrator_asks_and_only_for_the_run_it_sends(airlock: Any, ask: Ask) -> None:
    record = record_of(uuid4())
    officer = await airlock.person("compliance_officer")
    assert (await ask(airlock, record, headers=officer.headers)).status_code == 403
    assert (await ask(airlock, record, run_id=uuid4())).status_code == 422


async def test_a_run_that_the_airlock_never_saw_has_a_pack_too(airlock: Any, ask: Ask, tmp_path: Path) -> None:
    record = record_of(uuid4(), finished=False)
    report, pack = verified(await ask(airlock, record), tmp_path)
    with pack:
        assert report.findings.problems == []
        assert read(pack, "pack.json")["state"] == "unfinished"
        assert any("unfinished" in note for note in report.findings.notes)


async def test_nothing_of_a_pack_is_left_behind(airlock: Any, ask: Ask, settings_for: Any) -> None:
    (await ask(airlock, record_of(uuid4()))).raise_for_status()
    scratch = Path(settings_for("compliance").data_dir) / "scratch"

    async def empty() -> bool:
        return not list(scratch.rglob("pack-*"))

    await eventually(empty, seconds=10)
