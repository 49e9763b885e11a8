"""A finished order knows whom it is about until nothing under way names them any more."""

from alembic import op

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
    op.execute(f"grant select (user_id) on {TABLE} to compliance_system")
    said = "Forgotten here, too, once nothing under way names them."
    op.execute(f"comment on column {TABLE}.user_id is '{said}'")


def downgrade() -> None:
    op.execute(f"revoke select (user_id) on {TABLE} from compliance_system")
    op.execute(f"update {TABLE} set user_id = null where finished_at is not null")
    op.execute(f"alter table {TABLE} drop constraint ck_audit_erasures_forgotten")
    op.execute(
        f"alter table {TABLE} add constraint ck_audit_erasures_forgotten"
        " check ((finished_at is null) = (user_id is not null))"
    )
    op.execute(f"comment on column {TABLE}.user_id is 'Forgotten here, too, once it is finished.'")
