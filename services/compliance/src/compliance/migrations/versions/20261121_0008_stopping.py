"""One switch that stops releases of the whole installation."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0008"
down_revision = "20261121_0007"
branch_labels = None
depends_on = None

SCHEMA = "compliance"
FLAGS = "'kill', 'kill_all'"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_tenant_flags_flag"), "tenant_flags", schema=SCHEMA)
    op.create_check_constraint("flag", "tenant_flags", f"flag in ({FLAGS})", schema=SCHEMA)
    # Every tenant's permits read this one row; only a transaction of the installation's own tenant may write it.
    op.execute(
        "create policy everywhere on compliance.tenant_flags for select to compliance_app"
        " using (tenant_id = 'default' and flag = 'kill_all')"
    )
    op.execute("create policy system on compliance.release_permits for select to compliance_system using (true)")
    op.execute(
        "grant select (tenant_id, item_id, granted_at, finished_at) on compliance.release_permits to compliance_system"
    )


def downgrade() -> None:
    op.execute("revoke select on compliance.release_permits from compliance_system")
    op.execute("drop policy system on compliance.release_permits")
    op.execute("drop policy everywhere on compliance.tenant_flags")
    op.execute("delete from compliance.tenant_flags where flag = 'kill_all'")
    op.drop_constraint(op.f("ck_tenant_flags_flag"), "tenant_flags", schema=SCHEMA)
    op.create_check_constraint("flag", "tenant_flags", "flag in ('kill')", schema=SCHEMA)
