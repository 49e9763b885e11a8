"""A run's account counts what the runs below it take."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

revision = "20261121_0004"
down_revision = "20261121_0003"

SCHEMA = "orchestrator"
# The owner of the tables runs migrations, and their policies bind it, too.
TABLES = ("runs", "run_accounts")
# A run that was started by another one has an account from its beginning, and so has every run above it.
OPEN_ACCOUNTS = """
    insert into orchestrator.run_accounts
        (run_id, tenant_id, allotted_usd_micros, reserved_usd_micros, spent_usd_micros, day)
    select r.id, r.tenant_id, 0, 0, 0, (now() at time zone 'utc')::date from orchestrator.runs r
    where r.parent_run_id is not null or exists (
        select from orchestrator.runs below where below.parent_run_id = r.id and below.tenant_id = r.tenant_id
    )
    on conflict do nothing
"""
NAME_THOSE_ABOVE = """
    with recursive families as (
        select id, array[]::uuid[] as above from orchestrator.runs where parent_run_id is null
        union all
        select r.id, f.above || f.id from orchestrator.runs r join families f on r.parent_run_id = f.id
    )
    update orchestrator.run_accounts a set above = f.above from families f
    where a.run_id = f.id and cardinality(f.above) > 0
"""
COUNT_BELOW = """
    update orchestrator.run_accounts a
    set reserved_below_usd_micros = b.reserved, spent_below_usd_micros = b.spent
    from (
        select run.id, sum(below.reserved_usd_micros)::bigint as reserved, sum(below.spent_usd_micros)::bigint as spent
        from orchestrator.run_accounts below cross join unnest(below.above) as run(id) group by run.id
    ) as b
    where a.run_id = b.id
"""


def upgrade() -> None:
    money = {"type_": sa.BigInteger, "nullable": False, "server_default": "0"}
    above = sa.Column("above", ARRAY(UUID), nullable=False, server_default="{}", comment="The runs above this one.")
    op.add_column("run_accounts", above, schema=SCHEMA)
    for name in ("reserved_below_usd_micros", "spent_below_usd_micros"):
        op.add_column("run_accounts", sa.Column(name, **money), schema=SCHEMA)
    for table in TABLES:
        op.execute(f"alter table {SCHEMA}.{table} no force row level security")
    for statement in (OPEN_ACCOUNTS, NAME_THOSE_ABOVE, COUNT_BELOW):
        op.execute(statement)
    for table in TABLES:
        op.execute(f"alter table {SCHEMA}.{table} force row level security")


def downgrade() -> None:
    for name in ("above", "reserved_below_usd_micros", "spent_below_usd_micros"):
        op.drop_column("run_accounts", name, schema=SCHEMA)
