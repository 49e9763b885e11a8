"""The chain, attacked by somebody with the database's own keys: each time the verifier names the row."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

import psycopg
import pytest
from compliance.chain import entry_sha256, link

CHAIN, ENTRIES = "compliance.audit_chain", "compliance.audit_entries"


class Attacker:
    """Somebody with a superuser's connection, our source code, and not our key."""

    def __init__(self, url: str, tenant: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self.tenant = tenant

    def run(self, statement: str, *values: object) -> list[Any]:
        cursor = self._connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []

    def rows(self) -> list[tuple[int, bytes, bytes, datetime, bytes | None, str | None]]:
        """Number, hash of the entry, hash before, instant, salt and body of each row."""
        return self.run(
            f"select c.seq, c.entry_sha256, c.prev, c.recorded_at, e.salt, e.body from {CHAIN} c"
            f" join {ENTRIES} e using (tenant_id, seq) where tenant_id = %s order by seq",
            self.tenant,
        )

    def edit(self, seq: int) -> None:
        """Let an entry say something else, and give it the hash of that."""
        self.run(
            f"update {ENTRIES} set body = replace(body, '\"ok\"', '\"no\"') where tenant_id = %s and seq = %s",
            self.tenant,
            seq,
        )
        [(salt, body)] = self.run(
            f"select salt, body from {ENTRIES} where tenant_id = %s and seq = %s", self.tenant, seq
        )
        digest = entry_sha256(salt, body.encode())
        self.run(f"update {CHAIN} set entry_sha256 = %s where tenant_id = %s and seq = %s", digest, self.tenant, seq)

    def recompute(self, seq: int, *, until: int | None = None) -> None:
        """Make the hashes of the chain fit again from `seq` on."""
        rows = self.rows()
        prev = rows[seq - 1][2]
        for number, digest, _, recorded_at, _, _ in rows[seq - 1 : until]:
            hashed = link(prev, tenant=self.tenant, seq=number, recorded_at=recorded_at, entry_sha256=digest)
            self.run(
                f"update {CHAIN} set prev = %s, hash = %s where tenant_id = %s and seq = %s",
                prev,
                hashed,
                self.tenant,
                number,
            )
            prev = hashed

    def append(self, body: str) -> int:
        """Add an entry at the end, with hashes as they should be. → its number."""
        seq, _, _, recorded_at, _, _ = self.rows()[-1]
        [(head,)] = self.run(f"select hash from {CHAIN} where tenant_id = %s and seq = %s", self.tenant, seq)
        salt = bytes(32)
        digest = hashlib.sha256(salt + body.encode()).digest()
        hashed = link(head, tenant=self.tenant, seq=seq + 1, recorded_at=recorded_at, entry_sha256=digest)
        self.run(
            f"insert into {CHAIN} (tenant_id, seq, entry_sha256, prev, hash, recorded_at)"
            " values (%s, %s, %s, %s, %s, %s)",
            self.tenant, seq + 1, digest, head, hashed, recorded_at,
        )  # fmt: skip
        self.run(
            f"insert into {ENTRIES} (tenant_id, seq, salt, body) values (%s, %s, %s, %s)",
            self.tenant,
            seq + 1,
            salt,
            body,
        )
        return int(seq) + 1

    def cut(self, after: int) -> None:
        """Delete the end, and whatever else tells of it."""
        for table in (CHAIN, ENTRIES):
            self.run(f"delete from {table} where tenant_id = %s and seq > %s", self.tenant, after)
        self.run("delete from compliance.audit_sources where tenant_id = %s", self.tenant)
        self.run(
            "insert into compliance.audit_sources (tenant_id, source, last_number)"
            " select tenant_id, body::json ->> 'source', max((body::json ->> 'source_seq')::bigint)"
            f" from {ENTRIES} where tenant_id = %s group by 1, 2",
            self.tenant,
        )

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
async def attacker(airlock: Any) -> Any:
    """An attacker of a chain with a dozen entries."""
    for _ in range(5):
        await airlock.approved()
    await airlock.settled()
    intruder = Attacker(airlock.stack.superuser_url, airlock.tenant)
    yield intruder
    intruder.close()


async def bad(airlock: Any) -> tuple[bool, int | None, int | None]:
    report = await airlock.verify()
    return report["ok"], report["first_bad_seq"], report["last_bad_seq"]


@pytest.mark.feature("P57")
@pytest.mark.parametrize(
    "statement",
    [
        f"update {ENTRIES} set body = replace(body, 'ok', 'no') where seq = 6",
        f"update {ENTRIES} set salt = sha256(salt) where seq = 6",
        f"update {CHAIN} set hash = sha256(hash) where seq = 6",
        f"update {CHAIN} set entry_sha256 = sha256(entry_sha256) where seq = 6",
        f"update {CHAIN} set recorded_at = recorded_at + interval '1 microsecond' where seq = 6",
        f"update {CHAIN} set seq = 6000 where seq = 6",
        f"delete from {CHAIN} where seq = 6",
        f"delete from {ENTRIES} where seq = 6",
        f"update {ENTRIES} set salt = null, body = null where seq = 6",
    ],
)
async def test_a_row_that_was_touched_is_named(airlock: Any, attacker: Attacker, statement: str) -> None:
    assert (await airlock.verify())["ok"]
    attacker.run(f"{statement} and tenant_id = %s", airlock.tenant)
    assert await bad(airlock) == (False, 6, 6)


async def test_a_row_with_all_its_hashes_made_anew_is_named_by_the_next(airlock: Any, attacker: Attacker) -> None:
    attacker.edit(6)
    attacker.recompute(6, until=6)
    assert await bad(airlock) == (False, 7, 7)


async def test_a_tail_made_anew_to_its_end_is_named_by_its_seals(airlock: Any, attacker: Attacker) -> None:
    attacker.edit(6)
    attacker.recompute(6)
    ok, first, last = await bad(airlock)
    assert (ok, first) == (False, 6)
    assert last is not None
    assert last >= 6


async def test_what_is_added_behind_a_rewritten_chain_does_not_make_it_ours(airlock: Any, attacker: Attacker) -> None:
    """We seal only behind our own seal: otherwise an attacker would wait for the next honest entry."""
    attacker.edit(6)
    attacker.recompute(6)
    for _ in range(2):
        await airlock.approved()
    await airlock.settled()
    ok, first, last = await bad(airlock)
    assert (ok, first) == (False, 6)
    assert last is not None


async def test_seals_taken_away_are_missed(airlock: Any, attacker: Attacker) -> None:
    attacker.edit(6)
    attacker.recompute(6)
    attacker.run(f"update {CHAIN} set seal = null where tenant_id = %s and seq >= 6", airlock.tenant)
    assert (await bad(airlock))[:2] == (False, 6)


async def test_an_entry_put_at_the_end_is_named(airlock: Any, attacker: Attacker) -> None:
    body = json.loads(attacker.rows()[-1][5] or "")
    forged = attacker.append(json.dumps({**body, "actor": "somebody", "source": "publisher", "source_seq": None}))
    assert await bad(airlock) == (False, forged, forged)


async def test_an_entry_put_in_the_middle_is_named(airlock: Any, attacker: Attacker) -> None:
    """Everything behind it is moved on by one and made anew."""
    count = len(attacker.rows())
    for seq in range(count, 5, -1):
        for table in (CHAIN, ENTRIES):
            attacker.run(f"update {table} set seq = seq + 1 where tenant_id = %s and seq = %s", airlock.tenant, seq)
    for table in (CHAIN, ENTRIES):
        columns = "entry_sha256, prev, hash, recorded_at" if table is CHAIN else "salt, body"
        attacker.run(
            f"insert into {table} (tenant_id, seq, {columns}) select tenant_id, 6, {columns} from {table}"
            " where tenant_id = %s and seq = 5",
            airlock.tenant,
        )
    attacker.recompute(6)
    assert (await bad(airlock))[:2] == (False, 6)


async def test_two_that_changed_places_are_named(airlock: Any, attacker: Attacker) -> None:
    for table in (CHAIN, ENTRIES):
        for old, new in ((6, 9000), (7, 6), (9000, 7)):
            attacker.run(f"update {table} set seq = %s where tenant_id = %s and seq = %s", new, airlock.tenant, old)
    assert await bad(airlock) == (False, 6, 6)


async def test_an_entry_of_another_tenant_is_named(airlock: Any, attacker: Attacker, people: Any) -> None:
    other = f"{airlock.tenant}-b"
    await people.join(other, "reviewer")
    for table in (CHAIN, ENTRIES):
        attacker.run(f"delete from {table} where tenant_id = %s and seq = 6", airlock.tenant)
        attacker.run(f"update {table} set tenant_id = %s where tenant_id = %s and seq = 7", other, airlock.tenant)
    assert await bad(airlock) == (False, 6, 6)


async def test_an_entry_that_is_played_again_is_named(airlock: Any, attacker: Attacker) -> None:
    again = attacker.append(attacker.rows()[5][5] or "")
    ok, first, _ = await bad(airlock)
    assert (ok, first) == (False, again)
    assert "repeats" in (await airlock.verify())["reason"]


async def test_a_tail_cut_behind_an_anchor_is_proven_missing(airlock: Any, attacker: Attacker) -> None:
    officer = await airlock.person("compliance_officer")
    anchor = (await airlock.client.post("/v1/audit/anchors", headers=officer.headers)).json()
    attacker.cut(4)
    report = await airlock.verify()
    assert (report["ok"], report["first_bad_seq"], report["last_bad_seq"]) == (False, 5, anchor["seq"])
    # The anchors of the database go with it; one that was kept elsewhere does not.
    attacker.run("delete from compliance.audit_anchors where tenant_id = %s", airlock.tenant)
    report = await airlock.verify()
    assert report["ok"]
    assert "there is no anchor yet" in report["tail"]
    kept = {"anchors": [anchor]}
    report = (await airlock.client.post("/v1/audit/verify", headers=officer.headers, json=kept)).json()
    assert (report["ok"], report["first_bad_seq"], report["last_bad_seq"]) == (False, 5, anchor["seq"])
    assert "cut off" in report["reason"]


async def test_an_anchor_that_is_not_ours_proves_nothing(airlock: Any, attacker: Attacker) -> None:
    officer = await airlock.person("compliance_officer")
    anchor = (await airlock.client.post("/v1/audit/anchors", headers=officer.headers)).json()
    signature = bytearray(base64.b64decode(anchor["signature"]))
    signature[0] ^= 1
    forged = {**anchor, "signature": base64.b64encode(signature).decode()}
    for kept in (forged, {**anchor, "seq": anchor["seq"] + 1}, {**anchor, "hash": "0" * 64}):
        body = {"anchors": [kept]}
        report = (await airlock.client.post("/v1/audit/verify", headers=officer.headers, json=body)).json()
        assert not report["ok"]
        assert "not signed by our key" in report["reason"]
    nonsense = await airlock.client.post("/v1/audit/verify", headers=officer.headers, json={"anchors": [{"seq": 1}]})
    assert nonsense.status_code == 422


async def test_a_broken_chain_is_not_signed(airlock: Any, attacker: Attacker) -> None:
    officer = await airlock.person("compliance_officer")
    assert (await airlock.client.post("/v1/audit/anchors", headers=officer.headers)).json()["seq"] > 10
    assert (await airlock.client.post("/v1/audit/anchors", headers=officer.headers)).json() is None
    await airlock.approved()
    entries = await airlock.settled()
    attacker.edit(entries - 1)
    attacker.recompute(entries - 1)
    refused = await airlock.client.post("/v1/audit/anchors", headers=officer.headers)
    assert (refused.status_code, refused.json()["error"]) == (409, "chain_broken")
