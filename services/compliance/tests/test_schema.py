"""The database takes what the code knows."""

from __future__ import annotations

import re
from enum import StrEnum

import psycopg
import pytest
from common.contracts.values import Decision
from compliance.domain import ItemStatus, ReleaseOutcome, TenantFlag
from testkit.stack import Stack


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("ck_airlock_items_status", ItemStatus),
        ("ck_airlock_items_decision", Decision),
        ("ck_airlock_decisions_decision", Decision),
        ("ck_release_permits_outcome", ReleaseOutcome),
        ("ck_tenant_flags_flag", TenantFlag),
    ],
)
def test_a_status_column_takes_what_its_enum_has(stack: Stack, constraint: str, values: type[StrEnum]) -> None:
    query = (
        "select pg_get_constraintdef(oid) from pg_constraint"
        " where conname = %s and connamespace = 'compliance'::regnamespace"
    )
    with psycopg.connect(stack.superuser_url) as connection:
        row = connection.execute(query, (constraint,)).fetchone()
    assert row is not None
    assert set(re.findall(r"'([a-z_]+)'", row[0])) == {member.value for member in values}
