"""What scanners measured on files: facts, without any judgement."""

from __future__ import annotations

from common.db.table import Instant, one_of
from sqlalchemy import JSON, Column, Integer, Table, Text

from compliance.models.schema import metadata
from compliance.scanners.facts import Scanner

media_scans = Table(
    "media_scans",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True, comment="Of the file; where a logo was looked for, of what was asked."),
    Column("scanner", Text, primary_key=True),
    Column(
        "version",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="Of the scanner: facts of another are not read.",
    ),
    Column("facts", JSON, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("scanned_at", Instant, nullable=False),
    one_of("scanner", Scanner),
    comment="Measured on the bytes themselves; what it means is decided anew at every look.",
)
