"""Audit entries are numbered for each tenant without gaps, and told only when what they say has happened."""

from __future__ import annotations

import asyncio

import pytest
from common.clock import utc_now
from common.contracts.audit import AuditEntry
from common.contracts.message import AUDIT_SUBJECT
from common.db.work import Transaction, Work
from testkit.workshop import Rows, WorkOf

TOLD = "select convert_from(body, 'utf8') from ideation.outbox where subject = %s and tenant_id = %s order by seq"


def note(tx: Transaction, resource: str) -> None:
    tx.audit(AuditEntry(actor="somebody", action="thing.done", resource=resource, at=utc_now()))


def told(rows: Rows, tenant: str) -> list[tuple[int | None, str]]:
    """Number and resource of each entry on its way to compliance."""
    entries = [AuditEntry.model_validate_json(body) for (body,) in rows(TOLD, AUDIT_SUBJECT, tenant)]
    return [(entry.source_seq, entry.resource) for entry in entries]


async def test_entries_of_one_commit_have_consecutive_numbers(work_of: WorkOf, rows: Rows, tenant: str) -> None:
    work = work_of()
    for batch in (("a", "b"), ("c",)):
        async with work.transaction(tenant) as tx:
            for resource in batch:
                note(tx, resource)
    assert told(rows, tenant) == [(1, "a"), (2, "b"), (3, "c")]


async def test_what_is_rolled_back_leaves_no_gap(work_of: WorkOf, rows: Rows, tenant: str) -> None:
    work = work_of()

    async def fail() -> None:
        async with work.transaction(tenant) as tx:
            note(tx, "never")
            await tx.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with work.transaction(tenant) as tx:
        note(tx, "done")
    assert told(rows, tenant) == [(1, "done")]


async def test_many_at_once_take_turns_and_tenants_do_not_wait_for_each_other(
    work_of: WorkOf, rows: Rows, tenant: str
) -> None:
    work = work_of(pool_size=4)

    async def do(owner: str, resource: str) -> None:
        async with work.transaction(owner) as tx:
            note(tx, resource)

    names = [f"{number:02}" for number in range(20)]
    async with work.transaction(tenant) as held:
        note(held, "first")
        await held.flush()
        await asyncio.wait_for(do(f"{tenant}-other", "theirs"), 10)
    await asyncio.gather(*(do(tenant, name) for name in names))
    numbers, resources = zip(*told(rows, tenant), strict=True)
    assert sorted(numbers) == list(range(1, 22))
    assert sorted(resources) == [*names, "first"]
    assert told(rows, f"{tenant}-other") == [(1, "theirs")]


async def test_without_a_tenant_there_is_no_record(work_of: WorkOf) -> None:
    work: Work = work_of()
    async with work.system() as tx:
        with pytest.raises(ValueError, match="tenant"):
            note(tx, "nobody's")
