"""What is old enough goes into a signed file and in the end away; the chain stays, and a hold keeps everything."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from common.artifacts import Artifacts
from common.clock import utc_now
from common.contracts.values import ArtifactRef
from common.db.pool import Pool
from common.db.table import runtime_tables
from common.db.work import Work
from common.errors import NotFound
from compliance.keeping import RetentionClass, class_of
from compliance.models import metadata
from compliance.retention import Retention
from compliance.signing import Signer, verifies
from pydantic import ValidationError

CLASSES = (
    RetentionClass(name="decisions", actions=("gate.",), hot_days=400, archive_days=800),
    RetentionClass(name="ordinary", hot_days=90, archive_days=180),
)
SIGNER = Signer(bytes(range(32)))


@pytest.fixture
async def keep(airlock: Any, settings_for: Any, stack: Any) -> Any:
    """`await keep(days=100)` → the retention job as it is on that day."""
    settings = settings_for("compliance")
    pool = Pool(settings.database_url.get_secret_value(), service="compliance", size=4)
    work = Work(pool, service="compliance", tables=runtime_tables(metadata))

    def at(days: int, *, store: type[Artifacts] = Artifacts) -> Retention:
        return Retention(
            work,
            artifacts=store(settings.artifacts_url),
            signer=SIGNER,
            clock=lambda: utc_now() + timedelta(days=days),
            classes=CLASSES,
            every_seconds=3600,
        )

    yield at
    await work.close()


async def archives(airlock: Any) -> list[dict[str, Any]]:
    officer = await airlock.person("compliance_officer")
    found: list[dict[str, Any]] = []
    asked: dict[str, Any] = {"limit": 1}
    while "cursor" not in asked or asked["cursor"]:
        answer = await airlock.client.get("/v1/audit/archives", headers=officer.headers, params=asked)
        page = answer.raise_for_status().json()
        found += page["items"]
        asked["cursor"] = page["next_cursor"]
    return found


async def access(airlock: Any) -> dict[str, Any]:
    """The report about who was let in, of yesterday until tomorrow."""
    officer = await airlock.person("compliance_officer")
    period = {"from": (utc_now() - timedelta(days=1)).isoformat(), "to": (utc_now() + timedelta(days=1)).isoformat()}
    answer = await airlock.client.get("/v1/audit/reports/access", headers=officer.headers, params=period)
    report: dict[str, Any] = answer.raise_for_status().json()
    return report


@pytest.mark.feature("A52")
async def test_entries_are_archived_and_the_archive_is_deleted(airlock: Any, keep: Any, settings_for: Any) -> None:
    await airlock.approved()
    entries = await airlock.settled()
    assert await keep(80).archive(airlock.tenant) == 0
    before = await access(airlock)
    put_away = await keep(100).archive(airlock.tenant)
    assert 0 < put_away < entries
    # Doing it again finds nothing: what has been archived is not there to archive.
    assert await keep(100).archive(airlock.tenant) == 0
    [archive] = await archives(airlock)
    assert (archive["retention_class"], archive["entries"]) == ("ordinary", put_away)
    assert verifies(
        SIGNER.public_key, data=bytes.fromhex(archive["sha256"]), signature=bytes.fromhex(archive["signature"])
    )
    store = Artifacts(settings_for("compliance").artifacts_url)
    ref = ArtifactRef(sha256=archive["sha256"], size=archive["size"], media_type="application/gzip")
    lines = [json.loads(line) for line in gzip.decompress(await store.get(airlock.tenant, ref)).splitlines()]
    assert [line["seq"] for line in lines] == sorted(line["seq"] for line in lines)
    assert all(json.loads(line["body"])["action"] == line["entry"]["action"] for line in lines)
    report = await airlock.verify()
    assert (report["ok"], report["blanked"]) == (True, put_away), report
    # A report counts what is in the archive as if it were here, and says how much that is.
    counted = await access(airlock)
    assert (counted["archived"], counted["in_part"], counted["entries"] >= entries) == (put_away, 0, True)
    assert counted["totals"] == before["totals"]
    # The decision is of another class and can still be searched.
    assert [entry["action"] for entry in await airlock.audit(action="gate.decided")] == ["gate.decided"]
    assert await keep(179).delete(airlock.tenant) == 0
    assert await keep(200).delete(airlock.tenant) == 1
    assert await keep(200).delete(airlock.tenant) == 0
    [archive] = await archives(airlock)
    assert archive["deleted_at"]
    counted = await access(airlock)
    assert (counted["archived"], counted["in_part"]) == (0, put_away)
    with pytest.raises(Exception, match="There is no artifact"):
        await store.get(airlock.tenant, ref)
    actions = [entry["action"] for entry in await airlock.audit()]
    assert actions.count("audit.archived") == 1
    assert actions.count("audit.archive_deleted") == 1
    assert (await airlock.verify())["ok"]


class Stopped(Exception):
    """The process ends here."""


class StoppedBeforeDiscarding(Artifacts):
    """A store whose process is stopped just before a file would go."""

    async def discard(self, tenant: str, sha256: str) -> None:
        raise Stopped


@pytest.mark.parametrize("why", ["erased", "deleted"])
async def test_a_file_that_has_to_go_goes_after_a_stop_in_between(
    quick: Any, keep: Any, settings_for: Any, why: str
) -> None:
    reviewer = await quick.person("reviewer")
    await quick.approved()
    await quick.settled()
    assert await keep(3000).archive(quick.tenant) > 0
    before = await archives(quick)
    stopped = keep(9000, store=StoppedBeforeDiscarding)
    if why == "erased":
        async with stopped._work.transaction(quick.tenant) as tx:
            await stopped.forget(tx, reviewer.user_id)
    with pytest.raises(Stopped):
        await (stopped.delete if why == "deleted" else stopped.discard)(quick.tenant)
    if why == "erased":
        ordered = (await quick.erase(reviewer.user_id)).raise_for_status().json()
        await quick.erased(ordered["id"])
    else:
        await keep(9000).delete(quick.tenant)
    after = {archive["sha256"] for archive in await archives(quick) if not archive["deleted_at"]}
    gone = [archive for archive in before if archive["sha256"] not in after]
    assert gone
    store = Artifacts(settings_for("compliance").artifacts_url)
    for archive in gone:
        ref = ArtifactRef(sha256=archive["sha256"], size=archive["size"], media_type="application/gzip")
        with pytest.raises(NotFound):
            await store.get(quick.tenant, ref)
    assert (await quick.verify())["ok"]


async def test_what_is_broken_for_one_tenant_stops_nobody_elses(
    quick: Any, keep: Any, settings_for: Any, people: Any, tamper: Any
) -> None:
    """One tenant's archive is damaged, and so nobody can be forgotten there; the others' orders are carried out."""
    other = replace(quick, tenant=f"{quick.tenant}-b", persons={})
    reviewer, neighbour = await quick.person("reviewer"), await other.person("reviewer")
    await quick.approved()
    await quick.settled()
    assert await keep(100).archive(quick.tenant) > 0
    damaged = "update compliance.audit_archives set sha256 = %s where tenant_id = %s"
    kept = {archive["sha256"] for archive in await archives(quick)}
    assert tamper(damaged, "0" * 64, quick.tenant) == len(kept) == 1
    stuck = (await quick.erase(reviewer.user_id)).raise_for_status().json()
    ordered = (await other.erase(neighbour.user_id)).raise_for_status().json()
    await other.erased(ordered["id"])
    officer = await quick.person("compliance_officer")
    shown = await quick.client.get(f"/v1/audit/erasures/{stuck['id']}", headers=officer.headers)
    assert shown.json()["finished_at"] is None
    assert tamper(damaged, *kept, quick.tenant) == 1
    await quick.erased(stuck["id"])


async def test_an_archive_that_cannot_be_read_stays_and_those_behind_it_go(
    airlock: Any, keep: Any, tamper: Any
) -> None:
    await airlock.approved()
    await airlock.settled()
    await keep(3000).archive(airlock.tenant)
    behind, first = await archives(airlock)
    damaged = "update compliance.audit_archives set sha256 = %s where id = %s"
    assert tamper(damaged, "0" * 64, first["id"]) == 1
    assert await keep(9000).delete(airlock.tenant) == 1
    assert [archive["id"] for archive in await archives(airlock) if archive["deleted_at"]] == [behind["id"]]
    assert tamper(damaged, first["sha256"], first["id"]) == 1
    assert await keep(9000).delete(airlock.tenant) == 1
    assert (await airlock.verify())["ok"]


async def test_a_hold_keeps_what_it_covers(airlock: Any, keep: Any) -> None:
    await airlock.approved()
    await airlock.settled()
    officer = await airlock.person("compliance_officer")
    body = {"kind": "tenant", "reason": "A court asked."}
    hold = (await airlock.client.post("/v1/audit/holds", headers=officer.headers, json=body)).json()
    assert await keep(3000).archive(airlock.tenant) == 0
    await airlock.client.delete(f"/v1/audit/holds/{hold['id']}", headers=officer.headers)
    put_away = await keep(3000).archive(airlock.tenant)
    assert put_away > 0
    await airlock.client.post("/v1/audit/holds", headers=officer.headers, json=body)
    assert await keep(9000).delete(airlock.tenant) == 0
    assert (await airlock.verify())["ok"]


async def test_a_hold_covers_what_was_put_away_and_who_is_named_in_what_is_held(quick: Any, keep: Any) -> None:
    """What is in an archive is kept as well, and what a held person did goes on to name the other."""
    officer, reviewer, guest = [await quick.person(role) for role in ("compliance_officer", "reviewer", "creator")]
    opened = await quick.open(run=(run := uuid4()))
    (await quick.decide(opened.item_id, reviewer, decision="approved")).raise_for_status()
    other = await quick.open(run=uuid4())
    arranged = await quick.client.patch(
        f"/v1/airlock/items/{other.item_id}", headers=reviewer.headers, json={"assigned_to": guest.user_id}
    )
    arranged.raise_for_status()
    await quick.settled()
    assert await keep(3000).archive(quick.tenant) > 0
    holds = []
    for kind, subject, named in (("run", str(run), reviewer.user_id), ("user", reviewer.user_id, guest.user_id)):
        body = {"kind": kind, "subject": subject, "reason": "A court asked."}
        held = await quick.client.post("/v1/audit/holds", headers=officer.headers, json=body)
        holds.append(held.raise_for_status().json()["id"])
        refused = await quick.erase(named)
        assert (refused.status_code, refused.json().get("error")) == (409, "on_legal_hold")
    for hold_id in holds:
        (await quick.client.delete(f"/v1/audit/holds/{hold_id}", headers=officer.headers)).raise_for_status()
    for person in (reviewer, guest):
        await quick.erased((await quick.erase(person.user_id)).raise_for_status().json()["id"])
    assert (await quick.verify())["ok"]


def test_classes_are_data() -> None:
    assert class_of("gate.decided", CLASSES) is CLASSES[0]
    assert class_of("key.revoked", CLASSES) is CLASSES[1]
    assert class_of("audit.erased", CLASSES) is None
    with pytest.raises(ValidationError):
        RetentionClass(name="short", hot_days=10, archive_days=5)
