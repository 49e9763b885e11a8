"""What tenants are held to, and the money of their runs."""

from __future__ import annotations

from enum import StrEnum

from common.db.table import one_of
from sqlalchemy import BigInteger, Column, Date, Index, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from orchestrator.models.schema import metadata


class LimitKind(StrEnum):
    """What a tenant may be held to: steps at work at once, or money."""

    STEPS = "steps"
    STEPS_OF_WORKFLOW = "steps_of_workflow"
    STEPS_OF_CAPABILITY = "steps_of_capability"
    USD_RUN = "usd_micros_of_a_run"
    USD_DAY = "usd_micros_of_a_day"
    USD_TOTAL = "usd_micros_in_total"


limits = Table(
    "limits",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True, comment="The workflow or capability; empty for the tenant itself."),
    Column("at_most", BigInteger, nullable=False),
    one_of("kind", LimitKind),
)

run_accounts = Table(
    "run_accounts",
    metadata,
    Column("run_id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("allotted_usd_micros", BigInteger, nullable=False, comment="Taken from the tenant's accounts, in slices."),
    Column("reserved_usd_micros", BigInteger, nullable=False, comment="For what is under way."),
    Column("spent_usd_micros", BigInteger, nullable=False),
    Column("at_most_usd_micros", BigInteger, comment="The run's own cap."),
    Column("day", Date, nullable=False, comment="Of which day the slices are."),
    # What the runs below take is theirs to get from the tenant. Here it counts towards this run's cap.
    Column("above", ARRAY(UUID), nullable=False, server_default="{}", comment="The runs above this one."),
    Column("reserved_below_usd_micros", BigInteger, nullable=False, server_default="0"),
    Column("spent_below_usd_micros", BigInteger, nullable=False, server_default="0"),
)
Index(
    "ix_run_accounts_idle",
    run_accounts.c.tenant_id,
    postgresql_where=run_accounts.c.allotted_usd_micros
    > run_accounts.c.reserved_usd_micros + run_accounts.c.spent_usd_micros,
)

tenant_accounts = Table(
    "tenant_accounts",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("period", Text, primary_key=True, comment="`total`, or a day (UTC)."),
    Column(
        "allotted_usd_micros", BigInteger, nullable=False, comment="Given to runs; what they do not spend comes back."
    ),
)
