"""The schema that all of compliance's tables are in, and the tables that every service has."""

from __future__ import annotations

from common.db.table import metadata_for, runtime_tables

metadata = metadata_for("compliance")
tables = runtime_tables(metadata)
