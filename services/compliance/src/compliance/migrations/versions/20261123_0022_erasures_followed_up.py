"""A finished order knows whom it is about until nothing under way names them any more.

And of a run that is forgotten while a hold keeps what we have of it, it is known that this is left to do.
"""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261123_0022"
down_revision = "20261123_0021"
branch_labels = None
depends_on = None

TABLE = "compliance.audit_erasures"


def upgrade() -> None:
    op.execute(f"alter table {TABLE} drop constraint ck_audit_erasures_forgotten")
    op.execute(
        f"alter table {TABLE} add constraint ck_audit_erasures_forgotten"
        " check (finished_at is not null or user_id is not null)"
    )
    op.create_table(
        "forgotten_runs",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.UUID, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", name="pk_forgotten_runs"),
        schema="compliance",
        comment="Runs to forget what we have of, once no hold keeps it.",
    )
    protect_table("compliance", "forgotten_runs", system=True)
    op.execute(f"grant select (user_id) on {TABLE} to compliance_system")
    said = "Forgotten here, too, once nothing under way names them."
    op.execute(f"comment on column {TABLE}.user_id is '{said}'")


def downgrade() -> None:
    op.execute(f"revoke select (user_id) on {TABLE} from compliance_system")
    op.drop_table("forgotten_runs", schema="compliance")
    op.execute(f"alter table {TABLE} no force row level security")
    op.execute(f"update {TABLE} set user_id = null where finished_at is not null")
    op.execute(f"alter table {TABLE} force row level security")
    op.execute(f"alter table {TABLE} drop constraint ck_audit_erasures_forgotten")
    op.execute(
        f"alter table {TABLE} add constraint ck_audit_erasures_forgotten"
        " check ((finished_at is null) = (user_id is not null))"
    )
    op.execute(f"comment on column {TABLE}.user_id is 'Forgotten here, too, once it is finished.'")
