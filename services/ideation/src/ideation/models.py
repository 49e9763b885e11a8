"""Ideation's schema: the runtime tables every service has, and so far nothing of its own."""

from __future__ import annotations

from common.db.table import metadata_for, runtime_tables

metadata = metadata_for("ideation")
tables = runtime_tables(metadata)
