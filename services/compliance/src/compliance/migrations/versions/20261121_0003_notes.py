"""Notes on films, and what each reviewer has seen."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table
from sqlalchemy.dialects import postgresql

revision = "20261121_0003"
down_revision = "20261121_0002"
branch_labels = None
depends_on = None

SCHEMA = "compliance"
INSTANT = sa.DateTime(timezone=True)
TABLES = ("notes", "note_replies", "looks", "seen_contents", "sound_measures")


def upgrade() -> None:
    create_notes()
    create_looks()


def create_notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column(
            "chain_id", sa.UUID, nullable=False, comment="The first of the revisions that the note stays with."
        ),
        sa.Column("item_id", sa.UUID, nullable=False, comment="The revision it was written on."),
        sa.Column("manifest_sha256", sa.Text, nullable=False, comment="The content it was written on."),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("edited_at", INSTANT),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("mentions", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("rate", sa.Text, comment="Frames a second, as a fraction."),
        sa.Column("first_frame", sa.BigInteger),
        sa.Column("last_frame", sa.BigInteger, comment="The same as the first for a single frame."),
        sa.Column(
            "scene_offset", sa.BigInteger, comment="Frames from the start of its first scene: it moves with the scene."
        ),
        sa.Column("region", sa.JSON(none_as_null=True)),
        sa.Column("path", sa.Text, comment="JSON pointer into the content."),
        sa.Column(
            "scenes", postgresql.ARRAY(sa.Integer), nullable=False, comment="The scenes it is about, counted from 0."
        ),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("stage_is_guess", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_by", sa.Text),
        sa.Column("state_at", INSTANT),
        sa.Column("answer", sa.Text, server_default="", nullable=False, comment="What became of it, in a sentence."),
        sa.CheckConstraint("state in ('open', 'requested', 'addressed', 'resolved')", name="state"),
        sa.ForeignKeyConstraint(["item_id"], ["compliance.airlock_items.id"], name="fk_notes_item_id_airlock_items"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        schema=SCHEMA,
    )
    op.create_index("ix_notes_chain", "notes", ["tenant_id", "chain_id", "created_at", "id"], schema=SCHEMA)
    op.create_index("ix_notes_item_id", "notes", ["item_id"], schema=SCHEMA)
    protect_table(SCHEMA, "notes")
    op.create_table(
        "note_replies",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("note_id", sa.UUID, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("mentions", postgresql.ARRAY(sa.Text), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["compliance.notes.id"], name="fk_note_replies_note_id_notes"),
        sa.PrimaryKeyConstraint("id", name="pk_note_replies"),
        schema=SCHEMA,
    )
    op.create_index("ix_note_replies_note", "note_replies", ["note_id", "created_at", "id"], schema=SCHEMA)
    protect_table(SCHEMA, "note_replies")


def create_looks() -> None:
    op.create_table(
        "looks",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("chain_id", sa.UUID, nullable=False),
        sa.Column("item_id", sa.UUID, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["compliance.airlock_items.id"], name="fk_looks_item_id_airlock_items"),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "chain_id", name="pk_looks"),
        schema=SCHEMA,
        comment="What each person saw last of a gate's revisions.",
    )
    op.create_index("ix_looks_item_id", "looks", ["item_id"], schema=SCHEMA)
    protect_table(SCHEMA, "looks")
    op.create_table(
        "seen_contents",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.UUID, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("spent_usd_micros", sa.BigInteger),
        sa.ForeignKeyConstraint(
            ["item_id"], ["compliance.airlock_items.id"], name="fk_seen_contents_item_id_airlock_items"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "item_id", "manifest_sha256", name="pk_seen_contents"),
        schema=SCHEMA,
        comment="Content that somebody looked at, kept because an item may hold other content later.",
    )
    op.create_index("ix_seen_contents_item_id", "seen_contents", ["item_id"], schema=SCHEMA)
    protect_table(SCHEMA, "seen_contents")
    op.create_table(
        "sound_measures",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("integrated_lufs", sa.Double, nullable=False),
        sa.Column("true_peak_dbtp", sa.Double, comment="Nothing for silence."),
        sa.Column(
            "envelope", postgresql.ARRAY(sa.Double), nullable=False, comment="Loudness in LUFS, one value a second."
        ),
        sa.PrimaryKeyConstraint("tenant_id", "sha256", name="pk_sound_measures"),
        schema=SCHEMA,
        comment="What a file sounds like never changes, so it is measured once.",
    )
    protect_table(SCHEMA, "sound_measures")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
