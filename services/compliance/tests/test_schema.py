"""The schema as migrated is the schema as declared."""

from __future__ import annotations

import re
from enum import StrEnum

import psycopg
import pytest
from alembic import command
from common.contracts.values import Decision
from common.db.migrate import alembic_config
from compliance.domain import ItemStatus, ReleaseOutcome, TenantFlag
from testkit.stack import Stack


def test_models_and_migrations_say_the_same(stack: Stack) -> None:
    command.check(alembic_config("compliance", stack.superuser_url))


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
