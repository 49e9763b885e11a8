"""Notes on what is held, and what each reviewer has looked at."""

from __future__ import annotations

from common.db.table import Instant, one_of
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from compliance.models.airlock import airlock_items
from compliance.models.schema import metadata
from compliance.places import NoteState

notes = Table(
    "notes",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("chain_id", UUID, nullable=False, comment="The first of the revisions that the note stays with."),
    Column("item_id", UUID, ForeignKey(airlock_items.c.id), nullable=False, comment="The revision it was written on."),
    Column("manifest_sha256", Text, nullable=False, comment="The content it was written on."),
    Column("author", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("edited_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("text", Text, nullable=False),
    Column(
        "earlier", ARRAY(Text), nullable=False, server_default="{}", comment="What it said before, the oldest first."
    ),
    Column("mentions", ARRAY(Text), nullable=False),
    Column("rate", Text, comment="Frames a second, as a fraction."),
    Column("first_frame", BigInteger),
    Column("last_frame", BigInteger, comment="The same as the first for a single frame."),
    Column("scene_offset", BigInteger, comment="Frames from the start of its first scene: it moves with the scene."),
    Column("region", JSON(none_as_null=True)),
    Column("path", Text, comment="JSON pointer into the content."),
    Column("scenes", ARRAY(Integer), nullable=False, comment="The scenes it is about, counted from 0."),
    Column("stage", Text, nullable=False),
    Column("stage_is_guess", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_by", Text),
    Column("state_at", Instant),
    Column("answer", Text, nullable=False, server_default="", comment="What became of it, in a sentence."),
    one_of("state", NoteState),
)
Index("ix_notes_chain", notes.c.tenant_id, notes.c.chain_id, notes.c.created_at, notes.c.id)
Index("ix_notes_item_id", notes.c.item_id)

note_replies = Table(
    "note_replies",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("note_id", UUID, ForeignKey(notes.c.id), nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", ARRAY(Text), nullable=False),
)
Index("ix_note_replies_note", note_replies.c.note_id, note_replies.c.created_at, note_replies.c.id)

looks = Table(
    "looks",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("chain_id", UUID, nullable=False),
    Column("item_id", UUID, ForeignKey(airlock_items.c.id), nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "user_id", "chain_id"),
    comment="What each person saw last of a gate's revisions.",
)
Index("ix_looks_item_id", looks.c.item_id)

seen_contents = Table(
    "seen_contents",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("item_id", UUID, ForeignKey(airlock_items.c.id), nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("spent_usd_micros", BigInteger),
    PrimaryKeyConstraint("tenant_id", "item_id", "manifest_sha256"),
    comment="Content that somebody looked at, kept because an item may hold other content later.",
)
Index("ix_seen_contents_item_id", seen_contents.c.item_id)

sound_measures = Table(
    "sound_measures",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("integrated_lufs", Double, nullable=False),
    Column("true_peak_dbtp", Double, comment="Nothing for silence."),
    Column("envelope", ARRAY(Double), nullable=False, comment="Loudness in LUFS, one value a second."),
    PrimaryKeyConstraint("tenant_id", "sha256"),
    comment="What a file sounds like never changes, so it is measured once.",
)
