"""Magic links for reviewers without an account."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table
from sqlalchemy.dialects import postgresql

revision = "20261121_0007"
down_revision = "20261121_0006"
branch_labels = None
depends_on = None

SCHEMA = "compliance"
INSTANT = sa.DateTime(timezone=True)
TABLES = ("review_links", "review_visits", "review_previews")
# Who comes by a link says no tenant. What a key needs to be known by is readable for all of them, and nothing else is.
LOOKED_UP = {
    "review_links": "id, tenant_id, secret_sha256",
    "review_visits": "id, tenant_id, link_id, secret_sha256",
}


def upgrade() -> None:
    create_links()
    create_previews()
    for table in TABLES:
        protect_table(SCHEMA, table)
    for table, columns in LOOKED_UP.items():
        op.execute(f"create policy system on compliance.{table} for select to compliance_system using (true)")
        op.execute(f"grant select ({columns}) on compliance.{table} to compliance_system")


def create_links() -> None:
    op.create_table(
        "review_links",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.UUID, nullable=False),
        sa.Column(
            "secret_sha256",
            sa.LargeBinary,
            nullable=False,
            comment="The secret itself is in the link and nowhere else.",
        ),
        sa.Column("person", sa.Text, nullable=False, comment="The name or address of who it was made for."),
        sa.Column("may", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("uses", sa.Integer, nullable=False, comment="How many browsers may open it."),
        sa.Column("used", sa.Integer, server_default="0", nullable=False),
        sa.Column("last_used_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        sa.Column("revoked_by", sa.Text),
        sa.CheckConstraint("used <= uses", name="uses"),
        sa.CheckConstraint("(revoked_at is null) = (revoked_by is null)", name="revoked"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["compliance.airlock_items.id"], name="fk_review_links_item_id_airlock_items"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review_links"),
        schema=SCHEMA,
    )
    op.create_index("ix_review_links_item", "review_links", ["tenant_id", "item_id", "id"], schema=SCHEMA)
    op.create_table(
        "review_visits",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("link_id", sa.UUID, nullable=False),
        sa.Column(
            "secret_sha256", sa.LargeBinary, nullable=False, comment="The secret itself is in the browser's cookie."
        ),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("begun_at", INSTANT, comment="When the browser came back with its cookie, which counts as a use."),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["compliance.review_links.id"],
            name="fk_review_visits_link_id_review_links",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review_visits"),
        schema=SCHEMA,
    )
    op.create_index("ix_review_visits_link", "review_visits", ["link_id", "id"], schema=SCHEMA)


def create_previews() -> None:
    op.create_table(
        "review_previews",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column(
            "key", sa.Text, nullable=False, comment="SHA-256 of the film's hash, the person's name and the layout."
        ),
        sa.Column("source_sha256", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=False, comment="Until then one process makes it."),
        sa.Column("asked_at", INSTANT, nullable=False, comment="What nobody asks for is deleted."),
        sa.Column("sha256", sa.Text),
        sa.Column("size", sa.BigInteger),
        sa.CheckConstraint("state in ('making', 'ready', 'failed')", name="state"),
        sa.CheckConstraint("(sha256 is null) = (size is null)", name="made"),
        sa.PrimaryKeyConstraint("tenant_id", "key", name="pk_review_previews"),
        schema=SCHEMA,
    )
    op.create_index("ix_review_previews_asked", "review_previews", ["tenant_id", "asked_at"], schema=SCHEMA)


def downgrade() -> None:
    for table in ("review_previews", "review_visits", "review_links"):
        op.drop_table(table, schema=SCHEMA)
