"""Alembic's entry into compliance's schema."""

from common.db.migrations import run
from compliance.models import metadata

run(metadata)
