"""SQLAlchemy's statements, put together once and spoken by the driver: the same rows as a session has."""

from __future__ import annotations

from uuid import uuid4

import pytest
from common.contracts.message import Signal
from common.db.spoken import given, spoken
from sqlalchemy import ARRAY, JSON, Text, any_, insert, literal, select
from testkit.workshop import WorkOf


async def test_a_statement_is_put_together_once_and_run_with_other_values(work_of: WorkOf, tenant: str) -> None:
    work = work_of()
    outbox = work.tables.outbox.c
    found = spoken(select(outbox.id, outbox.run_id).where(outbox.subject == any_(given("subjects", ARRAY(Text)))))
    run_id = uuid4()
    async with work.transaction(tenant) as tx:
        first = tx.send("cmd.orchestrator.signal.v1", Signal(handle="hello"), run=run_id)
        tx.send("cmd.orchestrator.signal.v2", Signal(handle="hello"))
    async with work.transaction(tenant) as tx:
        rows = await tx.run(*found.with_values(subjects=["cmd.orchestrator.signal.v1", "another"]))
        assert rows == [{"id": first, "run_id": run_id}]
        assert await tx.run(*found.with_values(subjects=[])) == []
    async with work.transaction(f"{tenant}-b") as tx:
        assert await tx.run(*found.with_values(subjects=["cmd.orchestrator.signal.v1"])) == []


async def test_json_is_json_and_what_the_statement_was_made_with_stays(work_of: WorkOf, tenant: str) -> None:
    sent = select(
        given("value", JSON()).label("value"),
        given("nothing", JSON(none_as_null=True)).is_(None).label("is_null"),
        literal(("a", "b"), ARRAY(Text)).label("names"),
        literal("b").in_(("b", "c")).label("is_in"),
    )
    async with work_of().transaction(tenant) as tx:
        rows = await tx.run(*spoken(sent).with_values(value={"a": [1, None, "ü"]}, nothing=None))
    assert rows == [{"value": {"a": [1, None, "ü"]}, "is_null": True, "names": ["a", "b"], "is_in": True}]


async def test_a_value_that_is_not_given_is_an_error_and_no_null(work_of: WorkOf, tenant: str) -> None:
    work = work_of()
    keys = work.tables.idempotency_keys
    names = ("tenant_id", "principal", "route", "key")
    add = spoken(insert(keys).values({name: given(name) for name in names}))
    with pytest.raises(KeyError, match="route"):
        async with work.transaction(tenant) as tx:
            await tx.run(*add.with_values(tenant_id=tenant, principal="ann", key="k"))
