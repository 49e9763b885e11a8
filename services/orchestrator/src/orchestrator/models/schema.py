"""The schema that all of the orchestrator's tables are in, and the tables that every service has."""

from __future__ import annotations

from common.db.table import metadata_for, runtime_tables

metadata = metadata_for("orchestrator")
tables = runtime_tables(metadata)
